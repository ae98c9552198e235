"""Pages of organisations: who takes part, for everybody; entering and completing, for the Geschäftsstelle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import organisations as actions
from app.actions.permissions import require
from app.domain.follows import FollowTarget
from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.domain.permissions import Permission
from app.errors import ApplicationError
from app.forms.base import Input, SearchWords
from app.forms.organisations import OrganisationChange, OrganisationForm
from app.i18n import _
from app.models.base import new_id
from app.models.organisations import Organisation
from app.queries import organisations as queries
from app.queries import people
from app.queries.following import following_of
from app.queries.measures import MeasureFilter, list_measures, listed
from app.queries.overdue import look_of
from app.queries.published import dissent_counts
from app.queries.recommendations import RecommendationFilter, list_recommendations
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
from app.routers.opened_forms import refuse_overtaken
from app.routers.pages import field_errors, list_addresses, render, see_other

router = APIRouter()
PAGE_SIZE = 50
SHOWN_OF_EACH = 10
_BASE = "/verwaltung/organisationen"
_LISTS = ("member_ids", "agent_ids")
_SINGLES = ("name", "kind", "level", "participation_class", "answers_for_id", "contact_address")


@dataclass(frozen=True, slots=True)
class Group:
    """The organisations of one kind, under their participation class."""

    kind: OrganisationKind
    organisations: tuple[Organisation, ...]


class OrganisationListing(Input):
    """What the list is narrowed to."""

    kind: OrganisationKind | None = None
    participation_class: ParticipationClass | None = None
    is_incomplete: bool | None = None
    q: SearchWords | None = None
    after: str | None = None


@router.get("/beteiligte")
def show_participants(request: Request, session: ReadSession, _visitor: Reader) -> Response:
    """The organisations that take part, by what § 45 AufenthG says of them; never a person."""
    taking_part = queries.list_taking_part(session)
    collectives = [each.id for each in taking_part if each.kind is OrganisationKind.COLLECTIVE]
    return render(
        request,
        "organisations/public.html",
        total=sum(each.kind is not OrganisationKind.COLLECTIVE for each in taking_part),
        classes=[(word, _groups(taking_part, word)) for word in ParticipationClass],
        collectives=[each for each in taking_part if each.kind is OrganisationKind.COLLECTIVE],
        members=queries.members_of(session, collectives),
        example=any(each.is_example for each in taking_part),
    )


@router.get("/beteiligte/{organisation_id}")
def show_participant(request: Request, session: ReadSession, visitor: Reader, organisation_id: UUID) -> Response:
    """One organisation for everybody: what is recommended to it and what it answers for."""
    organisation = queries.get_organisation(session, organisation_id, visitor.actor)
    chosen = RecommendationFilter(addressee_id=organisation.id, published_only=not visitor.actor.is_signed_in)
    addressed = list_recommendations(session, visitor.actor, chosen, limit=SHOWN_OF_EACH)
    responsible = MeasureFilter(responsible_organisation_id=organisation.id)
    answered_for = list_measures(session, visitor.actor, responsible, limit=SHOWN_OF_EACH)
    look = look_of(session, visitor.actor)
    return render(
        request,
        "organisations/show.html",
        organisation=organisation,
        following=following_of(session, visitor.actor, FollowTarget.ORGANISATION, organisation.id),
        addressed=addressed,
        dissents=dissent_counts(session, [each.id for each in addressed.items]),
        answered_for=[listed(measure, look) for measure in answered_for.items],
        has_more_measures=answered_for.next is not None,
        example=organisation.is_example,
    )


@router.get(_BASE)
def list_organisations(
    request: Request, session: ReadSession, visitor: Member, wanted: Annotated[OrganisationListing, Query()]
) -> Response:
    """All organisations, incomplete ones named."""
    require(Permission.ORGANISATION_MANAGE, None, visitor.actor)
    chosen = queries.OrganisationFilter(
        kind=wanted.kind,
        participation_class=wanted.participation_class,
        is_incomplete=wanted.is_incomplete,
        q=wanted.q,
    )
    page = queries.list_organisations(session, visitor.actor, chosen, limit=PAGE_SIZE, after=wanted.after)
    return render(
        request,
        "organisations/list.html",
        page=page,
        total=queries.count_organisations(session, visitor.actor, chosen),
        incomplete=queries.count_organisations(session, visitor.actor, queries.OrganisationFilter(is_incomplete=True)),
        wanted=wanted,
        kinds=list(OrganisationKind),
        classes=list(ParticipationClass),
        example=any(each.is_example for each in page.items),
        **list_addresses(request, page.next),
    )


@router.get(f"{_BASE}/neu")
def new_organisation(request: Request, session: ReadSession, visitor: Member) -> Response:
    """The form for a new organisation."""
    return _form(request, session, visitor, {"id": str(new_id())})


@router.post(f"{_BASE}/neu")
def create_organisation(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Enter an organisation."""
    with attempt(session) as outcome:
        form = submitted.parse(OrganisationForm, lists=_LISTS)
        made, _is_new = actions.create_organisation(session, form, actor=visitor.actor)
        return see_other(request, f"{_BASE}/{made.id}", _("Die Organisation ist angelegt."))
    return _form(request, session, visitor, _as_lists(submitted), None, outcome.error)


@router.get(f"{_BASE}/{{organisation_id}}")
def show_organisation(request: Request, session: ReadSession, visitor: Member, organisation_id: UUID) -> Response:
    """One organisation with its members or persons, and the form to change it."""
    return _show(request, session, visitor, organisation_id)


@router.post(f"{_BASE}/{{organisation_id}}")
def change_organisation(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, organisation_id: UUID
) -> Response:
    """Change or complete an organisation; a list left empty becomes empty."""
    with attempt(session) as outcome:
        organisation = queries.get_organisation(session, organisation_id, visitor.actor)
        refuse_overtaken(session, submitted, organisation, "name", "contact_address")
        sent = submitted.parse(OrganisationChange, lists=_LISTS)
        cleared: dict[str, object] = {
            **{name: [] for name in _LISTS},
            **dict.fromkeys(("answers_for_id", "contact_address")),
            "is_active": False,
        }
        form = OrganisationChange.model_validate({**cleared, **sent.model_dump(exclude_unset=True)})
        actions.change_organisation(session, organisation_id, form, actor=visitor.actor)
        return see_other(request, f"{_BASE}/{organisation_id}", _("Die Angaben sind gespeichert."))
    return _show(request, session, visitor, organisation_id, _as_lists(submitted), outcome.error)


def _show(
    request: Request,
    session: Session,
    visitor: Visitor,
    organisation_id: UUID,
    values: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    require(Permission.ORGANISATION_MANAGE, None, visitor.actor)
    made = queries.get_organisation(session, organisation_id, visitor.actor)
    if values is None:
        values = {
            **{name: getattr(made, name) for name in _SINGLES},
            "is_active": "true" if made.is_active else "",
            "member_ids": [str(each.id) for each in queries.members_of(session, [made.id]).get(made.id, [])],
            "agent_ids": [str(key) for key in queries.agents_of(session, [made.id]).get(made.id, [])],
        }
    return _form(request, session, visitor, values, made, error)


def _form(
    request: Request,
    session: Session,
    visitor: Visitor,
    values: Mapping[str, object],
    made: Organisation | None = None,
    error: ApplicationError | None = None,
) -> Response:
    require(Permission.ORGANISATION_MANAGE, None, visitor.actor)
    others = [each for each in queries.list_active(session) if made is None or each.id != made.id]
    single = [(each.id, each.name) for each in others if each.kind is not OrganisationKind.COLLECTIVE]
    collective = [(each.id, each.name) for each in others if each.kind is OrganisationKind.COLLECTIVE]
    return render(
        request,
        "organisations/form.html",
        status=error.status if error else 200,
        organisation=made,
        persons=people.list_people_of(session, made.id) if made else [],
        values=values,
        errors=field_errors(error),
        kinds=list(OrganisationKind),
        levels=list(Level),
        classes=list(ParticipationClass),
        single=single,
        collective=collective,
        example=made.is_example if made else False,
    )


def _as_lists(submitted: Submitted) -> dict[str, object]:
    """What was sent, so that the form shows it again: several values stay several."""
    sent: dict[str, object] = dict(submitted.values)
    for name in _LISTS:
        value = submitted.values.get(name, [])
        sent[name] = value if isinstance(value, list) else [value]
    return {**dict.fromkeys(_SINGLES, ""), "is_active": "", **sent}


def _groups(taking_part: Sequence[Organisation], word: ParticipationClass) -> list[Group]:
    order = list(OrganisationKind)
    chosen = [
        each
        for each in taking_part
        if each.participation_class is word and each.kind is not OrganisationKind.COLLECTIVE
    ]
    by_kind = sorted(chosen, key=lambda each: order.index(each.kind))
    return [Group(kind, tuple(found)) for kind, found in groupby(by_kind, key=lambda each: each.kind)]
