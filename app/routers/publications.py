"""Pages of publications: the list and one of them, for everybody; entering and changing, for the Geschäftsstelle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import publications as actions
from app.actions.permissions import may, require
from app.domain.events import SubjectType
from app.domain.permissions import Permission
from app.errors import ApplicationError, NotFound
from app.forms.base import SearchWords, Wanted
from app.forms.publications import PublicationChange, PublicationForm, PublicationWithdrawal
from app.i18n import _
from app.models.base import new_id
from app.models.publications import Publication
from app.queries import publications as queries
from app.queries import structure
from app.queries.editions import editions_in_order
from app.queries.implementation_reports import find_report_of
from app.queries.publications import PublicationFilter
from app.routers.deps import Member, Reader, ReadSession, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.follow_offers import list_offer, lists_to_follow
from app.routers.opened_forms import refuse_overtaken
from app.routers.pages import field_errors, list_addresses, render, see_other

router = APIRouter()
PAGE_SIZE = 25
_BASE = "/publikationen"
BY_EDITION = _(
    "Nach der Ausgabe können Sie dieser Liste nicht folgen. Folgen Sie der Ausgabe auf ihrer Seite: Dann hören Sie "
    "auch von ihren Publikationen."
)


class PublicationListing(Wanted):
    """What the list is narrowed to."""

    q: SearchWords | None = None
    field_of_action: str | None = Field(default=None, max_length=100)
    edition: str | None = Field(default=None, max_length=40)
    year: int | None = Field(default=None, ge=1900, le=2199)
    after: str | None = Field(default=None, max_length=500)


@router.get(_BASE)
def list_publications(
    request: Request, session: ReadSession, visitor: Reader, wanted: Annotated[PublicationListing, Query()]
) -> Response:
    """What was written in and about the programme, the newest first."""
    fields = structure.every_field(session)
    field = next((each for each in fields if each.slug == wanted.field_of_action), None)
    if wanted.field_of_action and field is None:
        raise NotFound()
    editions = editions_in_order(session)
    edition = next((each for each in editions if each.code == wanted.edition), None)
    if wanted.edition and edition is None:
        raise NotFound()
    chosen = PublicationFilter(
        field_of_action_id=field.id if field else None,
        edition_id=edition.id if edition else None,
        year=wanted.year,
        q=wanted.q,
    )
    page = queries.list_publications(session, chosen, limit=PAGE_SIZE, after=wanted.after)
    return render(
        request,
        "publications/list.html",
        found=page.items,
        total=queries.count_publications(session, chosen),
        wanted=wanted,
        narrowed=bool(wanted.q or wanted.field_of_action or wanted.edition or wanted.year),
        **list_addresses(request, page.next),
        field_options=[(each.slug, each.name) for each in fields],
        edition_options=[(each.code, each.title) for each in editions],
        years=[(year, year) for year in queries.years_of_publications(session)],
        may_enter=may(Permission.PUBLICATION_MANAGE, None, visitor.actor),
        list_offer=list_offer(
            request,
            session,
            visitor.actor,
            lists_to_follow(
                SubjectType.PUBLICATION, field_of_action_id=chosen.field_of_action_id, year=chosen.year, q=chosen.q
            ),
            why_not=BY_EDITION if wanted.edition else None,
        ),
        example=any(each.is_example for each in page.items),
    )


@router.get(_BASE + "/neu")
def new_publication(request: Request, session: ReadSession, visitor: Member) -> Response:
    """The form for a new entry."""
    return _form(request, session, visitor, None, {"id": str(new_id())})


@router.post(_BASE + "/neu")
def enter_publication(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Enter a publication."""
    with attempt(session) as outcome:
        made, _is_new = actions.enter_publication(session, submitted.parse(PublicationForm), actor=visitor.actor)
        return see_other(request, f"{_BASE}/{made.id}", _("Die Publikation ist eingetragen."))
    return _form(request, session, visitor, None, submitted.values, outcome.error)


@router.get(_BASE + "/{key}")
def show_publication(request: Request, session: ReadSession, visitor: Reader, key: UUID) -> Response:
    """One publication."""
    return _page(request, session, visitor, key)


@router.get(_BASE + "/{key}/bearbeiten")
def edit_publication(request: Request, session: ReadSession, visitor: Member, key: UUID) -> Response:
    """The form for what an entry says."""
    entry = queries.get_publication(session, key)
    names = ("title", "author", "published_on", "summary", "url", "field_of_action_id", "edition_id")
    return _form(request, session, visitor, entry, {name: getattr(entry, name) or "" for name in names})


@router.post(_BASE + "/{key}/bearbeiten")
def change_publication(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: UUID
) -> Response:
    """Change an entry."""
    entry = queries.get_publication(session, key)
    with attempt(session) as outcome:
        refuse_overtaken(session, submitted, entry, "title", "author", "summary", "url")
        form = submitted.parse(
            PublicationChange,
            url=submitted.text("url") or None,
            field_of_action_id=submitted.text("field_of_action_id") or None,
            edition_id=submitted.text("edition_id") or None,
        )
        actions.change_publication(session, key, form, actor=visitor.actor)
        return see_other(request, f"{_BASE}/{key}", _("Die Änderung ist gespeichert."))
    entry = queries.get_publication(session, key)
    return _form(request, session, visitor, entry, submitted.values, outcome.error)


@router.post(_BASE + "/{key}/zuruecknehmen")
def withdraw_publication(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: UUID
) -> Response:
    """Take an entry back."""
    queries.get_publication(session, key)
    with attempt(session) as outcome:
        actions.withdraw_publication(session, key, submitted.parse(PublicationWithdrawal), actor=visitor.actor)
        return see_other(request, _BASE, _("Der Eintrag ist zurückgenommen."))
    return _page(request, session, visitor, key, submitted.values, outcome.error)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: UUID,
    values: Mapping[str, Any] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    entry = queries.get_publication(session, key)
    return render(
        request,
        "publications/show.html",
        status=error.status if error else 200,
        entry=entry,
        may_change=may(Permission.PUBLICATION_MANAGE, None, visitor.actor),
        report=find_report_of(session, entry.id),
        values=values,
        errors=field_errors(error),
        example=entry.is_example,
    )


def _form(
    request: Request,
    session: Session,
    visitor: Visitor,
    entry: Publication | None,
    values: Mapping[str, Any],
    error: ApplicationError | None = None,
) -> Response:
    require(Permission.PUBLICATION_MANAGE, None, visitor.actor)
    return render(
        request,
        "publications/form.html",
        status=error.status if error else 200,
        entry=entry,
        values=values,
        errors=field_errors(error),
        field_options=[(each.id, each.name) for each in structure.every_field(session)],
        edition_options=[(each.id, each.title) for each in editions_in_order(session)],
        example=entry is not None and entry.is_example,
    )
