"""Commitments for programs."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import commitments as actions
from app.actions.moves import offers
from app.domain.actors import Actor
from app.domain.commitments import COMMITMENT, CommitmentState
from app.forms.commitments import CommitmentChange, CommitmentForm, CommitmentTransition
from app.models.commitments import Commitment
from app.queries import commitments as queries
from app.routers.api.common import Listing, StatefulAnswer, answer, check_if_match, listing, transitions_of
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/commitments", tags=["commitments"])


class CommitmentAnswer(StatefulAnswer):
    """What an organisation promises of its own accord."""

    recommendation_id: UUID
    organisation_id: UUID
    number: str | None
    title: str
    description: str
    due_on: date | None


class CommitmentListing(Listing):
    """The parameters of the list of commitments."""

    recommendation_id: UUID | None = None
    organisation_id: UUID | None = None
    state: CommitmentState | None = None


@router.get("", response_model=None)
def list_commitments(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[CommitmentListing, Query()]
) -> Response:
    """The commitments the caller may read, newest first."""
    chosen = queries.CommitmentFilter(**wanted.model_dump(exclude={"limit", "after"}))
    page = queries.list_commitments(session, actor, chosen, limit=wanted.limit, after=wanted.after)
    return listing(request, page, lambda commitment: represent(commitment, actor), actor)


@router.post("", response_model=CommitmentAnswer, status_code=201)
def make_commitment(request: Request, session: WriteSession, actor: ApiWriter, form: CommitmentForm) -> Response:
    """Promise something to a published recommendation, for an organisation the caller speaks for."""
    made, is_new = actions.make_commitment(session, form, actor=actor)
    return answer(request, _shown(session, made.id, actor), actor, status=201 if is_new else 200)


@router.get("/{commitment_id}", response_model=CommitmentAnswer)
def get_commitment(request: Request, session: ReadSession, actor: ApiReader, commitment_id: UUID) -> Response:
    """One commitment."""
    return answer(request, _shown(session, commitment_id, actor), actor)


@router.patch("/{commitment_id}", response_model=CommitmentAnswer)
def change_commitment(
    request: Request, session: WriteSession, actor: ApiWriter, commitment_id: UUID, form: CommitmentChange
) -> Response:
    """Change title, description or date."""
    check_if_match(request, _shown(session, commitment_id, actor))
    actions.change_commitment(session, commitment_id, form, actor=actor)
    return answer(request, _shown(session, commitment_id, actor), actor)


@router.post("/{commitment_id}/transitions", response_model=CommitmentAnswer)
def transition_commitment(
    request: Request, session: WriteSession, actor: ApiWriter, commitment_id: UUID, form: CommitmentTransition
) -> Response:
    """Make a move."""
    actions.transition_commitment(session, commitment_id, form, actor=actor)
    return answer(request, _shown(session, commitment_id, actor), actor)


def represent(commitment: Commitment, actor: Actor) -> CommitmentAnswer:
    """The commitment as the caller sees it."""
    shown = CommitmentAnswer.model_validate(commitment)
    shown.url = f"/selbstverpflichtungen/{commitment.id}"
    shown.transitions = transitions_of("commitment", offers(commitment, COMMITMENT, actor))
    return shown


def _shown(session: Session, key: UUID, actor: Actor) -> CommitmentAnswer:
    session.flush()
    return represent(queries.get_commitment(session, key, actor), actor)
