"""Pages of people: the list, one person, entering, inviting, ending access. For those who manage accesses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import people as actions
from app.actions.permissions import may, require
from app.domain.accounts import AccessState
from app.domain.actors import PersonRole
from app.domain.permissions import Permission
from app.errors import ApplicationError
from app.forms.base import Input, SearchWords
from app.forms.people import PersonChange, PersonForm, ReasonForm
from app.i18n import _
from app.models.base import new_id
from app.models.people import Person
from app.queries import accounts, organisations
from app.queries import people as queries
from app.routers.deps import (
    Member,
    ReadSession,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.opened_forms import refuse_overtaken
from app.routers.pages import field_errors, list_addresses, render, see_other

router = APIRouter(prefix="/verwaltung/personen")
PAGE_SIZE = 50


class PersonListing(Input):
    """What the list is narrowed to."""

    role: PersonRole | None = None
    access: AccessState | None = None
    organisation_id: UUID | None = None
    q: SearchWords | None = None
    after: str | None = None


@router.get("")
def list_people(
    request: Request, session: ReadSession, visitor: Member, wanted: Annotated[PersonListing, Query()]
) -> Response:
    """Everybody who takes part or took part, in German order."""
    require(Permission.PERSON_MANAGE, None, visitor.actor)
    chosen = queries.PersonFilter(
        organisation_id=wanted.organisation_id, role=wanted.role, access=wanted.access, q=wanted.q
    )
    page = queries.list_people(session, visitor.actor, chosen, limit=PAGE_SIZE, after=wanted.after)
    return render(
        request,
        "people/list.html",
        page=page,
        total=queries.count_people(session, visitor.actor, chosen),
        wanted=wanted,
        access_of=queries.access_of,
        roles=list(PersonRole),
        accesses=list(AccessState),
        example=any(person.is_example for person in page.items),
        **list_addresses(request, page.next),
    )


@router.get("/neu")
def new_person(request: Request, session: ReadSession, visitor: Member) -> Response:
    """The form for a new person."""
    return _form(request, session, visitor, {"id": str(new_id()), "invite": "true"})


@router.post("/neu")
def create_person(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Enter a person, and invite at once where that is ticked."""
    invite = submitted.values.pop("invite", "") == "true"
    with attempt(session) as outcome:
        person, is_new = actions.create_person(session, submitted.parse(PersonForm), actor=visitor.actor)
        said = _("{name} ist angelegt.").format(name=person.name)
        if invite and is_new:
            actions.invite_person(session, person.id, actor=visitor.actor)
            said = _("{name} ist angelegt; die Einladung ist unterwegs.").format(name=person.name)
        return see_other(request, f"/verwaltung/personen/{person.id}", said)
    values = {**submitted.values, "invite": "true" if invite else ""}
    return _form(request, session, visitor, values, outcome.error)


@router.get("/{person_id}")
def show_person(request: Request, session: ReadSession, visitor: Member, person_id: UUID) -> Response:
    """One person with seats and access."""
    return _page(request, session, visitor, person_id)


@router.post("/{person_id}")
def change_person(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, person_id: UUID
) -> Response:
    """Change who a person is here."""
    with attempt(session) as outcome:
        refuse_overtaken(session, submitted, queries.get_person(session, person_id, visitor.actor), "name", "email")
        actions.change_person(session, person_id, submitted.parse(PersonChange), actor=visitor.actor)
        return see_other(request, f"/verwaltung/personen/{person_id}", _("Die Angaben sind gespeichert."))
    return _page(request, session, visitor, person_id, submitted.values, outcome.error)


@router.post("/{person_id}/einladung")
def invite_person(request: Request, session: WriteSession, visitor: Writer, person_id: UUID) -> Response:
    """Send the invitation, again where an earlier one was sent."""
    return _do(request, session, visitor, person_id, actions.invite_person, _("Die Einladung ist unterwegs."))


@router.post("/{person_id}/zugang-beenden")
def end_access(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, person_id: UUID
) -> Response:
    """End a person's access everywhere at once."""
    return _do_with_reason(
        request, session, visitor, submitted, person_id, actions.end_access, _("Der Zugang ist überall beendet.")
    )


@router.post("/{person_id}/zugang-oeffnen")
def reopen_access(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, person_id: UUID
) -> Response:
    """Let a person in again."""
    said = _("Der Zugang ist wieder offen. Laden Sie die Person jetzt neu ein.")
    return _do_with_reason(request, session, visitor, submitted, person_id, actions.reopen_access, said)


@router.post("/{person_id}/loeschen")
def redact_person(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, person_id: UUID
) -> Response:
    """Take a person's name and address away for good."""
    said = _("Name und Adresse sind gelöscht. Beiträge stehen weiter bei der Organisation.")
    return _do_with_reason(request, session, visitor, submitted, person_id, actions.redact_person, said)


def _do_with_reason(
    request: Request,
    session: Session,
    visitor: Visitor,
    submitted: SubmittedForm,
    person_id: UUID,
    action: Callable[..., Person],
    said: str,
) -> Response:
    with attempt(session) as outcome:
        reason = submitted.parse(ReasonForm).reason
        action(session, person_id, actor=visitor.actor, reason=reason)
        return see_other(request, f"/verwaltung/personen/{person_id}", said)
    return _page(request, session, visitor, person_id, submitted.values, outcome.error)


def _do(
    request: Request, session: Session, visitor: Visitor, person_id: UUID, action: Callable[..., Person], said: str
) -> Response:
    with attempt(session) as outcome:
        action(session, person_id, actor=visitor.actor)
        return see_other(request, f"/verwaltung/personen/{person_id}", said)
    return _page(request, session, visitor, person_id, None, outcome.error)


def _form(
    request: Request,
    session: Session,
    visitor: Visitor,
    values: Mapping[str, object],
    error: ApplicationError | None = None,
) -> Response:
    require(Permission.PERSON_MANAGE, None, visitor.actor)
    return render(
        request,
        "people/new.html",
        status=error.status if error else 200,
        values=values,
        errors=field_errors(error),
        organisations=organisations.choices(session, with_collectives=False),
        roles=list(PersonRole),
        may_grant=may(Permission.PERSON_ROLE_GRANT, None, visitor.actor),
    )


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    person_id: UUID,
    values: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    require(Permission.PERSON_MANAGE, None, visitor.actor)
    person = queries.get_person(session, person_id, visitor.actor)
    may_grant = may(Permission.PERSON_ROLE_GRANT, None, visitor.actor)
    return render(
        request,
        "people/show.html",
        status=error.status if error else 200,
        person=person,
        access=queries.access_of(person),
        seats=accounts.list_seats(session, [person.id]).get(person.id, ()),
        organisations=organisations.choices(session, with_collectives=False),
        roles=list(PersonRole),
        values=values,
        errors=field_errors(error),
        may_grant=may_grant,
        may_change=may_grant or person.role is PersonRole.PARTICIPANT,
        is_self=person.id == visitor.actor.person_id,
        example=person.is_example,
    )
