"""Which bodies somebody of the Geschäftsstelle looks after, and which it covers because the other is away."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.models.bodies import BodyResponsible
from app.models.people import Person
from app.queries.tasks.base import Circle


def circles_of(session: Session, actor: Actor) -> dict[UUID, Circle]:
    """Own bodies, and those covered while everybody responsible is absent or gone; no statement for others."""
    if not actor.is_secretariat:
        return {}
    mine = select(BodyResponsible.body_id).where(BodyResponsible.person_id == actor.person_id)
    statement = (
        select(BodyResponsible, Person)
        .join(Person, col(Person.id) == BodyResponsible.person_id)
        .where(col(BodyResponsible.body_id).in_(mine))
    )
    today = berlin_date(now(session))
    own: set[UUID] = set()
    covered: set[UUID] = set()
    staffed: set[UUID] = set()
    for responsible, person in session.exec(statement).all():
        if person.id == actor.person_id:
            (covered if responsible.is_cover else own).add(responsible.body_id)
        elif not responsible.is_cover and person.is_active:
            is_away = person.absent_until is not None and person.absent_until >= today
            if not is_away:
                staffed.add(responsible.body_id)
    cover = dict.fromkeys(covered - staffed - own, Circle.COVER)
    return {**cover, **dict.fromkeys(own, Circle.OWN)}
