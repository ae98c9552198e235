"""The rows of the table each forum of the plan of 2012 ends with, from what is stored: goal, measure, indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import case, or_
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import Actor
from app.domain.goals import GoalKind, GoalState
from app.models.bodies import Body
from app.models.goals import Goal, GoalRecommendation
from app.models.indicators import Indicator
from app.models.measures import Measure, Milestone
from app.models.organisations import Organisation
from app.models.programmes import FieldOfAction
from app.models.recommendations import Recommendation
from app.queries import goals, indicators, measures
from app.queries.indicators import Series


@dataclass(frozen=True, slots=True)
class AnnexMeasure:
    """A measure with who contributes, its milestones and its own indicators."""

    measure: Measure
    contributors: Sequence[Organisation]
    milestones: Sequence[Milestone]
    series: tuple[Series, ...]


@dataclass(slots=True)
class AnnexGoal:
    """A goal with its own indicators and the measures that serve it; None holds the measures that serve none."""

    goal: Goal | None
    strategic: Goal | None
    series: list[Series] = field(default_factory=list)
    measures: list[AnnexMeasure] = field(default_factory=list)


def annex_of(
    session: Session,
    actor: Actor,
    *,
    field_of_action: UUID | str | None = None,
    edition_id: UUID | None = None,
) -> list[AnnexGoal]:
    """The goals of a field or edition with what serves them, as far as the actor reads it. Five statements."""
    field_keys = _field_keys(field_of_action)
    found_goals = _goals(session, actor, field_keys, edition_id)
    found_measures = _measures(session, actor, field_keys, edition_id)
    keys = [each.id for each in found_measures]
    contributors = measures.contributors_of(session, keys)
    goal_keys = [each.id for each in found_goals]
    hangs_on = or_(col(Indicator.goal_id).in_(goal_keys), col(Indicator.measure_id).in_(keys))
    statement = indicators.with_owners(select(Indicator).where(hangs_on, indicators.visible(actor)))
    ordered = statement.order_by(col(Indicator.created_at), col(Indicator.id))
    series = indicators.series_of(session, session.exec(ordered).all())
    by_key = {each.id: each for each in found_goals}
    branches = {
        each.id: AnnexGoal(each, each if each.kind is GoalKind.STRATEGIC else by_key.get(each.parent_id or each.id))
        for each in found_goals
    }
    without = AnnexGoal(None, None)
    for measure in found_measures:
        own = tuple(each for each in series if each.indicator.measure_id == measure.id)
        entry = AnnexMeasure(measure, contributors.get(measure.id, ()), measure.milestones, own)
        branches.get(measure.goal_id or measure.id, without).measures.append(entry)
    for one in series:
        if one.indicator.goal_id in branches:
            branches[one.indicator.goal_id].series.append(one)
    # A strategic goal is named beside its operative ones; a row of its own it has only where something hangs on it.
    parents = {each.parent_id for each in found_goals}
    shown = [
        each
        for key, each in branches.items()
        if each.series
        or each.measures
        or each.goal is None
        or each.goal.kind is GoalKind.OPERATIVE
        or key not in parents
    ]
    return [*sorted(shown, key=_by_strategic), *([without] if without.measures else [])]


def _by_strategic(branch: AnnexGoal) -> tuple[object, ...]:
    first = branch.strategic or branch.goal
    assert first is not None
    assert branch.goal is not None
    return (first.created_at, first.id, branch.goal.kind is GoalKind.OPERATIVE, branch.goal.created_at, branch.goal.id)


def _field_keys(named: UUID | str | None) -> SelectOfScalar[UUID] | None:
    """The key of a field, named by key or slug; None for all."""
    if named is None:
        return None
    is_named = FieldOfAction.slug == named if isinstance(named, str) else FieldOfAction.id == named
    return select(FieldOfAction.id).where(is_named)


def _goals(
    session: Session, actor: Actor, field_keys: SelectOfScalar[UUID] | None, edition_id: UUID | None
) -> Sequence[Goal]:
    """None that was dropped; of an edition the goals its recommendations and measures serve, and their parents."""
    statement = goals.with_body(select(Goal).where(goals.visible(actor), col(Goal.state) != GoalState.DROPPED))
    if field_keys is not None:
        in_field = select(Body.id).where(col(Body.field_of_action_id).in_(field_keys))
        statement = statement.where(col(Goal.body_id).in_(in_field))
    if edition_id is not None:
        of_edition = select(Recommendation.id).where(Recommendation.edition_id == edition_id)
        linked = select(GoalRecommendation.goal_id).where(col(GoalRecommendation.recommendation_id).in_(of_edition))
        carried = select(Measure.goal_id).where(
            col(Measure.recommendation_id).in_(of_edition), col(Measure.goal_id).is_not(None)
        )
        served = or_(col(Goal.id).in_(linked), col(Goal.id).in_(carried))
        above = select(Goal.parent_id).where(served, col(Goal.parent_id).is_not(None))
        statement = statement.where(or_(served, col(Goal.id).in_(above)))
    strategic_first = case((col(Goal.kind) == GoalKind.STRATEGIC, 0), else_=1)
    return session.exec(statement.order_by(strategic_first, col(Goal.created_at), col(Goal.id))).all()


def _measures(
    session: Session, actor: Actor, field_keys: SelectOfScalar[UUID] | None, edition_id: UUID | None
) -> Sequence[Measure]:
    statement = (
        select(Measure)
        .join(Recommendation, col(Recommendation.id) == Measure.recommendation_id)
        .options(
            joinedload(Measure.recommendation),  # type: ignore[arg-type]
            joinedload(Measure.responsible_organisation),  # type: ignore[arg-type]
            joinedload(Measure.milestones),  # type: ignore[arg-type]
        )
        .where(measures.visible(actor))
        .order_by(col(Recommendation.reference), col(Measure.created_at), col(Measure.id))
    )
    if field_keys is not None:
        statement = statement.where(col(Recommendation.field_of_action_id).in_(field_keys))
    if edition_id is not None:
        statement = statement.where(Recommendation.edition_id == edition_id)
    return session.exec(statement).unique().all()
