"""The board of the monitoring: goal, indicator, where it stands; context apart, never in the same list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.goals import BINDING
from app.domain.indicators import Course, IndicatorKind
from app.errors import NotFound
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure
from app.models.programmes import FieldOfAction
from app.queries import goals, indicators
from app.queries.indicators import IndicatorFilter, Series


@dataclass(slots=True)
class GoalBranch:
    """A goal with its indicators, those of the measures that serve it, and the goals that hang on it."""

    goal: Goal
    series: list[Series] = field(default_factory=list)
    below: list[GoalBranch] = field(default_factory=list)

    @property
    def is_bare(self) -> bool:
        """True where no indicator is shown in the whole branch."""
        return not self.series and all(branch.is_bare for branch in self.below)


@dataclass(slots=True)
class FieldBoard:
    """One field: its goals, and the indicators of measures that serve none."""

    field_of_action: FieldOfAction
    goals: list[GoalBranch] = field(default_factory=list)
    without_goal: list[Series] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Board:
    """The fields that have something to show, and how many indicators stand how, unfiltered by that."""

    fields: tuple[FieldBoard, ...]
    courses: Counter[Course]
    is_example: bool


def board_of(
    session: Session,
    actor: Actor,
    fields: Sequence[FieldOfAction],
    *,
    field_of_action_id: UUID | None = None,
    course: Course | None = None,
) -> Board:
    """The goals of these fields that hold with their indicators, as far as the actor reads them. Three statements."""
    standing = goals.all_goals(session, actor, goals.GoalFilter(field_of_action_id=field_of_action_id))
    chosen = IndicatorFilter(field_of_action_id=field_of_action_id, is_achievement=True)
    boards = {each.id: FieldBoard(each) for each in fields}
    found = indicators.series_of(session, indicators.all_indicators(session, actor, chosen))
    series = [each for each in found if _field_of(each) in boards]
    courses = Counter(each.judgement.course for each in series if each.judgement)
    wanted = [each for each in series if course is None or (each.judgement and each.judgement.course is course)]
    branches = {
        each.id: GoalBranch(each)
        for each in standing
        if each.state in BINDING and each.body and each.body.field_of_action_id in boards
    }
    for one in wanted:
        _place(one, branches, boards)
    _grow(branches, boards, bare=course is None)
    shown = tuple(board for board in boards.values() if board.goals or board.without_goal)
    return Board(shown, courses, any(each.indicator.is_example for each in series))


def context_of(
    session: Session, actor: Actor, fields: Iterable[FieldOfAction], *, field_of_action_id: UUID | None = None
) -> list[tuple[FieldOfAction, list[Series]]]:
    """The context indicators by field. Two statements."""
    chosen = IndicatorFilter(field_of_action_id=field_of_action_id, kind=IndicatorKind.CONTEXT)
    series = indicators.series_of(session, indicators.all_indicators(session, actor, chosen))
    by_field = [(each, [one for one in series if one.indicator.field_of_action_id == each.id]) for each in fields]
    return [(each, found) for each, found in by_field if found]


def goal_with_family(session: Session, key: UUID, actor: Actor) -> tuple[Goal, Goal | None, list[Goal]]:
    """A goal, the strategic one it hangs on and the operative ones that hang on it. One statement."""
    above = select(Goal.parent_id).where(Goal.id == key)
    wanted = or_(col(Goal.id) == key, col(Goal.parent_id) == key, col(Goal.id).in_(above))
    statement = goals.with_body(select(Goal).where(wanted, goals.visible(actor)))
    found = session.exec(statement.order_by(col(Goal.created_at), col(Goal.id))).all()
    goal = next((each for each in found if each.id == key), None)
    if goal is None:
        raise NotFound()
    parent = next((each for each in found if each.id == goal.parent_id), None)
    return goal, parent, [each for each in found if each.parent_id == goal.id]


def series_of_goal(session: Session, goal: Goal, actor: Actor) -> list[Series]:
    """The indicators of a goal and of the measures that serve it. Two statements."""
    of_measures = select(Measure.id).where(Measure.goal_id == goal.id)
    statement = indicators.with_owners(
        select(Indicator).where(
            or_(col(Indicator.goal_id) == goal.id, col(Indicator.measure_id).in_(of_measures)),
            indicators.visible(actor),
        )
    )
    found = session.exec(statement.order_by(col(Indicator.created_at), col(Indicator.id))).all()
    return indicators.series_of(session, found)


def _field_of(one: Series) -> UUID | None:
    """The field of an indicator of achievement: that of its goal's body, or of what its measure carries out."""
    goal, measure = one.indicator.goal, one.indicator.measure
    if goal is not None:
        return goal.body.field_of_action_id if goal.body else None
    return measure.recommendation.field_of_action_id if measure and measure.recommendation else None


def _place(one: Series, branches: dict[UUID, GoalBranch], boards: dict[UUID, FieldBoard]) -> None:
    """Under its goal; the indicator of a measure that serves none that is shown, under the field."""
    indicator = one.indicator
    measure = indicator.measure
    goal_id = measure.goal_id if measure else indicator.goal_id
    if goal_id in branches:
        branches[goal_id].series.append(one)
    elif measure is not None and measure.recommendation is not None:
        boards[measure.recommendation.field_of_action_id].without_goal.append(one)


def _grow(branches: dict[UUID, GoalBranch], boards: dict[UUID, FieldBoard], *, bare: bool) -> None:
    """Operative goals under their strategic ones, those under their field; bare ones only where nothing is filtered."""
    for branch in branches.values():
        if branch.goal.parent_id in branches:
            branches[branch.goal.parent_id].below.append(branch)
    for branch in branches.values():
        branch.below = [each for each in branch.below if bare or not each.is_bare]
        if branch.goal.parent_id not in branches and branch.goal.body and (bare or not branch.is_bare):
            boards[branch.goal.body.field_of_action_id].goals.append(branch)
