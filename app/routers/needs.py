"""Pages of needs: the list, one need, posting one, and its moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import needs as actions
from app.actions.moves import offers
from app.actions.permissions import require
from app.domain.needs import NEED, NeedState
from app.domain.permissions import Permission
from app.errors import ApplicationError
from app.forms.base import Input
from app.forms.needs import NeedForm, NeedTransition
from app.i18n import _
from app.models.base import new_id
from app.queries import bodies
from app.queries import needs as queries
from app.routers.deps import (
    Member,
    Reader,
    ReadSession,
    Submitted,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.offers import shown_offers
from app.routers.pages import field_errors, render, see_other

router = APIRouter()
PAGE_SIZE = 25


class NeedListing(Input):
    """What the list is narrowed to; parameters are named as the fields."""

    body_id: UUID | None = None
    state: NeedState | None = None
    q: str | None = None
    after: str | None = None


@router.get("/bedarfe")
def list_needs(
    request: Request, session: ReadSession, visitor: Reader, wanted: Annotated[NeedListing, Query()]
) -> Response:
    """The needs the reader may see, newest first."""
    chosen = queries.NeedFilter(body_id=wanted.body_id, state=wanted.state, q=wanted.q)
    page = queries.list_needs(session, visitor.actor, chosen, limit=PAGE_SIZE, after=wanted.after)
    return render(
        request,
        "needs/list.html",
        page=page,
        total=queries.count_needs(session, visitor.actor, chosen),
        wanted=wanted,
        states=list(NeedState),
        example=any(need.is_example for need in page.items),
    )


@router.get("/gremien/{slug}/bedarfe/neu")
def new_need(request: Request, session: ReadSession, visitor: Member, slug: str) -> Response:
    """The form for a new need."""
    return _form(request, session, visitor, slug, {"id": str(new_id())})


@router.post("/gremien/{slug}/bedarfe/neu")
def post_need(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str
) -> Response:
    """Post a need as a draft."""
    body = bodies.get_body(session, slug, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(NeedForm, lists=("target_group_ids", "cross_cutting_theme_ids"), body_id=body.id)
        need, _is_new = actions.post_need(session, form, actor=visitor.actor)
        return see_other(request, f"/bedarfe/{need.id}", _("Ihr Entwurf ist gespeichert."))
    return _form(request, session, visitor, slug, submitted.values, outcome.error)


@router.get("/bedarfe/{need_id}")
def show_need(request: Request, session: ReadSession, visitor: Reader, need_id: UUID) -> Response:
    """One need with what hangs on it and the moves the reader has."""
    return _page(request, session, visitor, need_id)


@router.post("/bedarfe/{need_id}/transitions")
def transition_need(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, need_id: UUID
) -> Response:
    """Make a move; a refused one opens again with its reason."""
    queries.get_need(session, need_id, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(NeedTransition)
        actions.transition_need(session, need_id, form, actor=visitor.actor)
        return see_other(request, f"/bedarfe/{need_id}", _("Der Schritt ist vermerkt."))
    return _page(request, session, visitor, need_id, submitted, outcome.error)


def _form(
    request: Request,
    session: Session,
    visitor: Visitor,
    slug: str,
    values: Mapping[str, object],
    error: ApplicationError | None = None,
) -> Response:
    body = bodies.get_body(session, slug, visitor.actor)
    require(Permission.NEED_POST, body, visitor.actor)
    return render(
        request,
        "needs/new.html",
        status=error.status if error else 200,
        body=body,
        values=values,
        errors=field_errors(error),
        seats=visitor.actor.seats_in(body.id),
    )


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    need_id: UUID,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    need = queries.get_need(session, need_id, visitor.actor)
    return render(
        request,
        "needs/show.html",
        status=error.status if error else 200,
        need=need,
        offers=shown_offers("need", offers(need, NEED, visitor.actor)),
        support=queries.list_support(session, need.id),
        evidence=queries.list_evidence(session, need.id),
        submitted=submitted.values if submitted else None,
        errors=field_errors(error),
        example=need.is_example,
    )
