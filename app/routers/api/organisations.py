"""Organisations for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import organisations as actions
from app.domain.actors import Actor
from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.forms.base import SearchWords
from app.forms.organisations import OrganisationChange, OrganisationForm
from app.models.organisations import Organisation
from app.queries import organisations as queries
from app.routers.api.common import Answer, Listing, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/organisations", tags=["organisations"])


class OrganisationAnswer(Answer):
    """An organisation; how it is set up here is shown to those who set it up."""

    name: str
    kind: OrganisationKind
    level: Level
    participation_class: ParticipationClass
    answers_for_id: UUID | None
    member_ids: list[UUID] = Field(default=[])
    is_active: bool
    is_incomplete: bool | None = None
    agent_ids: list[UUID] | None = None
    contact_address: str | None = None
    url: str = "/beteiligte"


class OrganisationListing(Listing):
    """The parameters of the list of organisations."""

    kind: OrganisationKind | None = None
    level: Level | None = None
    participation_class: ParticipationClass | None = None
    is_incomplete: bool | None = None
    q: SearchWords | None = None


@router.get("", response_model=None)
def list_organisations(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[OrganisationListing, Query()]
) -> Response:
    """Organisations, newest first."""
    chosen = queries.OrganisationFilter(
        kind=wanted.kind,
        level=wanted.level,
        participation_class=wanted.participation_class,
        is_incomplete=wanted.is_incomplete if queries.manages(actor) else None,
        q=wanted.q,
    )
    page = queries.list_organisations(session, actor, chosen, limit=wanted.limit, after=wanted.after, newest_first=True)
    shown = represent_all(session, page.items, actor)
    return listing(request, page, lambda organisation: shown[organisation.id], actor)


@router.post("", response_model=OrganisationAnswer, status_code=201)
def create_organisation(request: Request, session: WriteSession, actor: ApiWriter, form: OrganisationForm) -> Response:
    """Enter an organisation."""
    made, is_new = actions.create_organisation(session, form, actor=actor)
    return answer(request, _shown(session, made.id, actor), actor, status=201 if is_new else 200)


@router.get("/{organisation_id}", response_model=OrganisationAnswer)
def get_organisation(request: Request, session: ReadSession, actor: ApiReader, organisation_id: UUID) -> Response:
    """One organisation."""
    return answer(request, _shown(session, organisation_id, actor), actor)


@router.patch("/{organisation_id}", response_model=OrganisationAnswer)
def change_organisation(
    request: Request, session: WriteSession, actor: ApiWriter, organisation_id: UUID, form: OrganisationChange
) -> Response:
    """Change or complete an organisation; lists are replaced."""
    check_if_match(request, _shown(session, organisation_id, actor))
    actions.change_organisation(session, organisation_id, form, actor=actor)
    return answer(request, _shown(session, organisation_id, actor), actor)


def represent_all(session: Session, items: Sequence[Organisation], actor: Actor) -> dict[UUID, OrganisationAnswer]:
    """The organisations as the caller sees them, whatever their number in two statements."""
    keys = [each.id for each in items]
    members = queries.members_of(session, keys)
    agents = queries.agents_of(session, keys) if queries.manages(actor) else None
    return {each.id: _represent(each, members.get(each.id, []), agents) for each in items}


def _represent(
    made: Organisation, members: Sequence[Organisation], agents: dict[UUID, list[UUID]] | None
) -> OrganisationAnswer:
    shown = OrganisationAnswer.model_validate(made)
    shown.member_ids = [member.id for member in members]
    shown.agent_ids = None if agents is None else agents.get(made.id, [])
    if agents is None:
        shown.is_incomplete = shown.contact_address = None
    else:
        shown.url = f"/verwaltung/organisationen/{made.id}"
    return shown


def _shown(session: Session, key: UUID, actor: Actor) -> OrganisationAnswer:
    session.flush()
    found = queries.get_organisation(session, key, actor)
    return represent_all(session, [found], actor)[found.id]
