"""What forms offer to choose from: bodies, recommendations, readers, and the seats a person may write for."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, case, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from app.domain.actors import Actor, MembershipRole
from app.domain.bodies import BodyState
from app.domain.needs import NeedState
from app.i18n import _
from app.models.bodies import Body, Membership, Seat
from app.models.needs import Need
from app.models.organisations import Organisation
from app.models.people import Person
from app.queries import bodies, needs, recommendations
from app.queries.built import built_once, keys_of

Choice = tuple[UUID, str]


def bodies_to_choose(session: Session, actor: Actor) -> list[Choice]:
    """Every body the actor knows of, in German order; for filters."""
    return list(session.exec(_bodies_known(actor), params=keys_of(actor)))


@built_once
def _bodies_known(actor: Actor) -> Select[UUID, str]:
    return select(Body.id, Body.title).where(bodies.visible(actor)).order_by(col(Body.sort_key), col(Body.id))


def bodies_at_work(session: Session, actor: Actor, *, but: UUID | None = None, only: Sequence[UUID] = ()) -> list[Body]:
    """Active bodies, in German order: all but one, or only some."""
    statement = select(Body).where(bodies.visible(actor), Body.state == BodyState.ACTIVE).order_by(col(Body.sort_key))
    if but is not None:
        statement = statement.where(Body.id != but)
    if only:
        statement = statement.where(col(Body.id).in_(only))
    return list(session.exec(statement))


def recommendations_to_choose(session: Session, body_id: UUID, actor: Actor, *, limit: int = 200) -> list[Choice]:
    """Recommendations of a body with their reference and the title the actor may read, newest first."""
    chosen = recommendations.RecommendationFilter(body_id=body_id)
    found = recommendations.list_recommendations(session, actor, chosen, limit=limit).items
    return [(each.id, f"{each.reference or _('Arbeitsentwurf')}: {each.title}") for each in found]


def needs_to_choose(
    session: Session, body_id: UUID, actor: Actor, *, also: object = None, limit: int = 100
) -> list[Choice]:
    """The body's newest needs a proposal can answer, those already chosen (`also`) first."""
    chosen = [UUID(str(key)) for key in (also if isinstance(also, list) else [also] if also else [])]
    is_chosen = col(Need.id).in_(chosen)
    open_here = and_(
        col(Need.body_id) == body_id, col(Need.state).in_([NeedState.SUBMITTED, NeedState.ACCEPTED, NeedState.DEFERRED])
    )
    statement = (
        select(Need.id, Need.title)
        .where(or_(is_chosen, open_here), needs.visible(actor))
        .order_by(
            case((is_chosen, 0), else_=1),
            case((col(Need.state) == NeedState.ACCEPTED, 0), else_=1),
            col(Need.created_at).desc(),
            col(Need.id),
        )
        .limit(limit)
    )
    return list(session.exec(statement))


def readers_to_choose(session: Session, body_id: UUID, actor: Actor) -> list[Choice]:
    """The other persons on the seats of a body, with their organisation; for what only named persons may read."""
    statement = (
        select(Person.id, Person.name, Organisation.name)
        .join(Membership, col(Membership.person_id) == Person.id)
        .join(Seat, col(Membership.seat_id) == Seat.id)
        .join(Organisation, col(Seat.organisation_id) == Organisation.id)
        .where(Seat.body_id == body_id, col(Membership.ended_on).is_(None), col(Person.id) != actor.person_id)
        .order_by(col(Person.sort_key), col(Person.id))
    )
    return list({key: (key, f"{name}, {organisation}") for key, name, organisation in session.exec(statement)}.values())


def seats_to_choose(
    session: Session, actor: Actor, body_id: UUID | None, roles: frozenset[MembershipRole] | None = None
) -> list[Choice]:
    """The actor's seats in a body with the organisation each stands for; empty where there is nothing to choose."""
    keys = {seat.seat_id for seat in actor.seats_in(body_id, roles)}
    if len(keys) < 2:
        return []
    statement = (
        select(Seat.id, Organisation.name)
        .join(Organisation, col(Seat.organisation_id) == Organisation.id)
        .where(col(Seat.id).in_(keys))
        .order_by(col(Organisation.sort_key), col(Seat.id))
    )
    return list(session.exec(statement))
