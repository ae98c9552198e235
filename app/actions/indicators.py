"""What a person can do with an indicator: define it, and change what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.creations import find_already_created
from app.actions.measures import speaking_for
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.clock import now
from app.domain.actors import Actor
from app.domain.events import EventType
from app.domain.goals import GoalState
from app.domain.indicators import Direction, IndicatorKind, contradicts, derived_direction
from app.domain.numbers import plain
from app.domain.permissions import Permission
from app.errors import Conflict, FieldError, Invalid
from app.forms.indicators import IndicatorChange, IndicatorForm
from app.i18n import _
from app.models.base import new_id
from app.models.goals import Goal
from app.models.indicators import Indicator, Reading
from app.models.measures import Measure
from app.models.programmes import FieldOfAction
from app.queries import goals, indicators, measures
from app.queries.base import get_for_update

_OWNERS = ("goal_id", "measure_id", "field_of_action_id")
_PLAIN_FIELDS = ("unit", "source", "rhythm", "baseline", "baseline_on", "target", "target_on")


def define_indicator(session: Session, form: IndicatorForm, *, actor: Actor) -> tuple[Indicator, bool]:
    """Define an indicator of a goal, a measure or a field. The flag is False where it stood already."""
    goal, measure = owner_of(session, form, actor)
    require(Permission.INDICATOR_MANAGE, indicators.scope_of_owner(goal, measure), actor)
    earlier = find_already_created(session, Indicator, form, actor=actor)
    if earlier:
        return earlier, False
    require_open(goal)
    values = _Values(form.kind, form.baseline, form.baseline_on, form.target, form.target_on)
    speaker = speaker_for(measure, actor)
    moment = now(session)
    indicator = Indicator(
        id=form.id or new_id(moment),
        created_at=moment,
        title=form.title,
        definition=form.definition,
        kind=form.kind,
        direction=_checked(values, form.direction),
        breakdowns=[each.model_dump() for each in form.breakdowns],
        goal_id=form.goal_id,
        measure_id=form.measure_id,
        field_of_action_id=form.field_of_action_id,
        author_id=actor.person_id,
        organisation_id=speaker.organisation_id,
        is_example=any(each is not None and each.is_example for each in (goal, measure)),
        **{name: getattr(form, name) for name in _PLAIN_FIELDS},
    )
    indicator.reading_due_on = indicators.next_reading_due_on(session, indicator)
    data = {name: str(getattr(form, name)) for name in _OWNERS if getattr(form, name)}
    record_creation(session, EventType.INDICATOR_DEFINED, indicator, actor=speaker, data={**data, **_said(indicator)})
    session.flush()
    return indicator, True


def change_indicator(session: Session, key: UUID, form: IndicatorChange, *, actor: Actor) -> Indicator:
    """Change what an indicator says of itself; what was before stays in the record."""
    indicator = lock_indicator(session, key, actor)
    require_open(indicator.goal)
    sent = form.model_fields_set
    before = _said(indicator)
    texts = {
        name: text
        for name in ("title", "definition")
        if (text := getattr(form, name)) is not None and text != getattr(indicator, name)
    }
    for name, text in texts.items():
        setattr(indicator, name, text)
    if form.unit is not None and form.unit != indicator.unit:
        _require_without_readings(session, indicator)
    for name in _PLAIN_FIELDS:
        if name in sent and not (name in ("unit", "source") and getattr(form, name) is None):
            setattr(indicator, name, getattr(form, name))
    values = _Values(indicator.kind, indicator.baseline, indicator.baseline_on, indicator.target, indicator.target_on)
    indicator.direction = _checked(values, form.direction if "direction" in sent else indicator.direction)
    if form.breakdowns is not None:
        _change_breakdowns(session, indicator, form)
    indicator.reading_due_on = indicators.next_reading_due_on(session, indicator)
    after = _said(indicator)
    data = {name: value for name, value in after.items() if before[name] != value}
    if data or texts:
        speaker = speaker_for(indicator.measure, actor)
        record(session, EventType.INDICATOR_CHANGED, indicator, actor=speaker, data=data, texts=texts)
    session.add(indicator)
    return indicator


def lock_indicator(session: Session, key: UUID, actor: Actor) -> Indicator:
    """The indicator for a write, with what it hangs on; raises where it is hidden or not the actor's to manage."""
    get_for_update(session, Indicator, key, indicators.visible(actor))
    indicator = indicators.get_indicator(session, key, actor)
    require(Permission.INDICATOR_MANAGE, indicators.scope_of_indicator(indicator), actor)
    return indicator


def owner_of(session: Session, form: IndicatorForm, actor: Actor) -> tuple[Goal | None, Measure | None]:
    """The goal or measure the indicator is to hang on; neither for a field.

    Raises Invalid where what is named doesn't fit the kind or isn't there.
    """
    named = [name for name in _OWNERS if getattr(form, name) is not None]
    if form.kind is IndicatorKind.CONTEXT:
        if named != ["field_of_action_id"]:
            field = next((name for name in named if name != "field_of_action_id"), "field_of_action_id")
            message = _("Ein Kontextindikator gehört zu einem Handlungsfeld, nie zu einem Ziel oder einer Maßnahme.")
            raise Invalid(FieldError(field, message))
    elif len(named) != 1 or named == ["field_of_action_id"]:
        field = "field_of_action_id" if form.field_of_action_id else "goal_id"
        message = _("Ein Indikator der Leistung oder Wirkung gehört zu genau einem Ziel oder einer Maßnahme.")
        raise Invalid(FieldError(field, message))
    goal = goals.find_goal(session, form.goal_id, actor)
    measure = measures.find_measure(session, form.measure_id, actor) if form.measure_id else None
    field_of_action = session.get(FieldOfAction, form.field_of_action_id) if form.field_of_action_id else None
    for name, found in (("goal_id", goal), ("measure_id", measure), ("field_of_action_id", field_of_action)):
        if name in named and found is None:
            raise Invalid(FieldError(name, _("Diesen Eintrag gibt es nicht.")))
    return goal, measure


@dataclass(frozen=True, slots=True)
class _Values:
    """What is checked against each other."""

    kind: IndicatorKind
    baseline: Decimal | None
    baseline_on: date | None
    target: Decimal | None
    target_on: date | None


def _checked(values: _Values, direction: Direction | None) -> Direction | None:
    """The direction, derived where it was not said. Raises Invalid naming each field that doesn't fit."""
    errors = []
    if values.kind is IndicatorKind.CONTEXT and (values.target is not None or values.target_on is not None):
        message = _("Ein Kontextindikator hat keinen Zielwert: Er beschreibt die Lage und misst keine Zielerreichung.")
        errors.append(FieldError("target", message))
    if values.baseline_on is not None and values.baseline is None:
        errors.append(FieldError("baseline", _("Zu diesem Tag fehlt der Ausgangswert.")))
    if values.target_on is not None and values.target is None:
        errors.append(FieldError("target", _("Zu diesem Tag fehlt der Zielwert.")))
    if values.baseline_on and values.target_on and values.target_on <= values.baseline_on:
        errors.append(FieldError("target_on", _("Der Zielwert muss nach dem Ausgangswert liegen.")))
    chosen = direction or derived_direction(values.baseline, values.target)
    if values.target is not None and chosen is None:
        errors.append(FieldError("direction", _("Bitte sagen Sie, ob der Wert steigen oder sinken soll.")))
    if chosen is not None and contradicts(chosen, values.baseline, values.target):
        errors.append(FieldError("direction", _("Der Zielwert liegt vom Ausgangswert aus in der anderen Richtung.")))
    if errors:
        raise Invalid(*errors)
    return chosen


def _change_breakdowns(session: Session, indicator: Indicator, form: IndicatorChange) -> None:
    indicator.breakdowns = [each.model_dump() for each in form.breakdowns or []]
    standing = set(indicators.categories_of(indicator))
    used = set(
        session.exec(
            select(Reading.category).where(Reading.indicator_id == indicator.id, col(Reading.category) != "")
        ).all()
    )
    if used - standing:
        missing = ", ".join(sorted(used - standing))
        raise Conflict(
            _("Zu diesen Ausprägungen gibt es schon Werte; sie müssen bleiben: {names}.").format(names=missing)
        )


def _require_without_readings(session: Session, indicator: Indicator) -> None:
    if session.exec(select(Reading.id).where(Reading.indicator_id == indicator.id).limit(1)).first() is not None:
        raise Conflict(
            _("Die Einheit steht fest, seit Werte eingetragen sind. Legen Sie sonst einen neuen Indikator an.")
        )


def require_open(goal: Goal | None) -> None:
    """Raise Conflict where the goal is dropped."""
    if goal is not None and goal.state is GoalState.DROPPED:
        raise Conflict(_("Dieses Ziel ist aufgegeben; seine Indikatoren werden nicht weitergeführt."))


def speaker_for(measure: Measure | None, actor: Actor) -> Actor:
    """The actor, speaking for who answers for the measure where it acts for that organisation."""
    return speaking_for(measure.responsible_organisation_id, actor) if measure else actor


def _said(indicator: Indicator) -> dict[str, Any]:
    """The plain facts of an indicator, for its events."""
    values: dict[str, Any] = {}
    for name in (*_PLAIN_FIELDS, "direction"):
        value = getattr(indicator, name)
        values[name] = plain(value) if isinstance(value, Decimal) else None if value is None else str(value)
    return {**values, "kind": indicator.kind.value, "breakdowns": list(indicator.breakdowns)}
