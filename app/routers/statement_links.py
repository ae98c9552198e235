"""The page on which the Leitung makes links for organisations without an account, passes them on, takes them back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import statement_links as actions
from app.actions.permissions import require
from app.documents.statement_links import path_of
from app.domain.consultations import INVITING_AUDIENCES
from app.domain.permissions import Permission
from app.errors import ApplicationError
from app.forms.base import Input
from app.forms.consultations import StatementLinkForm
from app.i18n import _
from app.models.base import new_id
from app.queries import organisations
from app.queries import statement_links as queries
from app.routers.consultation_views import Consultation, RoundChoice, find_consultation, round_number
from app.routers.deps import (
    Member,
    ReadSession,
    Submitted,
    SubmittedForm,
    Writer,
    WriteSession,
    attempt,
    settings_of,
)
from app.routers.pages import field_errors, render, see_other

router = APIRouter()


@router.get("/empfehlungen/{key}/stellungnahmen/links")
def show_links(
    request: Request, session: ReadSession, visitor: Member, key: str, wanted: Annotated[RoundChoice, Query()]
) -> Response:
    """Everybody the round asks by name, with the link each has."""
    return _page(request, session, find_consultation(session, visitor, key, wanted.round))


@router.post("/empfehlungen/{key}/stellungnahmen/links")
def make_link(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str) -> Response:
    """Make a link for one organisation, and send it where an address is given."""
    found = find_consultation(session, visitor, key, round_number(submitted.text("round")))
    with attempt(session) as outcome:
        form = _without_round(submitted).parse(StatementLinkForm)
        link, _is_new = actions.make_statement_link(session, found.round.id, form, actor=visitor.actor)
        notice = _("Der Link ist angelegt und unterwegs.") if link.address else _("Der Link ist angelegt.")
        return see_other(
            request, f"{found.address}/links?round={found.round.number}#link-{link.organisation_id}", notice
        )
    return _page(request, session, found, submitted, outcome.error)


@router.post("/empfehlungen/{key}/stellungnahmen/links/sperren")
def revoke_link(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Take a link back."""
    found = find_consultation(session, visitor, key, round_number(submitted.text("round")))
    with attempt(session) as outcome:
        form = _without_round(submitted).parse(_Chosen)
        actions.revoke_statement_link(session, form.link_id, actor=visitor.actor)
        return see_other(
            request, f"{found.address}/links?round={found.round.number}", _("Der Link öffnet jetzt nichts mehr.")
        )
    return _page(request, session, found, submitted, outcome.error)


class _Chosen(Input):
    link_id: UUID


def _page(
    request: Request,
    session: Session,
    found: Consultation,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    require(Permission.RECOMMENDATION_CONSULT, found.round, found.actor)
    settings = settings_of(request)
    asked = queries.list_organisations(session, found.round.id)
    return render(
        request,
        "statement_links/list.html",
        status=error.status if error else 200,
        **found.context("links"),
        asked=asked,
        others=_others(session, found, {each.organisation.id for each in asked}),
        links={each.link.id: f"{settings.base_url}{path_of(settings, each.link)}" for each in asked if each.link},
        submitted=submitted.values if submitted else {},
        errors=field_errors(error),
        new_id=lambda: str(new_id()),
    )


def _others(session: Session, found: Consultation, listed: set[UUID]) -> list[tuple[str, str]]:
    """Whom a round that asks everybody may ask by a link besides; nobody where it names whom it asks."""
    if found.round.audience in INVITING_AUDIENCES or not found.is_open:
        return []
    return [(str(each.id), each.name) for each in organisations.list_active(session) if each.id not in listed]


def _without_round(submitted: Submitted) -> Submitted:
    return Submitted(submitted.data, {name: value for name, value in submitted.values.items() if name != "round"})
