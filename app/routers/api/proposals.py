"""Proposals for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import proposals as actions
from app.actions.moves import offers
from app.actions.support import support
from app.domain.actors import Actor
from app.domain.proposals import PROPOSAL, ProposalState
from app.forms.contributions import SupportForm
from app.forms.proposals import ProposalChange, ProposalForm, ProposalTransition
from app.models.proposals import Proposal
from app.queries import proposals as queries
from app.queries.contribution_details import Details, details_of
from app.queries.links import LinkKind
from app.routers.api.common import answer, check_if_match, listing, transitions_of
from app.routers.api.contributions import ContributionAnswer, ContributionListing, common_fields
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/proposals", tags=["proposals"])


class ProposalAnswer(ContributionAnswer):
    """A proposal as its readers see it."""

    version: int | None = None
    need_ids: list[UUID] = Field(default=[])
    block_ids: list[UUID] = Field(default=[])


class ProposalListing(ContributionListing):
    """The parameters of the list of proposals."""

    state: ProposalState | None = None
    need_ids: list[UUID] = Field(default=[], max_length=20)


@router.get("", response_model=None)
def list_proposals(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[ProposalListing, Query()]
) -> Response:
    """The proposals the caller may read, newest first unless ordered otherwise."""
    chosen = wanted.chosen(queries.ProposalFilter)
    page = queries.list_proposals(session, actor, chosen, order=wanted.order, limit=wanted.limit, after=wanted.after)
    details = details_of(session, Proposal, page.items, actor)
    return listing(request, page, lambda proposal: represent(proposal, details[proposal.id], actor), actor)


@router.post("", response_model=ProposalAnswer, status_code=201)
def post_proposal(request: Request, session: WriteSession, actor: ApiWriter, form: ProposalForm) -> Response:
    """Post a proposal; it is a draft until submitted."""
    proposal, is_new = actions.post_proposal(session, form, actor=actor)
    return answer(request, _shown(session, proposal.id, actor), actor, status=201 if is_new else 200)


@router.get("/{proposal_id}", response_model=ProposalAnswer)
def get_proposal(request: Request, session: ReadSession, actor: ApiReader, proposal_id: UUID) -> Response:
    """One proposal."""
    return answer(request, _shown(session, proposal_id, actor), actor)


@router.patch("/{proposal_id}", response_model=ProposalAnswer)
def edit_proposal(
    request: Request, session: WriteSession, actor: ApiWriter, proposal_id: UUID, form: ProposalChange
) -> Response:
    """Change a draft; a changed text of a submitted proposal makes a new version, and its supporters are told."""
    check_if_match(request, _shown(session, proposal_id, actor))
    actions.edit_proposal(session, proposal_id, form, actor=actor)
    return answer(request, _shown(session, proposal_id, actor), actor)


@router.post("/{proposal_id}/transitions", response_model=ProposalAnswer)
def transition_proposal(
    request: Request, session: WriteSession, actor: ApiWriter, proposal_id: UUID, form: ProposalTransition
) -> Response:
    """Make a move."""
    proposal = actions.transition_proposal(session, proposal_id, form, actor=actor)
    session.flush()
    return answer(request, _represented(session, proposal, actor), actor)


@router.post("/{proposal_id}/support", response_model=ProposalAnswer, status_code=201)
def support_proposal(
    request: Request, session: WriteSession, actor: ApiWriter, proposal_id: UUID, form: SupportForm | None = None
) -> Response:
    """Let the caller's organisation stand behind the proposal; 200 where it did already."""
    _proposal, is_new = support(session, Proposal, proposal_id, form or SupportForm(), actor=actor)
    return answer(request, _shown(session, proposal_id, actor), actor, status=201 if is_new else 200)


def represent(proposal: Proposal, details: Details, actor: Actor) -> ProposalAnswer:
    """The proposal as the caller sees it."""
    fields = common_fields(proposal, details)
    if details.is_whole:
        fields |= {"version": proposal.version, "block_ids": [UUID(key) for key in proposal.block_ids]}
    return ProposalAnswer(
        **fields,
        need_ids=details.ids(LinkKind.NEED),
        url=f"/vorschlaege/{proposal.id}",
        transitions=transitions_of("proposal", offers(proposal, PROPOSAL, actor)),
    )


def _represented(session: Session, proposal: Proposal, actor: Actor) -> ProposalAnswer:
    return represent(proposal, details_of(session, Proposal, [proposal], actor)[proposal.id], actor)


def _shown(session: Session, proposal_id: UUID, actor: Actor) -> ProposalAnswer:
    session.flush()
    return _represented(session, queries.get_proposal(session, proposal_id, actor), actor)
