"""Proposals: their states and moves."""

from __future__ import annotations

from enum import StrEnum

from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.workflow import Transition, Workflow


class ProposalState(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_DISCUSSION = "in_discussion"
    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    NOT_ADOPTED = "not_adopted"
    MERGED = "merged"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"


OUTCOMES = frozenset(
    {
        ProposalState.ADOPTED,
        ProposalState.PARTLY_ADOPTED,
        ProposalState.NOT_ADOPTED,
        ProposalState.MERGED,
    }
)
_IN_DISCUSSION = frozenset({ProposalState.IN_DISCUSSION})
_BEFORE_AN_OUTCOME = frozenset(
    {ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.IN_DISCUSSION, ProposalState.DEFERRED}
)

PROPOSAL = Workflow(
    "proposal",
    ProposalState,
    Transition(
        name="submit",
        sources=frozenset({ProposalState.DRAFT}),
        target=ProposalState.SUBMITTED,
        permission=Permission.PROPOSAL_SUBMIT,
        event=EventType.PROPOSAL_SUBMITTED,
    ),
    Transition(
        name="discuss",
        sources=frozenset({ProposalState.SUBMITTED, ProposalState.DEFERRED}),
        target=ProposalState.IN_DISCUSSION,
        permission=Permission.PROPOSAL_DECIDE,
        event=EventType.PROPOSAL_DISCUSSED,
    ),
    Transition(
        name="adopt",
        sources=_IN_DISCUSSION,
        target=ProposalState.ADOPTED,
        permission=Permission.PROPOSAL_DECIDE,
        event=EventType.PROPOSAL_ADOPTED,
        needs=("answer", "block_ids"),
    ),
    Transition(
        name="adopt_partly",
        sources=_IN_DISCUSSION,
        target=ProposalState.PARTLY_ADOPTED,
        permission=Permission.PROPOSAL_DECIDE,
        event=EventType.PROPOSAL_PARTLY_ADOPTED,
        needs=("answer", "block_ids"),
    ),
    Transition(
        name="reject",
        sources=_IN_DISCUSSION,
        target=ProposalState.NOT_ADOPTED,
        permission=Permission.PROPOSAL_DECIDE,
        event=EventType.PROPOSAL_REJECTED,
        reason_required=True,
    ),
    Transition(
        name="merge",
        sources=frozenset({ProposalState.SUBMITTED, ProposalState.IN_DISCUSSION}),
        target=ProposalState.MERGED,
        permission=Permission.PROPOSAL_DECIDE,
        event=EventType.PROPOSAL_MERGED,
        reason_required=True,
        needs=("target_id",),
    ),
    Transition(
        name="defer",
        sources=frozenset({ProposalState.SUBMITTED, ProposalState.IN_DISCUSSION}),
        target=ProposalState.DEFERRED,
        permission=Permission.PROPOSAL_DECIDE,
        event=EventType.PROPOSAL_DEFERRED,
        reason_required=True,
    ),
    Transition(
        name="reopen",
        sources=OUTCOMES,
        target=ProposalState.IN_DISCUSSION,
        permission=Permission.PROPOSAL_DECIDE,
        event=EventType.PROPOSAL_REOPENED,
        reason_required=True,
    ),
    Transition(
        name="withdraw",
        sources=_BEFORE_AN_OUTCOME,
        target=ProposalState.WITHDRAWN,
        permission=Permission.PROPOSAL_SUBMIT,
        event=EventType.PROPOSAL_WITHDRAWN,
    ),
)
