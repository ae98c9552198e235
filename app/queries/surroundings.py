"""What a thing stands in: body, field, topic, edition, what it is linked with, and whom a recommendation addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, CompoundSelect, Select, Uuid, func, literal, union
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from app.domain.events import SubjectType
from app.models.bodies import Body
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure
from app.models.needs import Need, NeedQuestion, NeedTargetGroup, NeedTheme
from app.models.proposals import Proposal, ProposalQuestion, ProposalTargetGroup, ProposalTheme
from app.models.publications import Publication
from app.models.recommendations import (
    Recommendation,
    RecommendationQuestion,
    RecommendationTargetGroup,
    RecommendationTheme,
    Version,
    VersionAddressee,
)

TAGS: Final[Mapping[Any, Mapping[str, tuple[Any, Any]]]] = {
    Need: {
        "guiding_question_id": (NeedQuestion.question_id, NeedQuestion.need_id),
        "cross_cutting_theme_id": (NeedTheme.theme_id, NeedTheme.need_id),
        "target_group_id": (NeedTargetGroup.target_group_id, NeedTargetGroup.need_id),
    },
    Proposal: {
        "guiding_question_id": (ProposalQuestion.question_id, ProposalQuestion.proposal_id),
        "cross_cutting_theme_id": (ProposalTheme.theme_id, ProposalTheme.proposal_id),
        "target_group_id": (ProposalTargetGroup.target_group_id, ProposalTargetGroup.proposal_id),
    },
    Recommendation: {
        "guiding_question_id": (RecommendationQuestion.question_id, RecommendationQuestion.recommendation_id),
        "cross_cutting_theme_id": (RecommendationTheme.theme_id, RecommendationTheme.recommendation_id),
        "target_group_id": (RecommendationTargetGroup.target_group_id, RecommendationTargetGroup.recommendation_id),
    },
}
"""By noun and filter: the column that holds the tag, and the one that holds the thing."""


def around(place_type: SubjectType, place_id: Any) -> Select[Any] | CompoundSelect[Any]:
    """The ids of a thing and of all it stands in that whoever may see the thing may know.

    Whom a recommendation addresses is said by its text: `addressees_of` is asked apart, for who reads that.
    """
    itself = select(place_id if isinstance(place_id, ColumnElement) else literal(place_id, Uuid()))
    match place_type:
        case SubjectType.NEED | SubjectType.PROPOSAL:
            return union(itself, *_around_contribution(_contribution(place_type), place_id))
        case SubjectType.RECOMMENDATION:
            return union(itself, *_around_recommendation(place_id))
        case SubjectType.MEASURE:
            return union(itself, *_around_measure(place_id))
        case SubjectType.GOAL:
            return union(itself, *_around_goal(place_id))
        case SubjectType.INDICATOR:
            return union(itself, *_around_indicator(place_id))
        case SubjectType.PUBLICATION:
            columns = (Publication.field_of_action_id, Publication.edition_id)
            return union(itself, *(select(column).where(Publication.id == place_id) for column in columns))
        case SubjectType.BODY:
            return union(itself, select(Body.field_of_action_id).where(Body.id == place_id))
    return itself


def recommendation_of(place_type: SubjectType, place_id: Any) -> Any:
    """The key of the recommendation that a thing is or carries out; None for others."""
    match place_type:
        case SubjectType.RECOMMENDATION:
            return place_id
        case SubjectType.MEASURE:
            return select(Measure.recommendation_id).where(Measure.id == place_id).correlate(None).scalar_subquery()
    return None


def addressees_of(recommendation_id: Any) -> Select[Any]:
    """The ids of the organisations that the newest text of a recommendation addresses, the adopted one where it has."""
    return (
        select(VersionAddressee.organisation_id)
        .join(Version, col(Version.id) == VersionAddressee.version_id)
        .join(Recommendation, col(Recommendation.id) == Version.recommendation_id)
        .where(
            Recommendation.id == recommendation_id,
            Version.number == func.coalesce(col(Recommendation.adopted_version), Recommendation.version),
        )
    )


def merged_into(place_type: SubjectType, place_id: Any) -> Select[Any]:
    """The ids of what was merged into a need or proposal, directly or through another."""
    model = _contribution(place_type)
    name = f"merged_{model.__tablename__}"
    merged = select(model.id).where(model.merged_into_id == place_id).cte(name, recursive=True)
    source = aliased(model)
    merged = merged.union(select(source.id).where(source.merged_into_id == merged.c.id))
    return select(merged.c.id)


def _contribution(place_type: SubjectType) -> Any:
    return Need if place_type is SubjectType.NEED else Proposal


def _around_contribution(model: Any, place_id: Any) -> list[Select[Any]]:
    of_body = select(Body.field_of_action_id).join(model, model.body_id == Body.id).where(model.id == place_id)
    own = [select(column).where(model.id == place_id) for column in (model.body_id, model.topic_id)]
    return [*own, of_body, *_tags_of(model, place_id)]


def _around_recommendation(place_id: Any) -> list[Select[Any]]:
    model = Recommendation
    columns = (model.body_id, model.field_of_action_id, model.topic_id, model.edition_id)
    return [*(select(column).where(model.id == place_id) for column in columns), *_tags_of(model, place_id)]


def _around_measure(place_id: Any) -> list[Select[Any]]:
    carried_out = recommendation_of(SubjectType.MEASURE, place_id)
    own = [
        select(column).where(Measure.id == place_id)
        for column in (Measure.responsible_organisation_id, Measure.goal_id)
    ]
    return [select(carried_out), *_around_recommendation(carried_out), *own]


def _around_goal(place_id: Any) -> list[Select[Any]]:
    of_body = select(Body.field_of_action_id).join(Goal, col(Goal.body_id) == Body.id)
    return [each.where(Goal.id == place_id) for each in (select(Goal.body_id), select(Goal.parent_id), of_body)]


def _around_indicator(place_id: Any) -> list[Select[Any]]:
    """Its goal, measure or field, and what that stands in."""
    owners = [
        select(column).where(Indicator.id == place_id)
        for column in (Indicator.goal_id, Indicator.measure_id, Indicator.field_of_action_id)
    ]
    goal_id, measure_id = (owner.correlate(None).scalar_subquery() for owner in owners[:2])
    return [*owners, *_around_goal(goal_id), *_around_measure(measure_id)]


def _tags_of(model: Any, place_id: Any) -> list[Select[Any]]:
    return [select(tag).where(key == place_id) for tag, key in TAGS[model].values()]
