"""Measures on a line of time: from planning to their day, with milestones, and where today is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import shorten
from uuid import UUID

from app.documents.charts.scale import DayScale, Tick, day_ticks, days_around
from app.documents.csv import csv_of
from app.documents.document import Cell
from app.domain.deadlines import berlin_date
from app.domain.implementation import UNFINISHED
from app.domain.measures import MeasureState
from app.i18n import _, ngettext
from app.models.measures import Measure, Milestone
from app.queries.measures import ListedMeasure
from app.wording import label
from app.wording.dates import german_date

WIDTH = 480
_LEFT, _RIGHT, _TOP = 8.0, 472.0, 30.0
_ROW, _TITLE, _BAR = 48.0, 16.0, 14.0
_LETTERS = 58
MOST_SHOWN = 20

Milestones = Mapping[UUID, Sequence[Milestone]]


@dataclass(frozen=True, slots=True)
class Stone:
    """A milestone: filled where it was reached."""

    x: float
    is_reached: bool


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One measure; `is_open` where it has no day and its bar runs on."""

    title: str
    title_y: float
    x: float
    y: float
    width: float
    state: MeasureState
    is_open: bool
    is_overdue: bool
    stones: tuple[Stone, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All a template needs to draw the picture; today is in it while one of the measures runs."""

    key: str
    title: str
    description: str
    rows: tuple[TimeRow, ...]
    ticks: tuple[Tick, ...]
    today_x: float | None
    states: tuple[MeasureState, ...]
    has_milestones: bool
    height: float
    width: int = WIDTH
    top: float = _TOP
    bar: float = _BAR
    right: float = _RIGHT


def timeline(
    key: str, title: str, measures: Sequence[ListedMeasure], milestones: Milestones, today: date
) -> Timeline | None:
    """The picture, in the order given; None where there is no measure."""
    if not measures:
        return None
    has_today = is_running(measures)
    days = [today] if has_today else []
    for each in measures:
        days += [begun_on(each.measure), *([each.measure.due_on] if each.measure.due_on else [])]
        days += [stone.due_on for stone in milestones.get(each.measure.id, ())]
    scale = DayScale(*days_around(days), _LEFT, _RIGHT)
    rows = tuple(_row(number, each, milestones, scale) for number, each in enumerate(measures))
    states = tuple(state for state in MeasureState if any(row.state is state for row in rows))
    return Timeline(
        key,
        title,
        description_of(measures, today),
        rows,
        tuple(day_ticks(scale)),
        scale.at(today) if has_today else None,
        states,
        any(row.stones for row in rows),
        height=_TOP + len(rows) * _ROW + 8,
    )


def nearest(measures: Iterable[ListedMeasure], most: int = MOST_SHOWN) -> list[ListedMeasure]:
    """The measures a picture has room for: what is to be done next first, then what is done, without the dropped."""
    found = [each for each in measures if each.measure.state is not MeasureState.DROPPED]
    return sorted(found, key=_by_next_day)[:most]


def _by_next_day(listed: ListedMeasure) -> tuple[bool, date, str]:
    measure = listed.measure
    return measure.state not in UNFINISHED, measure.due_on or date.max, measure.title


def is_running(measures: Iterable[ListedMeasure]) -> bool:
    """True while one of the measures isn't ended."""
    return any(each.measure.state in UNFINISHED for each in measures)


def begun_on(measure: Measure) -> date:
    """The day a measure was planned."""
    return berlin_date(measure.created_at)


def description_of(measures: Sequence[ListedMeasure], today: date) -> str:
    """The picture in words."""
    overdue = sum(each.is_overdue for each in measures)
    counted = ngettext("{number} Maßnahme", "{number} Maßnahmen", len(measures)).format(number=len(measures))
    if not is_running(measures):
        return _("{measures}; alle sind beendet.").format(measures=counted)
    late = ngettext("{number} überfällige", "{number} überfällige", overdue).format(number=overdue)
    return _("{measures}, davon {overdue}; heute ist der {day}.").format(
        measures=counted, overdue=late, day=german_date(today)
    )


def timeline_csv(measures: Iterable[ListedMeasure], milestones: Milestones) -> bytes:
    """What the picture shows as a table: a row for each measure, and one for each milestone."""
    head = (_("Empfehlung"), _("Maßnahme"), _("Meilenstein"), _("geplant am"), _("bis"), _("erreicht am"), _("Stand"))
    rows: list[Sequence[Cell]] = []
    for each in measures:
        measure = each.measure
        reference = measure.recommendation.reference if measure.recommendation else None
        rows.append((reference, measure.title, None, begun_on(measure), measure.due_on, None, label(measure.state)))
        rows += [
            (reference, measure.title, stone.title, None, stone.due_on, stone.reached_on, None)
            for stone in milestones.get(measure.id, ())
        ]
    return csv_of(head, rows)


def _row(number: int, listed: ListedMeasure, milestones: Milestones, scale: DayScale) -> TimeRow:
    measure, top = listed.measure, _TOP + number * _ROW
    start = scale.at(begun_on(measure))
    end = scale.at(measure.due_on) if measure.due_on else scale.end
    start = min(start, end - 4)
    return TimeRow(
        title=shorten(measure.title, _LETTERS, placeholder=" …"),
        title_y=top + _TITLE,
        x=start,
        y=top + _TITLE + 7,
        width=round(end - start, 2),
        state=measure.state,
        is_open=measure.due_on is None,
        is_overdue=listed.is_overdue,
        stones=tuple(
            Stone(scale.at(stone.due_on), stone.reached_on is not None) for stone in milestones.get(measure.id, ())
        ),
    )
