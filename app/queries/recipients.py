"""Whom to write to: the active persons who act for some organisations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import and_, exists, or_
from sqlmodel import Session, col, select

from app.domain.actors import WRITING_ROLES
from app.models.bodies import Membership, Seat
from app.models.organisations import OrganisationAgent
from app.models.people import Person


def list_recipients(session: Session, organisation_ids: Collection[UUID]) -> Sequence[Person]:
    """The persons of these organisations and on their seats who have an address and an account in use."""
    if not organisation_ids:
        return []
    agent = OrganisationAgent
    restricted = exists().where(col(agent.organisation_id) == Person.organisation_id)
    named = exists().where(
        and_(col(agent.organisation_id) == Person.organisation_id, col(agent.person_id) == Person.id)
    )
    on_a_seat = exists().where(
        and_(
            col(Membership.person_id) == Person.id,
            col(Membership.ended_on).is_(None),
            col(Membership.role).in_(WRITING_ROLES),
            col(Seat.id) == Membership.seat_id,
            col(Seat.organisation_id).in_(organisation_ids),
        )
    )
    statement = (
        select(Person)
        .where(
            col(Person.email).is_not(None),
            col(Person.joined_at).is_not(None),
            col(Person.ended_at).is_(None),
            col(Person.redacted_at).is_(None),
            or_(and_(col(Person.organisation_id).in_(organisation_ids), or_(~restricted, named)), on_a_seat),
        )
        .order_by(col(Person.sort_key), col(Person.id))
    )
    return session.exec(statement).all()
