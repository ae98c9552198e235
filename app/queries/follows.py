"""Who follows what: the persons to tell of a place are one selection, never asked for one by one."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, Uuid, and_, case, func, literal, or_, union
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from app.domain.actors import PersonRole
from app.domain.events import SubjectType
from app.domain.follows import FollowTarget
from app.models.bodies import Body, Membership, Seat
from app.models.follows import Follow
from app.models.measures import Measure
from app.models.needs import Need
from app.models.people import Person
from app.models.proposals import Proposal
from app.models.recommendations import Recommendation
from app.queries.followed_lists import lists_with

_NEARNESS: Final = {
    FollowTarget.NEED: 1,
    FollowTarget.PROPOSAL: 1,
    FollowTarget.RECOMMENDATION: 1,
    FollowTarget.BODY: 2,
    FollowTarget.FIELD_OF_ACTION: 3,
    FollowTarget.LIST: 4,
}
"""Of what a person said of a thing and of what it belongs to, the nearest counts: itself, what was merged into it or
what it carries out, its body, its field, a list."""


def followers_of(place_type: SubjectType, place_id: Any) -> Select[Any]:
    """The ids of the persons who follow a thing, what it belongs to, or a list it stands in; without the muted.

    `place_type` and `place_id` (a key or the parameter that will hold it) name the thing on whose page something is
    read. Whether a follower may see it is asked when it is shown or sent.
    """
    follows: ColumnElement[bool] = col(Follow.target_id).in_(_around(place_type, place_id))
    if place_type in (SubjectType.NEED, SubjectType.PROPOSAL):
        merged = col(Follow.target_id).in_(_merged_into(_contribution(place_type), place_id))
        follows = or_(follows, and_(merged, col(Follow.is_muted).is_(False)))
    lists = lists_with(place_type, place_id)
    if lists is not None:
        follows = or_(follows, col(Follow.target_id).in_(lists.for_all))
        if lists.for_insiders is not None:
            of_lists = col(Follow.target_id).in_(lists.for_insiders)
            follows = or_(follows, and_(of_lists, col(Follow.person_id).in_(_insiders(place_id))))
    return select(Follow.person_id).where(follows).group_by(col(Follow.person_id)).having(~_is_silence(place_id))


def is_muted_by(person_id: Any, place_type: SubjectType, place_id: Any) -> ColumnElement[bool]:
    """The person in this column muted a thing or, where it said nothing of that, what the thing belongs to.

    Tasks and deadlines are told all the same: muting must make nobody miss one.
    """
    muted = (
        select(Follow.person_id)
        .where(col(Follow.target_id).in_(_around(place_type, place_id)))
        .group_by(col(Follow.person_id))
        .having(_is_silence(place_id))
    )
    found: ColumnElement[bool] = person_id.in_(muted)
    return found


def _is_silence(place_id: Any) -> ColumnElement[bool]:
    """The nearest row of a person says that it is muted: nearness doubled, odd where muted."""
    nearness = case((col(Follow.target_id) == place_id, 0), else_=case(_NEARNESS, value=col(Follow.target)))
    muted = case((col(Follow.is_muted), 1), else_=0)
    return func.min(nearness * 2 + muted) % 2 == 1


def _around(place_type: SubjectType, place_id: Any) -> Select[Any] | CompoundSelect[Any]:
    """The ids of a thing, of the recommendation it carries out, of its body and of its field."""
    itself = select(place_id if isinstance(place_id, ColumnElement) else literal(place_id, Uuid()))
    match place_type:
        case SubjectType.NEED | SubjectType.PROPOSAL:
            return union(itself, *_around_contribution(_contribution(place_type), place_id))
        case SubjectType.RECOMMENDATION:
            columns = (Recommendation.body_id, Recommendation.field_of_action_id)
            return union(itself, *(select(column).where(Recommendation.id == place_id) for column in columns))
        case SubjectType.MEASURE:
            return union(itself, *_around_measure(place_id))
        case SubjectType.BODY:
            return union(itself, select(Body.field_of_action_id).where(Body.id == place_id))
    return itself


def _contribution(place_type: SubjectType) -> Any:
    return Need if place_type is SubjectType.NEED else Proposal


def _merged_into(model: Any, place_id: Any) -> Select[Any]:
    """The ids of what was merged into a thing, directly or through another: who followed that follows on."""
    merged = (
        select(model.id).where(model.merged_into_id == place_id).cte(f"merged_{model.__tablename__}", recursive=True)
    )
    source = aliased(model)
    merged = merged.union(select(source.id).where(source.merged_into_id == merged.c.id))
    return select(merged.c.id)


def _around_contribution(model: Any, place_id: UUID) -> list[Select[Any]]:
    of_body = select(Body.field_of_action_id).join(model, model.body_id == Body.id).where(model.id == place_id)
    return [select(model.body_id).where(model.id == place_id), of_body]


def _around_measure(place_id: UUID) -> list[Select[Any]]:
    is_its = col(Measure.recommendation_id) == Recommendation.id
    columns = (Recommendation.id, Recommendation.body_id, Recommendation.field_of_action_id)
    return [select(column).join(Measure, is_its).where(Measure.id == place_id) for column in columns]


def _insiders(recommendation_id: UUID) -> CompoundSelect[Any]:
    """Who reads the newest text of a recommendation before it is published."""
    sitting = (
        select(Membership.person_id)
        .join(Seat, col(Seat.id) == Membership.seat_id)
        .join(Recommendation, col(Recommendation.body_id) == Seat.body_id)
        .where(Recommendation.id == recommendation_id, col(Membership.ended_on).is_(None))
    )
    of_house = select(Person.id).where(col(Person.role).in_([PersonRole.SECRETARIAT, PersonRole.AUDITOR]))
    return union(sitting, of_house)
