"""Which followed lists a thing stands in: compared in the database, so that telling needs one statement."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, func, or_, union
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from app.domain.events import SubjectType
from app.domain.indicators import IndicatorKind
from app.models.bodies import Body
from app.models.consultations import CommentRound
from app.models.follows import FollowedList, FollowedListWord
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure
from app.models.needs import Need
from app.models.proposals import Proposal
from app.models.publications import Publication
from app.models.recommendations import Recommendation
from app.models.reuses import Reuse
from app.queries.implementation_status import has_status
from app.queries.recommendations import is_published
from app.queries.surroundings import TAGS, addressees_of, recommendation_of


class FoundLists(NamedTuple):
    """Selections of the ids of lists: those a thing stands in for every reader, and for who reads its newest text."""

    for_all: Select[Any] | CompoundSelect[Any]
    for_insiders: Select[Any] | None = None


def lists_with(place_type: SubjectType, place_id: UUID) -> FoundLists | None:
    """The followed lists in which a thing stands now; None for what stands in no list.

    The words and addressees of a recommendation are those of its newest text: before it is published, only
    those who may read that learn that a search finds it.
    """
    match place_type:
        case SubjectType.NEED:
            return FoundLists(_of_contribution(Need, place_id))
        case SubjectType.PROPOSAL:
            return FoundLists(_of_contribution(Proposal, place_id))
        case SubjectType.RECOMMENDATION:
            found = _of_recommendation(place_id)
            asks_text = or_(col(FollowedList.organisation_id).is_not(None), exists().where(_is_of_list()))
            return FoundLists(found.where(or_(~asks_text, is_published())), found.where(asks_text))
        case SubjectType.MEASURE:
            # What happens to a measure decides how far its recommendation is carried out.
            by_status = _of_recommendation(recommendation_of(place_type, place_id)).where(
                col(FollowedList.implementation_status).is_not(None)
            )
            return FoundLists(union(_of_measure(place_id), by_status))
        case SubjectType.GOAL:
            return FoundLists(_of_goal(place_id))
        case SubjectType.INDICATOR:
            return FoundLists(_of_indicator(place_id))
        case SubjectType.REUSE:
            return FoundLists(_of_noun(Reuse, place_id, "recommendation_id", "land", "size_class"))
        case SubjectType.PUBLICATION:
            return FoundLists(_of_publication(place_id))
        case SubjectType.COMMENT_ROUND:
            return FoundLists(_of_noun(CommentRound, place_id))
    return None


def _of_contribution(model: Any, place_id: UUID) -> Select[Any]:
    narrowed = _narrowed_by(
        body_id=model.body_id,
        field_of_action_id=Body.field_of_action_id,
        topic_id=model.topic_id,
        organisation_id=model.organisation_id,
        state=model.state,
        visibility=model.visibility,
    )
    found = _lists_of(model, place_id).join(Body, col(Body.id) == model.body_id)
    return found.where(*narrowed, *_tagged(model, place_id))


def _of_recommendation(place_id: Any) -> Select[Any]:
    model = Recommendation
    narrowed = _narrowed_by(
        body_id=model.body_id,
        field_of_action_id=model.field_of_action_id,
        topic_id=model.topic_id,
        state=model.state,
    )
    addressed = _is_open_or("organisation_id", col(FollowedList.organisation_id).in_(addressees_of(place_id)))
    published = and_(
        col(model.published_at) >= FollowedList.published_from, col(model.published_at) < FollowedList.published_before
    )
    derived = (
        _is_open_or("published_from", published),
        _is_open_or("implementation_status", has_status(place_id, FollowedList.implementation_status)),
    )
    return _lists_of(model, place_id).where(*narrowed, addressed, *derived, *_tagged(model, place_id))


def _of_measure(place_id: UUID) -> Select[Any]:
    narrowed = _narrowed_by(
        field_of_action_id=Recommendation.field_of_action_id,
        organisation_id=Measure.responsible_organisation_id,
        state=Measure.state,
    )
    found = _lists_of(Measure, place_id)
    return found.join(Recommendation, col(Recommendation.id) == Measure.recommendation_id).where(*narrowed)


def _of_goal(place_id: Any) -> Select[Any]:
    found = _of_noun(Goal, place_id, "body_id").join(Body, col(Body.id) == Goal.body_id)
    return found.where(*_narrowed_by(field_of_action_id=Body.field_of_action_id))


def _of_indicator(place_id: Any) -> CompoundSelect[Any]:
    """What shows it: the lists of its goal, or of the goals of its measure's field, and those of the context."""
    serves, owner = aliased(Measure), aliased(Indicator)
    goal_id = (
        select(func.coalesce(owner.goal_id, serves.goal_id))
        .outerjoin(serves, col(serves.id) == owner.measure_id)
        .where(owner.id == place_id)
        .correlate(None)
        .scalar_subquery()
    )
    of_field = (
        select(col(FollowedList.id))
        .join(Indicator, col(Indicator.id) == place_id)
        .join(Measure, col(Measure.id) == Indicator.measure_id)
        .join(Recommendation, col(Recommendation.id) == Measure.recommendation_id)
        .where(
            FollowedList.noun == SubjectType.GOAL,
            col(FollowedList.body_id).is_(None),
            *_narrowed_by(field_of_action_id=Recommendation.field_of_action_id),
        )
    )
    of_context = _of_noun(Indicator, place_id, "field_of_action_id").where(col(Indicator.kind) == IndicatorKind.CONTEXT)
    return union(_of_goal(goal_id), of_field, of_context)


def _of_publication(place_id: Any) -> Select[Any]:
    model = Publication
    published_on = col(model.published_on)
    # The bounds of a year are moments of Berlin, an hour or two before midnight in UTC: days compare with them as well.
    in_year = and_(published_on >= FollowedList.published_from, published_on < FollowedList.published_before)
    return _lists_of(model, place_id).where(
        *_narrowed_by(field_of_action_id=model.field_of_action_id), _is_open_or("published_from", in_year)
    )


def _of_noun(model: Any, place_id: Any, *names: str) -> Select[Any]:
    """Every list of the thing's noun that is narrowed to what these columns of it hold, or not at all."""
    found = select(col(FollowedList.id)).join(model, model.id == place_id)
    return found.where(
        FollowedList.noun == model.subject_type, *_narrowed_by(**{name: getattr(model, name) for name in names})
    )


def _lists_of(model: Any, place_id: Any) -> Select[Any]:
    """Every list of the thing's noun whose words all occur in it."""
    # A text without a word is another text where the word is in it: no character means anything else, as with LIKE.
    is_missing = func.replace(model.search_text, FollowedListWord.word, "") == model.search_text
    found: Select[Any] = select(FollowedList.id).join(model, model.id == place_id)
    return found.where(
        FollowedList.noun == model.subject_type,
        ~exists().where(_is_of_list(), is_missing),
    )


def _is_of_list() -> ColumnElement[bool]:
    return col(FollowedListWord.list_id) == FollowedList.id


def _narrowed_by(**columns: Any) -> list[ColumnElement[bool]]:
    """What a list is narrowed to is what stands in these columns of the thing."""
    return [_is_open_or(name, getattr(FollowedList, name) == column) for name, column in columns.items()]


def _tagged(model: Any, place_id: Any) -> list[ColumnElement[bool]]:
    return [
        _is_open_or(name, col(getattr(FollowedList, name)).in_(select(tag).where(key == place_id)))
        for name, (tag, key) in TAGS[model].items()
    ]


def _is_open_or(name: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(col(getattr(FollowedList, name)).is_(None), condition)
