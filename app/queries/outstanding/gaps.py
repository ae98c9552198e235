"""What nobody was asked for yet: parts without a measure, goals without an indicator, readings, checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlalchemy.orm import aliased, contains_eager
from sqlmodel import Session, col, select

from app.domain.deadlines import berlin_date
from app.domain.events import SubjectType
from app.domain.goals import BINDING
from app.domain.indicators import next_due_on
from app.domain.measures import MeasureState
from app.domain.outstanding import OutstandingKind
from app.domain.text.blocks import BlockPart
from app.models.bodies import Body
from app.models.goals import Goal, GoalRecommendation
from app.models.indicators import Indicator, Reading
from app.models.measures import Measure
from app.models.recommendations import Recommendation, Version, VersionBlock
from app.queries.implementation import FOLLOWED_STATES
from app.queries.indicators import with_owners
from app.queries.need_reviews import calls_for_check
from app.queries.outstanding.base import Outstanding
from app.queries.recommendations import url_of

K = OutstandingKind


def gaps_of_recommendations(session: Session, today: date) -> Iterator[Outstanding]:
    """What has no measure, part by part; what has no indicator; and what is to be checked. Two statements."""
    uncovered = _parts_without_measure(session)
    statement = select(
        Recommendation,
        _has_measure(),
        _has_indicator(),
        calls_for_check(today),
    ).where(_is_followed())
    for recommendation, has_measure, has_indicator, is_to_check in session.exec(statement).all():
        parts = uncovered.get(recommendation.id, [])
        if parts or not has_measure:
            for part in parts or [""]:
                yield _of(recommendation, K.WITHOUT_RESPONSIBILITY, part=part, page="/umsetzung")
        if not has_indicator:
            yield _of(recommendation, K.WITHOUT_INDICATOR, page="/umsetzung")
        if is_to_check:
            yield _of(recommendation, K.CHECK, page="/wirkung")


def goals_without_indicator(session: Session) -> Iterator[Outstanding]:
    """Goals that hold and that nothing measures; one that operative goals hang on is measured by theirs."""
    child = aliased(Goal)
    serving = select(Measure.id).where(col(Measure.goal_id) == Goal.id).correlate(Goal)
    measured = exists().where(or_(col(Indicator.goal_id) == Goal.id, col(Indicator.measure_id).in_(serving)))
    is_above = exists().where(and_(col(child.parent_id) == Goal.id, col(child.state).in_(BINDING)))
    statement = (
        select(Goal)
        .join(Body, col(Body.id) == Goal.body_id)
        .options(contains_eager(Goal.body))  # type: ignore[arg-type]
        .where(col(Goal.state).in_(BINDING), ~measured, ~is_above)
    )
    for goal in session.exec(statement).all():
        yield Outstanding(
            kind=K.WITHOUT_INDICATOR,
            subject_type=SubjectType.GOAL,
            subject_id=goal.id,
            title=goal.title,
            url=f"/ziele/{goal.id}",
            about=goal.body.title if goal.body else "",
            field_of_action_id=goal.body.field_of_action_id if goal.body else None,
            is_example=goal.is_example,
        )


def overdue_readings(session: Session, today: date) -> Iterator[Outstanding]:
    """Indicators whose next reading is late by their rhythm. One statement."""
    latest = (
        select(func.max(col(Reading.last_day)))
        .where(Reading.indicator_id == Indicator.id, Reading.category == "")
        .correlate(Indicator)
        .scalar_subquery()
    )
    columns: list[Any] = [Indicator, latest]
    statement = with_owners(select(*columns).where(col(Indicator.rhythm).is_not(None)))
    rows: Any = session.exec(statement).all()
    for indicator, last_day in rows:
        since = indicator.baseline_on or berlin_date(indicator.created_at)
        due_on = next_due_on(last_day, indicator.rhythm, since=since)
        if due_on is not None and due_on < today:
            yield _of_indicator(indicator, due_on)


def _of_indicator(indicator: Indicator, due_on: date) -> Outstanding:
    measure, goal, field = indicator.measure, indicator.goal, indicator.field_of_action
    recommendation = measure.recommendation if measure else None
    responsible = measure.responsible_organisation if measure else None
    body = goal.body if goal else None
    owner = recommendation or body
    return Outstanding(
        kind=K.READING_OVERDUE,
        subject_type=SubjectType.INDICATOR,
        subject_id=indicator.id,
        title=indicator.title,
        url=f"/indikatoren/{indicator.id}",
        about=(measure.title if measure else None) or (goal.title if goal else None) or (field.name if field else ""),
        edition_id=recommendation.edition_id if recommendation else None,
        field_of_action_id=owner.field_of_action_id if owner else field.id if field else None,
        organisation_id=responsible.id if responsible else None,
        organisation=responsible.name if responsible else "",
        due_on=due_on,
        is_example=indicator.is_example,
    )


def _of(recommendation: Recommendation, kind: OutstandingKind, *, page: str, part: str = "") -> Outstanding:
    return Outstanding(
        kind=kind,
        subject_type=SubjectType.RECOMMENDATION,
        subject_id=recommendation.id,
        title=recommendation.title,
        url=f"{url_of(recommendation)}{page}",
        about=recommendation.reference or "",
        part=part,
        edition_id=recommendation.edition_id,
        field_of_action_id=recommendation.field_of_action_id,
        is_example=recommendation.is_example,
    )


def _is_followed() -> ColumnElement[bool]:
    return and_(col(Recommendation.state).in_(FOLLOWED_STATES), col(Recommendation.tracking_closed_at).is_(None))


def _has_measure() -> ColumnElement[bool]:
    return exists().where(
        and_(col(Measure.recommendation_id) == Recommendation.id, col(Measure.state) != MeasureState.DROPPED)
    )


def _has_indicator() -> ColumnElement[bool]:
    """On one of its measures, on a goal one of them serves, or on a goal it is linked with."""
    own = select(Measure.id).where(Measure.recommendation_id == Recommendation.id).correlate(Recommendation)
    served = select(Measure.goal_id).where(Measure.recommendation_id == Recommendation.id).correlate(Recommendation)
    linked = (
        select(GoalRecommendation.goal_id)
        .where(GoalRecommendation.recommendation_id == Recommendation.id)
        .correlate(Recommendation)
    )
    return exists().where(
        or_(
            col(Indicator.measure_id).in_(own),
            col(Indicator.goal_id).in_(served),
            col(Indicator.goal_id).in_(linked),
        )
    )


def _parts_without_measure(session: Session) -> dict[Any, list[str]]:
    """By recommendation: the numbered parts of its adopted text that no measure carries out."""
    carried = exists().where(
        and_(
            col(Measure.recommendation_id) == Recommendation.id,
            col(Measure.number) == VersionBlock.number,
            col(Measure.state) != MeasureState.DROPPED,
        )
    )
    columns: list[Any] = [col(Recommendation.id), col(VersionBlock.number)]
    statement = (
        select(*columns)
        .join(Version, col(Version.recommendation_id) == Recommendation.id)
        .join(VersionBlock, col(VersionBlock.version_id) == Version.id)
        .where(
            _is_followed(),
            Version.number == Recommendation.adopted_version,
            VersionBlock.part == BlockPart.RECOMMENDATION,
            col(VersionBlock.number).is_not(None),
            ~carried,
        )
        .order_by(col(Recommendation.id), col(VersionBlock.position))
    )
    found: dict[Any, list[str]] = {}
    for key, number in session.exec(statement).all():
        found.setdefault(key, []).append(number)
    return found
