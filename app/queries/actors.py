"""Who a signed-in person or a token is, read anew at every request, so that a revoked one is refused at the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, exists, func, literal_column, or_
from sqlalchemy import select as select_many
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import WRITING_ROLES, Actor, PersonRole, SeatHeld
from app.models.accounts import ApiToken, SignIn
from app.models.bodies import Membership, Seat
from app.models.notifications import Notification
from app.models.organisations import Organisation, OrganisationAgent
from app.models.people import Person
from app.queries.kept import note_standing, standing


@dataclass(frozen=True, slots=True)
class OpenSignIn:
    """A sign-in that stands: its key, whose it is, and the token its forms carry."""

    id: UUID
    person_id: UUID
    form_secret: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that is signed in: who stands behind it, and how the header of a page names them."""

    sign_in: OpenSignIn
    name: str
    organisation_name: str
    actor: Actor
    has_unread: bool = False


# Every request asks these; built once, they cost a fraction of what building them anew does.
_IS_ACTIVE = (col(Person.ended_at).is_(None), col(Person.redacted_at).is_(None))
_HAS_UNREAD = exists().where(and_(col(Notification.person_id) == Person.id, col(Notification.read_at).is_(None)))
"""Something is unread, whether or not the person may still see it: a look into an index."""

_WRITES: Any = [literal_column(f"'{role.value}'") for role in sorted(WRITING_ROLES)]
"""Spelled out: of parameters SQLAlchemy would make a new list each time."""

_ACTED_FOR, _THROUGH = aliased(Organisation), aliased(Organisation)
_OWN_SEAT, _OWN_MEMBERSHIP = aliased(Seat), aliased(Membership)


def _is_own(organisation: Any) -> ColumnElement[bool]:
    """The person belongs to it, or writes on a seat of it."""
    seats = (
        select(_OWN_SEAT.organisation_id)
        .join(_OWN_MEMBERSHIP, col(_OWN_MEMBERSHIP.seat_id) == _OWN_SEAT.id)
        .where(
            col(_OWN_MEMBERSHIP.person_id) == Person.id,
            col(_OWN_MEMBERSHIP.ended_on).is_(None),
            col(_OWN_MEMBERSHIP.role).in_(_WRITES),
        )
        .correlate(Person)
    )
    return or_(organisation.id == Person.organisation_id, organisation.id.in_(seats))


def _may_act(organisation: Any) -> ColumnElement[bool]:
    """The Geschäftsstelle has not kept it to named persons, or the person is one of them."""
    of_it = col(OrganisationAgent.organisation_id) == organisation.id
    named = exists().where(and_(of_it, col(OrganisationAgent.person_id) == Person.id)).correlate(organisation, Person)
    return or_(~exists().where(of_it), named)


def _through(column: Any) -> Any:
    return select(column).where(_is_own(_THROUGH), _may_act(_THROUGH)).correlate(Person)


_ACTS_FOR = (
    select(func.aggregate_strings(cast(_ACTED_FOR.id, String), ","))
    .where(
        or_(
            _is_own(_ACTED_FOR),
            col(_ACTED_FOR.answers_for_id).in_(_through(_THROUGH.id)),
            col(_ACTED_FOR.id).in_(_through(_THROUGH.answers_for_id)),
        ),
        _may_act(_ACTED_FOR),
    )
    .correlate(Person)
    .scalar_subquery()
)
_PERSON: tuple[Any, ...] = (Person.id, Person.organisation_id, Person.role, _ACTS_FOR)
_SEAT: tuple[Any, ...] = (Seat.id, Seat.body_id, Seat.organisation_id, Membership.role, Seat.voting)


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


_OF_SIGN_IN: tuple[Any, ...] = (
    SignIn.id,
    SignIn.person_id,
    SignIn.form_secret,
    Person.name,
    col(Organisation.name),
    _HAS_UNREAD.correlate(Person),
)


@cache
def _signed_in(*standing: Any) -> Any:
    return _somebody(*standing, *_OF_SIGN_IN, through=SignIn).where(
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


def find_signed_in(session: Session, digest: str) -> SignedIn | None:
    """The person behind a session cookie; None where it is unknown, revoked, expired or access has ended."""
    connection, moment = session.connection(), now(session)
    beside = standing(connection.dialect.name) if "kept" in session.info else ()
    rows = connection.execute(_signed_in(*beside), {"digest": digest, "moment": moment}).all()
    if not rows:
        return None
    if beside:
        note_standing(session, rows[0][: len(beside)], moment)
    end = len(beside) + len(_OF_SIGN_IN)
    key, person_id, form_secret, name, organisation_name, has_unread = rows[0][len(beside) : end]
    sign_in = OpenSignIn(key, person_id, form_secret)
    return SignedIn(sign_in, name, organisation_name, _actor([row[end:] for row in rows]), has_unread)


def find_actor_of_token(session: Session, digest: str) -> Actor | None:
    """The actor behind an API token, restricted to reading where the token is."""
    rows = session.exec(_TOKEN, params={"digest": digest, "moment": now(session)}).all()
    return _actor([row[1:] for row in rows], may_write=rows[0][0]) if rows else None


def actor_of(session: Session, person: Person) -> Actor:
    """The actor a person is now."""
    return _actor(session.exec(_KNOWN, params={"person_id": person.id}).all())


def _actor(rows: Sequence[Sequence[Any]], *, may_write: bool = True) -> Actor:
    """Role, seats held, organisations acted for (who helps or listens acts for none)."""
    person_id, organisation_id, role, acts_for = rows[0][: len(_PERSON)]
    seats = tuple(
        SeatHeld(seat_id=seat_id, body_id=body_id, organisation_id=of, role=seat_role, voting=voting)
        for seat_id, body_id, of, seat_role, voting in (row[len(_PERSON) :] for row in rows)
        if seat_id is not None
    )
    return Actor(
        person_id=person_id,
        organisation_id=organisation_id,
        role=role,
        seats=seats,
        acts_for=frozenset(map(UUID, acts_for.split(","))) if acts_for else frozenset(),
        may_write=may_write and role is not PersonRole.AUDITOR,
    )
