"""Needs for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import needs as actions
from app.actions.moves import offers
from app.domain.actors import Actor
from app.domain.needs import NEED, NeedState
from app.forms.needs import NeedChange, NeedForm, NeedTransition
from app.models.needs import Need
from app.queries import needs as queries
from app.routers.api.common import (
    Listing,
    StatefulAnswer,
    answer,
    check_if_match,
    listing,
    transitions_of,
)
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/needs", tags=["needs"])


class NeedAnswer(StatefulAnswer):
    """A need as its readers see it."""

    body_id: UUID
    title: str
    description: str
    topic_id: UUID | None
    visibility: str
    organisation_id: UUID | None
    seat_id: UUID | None
    merged_into_id: UUID | None
    answer: str | None
    answered_by_id: UUID | None


class NeedListing(Listing):
    """The parameters of the list of needs."""

    body_id: UUID | None = None
    state: NeedState | None = None
    topic_id: UUID | None = None
    q: str | None = None


@router.get("", response_model=None)
def list_needs(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[NeedListing, Query()]
) -> Response:
    """The needs the caller may read, newest first."""
    chosen = queries.NeedFilter(body_id=wanted.body_id, state=wanted.state, topic_id=wanted.topic_id, q=wanted.q)
    page = queries.list_needs(session, actor, chosen, limit=wanted.limit, after=wanted.after)
    return listing(request, page, lambda need: represent(need, actor), actor)


@router.post("", response_model=NeedAnswer, status_code=201)
def post_need(request: Request, session: WriteSession, actor: ApiWriter, form: NeedForm) -> Response:
    """Post a need; it is a draft until submitted."""
    need, is_new = actions.post_need(session, form, actor=actor)
    return answer(request, _shown(session, need.id, actor), actor, status=201 if is_new else 200)


@router.get("/{need_id}", response_model=NeedAnswer)
def get_need(request: Request, session: ReadSession, actor: ApiReader, need_id: UUID) -> Response:
    """One need."""
    return answer(request, _shown(session, need_id, actor), actor)


@router.patch("/{need_id}", response_model=NeedAnswer)
def edit_need(request: Request, session: WriteSession, actor: ApiWriter, need_id: UUID, form: NeedChange) -> Response:
    """Change a draft."""
    check_if_match(request, _shown(session, need_id, actor))
    actions.edit_need(session, need_id, form, actor=actor)
    return answer(request, _shown(session, need_id, actor), actor)


@router.post("/{need_id}/transitions", response_model=NeedAnswer)
def transition_need(
    request: Request, session: WriteSession, actor: ApiWriter, need_id: UUID, form: NeedTransition
) -> Response:
    """Make a move."""
    need = actions.transition_need(session, need_id, form, actor=actor)
    return answer(request, represent(need, actor), actor)


def represent(need: Need, actor: Actor) -> NeedAnswer:
    """The need as the caller sees it."""
    shown = NeedAnswer.model_validate(need)
    shown.url = f"/bedarfe/{need.id}"
    shown.transitions = transitions_of("need", offers(need, NEED, actor))
    return shown


def _shown(session: Session, need_id: UUID, actor: Actor) -> NeedAnswer:
    session.flush()
    return represent(queries.get_need(session, need_id, actor), actor)
