"""Who follows what: the persons to tell of a place are one selection, never asked for one by one."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, case, exists, func, or_, union
from sqlmodel import col, select

from app.domain.actors import PersonRole
from app.domain.events import SubjectType
from app.domain.follows import FollowTarget
from app.models.bodies import Membership, Seat
from app.models.follows import Follow
from app.models.people import Person
from app.models.recommendations import Recommendation
from app.queries.followed_lists import lists_with
from app.queries.recommendations import is_published
from app.queries.surroundings import addressees_of, around, merged_into, recommendation_of

_NEARNESS: Final = {
    FollowTarget.NEED: 1,
    FollowTarget.PROPOSAL: 1,
    FollowTarget.RECOMMENDATION: 1,
    FollowTarget.MEASURE: 1,
    FollowTarget.GOAL: 1,
    FollowTarget.INDICATOR: 1,
    FollowTarget.BODY: 2,
    FollowTarget.TOPIC: 3,
    FollowTarget.GUIDING_QUESTION: 3,
    FollowTarget.FIELD_OF_ACTION: 4,
    FollowTarget.CROSS_CUTTING_THEME: 5,
    FollowTarget.TARGET_GROUP: 5,
    FollowTarget.ORGANISATION: 5,
    FollowTarget.EDITION: 5,
    FollowTarget.LIST: 6,
}
"""Of what a person said of a thing and of what it stands in, the nearest counts: itself, what was merged into it or
what it carries out, its body, its topic or Leitfrage, its field, what runs across fields, a list."""


def followers_of(
    place_type: SubjectType, place_id: Any, *, subject: tuple[SubjectType, Any] | None = None
) -> Select[Any]:
    """The ids of the persons who follow a thing, what it belongs to, or a list it stands in; without the muted.

    `place_type` and `place_id` (a key or the parameter that will hold it) name the thing on whose page something is
    read, `subject` what is read there and may stand in a list of its own. Whether a follower may see it is asked when
    it is shown or sent.
    """
    follows = _is_of(place_type, place_id)
    if place_type in (SubjectType.NEED, SubjectType.PROPOSAL):
        merged = col(Follow.target_id).in_(merged_into(place_type, place_id))
        follows = or_(follows, and_(merged, col(Follow.is_muted).is_(False)))
    lists = lists_with(place_type, place_id)
    if lists is not None:
        follows = or_(follows, col(Follow.target_id).in_(lists.for_all))
        if lists.for_insiders is not None:
            of_lists = col(Follow.target_id).in_(lists.for_insiders)
            follows = or_(follows, and_(of_lists, col(Follow.person_id).in_(_insiders(place_id))))
    of_subject = lists_with(*subject) if subject and subject[0] is not place_type else None
    if of_subject is not None:
        follows = or_(follows, col(Follow.target_id).in_(of_subject.for_all))
    return select(Follow.person_id).where(follows).group_by(col(Follow.person_id)).having(~_is_silence(place_id))


def is_muted_by(person_id: Any, place_type: SubjectType, place_id: Any) -> ColumnElement[bool]:
    """The person in this column muted a thing or, where it said nothing of that, what the thing belongs to.

    Tasks and deadlines are told all the same: muting must make nobody miss one.
    """
    muted = (
        select(Follow.person_id)
        .where(_is_of(place_type, place_id))
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


def _is_of(place_type: SubjectType, place_id: Any) -> ColumnElement[bool]:
    """It was said of the thing or of what it stands in, by somebody who may know that it stands there."""
    said: ColumnElement[bool] = col(Follow.target_id).in_(around(place_type, place_id))
    recommendation_id = recommendation_of(place_type, place_id)
    if recommendation_id is None:
        return said
    is_open = exists().where(col(Recommendation.id) == recommendation_id, is_published())
    reads_text = or_(is_open, col(Follow.person_id).in_(_insiders(recommendation_id)))
    return or_(said, and_(col(Follow.target_id).in_(addressees_of(recommendation_id)), reads_text))


def _insiders(recommendation_id: Any) -> CompoundSelect[Any]:
    """Who reads the newest text of a recommendation before it is published."""
    sitting = (
        select(Membership.person_id)
        .join(Seat, col(Seat.id) == Membership.seat_id)
        .join(Recommendation, col(Recommendation.body_id) == Seat.body_id)
        .where(Recommendation.id == recommendation_id, col(Membership.ended_on).is_(None))
    )
    of_house = select(Person.id).where(col(Person.role).in_([PersonRole.SECRETARIAT, PersonRole.AUDITOR]))
    return union(sitting, of_house)
