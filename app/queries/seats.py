"""Reads of seats and of the persons on them; who may see one is decided here, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, true
from sqlalchemy.orm import contains_eager, joinedload
from sqlmodel import Session, col, select

from app.domain.actors import HOLDER_ROLES, Actor, MembershipRole
from app.domain.bodies import SeatState
from app.models.bodies import Membership, Seat
from app.models.organisations import Organisation
from app.models.people import Person
from app.queries.base import DEFAULT_LIMIT, Page, get_visible, page_of

ROLE_ORDER = tuple(MembershipRole)
"""Leitung first, Zuarbeit last: the order a body's members are shown in."""


@dataclass(frozen=True, slots=True)
class SeatShown:
    """A seat with its organisation and the persons who hold it now."""

    seat: Seat
    organisation: Organisation
    members: tuple[Membership, ...]

    @property
    def is_entitled(self) -> bool:
        """True where a ballot that opened now would count the seat."""
        return self.seat.voting and any(member.role in HOLDER_ROLES for member in self.members)

    @property
    def rank(self) -> int:
        """Where the seat stands among others: by the foremost role on it, empty ones last."""
        return min((ROLE_ORDER.index(member.role) for member in self.members), default=len(ROLE_ORDER))


def visible(actor: Actor) -> ColumnElement[bool]:
    """Seats are known to their body, to the organisation they are for, and to who looks after the whole."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    return or_(col(Seat.body_id).in_(actor.body_ids), col(Seat.organisation_id).in_(actor.acts_for))


def list_seats(
    session: Session, body_id: UUID, actor: Actor, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Seat]:
    """The seats of a body the actor may see, newest first."""
    statement = (
        select(Seat)
        .options(joinedload(Seat.organisation))  # type: ignore[arg-type]
        .where(Seat.body_id == body_id, visible(actor))
    )
    return page_of(session, statement, Seat, limit=limit, after=after)


def list_seats_with_members(session: Session, body_id: UUID, actor: Actor) -> list[SeatShown]:
    """Every seat of a body with its organisation and present holders, Leitung first; one statement."""
    statement = (
        select(Seat, Organisation, Membership)
        .join(Organisation, col(Organisation.id) == Seat.organisation_id)
        .outerjoin(Membership, and_(col(Membership.seat_id) == Seat.id, col(Membership.ended_on).is_(None)))
        .outerjoin(Person, col(Person.id) == Membership.person_id)
        .options(contains_eager(Membership.person))  # type: ignore[arg-type]
        .where(Seat.body_id == body_id, visible(actor))
        .order_by(col(Organisation.sort_key), col(Seat.id), col(Membership.created_at))
    )
    found: dict[UUID, tuple[Seat, Organisation, list[Membership]]] = {}
    for seat, organisation, membership in session.exec(statement).all():
        members = found.setdefault(seat.id, (seat, organisation, []))[2]
        if membership is not None:
            members.append(membership)
    shown = [
        SeatShown(seat, organisation, tuple(sorted(members, key=lambda member: ROLE_ORDER.index(member.role))))
        for seat, organisation, members in found.values()
    ]
    return sorted(shown, key=lambda each: (each.rank, each.organisation.sort_key))


def list_organisations_of(session: Session, body_id: UUID) -> Sequence[Organisation]:
    """The organisations whose seats are filled: what everybody may know of a body's make-up."""
    holds_a_seat = exists().where(
        and_(
            col(Seat.organisation_id) == Organisation.id,
            col(Seat.body_id) == body_id,
            col(Seat.state) == SeatState.FILLED,
        )
    )
    return session.exec(select(Organisation).where(holds_a_seat).order_by(col(Organisation.sort_key))).all()


def get_seat(session: Session, key: UUID, actor: Actor) -> Seat:
    """One seat with its body and organisation; NotFound where absent or hidden."""
    statement = (
        select(Seat)
        .options(joinedload(Seat.body), joinedload(Seat.organisation))  # type: ignore[arg-type]
        .where(Seat.id == key, visible(actor))
    )
    return get_visible(session, statement)


def list_memberships(
    session: Session, seat_id: UUID, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Membership]:
    """Everybody who holds or held the seat, newest first; the caller has seen the seat."""
    statement = (
        select(Membership)
        .options(joinedload(Membership.person))  # type: ignore[arg-type]
        .where(Membership.seat_id == seat_id)
    )
    return page_of(session, statement, Membership, limit=limit, after=after)


def list_active_memberships(session: Session, seat_id: UUID) -> Sequence[Membership]:
    """Who holds the seat now."""
    return session.exec(
        select(Membership).where(Membership.seat_id == seat_id, col(Membership.ended_on).is_(None))
    ).all()


def list_held_by(session: Session, person_id: UUID) -> Sequence[Membership]:
    """The seats a person holds now."""
    return session.exec(
        select(Membership).where(Membership.person_id == person_id, col(Membership.ended_on).is_(None))
    ).all()


def get_membership(session: Session, key: UUID, actor: Actor) -> Membership:
    """One membership with its seat; NotFound where absent or its seat is hidden."""
    statement = (
        select(Membership)
        .join(Seat, col(Membership.seat_id) == Seat.id)
        .options(contains_eager(Membership.seat), joinedload(Membership.person))  # type: ignore[arg-type]
        .where(Membership.id == key, visible(actor))
    )
    return get_visible(session, statement)


def list_people_for(session: Session, organisation_id: UUID) -> list[Person]:
    """Persons who can take a seat, those of its organisation first; one statement."""
    statement = (
        select(Person)
        .options(joinedload(Person.organisation))  # type: ignore[arg-type]
        .where(col(Person.ended_at).is_(None), col(Person.redacted_at).is_(None))
        .order_by(col(Person.sort_key), col(Person.id))
    )
    found = session.exec(statement).all()
    return sorted(found, key=lambda person: person.organisation_id != organisation_id)
