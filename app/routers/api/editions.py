"""Editions for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.actions import editions as actions
from app.actions.moves import offers
from app.domain.actors import Actor
from app.domain.editions import EDITION, EditionState
from app.forms.base import SearchWords
from app.forms.editions import EditionChange, EditionForm, EditionTransition
from app.models.programmes import Edition
from app.queries import editions as queries
from app.routers.api.common import Listing, StatefulAnswer, answer, check_if_match, listing, transitions_of
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/editions", tags=["editions"])


class EditionAnswer(StatefulAnswer):
    """An edition; by whom it was adopted is public from publication on."""

    programme_id: UUID
    title: str
    code: str
    deciding_body: str | None
    decided_on: date | None
    decision_reference: str | None
    published_at: datetime | None


class EditionListing(Listing):
    """The parameters of the list."""

    programme_id: UUID | None = None
    state: EditionState | None = None
    code: str | None = None
    q: SearchWords | None = None


@router.get("", response_model=None)
def list_editions(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[EditionListing, Query()]
) -> Response:
    """Editions, newest first."""
    page = queries.list_editions(
        session,
        programme_id=wanted.programme_id,
        state=wanted.state,
        code=wanted.code,
        q=wanted.q,
        limit=wanted.limit,
        after=wanted.after,
    )
    return listing(request, page, lambda edition: represent(edition, actor), actor)


@router.post("", response_model=EditionAnswer, status_code=201)
def create_edition(request: Request, session: WriteSession, actor: ApiWriter, form: EditionForm) -> Response:
    """Open an edition; a programme works on one at a time."""
    made, is_new = actions.create_edition(session, form, actor=actor)
    return answer(request, represent(made, actor), actor, status=201 if is_new else 200)


@router.get("/{key}", response_model=EditionAnswer)
def get_edition(request: Request, session: ReadSession, actor: ApiReader, key: UUID) -> Response:
    """One edition."""
    return answer(request, represent(queries.get_edition(session, key), actor), actor)


@router.patch("/{key}", response_model=EditionAnswer)
def change_edition(
    request: Request, session: WriteSession, actor: ApiWriter, key: UUID, form: EditionChange
) -> Response:
    """Give an edition another title, until it is adopted."""
    check_if_match(request, represent(queries.get_edition(session, key), actor))
    return answer(request, represent(actions.change_edition(session, key, form, actor=actor), actor), actor)


@router.post("/{key}/transitions", response_model=EditionAnswer)
def transition_edition(
    request: Request, session: WriteSession, actor: ApiWriter, key: UUID, form: EditionTransition
) -> Response:
    """Freeze, adopt as a whole, publish or archive an edition."""
    check_if_match(request, represent(queries.get_edition(session, key), actor))
    edition = actions.transition_edition(session, key, form, actor=actor)
    return answer(request, represent(edition, actor), actor)


def represent(edition: Edition, actor: Actor) -> EditionAnswer:
    """The edition as the caller sees it."""
    shown = EditionAnswer.model_validate(edition)
    shown.url = f"/ausgaben/{edition.code}"
    shown.transitions = transitions_of("edition", offers(edition, EDITION, actor))
    if not queries.shows_decision(edition, actor):
        shown.deciding_body = shown.decided_on = shown.decision_reference = None
    return shown
