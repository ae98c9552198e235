"""Reads of sign-ins, tokens, one-time links and attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.accounts import AttemptKind, Limit
from app.domain.actors import MembershipRole
from app.models.accounts import ApiToken, Attempt, LinkPurpose, OneTimeLink, SignIn
from app.models.bodies import Body, Membership, Seat
from app.models.organisations import Organisation
from app.models.people import Person
from app.security import digest_of


@dataclass(frozen=True, slots=True)
class SeatOfPerson:
    """A seat a person holds, for showing."""

    body: Body
    role: MembershipRole
    organisation_name: str


@dataclass(frozen=True, slots=True)
class ExampleAccount:
    """An account that may be tried out, with what it is."""

    person: Person
    seats: tuple[SeatOfPerson, ...]


def find_person_by_email(session: Session, email: str) -> Person | None:
    """The active person of an address."""
    statement = select(Person).where(
        Person.email == email, col(Person.ended_at).is_(None), col(Person.redacted_at).is_(None)
    )
    return session.exec(statement).one_or_none()


def find_link(session: Session, secret: str, purpose: LinkPurpose) -> tuple[OneTimeLink, Person] | None:
    """The link of a secret and whose it is, used up or not; None for an unknown one or an ended access."""
    statement = (
        select(OneTimeLink, Person)
        .join(Person, col(OneTimeLink.person_id) == Person.id)
        .options(joinedload(Person.organisation))  # type: ignore[arg-type]
        .where(
            OneTimeLink.digest == digest_of(secret),
            OneTimeLink.purpose == purpose,
            col(Person.ended_at).is_(None),
            col(Person.redacted_at).is_(None),
        )
    )
    return session.exec(statement).one_or_none()


def is_open(link: OneTimeLink, moment: datetime) -> bool:
    """True while a link was not used and its time is not over."""
    return link.used_at is None and link.expires_at > moment


def blocked_until(session: Session, kind: AttemptKind, limits: Sequence[Limit]) -> datetime | None:
    """When the next attempt is possible; None where one is possible now."""
    waits = []
    for limit in limits:
        since = now(session) - limit.span
        times = session.exec(
            select(Attempt.created_at)
            .where(Attempt.kind == kind.value, Attempt.key == digest_of(limit.key), Attempt.created_at > since)
            .order_by(col(Attempt.created_at).desc())
            .limit(limit.attempts)
        ).all()
        if len(times) == limit.attempts:
            waits.append(times[-1] + limit.span)
    return max(waits, default=None)


def list_sign_ins(session: Session, person_id: UUID) -> Sequence[SignIn]:
    """The browsers a person is signed in with now, newest first."""
    statement = (
        select(SignIn)
        .where(SignIn.person_id == person_id, col(SignIn.revoked_at).is_(None), SignIn.expires_at > now(session))
        .order_by(col(SignIn.created_at).desc())
    )
    return session.exec(statement).all()


def list_tokens(session: Session, person_id: UUID) -> Sequence[ApiToken]:
    """A person's tokens that were not revoked, newest first; expired ones among them."""
    statement = (
        select(ApiToken)
        .where(ApiToken.person_id == person_id, col(ApiToken.revoked_at).is_(None))
        .order_by(col(ApiToken.created_at).desc())
    )
    return session.exec(statement).all()


def list_seats(session: Session, person_ids: Sequence[UUID]) -> dict[UUID, tuple[SeatOfPerson, ...]]:
    """The active seats of some persons, by person; one statement."""
    statement = (
        select(Membership, Body, Organisation.name)
        .join(Seat, col(Membership.seat_id) == Seat.id)
        .join(Body, col(Seat.body_id) == Body.id)
        .join(Organisation, col(Seat.organisation_id) == Organisation.id)
        .where(col(Membership.person_id).in_(person_ids), col(Membership.ended_on).is_(None))
        .order_by(col(Membership.created_at))
    )
    found: dict[UUID, tuple[SeatOfPerson, ...]] = {}
    for membership, body, organisation_name in session.exec(statement).all():
        shown = SeatOfPerson(body, membership.role, organisation_name)
        found[membership.person_id] = (*found.get(membership.person_id, ()), shown)
    return found


def list_example_accounts(session: Session) -> list[ExampleAccount]:
    """The accounts of the example programme that can sign in, in the order they were made."""
    statement = (
        select(Person)
        .options(joinedload(Person.organisation))  # type: ignore[arg-type]
        .where(
            col(Person.is_example).is_(True),
            col(Person.email).is_not(None),
            col(Person.password_hash).is_not(None),
            col(Person.ended_at).is_(None),
            col(Person.redacted_at).is_(None),
        )
        .order_by(col(Person.created_at), col(Person.id))
        .limit(60)
    )
    people = session.exec(statement).all()
    seats = list_seats(session, [person.id for person in people])
    return [ExampleAccount(person, seats.get(person.id, ())) for person in people]


def count_attempts(session: Session, kind: AttemptKind) -> int:
    """How many attempts of a kind are kept now."""
    return session.exec(select(func.count()).select_from(Attempt).where(Attempt.kind == kind.value)).one()
