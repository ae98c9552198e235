"""Who a signed-in person or a token is, read anew at every request, so that a revoked one is refused at the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_
from sqlalchemy.orm import aliased, contains_eager
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import WRITING_ROLES, Actor, PersonRole, SeatHeld
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


# Every request asks these; built once, they cost a fraction of what building them anew does.
_IS_ACTIVE = (col(Person.ended_at).is_(None), col(Person.redacted_at).is_(None))
_SIGNED_IN = (
    select(SignIn, Person)
    .join(Person, col(SignIn.person_id) == Person.id)
    .join(Organisation, col(Person.organisation_id) == Organisation.id)
    .options(contains_eager(Person.organisation))  # type: ignore[arg-type]
    .where(
        col(SignIn.digest) == bindparam("digest"),
        col(SignIn.revoked_at).is_(None),
        col(SignIn.expires_at) > bindparam("moment"),
        *_IS_ACTIVE,
    )
)
_TOKEN = (
    select(ApiToken, Person)
    .join(Person, col(ApiToken.person_id) == Person.id)
    .where(
        col(ApiToken.digest) == bindparam("digest"),
        col(ApiToken.revoked_at).is_(None),
        or_(col(ApiToken.expires_at).is_(None), col(ApiToken.expires_at) > bindparam("moment")),
        *_IS_ACTIVE,
    )
)
_SEATS_HELD = (
    select(Membership, Seat)
    .join(Seat, col(Membership.seat_id) == Seat.id)
    .where(col(Membership.person_id) == bindparam("person_id"), col(Membership.ended_on).is_(None))
    .order_by(col(Membership.created_at), col(Membership.id))
)
_OWN: BindParameter[Any] = bindparam("own", expanding=True)


def _may_act(organisation: Any) -> ColumnElement[bool]:
    """The Geschäftsstelle has not kept it to named persons, or the person is one of them."""
    of_it = col(OrganisationAgent.organisation_id) == organisation.id
    named = exists().where(and_(of_it, col(OrganisationAgent.person_id) == bindparam("person_id")))
    return or_(~exists().where(of_it), named)


_THROUGH = aliased(Organisation)
_THROUGH_WHICH = (col(_THROUGH.id).in_(_OWN), _may_act(_THROUGH))
_ACTS_FOR = select(Organisation.id).where(
    or_(
        col(Organisation.id).in_(_OWN),
        col(Organisation.answers_for_id).in_(select(_THROUGH.id).where(*_THROUGH_WHICH)),
        col(Organisation.id).in_(select(_THROUGH.answers_for_id).where(*_THROUGH_WHICH)),
    ),
    _may_act(Organisation),
)


def find_signed_in(session: Session, digest: str) -> SignedIn | None:
    """The person behind a session cookie; None where it is unknown, revoked, expired or access has ended."""
    found = session.exec(_SIGNED_IN, params={"digest": digest, "moment": now(session)}).one_or_none()
    if found is None:
        return None
    sign_in, person = found
    return SignedIn(sign_in, person, actor_of(session, person))


def find_actor_of_token(session: Session, digest: str) -> Actor | None:
    """The actor behind an API token, restricted to reading where the token is."""
    found = session.exec(_TOKEN, params={"digest": digest, "moment": now(session)}).one_or_none()
    if found is None:
        return None
    token, person = found
    return actor_of(session, person, may_write=token.may_write)


def actor_of(session: Session, person: Person, *, may_write: bool = True) -> Actor:
    """The actor a person is now: role, seats held, organisations acted for (who helps or listens acts for none)."""
    held = session.exec(_SEATS_HELD, params={"person_id": person.id})
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
    own = {person.organisation_id, *(seat.organisation_id for seat in seats if seat.role in WRITING_ROLES)}
    acts_for = session.exec(_ACTS_FOR, params={"own": list(own), "person_id": person.id})
    return Actor(
        person_id=person.id,
        organisation_id=person.organisation_id,
        role=person.role,
        seats=seats,
        acts_for=frozenset(acts_for.all()),
        may_write=may_write and person.role is not PersonRole.AUDITOR,
    )
