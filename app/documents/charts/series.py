"""The readings of an indicator in time, with its baseline, its target and the straight way between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.documents.charts.scale import DayScale, Tick, ValueScale, day_ticks, days_around, path_of, round_values
from app.documents.csv import csv_of
from app.documents.document import Cell
from app.i18n import _
from app.models.indicators import Indicator
from app.queries.indicators import Series
from app.wording import label
from app.wording.dates import german_date
from app.wording.numbers import german, german_period, with_unit

WIDTH, HEIGHT = 480, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 66.0, 456.0, 34.0, 258.0
_LABEL_ABOVE, _LABEL_BELOW = 12.0, 22.0
_LETTER_WIDTH, _LINE_HEIGHT = 9.0, 17.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked place with its word; `kind` is baseline, target, final or provisional and has a shape of its own."""

    kind: str
    x: float
    y: float
    text: str
    label_y: float
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class SeriesChart:
    """All a template needs to draw the picture."""

    key: str
    title: str
    description: str
    value_ticks: tuple[Tick, ...]
    day_ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    line: str
    way: str
    width: int = WIDTH
    height: int = HEIGHT
    left: float = _LEFT
    right: float = _RIGHT
    top: float = _TOP
    bottom: float = _BOTTOM


def series_chart(series: Series) -> SeriesChart | None:
    """The picture; None where there is nothing to draw."""
    indicator = series.indicator
    places = [(each.last_day, each.value) for each in series.readings]
    baseline = _pair(indicator.baseline_on, indicator.baseline)
    target = _pair(indicator.target_on, indicator.target)
    everything = [*places, *(each for each in (baseline, target) if each)]
    if not everything:
        return None
    steps = round_values([value for _day, value in everything])
    values = ValueScale(steps[0], steps[-1], _BOTTOM, _TOP)
    days = DayScale(*days_around([day for day, _value in everything]), _LEFT, _RIGHT)
    points = [(days.at(day), values.at(value)) for day, value in places]
    ends = [(days.at(day), values.at(value)) for day, value in (each for each in (baseline, target) if each)]
    return SeriesChart(
        key=f"bild-{indicator.id}",
        title=indicator.title,
        description=description_of(series),
        value_ticks=tuple(Tick(values.at(step), german(step.normalize() + 0)) for step in steps),
        day_ticks=tuple(day_ticks(days)),
        marks=tuple(_marks(series, points, baseline, target, days, values)),
        line=path_of(points),
        way=path_of(ends) if len(ends) == 2 else "",
    )


def description_of(series: Series) -> str:
    """The picture in words: where it began, where it stands, where it is to go."""
    indicator, latest = series.indicator, series.latest
    said = []
    if indicator.baseline is not None:
        said.append(
            _("Ausgangswert: {value}.").format(value=_dated(indicator, indicator.baseline, indicator.baseline_on))
        )
    if latest is None:
        said.append(_("Noch ist kein Wert eingetragen."))
    else:
        value = with_unit(latest.value, indicator.unit)
        said.append(_("Letzter Wert, {period}: {value}.").format(period=german_period(latest.period), value=value))
    if indicator.target is not None:
        said.append(_("Zielwert: {value}.").format(value=_dated(indicator, indicator.target, indicator.target_on)))
    if series.judgement is not None:
        said.append(_("Stand: {course}.").format(course=label(series.judgement.course)))
    return " ".join(said)


def series_csv(series: Series) -> bytes:
    """What the picture shows as a table that can be read in again."""
    head = (_("Zeitraum"), _("Wert"), _("Ausprägung"), _("Quelle"), _("Vorläufig"), _("Einheit"), _("Art"))
    indicator = series.indicator
    rows: list[Sequence[Cell]] = []
    readings = [*series.readings, *(each for found in series.by_category.values() for each in found)]
    for each in readings:
        provisional = _("ja") if each.provisional else _("nein")
        rows.append((each.period, each.value, each.category, each.source, provisional, indicator.unit, _("Wert")))
    for on, value, kind in (
        (indicator.baseline_on, indicator.baseline, _("Ausgangswert")),
        (indicator.target_on, indicator.target, _("Zielwert")),
    ):
        if value is not None:
            rows.append((on.isoformat() if on else None, value, "", indicator.source, "", indicator.unit, kind))
    return csv_of(head, rows)


def _marks(
    series: Series,
    points: Sequence[tuple[float, float]],
    baseline: tuple[date, Decimal] | None,
    target: tuple[date, Decimal] | None,
    days: DayScale,
    values: ValueScale,
) -> list[Mark]:
    """The marks in the order they are drawn; words that would stand on others are left out, the newest value's last."""
    ends = []
    for kind, word, pair in (("baseline", _("Ausgang"), baseline), ("target", _("Ziel"), target)):
        if pair:
            x, y = days.at(pair[0]), values.at(pair[1])
            ends.append(_mark(kind, x, y, f"{word} {german(pair[1])}", is_above=kind == "baseline"))
    readings = [
        _mark("provisional" if reading.provisional else "final", x, y, german(reading.value), is_above=True)
        for (x, y), reading in zip(points, series.readings, strict=True)
    ]
    placed: list[tuple[float, float, float, float]] = []
    shown: dict[int, Mark] = {}
    for mark in [*readings[-1:], *ends, *reversed(readings[:-1])]:
        box = _box_of(mark)
        is_free = not any(_overlap(box, other) for other in placed)
        placed += [box] if is_free else []
        shown[id(mark)] = mark if is_free else replace(mark, text="")
    return [shown[id(mark)] for mark in [*ends, *readings]]


def _mark(kind: str, x: float, y: float, text: str, *, is_above: bool) -> Mark:
    anchor = "end" if x > _RIGHT - 40 else "start" if x < _LEFT + 40 else "middle"
    above, below = y - _LABEL_ABOVE, y + _LABEL_BELOW
    if is_above:
        return Mark(kind, x, y, text, above if above > _TOP - 16 else below, anchor)
    return Mark(kind, x, y, text, below if below < _BOTTOM - 4 else above, anchor)


def _box_of(mark: Mark) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a mark's word, about as wide as its letters."""
    width = len(mark.text) * _LETTER_WIDTH
    left = mark.x - {"start": 0.0, "middle": width / 2, "end": width}[mark.anchor]
    return left, mark.label_y - _LINE_HEIGHT, left + width, mark.label_y


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _pair(on: date | None, value: Decimal | None) -> tuple[date, Decimal] | None:
    return (on, value) if on is not None and value is not None else None


def _dated(indicator: Indicator, value: Decimal, on: date | None) -> str:
    shown = with_unit(value, indicator.unit)
    return _("{value} am {day}").format(value=shown, day=german_date(on)) if on else shown
