"""Taking the annex table over: goals, measures and indicators planned row by row, written only when confirmed.

Everything is done by the actions a person has; what stands already stays as it is, so that twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.goals import change_goal, propose_goal
from app.actions.indicators import change_indicator, define_indicator
from app.actions.measures import change_measure, plan_measure
from app.actions.permissions import require
from app.domain.actors import Actor
from app.domain.goals import GoalKind, GoalState
from app.domain.indicators import IndicatorKind, derived_direction
from app.domain.permissions import Permission
from app.errors import ApplicationError, Conflict, FieldError, Invalid
from app.forms.annex import AnnexRow, AnnexTable
from app.forms.goals import GoalChange, GoalForm
from app.forms.indicators import IndicatorChange, IndicatorForm
from app.forms.measures import MeasureChange, MeasureForm, MilestoneInput
from app.forms.tables import RowError
from app.i18n import _
from app.models.base import new_id
from app.models.bodies import Body
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.queries import measures
from app.queries.responses import ANSWERABLE_STATES


class StepOutcome(StrEnum):
    """What a row would do to a thing."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing of a row; `noun` is goal, measure or indicator."""

    line: int
    noun: str
    title: str
    outcome: StepOutcome
    action: Callable[[Session, Actor], object] | None = None


@dataclass(frozen=True, slots=True)
class AnnexPlan:
    """What confirming would do; with an error in any row nothing can be confirmed."""

    steps: tuple[Step, ...]
    errors: tuple[RowError, ...]

    def count(self, noun: str, outcome: StepOutcome) -> int:
        """How many things of the noun would be made or changed."""
        return sum(step.noun == noun and step.outcome is outcome for step in self.steps)


def plan_annex(session: Session, table: AnnexTable, *, actor: Actor) -> AnnexPlan:
    """What the table would change; nothing is written."""
    require(Permission.PROGRAMME_MANAGE, None, actor)
    planner = _Planner(session, table.columns)
    errors = list(table.errors)
    for row in table.rows:
        try:
            planner.plan(row)
        except Invalid as error:
            errors.extend(RowError(row.line, each.message) for each in error.errors)
    return AnnexPlan(tuple(planner.steps), tuple(sorted(errors, key=lambda each: each.line)))


def import_annex(session: Session, table: AnnexTable, *, actor: Actor) -> AnnexPlan:
    """Do what the plan says, all of it or nothing. Raises Conflict naming the line that could not be taken over."""
    plan = plan_annex(session, table, actor=actor)
    broken = list(plan.errors)
    for step in [] if broken else plan.steps:
        try:
            if step.action is not None:
                step.action(session, actor)
                session.flush()
        except ApplicationError as error:
            found = [each.message for each in error.errors] if isinstance(error, Invalid) else [error.detail]
            broken = [RowError(step.line, " ".join(found))]
            break
    if broken:
        lines = " ".join(_("Zeile {line}: {message}").format(line=e.line, message=e.message) for e in broken[:10])
        raise Conflict(_("Die Tabelle passt nicht; nichts wurde übernommen. {lines}").format(lines=lines))
    return plan


class _Planner:
    """Finds what the rows name, by key or title, and lines up what is to be done; what an earlier row makes counts."""

    def __init__(self, session: Session, columns: frozenset[str]) -> None:
        self.session = session
        self.columns = columns
        self.steps: list[Step] = []
        self.bodies = _by_title(session.exec(select(Body)).all())
        self.organisations = {each.name.casefold(): each for each in session.exec(select(Organisation)).all()}
        self.recommendations = {
            each.reference.casefold(): each
            for each in session.exec(select(Recommendation).where(col(Recommendation.reference).is_not(None))).all()
            if each.reference
        }
        self.standing: dict[UUID, Any] = {}
        self.keys: dict[tuple[Any, ...], UUID] = {}
        self.seen: set[UUID] = set()
        for goal in session.exec(select(Goal)).all():
            self._know(goal, ("goal", goal.body_id, goal.kind, goal.title.casefold()))
        for measure in session.exec(select(Measure)).all():
            self._know(measure, ("measure", measure.recommendation_id, measure.title.casefold()))
        for indicator in session.exec(select(Indicator)).all():
            owner = indicator.goal_id or indicator.measure_id
            self._know(indicator, ("indicator", owner, indicator.title.casefold()))
        keys = [key for key, each in self.standing.items() if isinstance(each, Measure)]
        self.contributors = measures.contributors_of(session, keys)
        self.milestones = measures.milestones_of(session, keys)

    def plan(self, row: AnnexRow) -> None:
        """Goal, then measure, then indicator."""
        goal_id = self._goal(row) if row.goal else None
        measure_id = self._measure(row, goal_id) if row.measure else None
        if row.indicator:
            self._indicator(row, goal_id, measure_id)

    def _know(self, thing: Any, key: tuple[Any, ...]) -> None:
        self.standing[thing.id] = thing
        self.keys.setdefault(key, thing.id)

    def _add(self, row: AnnexRow, noun: str, key: UUID, title: str, outcome: StepOutcome, action: Any = None) -> None:
        if key in self.seen:
            return
        self.seen.add(key)
        self.steps.append(Step(row.line, noun, title, outcome, action))

    def _goal(self, row: AnnexRow) -> UUID:
        body = self.bodies.get((row.body or "").casefold())
        if body is None:
            raise _wrong(_("Das Gremium „{name}“ gibt es nicht.").format(name=row.body or ""))
        parent_id = None
        if row.operative and row.strategic:
            parent_id = self._one_goal(row, body, GoalKind.STRATEGIC, row.strategic, None, None)
        if row.operative:
            return self._one_goal(row, body, GoalKind.OPERATIVE, row.operative, parent_id, row.goal_id)
        assert row.strategic is not None
        return self._one_goal(row, body, GoalKind.STRATEGIC, row.strategic, None, row.goal_id)

    def _one_goal(
        self, row: AnnexRow, body: Body, kind: GoalKind, title: str, parent_id: UUID | None, wanted: UUID | None
    ) -> UUID:
        natural = ("goal", body.id, kind, title.casefold())
        key = wanted if wanted in self.standing else self.keys.get(natural) or wanted or new_id()
        goal = self.standing.get(key)
        if goal is None and key in self.seen:
            return key
        if goal is None:
            if kind is GoalKind.OPERATIVE and parent_id is None:
                raise _wrong(_("Zu diesem operativen Ziel fehlt das strategische."))
            self.keys[natural] = key
            form = GoalForm(id=key, body_id=body.id, kind=kind, title=title, parent_id=parent_id)
            self._add(row, "goal", key, title, StepOutcome.NEW, lambda s, a: propose_goal(s, form, actor=a))
            return key
        changes: dict[str, Any] = {}
        if title != goal.title:
            changes["title"] = title
        if parent_id is not None and parent_id != goal.parent_id:
            changes["parent_id"] = parent_id
        if changes and goal.state is not GoalState.PROPOSED:
            raise _wrong(
                _("Das Ziel „{title}“ ist vereinbart; sein Wortlaut ändert sich nur mit einem Beschluss.").format(
                    title=goal.title
                )
            )
        change = GoalChange(**changes)
        outcome = StepOutcome.CHANGED if changes else StepOutcome.KNOWN
        self._add(
            row, "goal", key, title, outcome, (lambda s, a: change_goal(s, key, change, actor=a)) if changes else None
        )
        return key

    def _measure(self, row: AnnexRow, goal_id: UUID | None) -> UUID:
        assert row.measure is not None
        recommendation = self.recommendations.get((row.reference or "").casefold())
        if recommendation is None or recommendation.state not in ANSWERABLE_STATES:
            raise _wrong(
                _("Eine veröffentlichte, geltende Empfehlung „{name}“ gibt es nicht.").format(name=row.reference or "")
            )
        natural = ("measure", recommendation.id, row.measure.casefold())
        wanted = row.measure_id
        key = wanted if wanted in self.standing else self.keys.get(natural) or wanted or new_id()
        if key in self.seen:
            return key
        measure = self.standing.get(key)
        contributors = [self._organisation(name).id for name in row.contributors]
        if measure is None:
            self.keys[natural] = key
            form = MeasureForm(
                id=key,
                recommendation_id=recommendation.id,
                title=row.measure,
                responsible_organisation_id=self._organisation(row.responsible or "").id,
                contributing_organisation_ids=contributors,
                number=row.number,
                due_on=row.due_on,
                goal_id=goal_id,
                milestones=row.milestones,
            )
            self._add(row, "measure", key, row.measure, StepOutcome.NEW, lambda s, a: plan_measure(s, form, actor=a))
            return key
        if row.measure != measure.title:
            raise _wrong(_("Die Maßnahme heißt „{title}“; ihr Titel ändert sich nicht.").format(title=measure.title))
        if row.responsible and self._organisation(row.responsible).id != measure.responsible_organisation_id:
            raise _wrong(
                _("Für die Maßnahme „{title}“ ist eine andere Organisation verantwortlich.").format(title=measure.title)
            )
        changes = self._measure_changes(row, measure, goal_id, contributors)
        change = MeasureChange(**changes)
        outcome = StepOutcome.CHANGED if changes else StepOutcome.KNOWN
        action = (lambda s, a: change_measure(s, key, change, actor=a)) if changes else None
        self._add(row, "measure", key, row.measure, outcome, action)
        return key

    def _measure_changes(
        self, row: AnnexRow, measure: Measure, goal_id: UUID | None, contributors: list[UUID]
    ) -> dict[str, Any]:
        """Only what a column of the table speaks of."""
        changes: dict[str, Any] = {}
        if {"operative", "strategic"} & self.columns and goal_id != measure.goal_id:
            changes["goal_id"] = goal_id
        if "due_on" in self.columns and row.due_on != measure.due_on:
            changes["due_on"] = row.due_on
        if "contributors" in self.columns:
            present = {each.id for each in self.contributors.get(measure.id, [])}
            if present != set(contributors):
                changes["contributing_organisation_ids"] = contributors
        if "milestones" in self.columns:
            standing = [
                MilestoneInput(title=each.title, due_on=each.due_on, reached_on=each.reached_on)
                for each in self.milestones.get(measure.id, [])
            ]
            if sorted(standing, key=_order) != sorted(row.milestones, key=_order):
                changes["milestones"] = row.milestones
        return changes

    def _indicator(self, row: AnnexRow, goal_id: UUID | None, measure_id: UUID | None) -> None:
        assert row.indicator is not None
        owner = {"measure_id": measure_id} if measure_id else {"goal_id": goal_id}
        natural = ("indicator", measure_id or goal_id, row.indicator.casefold())
        wanted = row.indicator_id
        key = wanted if wanted in self.standing else self.keys.get(natural) or wanted or new_id()
        if key in self.seen:
            raise _wrong(_("Der Indikator „{title}“ steht schon in einer Zeile darüber.").format(title=row.indicator))
        indicator = self.standing.get(key)
        values: dict[str, Any] = {
            "title": row.indicator,
            "unit": row.unit or _("Anzahl"),
            "source": row.source,
            "direction": row.direction or derived_direction(row.baseline, row.target),
            **{name: getattr(row, name) for name in ("baseline", "baseline_on", "target", "target_on")},
        }
        if indicator is None:
            self.keys[natural] = key
            form = IndicatorForm(id=key, kind=row.kind or IndicatorKind.OUTPUT, **owner, **values)
            self._add(
                row, "indicator", key, row.indicator, StepOutcome.NEW, lambda s, a: define_indicator(s, form, actor=a)
            )
            return
        if (measure_id or goal_id) != (indicator.measure_id or indicator.goal_id):
            raise _wrong(
                _("Der Indikator „{title}“ gehört zu einem anderen Ziel oder einer anderen Maßnahme.").format(
                    title=row.indicator
                )
            )
        spoken_of = {name for name in values if {"title": "indicator"}.get(name, name) in self.columns}
        changes = {name: values[name] for name in spoken_of if values[name] != getattr(indicator, name)}
        change = IndicatorChange(**changes)
        outcome = StepOutcome.CHANGED if changes else StepOutcome.KNOWN
        action = (lambda s, a: change_indicator(s, key, change, actor=a)) if changes else None
        self._add(row, "indicator", key, row.indicator, outcome, action)

    def _organisation(self, name: str) -> Organisation:
        found = self.organisations.get(name.casefold())
        if found is None:
            raise _wrong(_("Die Organisation „{name}“ gibt es nicht.").format(name=name))
        return found


def _by_title(bodies: Any) -> dict[str, Body]:
    return {each.title.casefold(): each for each in bodies}


def _order(milestone: MilestoneInput) -> tuple[Any, ...]:
    return milestone.due_on, milestone.title


def _wrong(message: str) -> Invalid:
    return Invalid(FieldError("file", message))
