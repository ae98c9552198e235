"""Reads of bodies; who may see one is decided here, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, true
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.domain.actors import Actor, PersonRole
from app.domain.bodies import BodyFacts, BodyKind, BodyState
from app.domain.recommendations import PUBLIC_STATES, UNDECIDED_STATES
from app.errors import NotFound
from app.models.bodies import Body, BodyResponsible, Seat
from app.models.people import Person
from app.models.programmes import GuidingQuestion
from app.models.recommendations import Recommendation
from app.queries.base import DEFAULT_LIMIT, Page, page_of, sorted_page_of
from app.queries.finding import containing


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFilter:
    """What a list of bodies is narrowed to; None leaves a field open."""

    kind: BodyKind | None = None
    state: BodyState | None = None
    field_of_action_id: UUID | None = None
    topic_id: UUID | None = None
    q: str | None = None
    only_ids: frozenset[UUID] | None = None
    without_ids: frozenset[UUID] | None = None


def visible(actor: Actor) -> ColumnElement[bool]:
    """Bodies at work, or that have published, are known to everybody; planned ones to who plans or sits in them."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    has_published = exists().where(
        and_(col(Recommendation.body_id) == Body.id, col(Recommendation.state).in_(PUBLIC_STATES))
    )
    known = or_(col(Body.state) != BodyState.PLANNED, has_published)
    return or_(known, col(Body.id).in_(actor.body_ids)) if actor.is_signed_in else known


def list_bodies(
    session: Session,
    actor: Actor,
    chosen: BodyFilter | None = None,
    *,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
    newest_first: bool = False,
) -> Page[Body]:
    """Bodies the actor may know of with their field of action, in German order, or newest first for programs."""
    statement = (
        select(Body)
        .options(joinedload(Body.field_of_action))  # type: ignore[arg-type]
        .where(
            visible(actor),
            *_conditions(chosen or BodyFilter()),
            containing(session, Body, Body.title, chosen.q if chosen else None),
        )
    )
    if newest_first:
        return page_of(session, statement, Body, limit=limit, after=after)
    return sorted_page_of(session, statement, Body, by=col(Body.sort_key), limit=limit, after=after)


def get_body(session: Session, key: UUID | str, actor: Actor) -> Body:
    """One body by id or slug with its field of action and topic; NotFound where absent or hidden."""
    condition = Body.id == key if isinstance(key, UUID) else Body.slug == key
    statement = (
        select(Body)
        .options(joinedload(Body.field_of_action), joinedload(Body.topic))  # type: ignore[arg-type]
        .where(condition, visible(actor))
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound()
    return found


def find_body(session: Session, key: UUID, actor: Actor) -> Body | None:
    """One body, or None where absent or hidden."""
    return session.exec(select(Body).where(Body.id == key, visible(actor))).one_or_none()


def reads_inside(actor: Actor, body: Body) -> bool:
    """True for those who read what a body keeps to itself."""
    return actor.is_secretariat or actor.is_auditor or body.id in actor.body_ids


def list_questions(session: Session, body_ids: Sequence[UUID]) -> Sequence[GuidingQuestion]:
    """The guiding questions of these bodies, as they were asked."""
    statement = (
        select(GuidingQuestion)
        .where(col(GuidingQuestion.body_id).in_(body_ids))
        .order_by(col(GuidingQuestion.created_at), col(GuidingQuestion.id))
    )
    return session.exec(statement).all()


def list_responsible(session: Session, body_ids: Sequence[UUID]) -> list[tuple[BodyResponsible, Person]]:
    """Who of the Geschäftsstelle looks after these bodies, and who covers, by name."""
    statement = (
        select(BodyResponsible, Person)
        .join(Person, col(Person.id) == BodyResponsible.person_id)
        .where(col(BodyResponsible.body_id).in_(body_ids))
        .order_by(col(BodyResponsible.is_cover), col(Person.sort_key))
    )
    return [(responsible, person) for responsible, person in session.exec(statement).all()]


def list_secretariat(session: Session) -> Sequence[Person]:
    """The active persons of the Geschäftsstelle, in German order: who can look after a body."""
    statement = (
        select(Person)
        .where(Person.role == PersonRole.SECRETARIAT, col(Person.ended_at).is_(None), col(Person.redacted_at).is_(None))
        .order_by(col(Person.sort_key), col(Person.id))
    )
    return session.exec(statement).all()


def list_responsible_ids(session: Session, body_id: UUID) -> tuple[list[UUID], list[UUID]]:
    """The persons responsible for a body and those who cover for them."""
    found = session.exec(select(BodyResponsible).where(BodyResponsible.body_id == body_id)).all()
    return [row.person_id for row in found if not row.is_cover], [row.person_id for row in found if row.is_cover]


def list_own_ids(session: Session, actor: Actor) -> frozenset[UUID]:
    """The bodies somebody of the Geschäftsstelle looks after; no statement for others."""
    if not actor.is_secretariat:
        return frozenset()
    statement = select(BodyResponsible.body_id).where(
        BodyResponsible.person_id == actor.person_id, col(BodyResponsible.is_cover).is_(False)
    )
    return frozenset(session.exec(statement).all())


def facts_of(session: Session, body_id: UUID) -> BodyFacts:
    """What a body still works on."""
    return facts_of_all(session, [body_id])[body_id]


def facts_of_all(session: Session, body_ids: Sequence[UUID]) -> dict[UUID, BodyFacts]:
    """What each of these bodies still works on, in one statement."""
    undecided = (
        select(Recommendation.body_id, func.count())
        .where(col(Recommendation.body_id).in_(body_ids), col(Recommendation.state).in_(UNDECIDED_STATES))
        .group_by(col(Recommendation.body_id))
    )
    found = dict(session.exec(undecided).all())
    return {body_id: BodyFacts(undecided=found.get(body_id, 0)) for body_id in body_ids}


def count_seats(session: Session, body_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """For each body how many of its seats stand in which state."""
    statement = (
        select(col(Seat.body_id), col(Seat.state), func.count())
        .where(col(Seat.body_id).in_(body_ids))
        .group_by(col(Seat.body_id), col(Seat.state))
    )
    found: dict[UUID, dict[str, int]] = {key: {} for key in body_ids}
    for body_id, state, number in session.exec(statement).all():
        found[body_id][state.value] = number
    return found


def _conditions(chosen: BodyFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.kind:
        found.append(col(Body.kind) == chosen.kind)
    if chosen.state:
        found.append(col(Body.state) == chosen.state)
    if chosen.field_of_action_id:
        found.append(col(Body.field_of_action_id) == chosen.field_of_action_id)
    if chosen.topic_id:
        found.append(col(Body.topic_id) == chosen.topic_id)
    if chosen.only_ids is not None:
        found.append(col(Body.id).in_(chosen.only_ids))
    if chosen.without_ids:
        found.append(col(Body.id).not_in(chosen.without_ids))
    return found
