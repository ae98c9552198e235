"""Reads of addressees and what they answered; public from publication on, silence included."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, or_, true
from sqlalchemy.orm import aliased, contains_eager, joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import Actor
from app.domain.events import EventType
from app.domain.implementation import AddresseeAnswer
from app.domain.organisations import OrganisationKind
from app.domain.recommendations import PUBLIC_STATES, RecommendationState
from app.models.organisations import Organisation, OrganisationMember
from app.models.recommendations import Recommendation, Version, VersionAddressee
from app.models.record import Event
from app.models.responses import AddresseeResponse
from app.queries.base import DEFAULT_LIMIT, Page, get_visible, page_of

ANSWERABLE_STATES = frozenset({RecommendationState.PUBLISHED, RecommendationState.UNDER_REVIEW})


@dataclass(frozen=True, slots=True)
class Addressee:
    """One addressee of a version: its answer, who answers for it, and what its members added."""

    organisation: Organisation
    response: AddresseeResponse | None
    answered_for_by: list[str] = field(default_factory=list)
    members: list[Addressee] = field(default_factory=list)

    @property
    def answer(self) -> AddresseeAnswer:
        """What was answered; silence is `pending`."""
        return self.response.answer if self.response else AddresseeAnswer.PENDING

    @property
    def is_silent(self) -> bool:
        """True where nothing was answered."""
        return self.answer is AddresseeAnswer.PENDING


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer as it was given at some time."""

    response_id: UUID
    answer: AddresseeAnswer
    at: datetime


def visible(actor: Actor) -> ColumnElement[bool]:
    """The responses an actor may read: those to published recommendations, answered or silent."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    recommendation = aliased(Recommendation)
    published = select(recommendation.id).where(col(recommendation.state).in_(PUBLIC_STATES))
    return col(AddresseeResponse.recommendation_id).in_(published)


def addressees_with_answers(session: Session, recommendation: Recommendation, version: int) -> list[Addressee]:
    """The addressees of a version in their order with their answers and those of members of collectives.

    One statement.
    """
    asked = {"recommendation_id": recommendation.id, "version": version}
    found: dict[UUID, Addressee] = {}
    of_members: list[tuple[UUID, Addressee]] = []
    for organisation, given, name, collective_id in session.exec(_addressees(), params=asked).all():
        if given is None or given.is_addressee:
            one = found.setdefault(organisation.id, Addressee(organisation, given))
            if name and name not in one.answered_for_by:
                one.answered_for_by.append(name)
        elif collective_id is not None:
            of_members.append((collective_id, Addressee(organisation, given)))
    for collective_id, one in of_members:
        found[collective_id].members.append(one)
    return list(found.values())


@cache
def _addressees() -> Any:
    recommendation_id: Any = bindparam("recommendation_id")
    answering = aliased(Organisation)
    version_id = (
        select(Version.id)
        .where(Version.recommendation_id == recommendation_id, Version.number == bindparam("version"))
        .scalar_subquery()
    )
    addressed = aliased(VersionAddressee)
    collectives = select(addressed.organisation_id).where(addressed.version_id == version_id)
    named, response, member = VersionAddressee, AddresseeResponse, OrganisationMember
    return (
        select(Organisation, AddresseeResponse, answering.name, col(member.collective_id))
        .select_from(Organisation)
        .outerjoin(named, and_(col(named.organisation_id) == Organisation.id, col(named.version_id) == version_id))
        .outerjoin(
            response,
            and_(
                col(response.organisation_id) == Organisation.id,
                col(response.recommendation_id) == recommendation_id,
            ),
        )
        .outerjoin(
            answering,
            and_(
                col(Organisation.kind) == OrganisationKind.COLLECTIVE,
                or_(
                    col(answering.id) == Organisation.answers_for_id,
                    col(answering.answers_for_id) == Organisation.id,
                ),
            ),
        )
        .outerjoin(
            member,
            and_(
                col(member.member_id) == Organisation.id,
                col(member.collective_id).in_(collectives),
                col(response.id).is_not(None),
            ),
        )
        .where(or_(col(named.version_id).is_not(None), col(response.id).is_not(None)))
        .order_by(col(named.position), col(Organisation.sort_key), col(Organisation.id), col(answering.sort_key))
    )


def answers_of_members(session: Session, keys: Collection[UUID]) -> dict[UUID, list[AddresseeResponse]]:
    """By recommendation: what members of addressed collectives added of their own, in German order. One statement."""
    statement = (
        select(AddresseeResponse)
        .join(Organisation, col(Organisation.id) == AddresseeResponse.organisation_id)
        .options(contains_eager(AddresseeResponse.organisation))  # type: ignore[arg-type]
        .where(col(AddresseeResponse.recommendation_id).in_(keys), ~col(AddresseeResponse.is_addressee))
        .order_by(col(Organisation.sort_key), col(Organisation.id))
    )
    found: dict[UUID, list[AddresseeResponse]] = {}
    for each in session.exec(statement).all():
        found.setdefault(each.recommendation_id, []).append(each)
    return found


def list_responses(
    session: Session,
    actor: Actor,
    recommendation_id: UUID,
    *,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[AddresseeResponse]:
    """The responses to one recommendation, members' among them, newest first."""
    statement = _with_names(
        select(AddresseeResponse).where(AddresseeResponse.recommendation_id == recommendation_id, visible(actor))
    )
    return page_of(session, statement, AddresseeResponse, limit=limit, after=after)


def get_response(session: Session, key: UUID, actor: Actor) -> AddresseeResponse:
    """One response with its organisation and recommendation; NotFound where absent or hidden."""
    return get_visible(
        session, _with_names(select(AddresseeResponse).where(AddresseeResponse.id == key, visible(actor)))
    )


def open_responses(session: Session, actor: Actor) -> Sequence[AddresseeResponse]:
    """What the actor's organisations are asked and have not answered, the nearest day first; one statement."""
    statement = (
        select(AddresseeResponse)
        .join(Recommendation, col(Recommendation.id) == AddresseeResponse.recommendation_id)
        .where(
            col(AddresseeResponse.organisation_id).in_(actor.acts_for),
            AddresseeResponse.answer == AddresseeAnswer.PENDING,
            col(AddresseeResponse.is_addressee),
            col(Recommendation.state).in_(ANSWERABLE_STATES),
        )
        .order_by(col(AddresseeResponse.due_on), col(AddresseeResponse.id))
    )
    return session.exec(_with_names(statement)).all()


def past_answers(session: Session, recommendation: Recommendation) -> dict[UUID, list[PastAnswer]]:
    """By response: every answer given, oldest first; answers and times alone, no reasons."""
    statement = (
        select(Event)
        .where(Event.recommendation_id == recommendation.id, Event.type == EventType.RESPONSE_ANSWERED)
        .order_by(col(Event.created_at), col(Event.sequence))
    )
    found: dict[UUID, list[PastAnswer]] = {}
    for event in session.exec(statement).all():
        given = PastAnswer(event.subject_id, AddresseeAnswer(event.to_state or ""), event.created_at)
        found.setdefault(event.subject_id, []).append(given)
    return found


def addressed_collectives_of(session: Session, recommendation: Recommendation, organisation_id: UUID) -> Sequence[UUID]:
    """The addressed collectives the organisation is a member of."""
    statement = (
        select(OrganisationMember.collective_id)
        .join(AddresseeResponse, col(AddresseeResponse.organisation_id) == OrganisationMember.collective_id)
        .where(
            OrganisationMember.member_id == organisation_id,
            AddresseeResponse.recommendation_id == recommendation.id,
            col(AddresseeResponse.is_addressee),
        )
    )
    return session.exec(statement).all()


def own_answers_possible(session: Session, recommendation: Recommendation, actor: Actor) -> Sequence[Organisation]:
    """The actor's organisations that may add their own answer as members of an addressed collective."""
    answered = select(AddresseeResponse.organisation_id).where(AddresseeResponse.recommendation_id == recommendation.id)
    collective = aliased(AddresseeResponse)
    member = (
        select(OrganisationMember.member_id)
        .join(collective, col(collective.organisation_id) == OrganisationMember.collective_id)
        .where(collective.recommendation_id == recommendation.id, col(collective.is_addressee))
    )
    statement = (
        select(Organisation)
        .where(
            col(Organisation.id).in_(actor.acts_for),
            col(Organisation.id).in_(member),
            col(Organisation.id).not_in(answered),
        )
        .order_by(col(Organisation.sort_key))
    )
    return session.exec(statement).all()


def _with_names(statement: SelectOfScalar[AddresseeResponse]) -> SelectOfScalar[AddresseeResponse]:
    return statement.options(
        joinedload(AddresseeResponse.organisation),  # type: ignore[arg-type]
        joinedload(AddresseeResponse.recommendation),  # type: ignore[arg-type]
    )
