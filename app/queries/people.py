"""Reads of people; who may see one is decided here, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, true
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.accounts import AccessState, access_state
from app.domain.actors import Actor, PersonRole
from app.domain.sorting import sort_key
from app.i18n import _
from app.models.bodies import Membership, Seat
from app.models.people import Person
from app.queries.base import DEFAULT_LIMIT, Page, get_visible, page_of, sorted_page_of

SHOWN_NAME: Any = case(
    (and_(col(Person.ended_at).is_(None), col(Person.redacted_at).is_(None)), Person.name),
    (col(Person.id).is_not(None), literal(_("ehemaliges Mitglied"))),
)
"""`Person.shown_name` as a column; null where nobody is joined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFilter:
    """What a list of people is narrowed to; None leaves a field open."""

    organisation_id: UUID | None = None
    role: PersonRole | None = None
    access: AccessState | None = None
    q: str | None = None


def manages(actor: Actor) -> bool:
    """True for those who read addresses and accesses of all people."""
    return actor.is_secretariat or actor.is_admin or actor.is_auditor


def visible(actor: Actor) -> ColumnElement[bool]:
    """Oneself and those one sits in a body with; the Geschäftsstelle, administration and auditors see all."""
    if manages(actor):
        return true()
    if not actor.is_signed_in:
        return false()
    beside = (
        select(Membership.person_id)
        .join(Seat, col(Membership.seat_id) == Seat.id)
        .where(col(Seat.body_id).in_(actor.body_ids), col(Membership.ended_on).is_(None))
    )
    is_here = and_(col(Person.ended_at).is_(None), col(Person.redacted_at).is_(None), col(Person.id).in_(beside))
    return or_(col(Person.id) == actor.person_id, is_here)


def list_people(
    session: Session,
    actor: Actor,
    chosen: PersonFilter,
    *,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
    newest_first: bool = False,
) -> Page[Person]:
    """People the actor may see, in German order, or the newest first as programs read them."""
    statement = _with_organisation(select(Person).where(visible(actor), *_conditions(chosen, actor)))
    if newest_first:
        return page_of(session, statement, Person, limit=limit, after=after)
    return sorted_page_of(session, statement, Person, by=col(Person.sort_key), limit=limit, after=after)


def count_people(session: Session, actor: Actor, chosen: PersonFilter) -> int:
    """How many people the filter finds for the actor."""
    conditions = _conditions(chosen, actor)
    return session.exec(select(func.count()).select_from(Person).where(visible(actor), *conditions)).one()


def get_person(session: Session, key: UUID, actor: Actor) -> Person:
    """One person with the organisation; NotFound where absent or hidden."""
    return get_visible(session, _with_organisation(select(Person).where(Person.id == key, visible(actor))))


def list_people_of(session: Session, organisation_id: UUID) -> Sequence[Person]:
    """The active people of an organisation, in German order."""
    statement = (
        select(Person)
        .where(Person.organisation_id == organisation_id, *_active())
        .order_by(col(Person.sort_key), col(Person.id))
    )
    return session.exec(statement).all()


def count_uninvited(session: Session) -> int:
    """How many people were entered and not invited yet."""
    conditions = (_in_access(AccessState.CREATED), col(Person.is_example).is_(False))
    return session.exec(select(func.count()).select_from(Person).where(*conditions)).one()


def is_last_admin(session: Session, person: Person) -> bool:
    """True where nobody else could administrate."""
    if person.role is not PersonRole.ADMIN or not person.is_active:
        return False
    others = select(func.count()).select_from(Person)
    others = others.where(Person.role == PersonRole.ADMIN, Person.id != person.id, *_active())
    return session.exec(others).one() == 0


def access_of(person: Person) -> AccessState:
    """Where a person's access stands."""
    return access_state(
        is_redacted=person.redacted_at is not None,
        is_ended=person.ended_at is not None,
        has_joined=person.password_hash is not None,
        is_invited=person.invited_at is not None,
    )


def _with_organisation(statement: SelectOfScalar[Person]) -> SelectOfScalar[Person]:
    return statement.options(joinedload(Person.organisation))  # type: ignore[arg-type]


def _active() -> tuple[ColumnElement[bool], ...]:
    return (col(Person.ended_at).is_(None), col(Person.redacted_at).is_(None))


def _conditions(chosen: PersonFilter, actor: Actor) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.organisation_id:
        found.append(col(Person.organisation_id) == chosen.organisation_id)
    if chosen.role:
        found.append(col(Person.role) == chosen.role)
    if chosen.access:
        found.append(_in_access(chosen.access))
    if chosen.q:
        words = [col(Person.sort_key).contains(word, autoescape=True) for word in sort_key(chosen.q).split()[:8]]
        by_name: ColumnElement[bool] = and_(*words) if words else false()
        if manages(actor):
            by_name = or_(by_name, col(Person.email).contains(chosen.q.casefold().strip(), autoescape=True))
        found.append(by_name)
    return found


def _in_access(access: AccessState) -> ColumnElement[bool]:
    has_password = col(Person.password_hash).is_not(None)
    invited = col(Person.invited_at).is_not(None)
    match access:
        case AccessState.REDACTED:
            return col(Person.redacted_at).is_not(None)
        case AccessState.ENDED:
            return and_(col(Person.ended_at).is_not(None), col(Person.redacted_at).is_(None))
        case AccessState.JOINED:
            return and_(*_active(), has_password)
        case AccessState.INVITED:
            return and_(*_active(), ~has_password, invited)
        case AccessState.CREATED:
            return and_(*_active(), ~has_password, ~invited)
