"""Who a signed-in person or a token is, read anew at every request, so that a revoked one is refused at the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, or_
from sqlalchemy import select as select_many
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import WRITING_ROLES, Actor, PersonRole, SeatHeld
from app.models.accounts import ApiToken, SignIn
from app.models.bodies import Membership, Seat
from app.models.organisations import Organisation, OrganisationAgent
from app.models.people import Person


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that is signed in: who stands behind it, and how the header of a page names them."""

    sign_in: SignIn
    name: str
    organisation_name: str
    actor: Actor


# Every request asks these; built once, they cost a fraction of what building them anew does.
def _somebody(*first: Any, through: type[SignIn] | type[ApiToken] | None = None) -> Any:
    """A person after what was asked first, in one row a seat, or in one row without where none is held."""
    holds = and_(col(Membership.person_id) == Person.id, col(Membership.ended_on).is_(None))
    statement: Select[Any] = select_many(*first, *_PERSON, *_SEAT)
    if through is None:
        statement = statement.select_from(Person)
    else:
        statement = statement.select_from(through).join(Person, col(through.person_id) == Person.id)
    return (
        statement.join(Organisation, col(Person.organisation_id) == Organisation.id)
        .outerjoin(Membership, holds)
        .outerjoin(Seat, col(Membership.seat_id) == Seat.id)
        .order_by(col(Membership.created_at), col(Membership.id))
    )


_PERSON: tuple[Any, ...] = (Person.id, Person.organisation_id, Person.role, Person.name, Organisation.name)
_SEAT: tuple[Any, ...] = (Seat.id, Seat.body_id, Seat.organisation_id, Membership.role, Seat.voting)
_IS_ACTIVE = (col(Person.ended_at).is_(None), col(Person.redacted_at).is_(None))
_SIGNED_IN = _somebody(SignIn, through=SignIn).where(
    col(SignIn.digest) == bindparam("digest"),
    col(SignIn.revoked_at).is_(None),
    col(SignIn.expires_at) > bindparam("moment"),
    *_IS_ACTIVE,
)
_TOKEN = _somebody(ApiToken.may_write, through=ApiToken).where(
    col(ApiToken.digest) == bindparam("digest"),
    col(ApiToken.revoked_at).is_(None),
    or_(col(ApiToken.expires_at).is_(None), col(ApiToken.expires_at) > bindparam("moment")),
    *_IS_ACTIVE,
)
_KNOWN = _somebody().where(col(Person.id) == bindparam("person_id"))
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
    rows = session.exec(_SIGNED_IN, params={"digest": digest, "moment": now(session)}).all()
    if not rows:
        return None
    sign_in, *_person, name, organisation_name = rows[0][:6]
    return SignedIn(sign_in, name, organisation_name, _actor(session, [row[1:] for row in rows]))


def find_actor_of_token(session: Session, digest: str) -> Actor | None:
    """The actor behind an API token, restricted to reading where the token is."""
    rows = session.exec(_TOKEN, params={"digest": digest, "moment": now(session)}).all()
    return _actor(session, [row[1:] for row in rows], may_write=rows[0][0]) if rows else None


def actor_of(session: Session, person: Person) -> Actor:
    """The actor a person is now."""
    return _actor(session, session.exec(_KNOWN, params={"person_id": person.id}).all())


def _actor(session: Session, rows: Sequence[Sequence[Any]], *, may_write: bool = True) -> Actor:
    """Role, seats held, organisations acted for (who helps or listens acts for none)."""
    person_id, organisation_id, role = rows[0][:3]
    seats = tuple(
        SeatHeld(seat_id=seat_id, body_id=body_id, organisation_id=of, role=seat_role, voting=voting)
        for seat_id, body_id, of, seat_role, voting in (row[len(_PERSON) :] for row in rows)
        if seat_id is not None
    )
    own = {organisation_id, *(seat.organisation_id for seat in seats if seat.role in WRITING_ROLES)}
    acts_for = session.exec(_ACTS_FOR, params={"own": list(own), "person_id": person_id})
    return Actor(
        person_id=person_id,
        organisation_id=organisation_id,
        role=role,
        seats=seats,
        acts_for=frozenset(acts_for),
        may_write=may_write and role is not PersonRole.AUDITOR,
    )
