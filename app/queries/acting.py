"""The persons who may speak in the name of organisations, as one selection of ids; nothing is loaded."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, union, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from app.domain.actors import WRITING_ROLES, PersonRole
from app.models.bodies import Membership, Seat
from app.models.organisations import Organisation, OrganisationAgent
from app.models.people import Person


def persons_acting_for_any(organisation_ids: Any) -> Select[Any]:
    """Ids of all who act for one of these: their own persons, those on their seats, and who answers for them.

    The same persons whose `Actor.acts_for` names one of them, but for those who only read.
    """
    of_person: Any = select(
        col(Person.id).label("person_id"), col(Person.organisation_id).label("organisation_id")
    ).where(col(Person.role) != PersonRole.AUDITOR)
    of_seat = (
        select(col(Membership.person_id), col(Seat.organisation_id))
        .join(Seat, col(Seat.id) == Membership.seat_id)
        .where(col(Membership.ended_on).is_(None), col(Membership.role).in_(WRITING_ROLES))
    )
    own = union_all(of_person, of_seat).subquery()
    asked, through = aliased(Organisation), aliased(Organisation)
    themselves = select(own.c.person_id).where(
        own.c.organisation_id.in_(organisation_ids), _may_act(own.c.organisation_id, own.c.person_id)
    )
    by_others = (
        select(own.c.person_id)
        .join(through, col(through.id) == own.c.organisation_id)
        .join(
            asked,
            or_(col(asked.answers_for_id) == col(through.id), col(through.answers_for_id) == col(asked.id)),
        )
        .where(
            col(asked.id).in_(organisation_ids),
            _may_act(through.id, own.c.person_id),
            _may_act(asked.id, own.c.person_id),
        )
    )
    return select(union(themselves, by_others).subquery().c.person_id)


def _may_act(organisation_id: Any, person_id: Any) -> ColumnElement[bool]:
    """The organisation is not kept to named persons, or the person is one of them."""
    of_it = col(OrganisationAgent.organisation_id) == organisation_id
    return or_(~exists().where(of_it), exists().where(and_(of_it, col(OrganisationAgent.person_id) == person_id)))
