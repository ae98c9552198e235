"""What a person can do with readings: add one, correct one, take a series over from a table. Nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from app.actions.creations import find_already_created
from app.actions.indicators import lock_indicator, require_open, speaker_for
from app.actions.permissions import require
from app.actions.record import record
from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.numbers import plain
from app.domain.periods import parse_period
from app.domain.permissions import Permission
from app.errors import Conflict, DifferentBody, FieldError, Invalid
from app.forms.indicators import ReadingCorrection, ReadingForm
from app.forms.readings import ReadingRow, ReadingTable
from app.forms.tables import RowError
from app.i18n import _
from app.models.base import new_id
from app.models.indicators import Indicator, Reading
from app.queries import indicators
from app.wording.numbers import german_period, with_unit


def add_reading(session: Session, indicator_id: UUID, form: ReadingForm, *, actor: Actor) -> tuple[Reading, bool]:
    """Enter a value for a period that has none. The flag is False where this very reading stood already."""
    indicator = lock_indicator(session, indicator_id, actor)
    earlier = find_already_created(session, Reading, form, actor=actor)
    if earlier:
        if earlier.indicator_id != indicator.id:
            raise DifferentBody()
        return earlier, False
    require_open(indicator.goal)
    _check(session, indicator, form)
    standing = indicators.current_readings(session, indicator.id).get((form.period, form.category))
    if standing is not None:
        raise Conflict(_already_there(indicator, standing), reading_id=str(standing.id))
    return _enter(session, indicator, form, actor), True


def correct_reading(
    session: Session, indicator_id: UUID, reading_id: UUID, form: ReadingCorrection, *, actor: Actor
) -> tuple[Reading, bool]:
    """Enter a better value beside the former one, which stays. The flag is False where it stood already."""
    indicator = lock_indicator(session, indicator_id, actor)
    former = indicators.get_reading(session, indicator, reading_id)
    earlier = find_already_created(session, Reading, form, actor=actor)
    if earlier:
        if earlier.indicator_id != indicator.id:
            raise DifferentBody()
        return earlier, False
    standing = indicators.current_readings(session, indicator.id)[former.period, former.category]
    if standing.id != former.id:
        raise Conflict(
            _("Dieser Wert ist inzwischen schon berichtigt: Es gilt {value}.").format(
                value=with_unit(standing.value, indicator.unit)
            )
        )
    source = form.source if form.source is not None else former.source
    if (form.value, form.provisional, source) == (former.value, former.provisional, former.source):
        raise Invalid(FieldError("value", _("Das ist der Wert, der schon gilt.")))
    moment = now(session)
    speaker = speaker_for(indicator.measure, actor)
    reading = Reading(
        id=form.id or new_id(moment),
        created_at=moment,
        indicator_id=indicator.id,
        period=former.period,
        first_day=former.first_day,
        last_day=former.last_day,
        category=former.category,
        revision=former.revision + 1,
        value=form.value,
        source=source,
        provisional=form.provisional,
        author_id=actor.person_id,
        organisation_id=speaker.organisation_id,
    )
    session.add(reading)
    data = {**_said(reading), "corrects": str(former.id), "from_value": plain(former.value)}
    record(session, EventType.INDICATOR_READING_CORRECTED, indicator, actor=speaker, data=data, reason=form.reason)
    session.flush()
    return reading, True


class RowOutcome(StrEnum):
    """What a row of a series would do."""

    NEW = "new"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class PlannedReading:
    """One row of the preview."""

    row: ReadingRow
    outcome: RowOutcome


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """What confirming would do; with an error in any row nothing can be confirmed."""

    rows: tuple[PlannedReading, ...]
    errors: tuple[RowError, ...]

    @property
    def new(self) -> int:
        """How many values would be entered."""
        return sum(planned.outcome is RowOutcome.NEW for planned in self.rows)


def plan_series(session: Session, indicator: Indicator, table: ReadingTable, *, actor: Actor) -> SeriesPlan:
    """What the table would enter; nothing is written."""
    require(Permission.INDICATOR_MANAGE, indicators.scope_of_indicator(indicator), actor)
    standing = indicators.current_readings(session, indicator.id)
    planned: list[PlannedReading] = []
    errors = list(table.errors)
    for row in table.rows:
        try:
            _check(session, indicator, row.form)
        except Invalid as error:
            errors.extend(RowError(row.line, each.message) for each in error.errors)
            continue
        present = standing.get((row.form.period, row.form.category))
        if present is not None and present.value != row.form.value:
            errors.append(RowError(row.line, _already_there(indicator, present)))
            continue
        planned.append(PlannedReading(row, RowOutcome.NEW if present is None else RowOutcome.KNOWN))
    return SeriesPlan(tuple(planned), tuple(sorted(errors, key=lambda each: each.line)))


def import_series(session: Session, indicator_id: UUID, table: ReadingTable, *, actor: Actor) -> SeriesPlan:
    """Enter what the plan says, all of it or nothing; a value that stands already stays as it is."""
    indicator = lock_indicator(session, indicator_id, actor)
    require_open(indicator.goal)
    plan = plan_series(session, indicator, table, actor=actor)
    if plan.errors:
        lines = " ".join(_("Zeile {line}: {message}").format(line=e.line, message=e.message) for e in plan.errors[:10])
        raise Conflict(
            _("Inzwischen passt die Tabelle nicht mehr; nichts wurde übernommen. {lines}").format(lines=lines)
        )
    for planned in plan.rows:
        if planned.outcome is RowOutcome.NEW:
            _enter(session, indicator, planned.row.form, actor)
    return plan


def _enter(session: Session, indicator: Indicator, form: ReadingForm, actor: Actor) -> Reading:
    period = parse_period(form.period)
    moment = now(session)
    speaker = speaker_for(indicator.measure, actor)
    reading = Reading(
        id=form.id or new_id(moment),
        created_at=moment,
        indicator_id=indicator.id,
        period=period.name,
        first_day=period.first,
        last_day=period.last,
        category=form.category,
        value=form.value,
        source=form.source,
        provisional=form.provisional,
        author_id=actor.person_id,
        organisation_id=speaker.organisation_id,
    )
    session.add(reading)
    record(session, EventType.INDICATOR_READING_ADDED, indicator, actor=speaker, data=_said(reading))
    session.flush()
    indicator.reading_due_on = indicators.next_reading_due_on(session, indicator)
    return reading


def _check(session: Session, indicator: Indicator, form: ReadingForm) -> None:
    errors = []
    if parse_period(form.period).first > berlin_date(now(session)):
        errors.append(FieldError("period", _("Dieser Zeitraum hat noch nicht begonnen.")))
    possible = indicators.categories_of(indicator)
    if form.category and form.category not in possible:
        offered = ", ".join(possible) or _("keine")
        message = _("Diese Ausprägung hat der Indikator nicht. Möglich: {offered}.").format(offered=offered)
        errors.append(FieldError("category", message))
    if errors:
        raise Invalid(*errors)


def _already_there(indicator: Indicator, reading: Reading) -> str:
    what = f"{german_period(reading.period)}, {reading.category}" if reading.category else german_period(reading.period)
    return _(
        "Für {period} gibt es schon einen Wert: {value}. Überschrieben wird nichts; berichtigen Sie diesen Wert."
    ).format(period=what, value=with_unit(reading.value, indicator.unit))


def _said(reading: Reading) -> dict[str, object]:
    return {
        "reading_id": str(reading.id),
        "period": reading.period,
        "category": reading.category,
        "value": plain(reading.value),
        "provisional": reading.provisional,
        "revision": reading.revision,
    }
