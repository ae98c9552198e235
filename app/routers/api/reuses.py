"""Reuses for programs: everybody reads what was released and sends one; the Geschäftsstelle moves them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import reuses as actions
from app.actions.moves import offers
from app.actions.permissions import require
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.domain.reuses import REUSE, Land, ReuseState, SizeClass
from app.forms.reuses import ReuseForm, ReuseTransition
from app.models.reuses import Reuse
from app.queries import reuses as queries
from app.queries.recommendations import get_recommendation
from app.routers.api.common import Listing, StatefulAnswer, answer, listing, transitions_of
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession
from app.routers.sign_in import address_of

router = APIRouter(tags=["reuses"])


class ReuseAnswer(StatefulAnswer):
    """Who carries a recommendation out unasked."""

    recommendation_id: UUID
    name: str
    land: Land
    size_class: SizeClass
    since_on: date
    effort: str
    result: str
    material_url: str | None
    mailbox: str
    last_said_on: date


class ReuseListing(Listing):
    """The parameters of the list."""

    land: Land | None = None
    size_class: SizeClass | None = None
    state: ReuseState | None = None


@router.get("/recommendations/{recommendation_id}/reuses", response_model=None)
def list_reuses(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    recommendation_id: UUID,
    wanted: Annotated[ReuseListing, Query()],
) -> Response:
    """The reuses of a recommendation the caller may read, newest first."""
    recommendation = get_recommendation(session, recommendation_id, actor)
    chosen = queries.ReuseFilter(recommendation_id=recommendation.id, **wanted.model_dump(exclude={"limit", "after"}))
    page = queries.list_reuses(session, actor, chosen, limit=wanted.limit, after=wanted.after)
    return listing(request, page, lambda entry: represent(entry, actor), actor)


@router.post("/recommendations/{recommendation_id}/reuses", status_code=202)
def send_reuse(request: Request, session: WriteSession, recommendation_id: UUID, form: ReuseForm) -> Response:
    """Say that a recommendation is carried out; no sign-in, the mailbox is asked by mail before anything stands."""
    actions.send_reuse(session, recommendation_id, form, address=address_of(request))
    return Response(status_code=202)


@router.get("/reuses/{reuse_id}", response_model=ReuseAnswer)
def get_reuse(request: Request, session: ReadSession, actor: ApiReader, reuse_id: UUID) -> Response:
    """One entry."""
    return answer(request, _shown(session, reuse_id, actor), actor)


@router.post("/reuses/{reuse_id}/transitions", response_model=ReuseAnswer)
def transition_reuse(
    request: Request, session: WriteSession, actor: ApiWriter, reuse_id: UUID, form: ReuseTransition
) -> Response:
    """Make a move."""
    queries.get_reuse(session, reuse_id, actor)
    require(Permission.REUSE_RELEASE, None, actor)
    actions.transition_reuse(session, reuse_id, form, actor=actor)
    return answer(request, _shown(session, reuse_id, actor), actor)


def represent(entry: Reuse, actor: Actor) -> ReuseAnswer:
    """The entry as the caller sees it."""
    shown = ReuseAnswer.model_validate(entry)
    recommendation = entry.recommendation
    if recommendation is not None:
        shown.url = f"/empfehlungen/{recommendation.reference or recommendation.id}/nachnutzung#nachnutzung-{entry.id}"
    shown.transitions = transitions_of("reuse", offers(entry, REUSE, actor))
    return shown


def _shown(session: Session, key: UUID, actor: Actor) -> ReuseAnswer:
    session.flush()
    return represent(queries.get_reuse(session, key, actor), actor)
