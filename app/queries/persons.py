"""Selections of persons' ids by what they are to a body or an organisation now: for telling many in one statement."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.actors import LEADING_ROLES, WRITING_ROLES, MembershipRole, PersonRole
from app.models.bodies import BodyResponsible, Membership, Seat
from app.models.organisations import Organisation, OrganisationAgent
from app.models.people import Person

Ids = Select[Any] | CompoundSelect[Any]


def takes_part() -> ColumnElement[bool]:
    """The person has an account and its access has not ended: nobody else is told of anything."""
    return and_(col(Person.joined_at).is_not(None), col(Person.ended_at).is_(None), col(Person.redacted_at).is_(None))


def on_seats_of(body_id: Any, roles: Collection[MembershipRole] = ()) -> Select[Any]:
    """Who holds a seat of the body now, optionally only in these roles."""
    seats = select(col(Seat.id)).where(col(Seat.body_id) == body_id)
    return on_seats(seats, roles)


def on_seats(seat_ids: Ids, roles: Collection[MembershipRole] = ()) -> Select[Any]:
    """Who holds one of these seats now, optionally only in these roles."""
    statement = select(col(Membership.person_id)).where(
        col(Membership.seat_id).in_(seat_ids), col(Membership.ended_on).is_(None)
    )
    return statement.where(col(Membership.role).in_(sorted(roles))) if roles else statement


def leadership_of(body_id: Any) -> Ids:
    """Leitung and stellvertretende Leitung; the Geschäftsstelle where nobody who takes part leads the body."""
    leaders = on_seats_of(body_id, LEADING_ROLES).join(Person, col(Person.id) == Membership.person_id)
    leaders = leaders.where(takes_part())
    return union_all(leaders, office_of(body_id).where(~leaders.exists()))


def office_of(body_id: Any) -> Select[Any]:
    """Those of the Geschäftsstelle who look after the body and their cover; all of it where there are none."""
    looks_after = and_(col(BodyResponsible.body_id) == body_id, col(Person.role) == PersonRole.SECRETARIAT)
    responsible = select(col(Person.id)).join(BodyResponsible, col(BodyResponsible.person_id) == Person.id)
    responsible = responsible.where(looks_after, takes_part())
    other = aliased(Person)
    return select(col(other.id)).where(
        col(other.role) == PersonRole.SECRETARIAT, or_(col(other.id).in_(responsible), ~responsible.exists())
    )


def acting_for(organisation_ids: Ids) -> Select[Any]:
    """Who may answer for one of these organisations: `queries.actors` seen from the other side.

    They are its own, or hold a seat of it; or those of the collective it answers for, or of who answers for it.
    """
    itself, other, asked = aliased(Organisation), aliased(Organisation), organisation_ids.subquery()
    asked_id = asked.c[0]
    through = union_all(
        select(asked_id.label("asked_id"), asked_id.label("through_id")),
        select(col(itself.id), col(itself.answers_for_id))
        .join(asked, asked_id == col(itself.id))
        .where(col(itself.answers_for_id).is_not(None)),
        select(asked_id, col(other.id)).join(other, col(other.answers_for_id) == asked_id),
    ).subquery()
    own = union_all(
        select(through.c.asked_id, through.c.through_id, col(Person.id).label("person_id")).join(
            Person, col(Person.organisation_id) == through.c.through_id
        ),
        select(through.c.asked_id, through.c.through_id, col(Membership.person_id))
        .join(Seat, col(Seat.organisation_id) == through.c.through_id)
        .join(Membership, col(Membership.seat_id) == Seat.id)
        .where(col(Membership.ended_on).is_(None), col(Membership.role).in_(sorted(WRITING_ROLES))),
    ).subquery()
    return select(own.c.person_id).where(
        _may_act(own.c.asked_id, own.c.person_id), _may_act(own.c.through_id, own.c.person_id)
    )


def acting_for_one(organisation_id: UUID) -> Select[Any]:
    """Who may answer for this one organisation."""
    return acting_for(select(col(Organisation.id)).where(col(Organisation.id) == organisation_id))


def _may_act(organisation_id: Any, person_id: Any) -> ColumnElement[bool]:
    """The organisation is not kept to named persons, or the person is one of them."""
    of_it = col(OrganisationAgent.organisation_id) == organisation_id
    return or_(~exists().where(of_it), exists().where(and_(of_it, col(OrganisationAgent.person_id) == person_id)))
