"""Who a signed-in person or a token is, read anew at every request, so that a revoked one is refused at the next."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import contains_eager
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import Actor, PersonRole, SeatHeld
from app.models.accounts import ApiToken, SignIn
from app.models.bodies import Membership, Seat
from app.models.organisations import Organisation, OrganisationAgent
from app.models.people import Person


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that is signed in, with the person behind it."""

    sign_in: SignIn
    person: Person
    actor: Actor


def find_signed_in(session: Session, digest: str) -> SignedIn | None:
    """The person behind a session cookie; None where it is unknown, revoked, expired or access has ended."""
    statement = (
        select(SignIn, Person)
        .join(Person, col(SignIn.person_id) == Person.id)
        .join(Organisation, col(Person.organisation_id) == Organisation.id)
        .options(contains_eager(Person.organisation))  # type: ignore[arg-type]
        .where(
            SignIn.digest == digest,
            col(SignIn.revoked_at).is_(None),
            SignIn.expires_at > now(session),
            *_is_active(),
        )
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        return None
    sign_in, person = found
    return SignedIn(sign_in, person, actor_of(session, person))


def find_actor_of_token(session: Session, digest: str) -> Actor | None:
    """The actor behind an API token, restricted to reading where the token is."""
    statement = (
        select(ApiToken, Person)
        .join(Person, col(ApiToken.person_id) == Person.id)
        .where(
            ApiToken.digest == digest,
            col(ApiToken.revoked_at).is_(None),
            or_(col(ApiToken.expires_at).is_(None), col(ApiToken.expires_at) > now(session)),
            *_is_active(),
        )
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        return None
    token, person = found
    return actor_of(session, person, may_write=token.may_write)


def actor_of(session: Session, person: Person, *, may_write: bool = True) -> Actor:
    """The actor a person is now: role, seats held, organisations acted for."""
    held = session.exec(
        select(Membership, Seat)
        .join(Seat, col(Membership.seat_id) == Seat.id)
        .where(Membership.person_id == person.id, col(Membership.ended_on).is_(None))
        .order_by(col(Membership.created_at), col(Membership.id))
    ).all()
    seats = tuple(
        SeatHeld(
            seat_id=seat.id,
            body_id=seat.body_id,
            organisation_id=seat.organisation_id,
            role=membership.role,
            voting=seat.voting,
        )
        for membership, seat in held
    )
    return Actor(
        person_id=person.id,
        organisation_id=person.organisation_id,
        role=person.role,
        seats=seats,
        acts_for=_acts_for(session, person, {person.organisation_id, *(s.organisation_id for s in seats)}),
        may_write=may_write and person.role is not PersonRole.AUDITOR,
    )


def _acts_for(session: Session, person: Person, own: set[UUID]) -> frozenset[UUID]:
    agent = OrganisationAgent
    is_restricted = exists().where(col(agent.organisation_id) == Organisation.id)
    is_named = exists().where(and_(col(agent.organisation_id) == Organisation.id, col(agent.person_id) == person.id))
    answered_for = select(Organisation.answers_for_id).where(col(Organisation.id).in_(own))
    statement = select(Organisation.id).where(
        or_(
            col(Organisation.id).in_(own),
            col(Organisation.answers_for_id).in_(own),
            col(Organisation.id).in_(answered_for),
        ),
        or_(~is_restricted, is_named),
    )
    return frozenset(session.exec(statement).all())


def _is_active() -> tuple[ColumnElement[bool], ...]:
    return (col(Person.ended_at).is_(None), col(Person.redacted_at).is_(None))
