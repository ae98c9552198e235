"""Commitments (Selbstverpflichtungen): what an organisation promises of its own accord, and only itself changes."""

from __future__ import annotations

from enum import StrEnum

from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.workflow import Transition, Workflow


class CommitmentState(StrEnum):
    """Whether a promise stands, was kept, or was taken back."""

    STANDING = "standing"
    FULFILLED = "fulfilled"
    WITHDRAWN = "withdrawn"


COMMITMENT = Workflow(
    "commitment",
    CommitmentState,
    Transition(
        name="fulfil",
        sources=frozenset({CommitmentState.STANDING}),
        target=CommitmentState.FULFILLED,
        permission=Permission.COMMITMENT_KEEP,
        event=EventType.COMMITMENT_FULFILLED,
    ),
    Transition(
        name="withdraw",
        sources=frozenset({CommitmentState.STANDING}),
        target=CommitmentState.WITHDRAWN,
        permission=Permission.COMMITMENT_KEEP,
        event=EventType.COMMITMENT_WITHDRAWN,
        reason_required=True,
    ),
    Transition(
        name="renew",
        sources=frozenset({CommitmentState.FULFILLED, CommitmentState.WITHDRAWN}),
        target=CommitmentState.STANDING,
        permission=Permission.COMMITMENT_KEEP,
        event=EventType.COMMITMENT_RENEWED,
    ),
)
"""Its owner's alone: not even the Geschäftsstelle moves it."""
