"""People for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import people as actions
from app.domain.accounts import AccessState
from app.domain.actors import Actor, PersonRole
from app.forms.base import Nothing, SearchWords
from app.forms.people import PersonChange, PersonForm, ReasonForm
from app.models.people import Person
from app.queries import people as queries
from app.routers.api.common import Answer, Listing, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/people", tags=["people"])


class PersonAnswer(Answer):
    """A person; address and access are shown to the person and to those who manage accesses."""

    name: str
    organisation_id: UUID
    role: PersonRole
    email: str | None = None
    access: AccessState | None = None
    invited_at: datetime | None = None
    joined_at: datetime | None = None
    ended_at: datetime | None = None
    absent_until: date | None = None
    url: str | None = None


class PersonListing(Listing):
    """The parameters of the list of people."""

    organisation_id: UUID | None = None
    role: PersonRole | None = None
    q: SearchWords | None = None


@router.get("", response_model=None)
def list_people(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[PersonListing, Query()]
) -> Response:
    """People the caller may see, newest first; none without a token."""
    chosen = queries.PersonFilter(organisation_id=wanted.organisation_id, role=wanted.role, q=wanted.q)
    page = queries.list_people(session, actor, chosen, limit=wanted.limit, after=wanted.after, newest_first=True)
    return listing(request, page, lambda person: represent(person, actor), actor)


@router.post("", response_model=PersonAnswer, status_code=201)
def create_person(request: Request, session: WriteSession, actor: ApiWriter, form: PersonForm) -> Response:
    """Enter a person; nobody is told before the invitation."""
    person, is_new = actions.create_person(session, form, actor=actor)
    return answer(request, _shown(session, person.id, actor), actor, status=201 if is_new else 200)


@router.get("/{person_id}", response_model=PersonAnswer)
def get_person(request: Request, session: ReadSession, actor: ApiReader, person_id: UUID) -> Response:
    """One person."""
    return answer(request, _shown(session, person_id, actor), actor)


@router.patch("/{person_id}", response_model=PersonAnswer)
def change_person(
    request: Request, session: WriteSession, actor: ApiWriter, person_id: UUID, form: PersonChange
) -> Response:
    """Change who a person is here."""
    check_if_match(request, _shown(session, person_id, actor))
    actions.change_person(session, person_id, form, actor=actor)
    return answer(request, _shown(session, person_id, actor), actor)


@router.post("/{person_id}/invitation", response_model=PersonAnswer)
def invite_person(
    request: Request, session: WriteSession, actor: ApiWriter, person_id: UUID, _body: Nothing | None = None
) -> Response:
    """Send the one-time link that lets the person in; it works for seven days."""
    _shown(session, person_id, actor)
    actions.invite_person(session, person_id, actor=actor)
    return answer(request, _shown(session, person_id, actor), actor)


@router.post("/{person_id}/end-access", response_model=PersonAnswer)
def end_access(
    request: Request, session: WriteSession, actor: ApiWriter, person_id: UUID, form: ReasonForm
) -> Response:
    """End the person's access everywhere at once."""
    _shown(session, person_id, actor)
    actions.end_access(session, person_id, actor=actor, reason=form.reason)
    return answer(request, _shown(session, person_id, actor), actor)


@router.post("/{person_id}/reopen-access", response_model=PersonAnswer)
def reopen_access(
    request: Request, session: WriteSession, actor: ApiWriter, person_id: UUID, form: ReasonForm
) -> Response:
    """Let the person in again, by a new invitation."""
    _shown(session, person_id, actor)
    actions.reopen_access(session, person_id, actor=actor, reason=form.reason)
    return answer(request, _shown(session, person_id, actor), actor)


@router.post("/{person_id}/redaction", response_model=PersonAnswer)
def redact_person(
    request: Request, session: WriteSession, actor: ApiWriter, person_id: UUID, form: ReasonForm
) -> Response:
    """Take name and address away for good; the record stays whole."""
    _shown(session, person_id, actor)
    actions.redact_person(session, person_id, actor=actor, reason=form.reason)
    return answer(request, _shown(session, person_id, actor), actor)


def represent(person: Person, actor: Actor) -> PersonAnswer:
    """The person as the caller sees it."""
    manages = queries.manages(actor)
    if not manages and person.id != actor.person_id:
        return PersonAnswer(
            id=person.id,
            created_at=person.created_at,
            name=person.shown_name,
            organisation_id=person.organisation_id,
            role=person.role,
        )
    shown = PersonAnswer.model_validate(person)
    shown.access = queries.access_of(person)
    shown.url = f"/verwaltung/personen/{person.id}" if manages else "/konto"
    return shown


def _shown(session: Session, person_id: UUID, actor: Actor) -> PersonAnswer:
    session.flush()
    return represent(queries.get_person(session, person_id, actor), actor)
