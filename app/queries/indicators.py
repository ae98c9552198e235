"""Reads of indicators and their readings; an indicator is seen with what it hangs on, context is everybody's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.goals import BINDING
from app.domain.implementation import GIVEN_UP
from app.domain.indicators import Direction, IndicatorKind, Judgement, Point, judge, next_due_on
from app.domain.permissions import Scope
from app.domain.recommendations import PUBLIC_STATES
from app.errors import NotFound
from app.models.bodies import Body
from app.models.goals import Goal
from app.models.indicators import Indicator, Reading
from app.models.measures import Measure
from app.models.programmes import FieldOfAction
from app.models.recommendations import Recommendation
from app.queries import goals, measures
from app.queries.base import DEFAULT_LIMIT, Page, get_visible, page_of
from app.queries.structure import carried_on

ACHIEVEMENT = (IndicatorKind.OUTPUT, IndicatorKind.OUTCOME)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorFilter:
    """What a list of indicators is narrowed to; None leaves a field open."""

    kind: IndicatorKind | None = None
    goal_id: UUID | None = None
    goal_ids: Collection[UUID] | None = None
    measure_id: UUID | None = None
    recommendation_id: UUID | None = None
    field_of_action_id: UUID | None = None
    is_achievement: bool | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator with the readings that count, oldest first, and where it stands today.

    `readings` are of the whole; `by_category` those of the breakdowns. Context is never judged.
    """

    indicator: Indicator
    readings: tuple[Reading, ...]
    by_category: dict[str, tuple[Reading, ...]]
    former: dict[UUID, tuple[Reading, ...]]
    judgement: Judgement | None
    due_on: date | None
    is_overdue: bool

    @property
    def latest(self) -> Reading | None:
        """The newest reading of the whole."""
        return self.readings[-1] if self.readings else None


def visible(actor: Actor) -> ColumnElement[bool]:
    """The indicators an actor may read."""
    of_goals = select(Goal.id).where(goals.visible(actor))
    of_measures = select(Measure.id).where(measures.visible(actor))
    return or_(
        col(Indicator.kind) == IndicatorKind.CONTEXT,
        col(Indicator.goal_id).in_(of_goals),
        col(Indicator.measure_id).in_(of_measures),
    )


def awaits_readings() -> ColumnElement[bool]:
    """Who owns the indicator still follows it, asked beside its goal, or its measure with the recommendation.

    A goal has to be agreed, a measure neither aborted nor dropped, its recommendation published and still tracked; and
    its programme has to be carried on.
    """
    fields = select(FieldOfAction.id).where(carried_on(FieldOfAction.programme_id))
    bodies = select(Body.id).where(col(Body.field_of_action_id).in_(fields))
    of_field = col(Indicator.field_of_action_id).in_(fields)
    of_goal = and_(col(Goal.state).in_(BINDING), col(Goal.body_id).in_(bodies))
    of_measure = and_(
        col(Measure.state).not_in(GIVEN_UP),
        col(Recommendation.state).in_(PUBLIC_STATES),
        col(Recommendation.tracking_closed_at).is_(None),
        col(Recommendation.field_of_action_id).in_(fields),
    )
    return or_(of_field, of_goal, of_measure)


def list_indicators(
    session: Session, actor: Actor, chosen: IndicatorFilter, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Indicator]:
    """Indicators the actor may read, newest first, with what they hang on."""
    statement = with_owners(select(Indicator).where(visible(actor), *_conditions(chosen)))
    return page_of(session, statement, Indicator, limit=limit, after=after)


def all_indicators(session: Session, actor: Actor, chosen: IndicatorFilter) -> Sequence[Indicator]:
    """Every indicator the filter finds, oldest first, with what they hang on. One statement."""
    statement = with_owners(select(Indicator).where(visible(actor), *_conditions(chosen)))
    return session.exec(statement.order_by(col(Indicator.created_at), col(Indicator.id))).all()


def get_indicator(session: Session, key: UUID, actor: Actor) -> Indicator:
    """One indicator with what it hangs on; NotFound where absent or hidden."""
    return get_visible(session, with_owners(select(Indicator).where(Indicator.id == key, visible(actor))))


def series_of(session: Session, indicators: Sequence[Indicator]) -> list[Series]:
    """The indicators with their readings and where they stand today. One statement."""
    day = berlin_date(now(session))
    readings = _readings_of(session, [each.id for each in indicators]) if indicators else {}
    return [_series(each, readings.get(each.id, []), day) for each in indicators]


def series_of_measure(session: Session, measure: Measure) -> list[Series]:
    """The indicators of a measure the actor reads, with their readings. One statement."""
    readings = joinedload(Indicator.readings).joinedload(Reading.organisation)  # type: ignore[arg-type]
    statement = with_owners(select(Indicator).where(Indicator.measure_id == measure.id)).options(readings)
    found = session.exec(statement.order_by(col(Indicator.created_at), col(Indicator.id))).unique().all()
    day = berlin_date(now(session))
    return [_series(each, each.readings, day) for each in found]


def list_readings(
    session: Session, indicator: Indicator, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Reading]:
    """All readings of an indicator, corrected ones too, newest first."""
    return page_of(
        session, select(Reading).where(Reading.indicator_id == indicator.id), Reading, limit=limit, after=after
    )


def current_readings(session: Session, indicator_id: UUID) -> dict[tuple[str, str], Reading]:
    """By period and category: the reading that counts."""
    return {(each.period, each.category): each for each in _readings_of(session, [indicator_id]).get(indicator_id, [])}


def next_reading_due_on(session: Session, indicator: Indicator) -> date | None:
    """The day by which the next reading of the whole is due, counted from the newest; None without a rhythm."""
    of_whole = select(func.max(Reading.last_day)).where(Reading.indicator_id == indicator.id, Reading.category == "")
    since = indicator.baseline_on or berlin_date(indicator.created_at)
    newest = session.exec(of_whole).one()
    return next_due_on(newest, indicator.rhythm, since=since, until=indicator.target_on)


def get_reading(session: Session, indicator: Indicator, key: UUID) -> Reading:
    """One reading of the indicator; NotFound where absent."""
    found = session.exec(select(Reading).where(Reading.id == key, Reading.indicator_id == indicator.id)).one_or_none()
    if found is None:
        raise NotFound()
    return found


def scope_of_indicator(indicator: Indicator) -> Scope:
    """Who may manage an indicator: who edits its goal's body, who answers for its measure, the Geschäftsstelle."""
    return scope_of_owner(indicator.goal, indicator.measure)


def scope_of_owner(goal: Goal | None, measure: Measure | None) -> Scope:
    """The same for what an indicator is to hang on; neither stands for a field."""
    if goal is not None:
        return Scope(body_id=goal.body_id)
    if measure is not None:
        return Scope(owner_ids=frozenset({measure.responsible_organisation_id}))
    return Scope()


def categories_of(indicator: Indicator) -> list[str]:
    """Every category a reading can be of, besides the whole: "Geschlecht: Frauen"."""
    return [f"{each['name']}: {category}" for each in indicator.breakdowns for category in each["categories"]]


def _readings_of(session: Session, keys: Sequence[UUID]) -> dict[UUID, list[Reading]]:
    """By indicator: every reading, by period and then by revision, so that the last of a period counts."""
    statement = (
        select(Reading)
        .options(joinedload(Reading.organisation))  # type: ignore[arg-type]
        .where(col(Reading.indicator_id).in_(keys))
        .order_by(col(Reading.last_day), col(Reading.first_day), col(Reading.revision))
    )
    found: dict[UUID, list[Reading]] = {}
    for each in session.exec(statement).all():
        found.setdefault(each.indicator_id, []).append(each)
    return found


def _series(indicator: Indicator, readings: Iterable[Reading], day: date) -> Series:
    standing: dict[tuple[str, str], list[Reading]] = {}
    for each in readings:
        standing.setdefault((each.category, each.period), []).append(each)
    whole = tuple(revisions[-1] for (category, _period), revisions in standing.items() if not category)
    by_category = {
        name: tuple(revisions[-1] for (category, _period), revisions in standing.items() if category == name)
        for name in categories_of(indicator)
    }
    former = {revisions[-1].id: tuple(revisions[:-1]) for revisions in standing.values() if len(revisions) > 1}
    latest, due_on = whole[-1] if whole else None, indicator.reading_due_on
    return Series(
        indicator,
        whole,
        {name: found for name, found in by_category.items() if found},
        former,
        _judgement(indicator, latest, day) if indicator.kind.is_achievement else None,
        due_on,
        due_on is not None and due_on < day,
    )


def _judgement(indicator: Indicator, latest: Reading | None, day: date) -> Judgement:
    return judge(
        _point(indicator.baseline_on, indicator.baseline),
        _point(indicator.target_on, indicator.target),
        Point(latest.last_day, latest.value) if latest else None,
        direction=indicator.direction or Direction.INCREASE,
        today=day,
        rhythm=indicator.rhythm,
    )


def _point(on: date | None, value: object) -> Point | None:
    return Point(on, value) if on is not None and value is not None else None  # type: ignore[arg-type]


def with_owners(statement: SelectOfScalar[Indicator]) -> SelectOfScalar[Indicator]:
    """The indicators with what they hang on."""
    measure = joinedload(Indicator.measure)  # type: ignore[arg-type]
    return statement.options(
        joinedload(Indicator.goal).joinedload(Goal.body),  # type: ignore[arg-type]
        measure.joinedload(Measure.recommendation),  # type: ignore[arg-type]
        measure.joinedload(Measure.responsible_organisation),  # type: ignore[arg-type]
        joinedload(Indicator.field_of_action),  # type: ignore[arg-type]
    )


def _conditions(chosen: IndicatorFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name in ("kind", "goal_id", "measure_id"):
        value = getattr(chosen, name)
        if value is not None:
            found.append(getattr(Indicator, name) == value)
    if chosen.goal_ids is not None:
        found.append(col(Indicator.goal_id).in_(chosen.goal_ids))
    if chosen.is_achievement is not None:
        of_achievement = col(Indicator.kind).in_(ACHIEVEMENT)
        found.append(of_achievement if chosen.is_achievement else ~of_achievement)
    recommendation = aliased(Recommendation)
    if chosen.recommendation_id:
        of_it = select(Measure.id).where(Measure.recommendation_id == chosen.recommendation_id)
        found.append(col(Indicator.measure_id).in_(of_it))
    if chosen.field_of_action_id:
        of_field = chosen.field_of_action_id
        in_bodies = select(Goal.id).join(Body, col(Body.id) == Goal.body_id).where(Body.field_of_action_id == of_field)
        in_measures = (
            select(Measure.id)
            .join(recommendation, col(recommendation.id) == Measure.recommendation_id)
            .where(recommendation.field_of_action_id == of_field)
        )
        found.append(
            or_(
                col(Indicator.field_of_action_id) == of_field,
                col(Indicator.goal_id).in_(in_bodies),
                col(Indicator.measure_id).in_(in_measures),
            )
        )
    return found
