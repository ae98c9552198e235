"""The breakdowns of an indicator side by side: one small picture for each category, all to the same scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from textwrap import shorten

from app.documents.charts.scale import DayScale, Tick, ValueScale, day_ticks, days_around, path_of, round_values
from app.i18n import _
from app.models.indicators import Reading
from app.queries.indicators import Series
from app.wording.numbers import german, german_period, with_unit

WIDTH = 480
_PANEL, _PANEL_HEIGHT, _GAP = 228.0, 176.0, 24.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 8.0, 34.0, 34.0
_MOST_VALUES, _MOST_DAYS = 4, 3
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Dot:
    """One reading; a provisional one has a shape of its own, and the newest says its value."""

    kind: str
    x: float
    y: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One category: its line, and that of the whole beside it for comparison."""

    title: str
    x: float
    y: float
    dots: tuple[Dot, ...]
    line: str
    whole: str


@dataclass(frozen=True, slots=True)
class BreakdownChart:
    """All a template needs to draw the pictures of one breakdown; each panel has its own axes at the same places."""

    key: str
    title: str
    description: str
    panels: tuple[Panel, ...]
    value_ticks: tuple[Tick, ...]
    day_ticks: tuple[Tick, ...]
    has_whole: bool
    has_provisional: bool
    height: float
    width: int = WIDTH
    left: float = _LEFT
    right: float = _PANEL - _RIGHT
    top: float = _TOP
    bottom: float = _PANEL_HEIGHT - _BOTTOM


def breakdown_charts(series: Series) -> list[BreakdownChart]:
    """A picture for each breakdown with a course to show, in the order they were defined."""
    found = []
    for number, breakdown in enumerate(series.indicator.breakdowns):
        names = {f"{breakdown['name']}: {category}": category for category in breakdown["categories"]}
        shown = {title: series.by_category[key] for key, title in names.items() if key in series.by_category}
        if any(len(readings) > 1 for readings in shown.values()):
            found.append(_chart(series, f"aufgliederung-{number}-{series.indicator.id}", breakdown["name"], shown))
    return found


def _chart(series: Series, key: str, name: str, shown: dict[str, tuple[Reading, ...]]) -> BreakdownChart:
    everything = [*chain.from_iterable(shown.values()), *series.readings]
    steps = round_values([each.value for each in everything], _MOST_VALUES)
    values = ValueScale(steps[0], steps[-1], _PANEL_HEIGHT - _BOTTOM, _TOP)
    days = DayScale(*days_around([each.last_day for each in everything]), _LEFT, _PANEL - _RIGHT)
    panels = [
        _panel(title, number, readings, series.readings, days, values)
        for number, (title, readings) in enumerate(shown.items())
    ]
    rows = -(-len(panels) // 2)
    return BreakdownChart(
        key=key,
        title=_("{indicator} nach: {breakdown}").format(indicator=series.indicator.title, breakdown=name),
        description=_description(shown, series.indicator.unit),
        panels=tuple(panels),
        value_ticks=tuple(Tick(values.at(step), german(step.normalize() + 0)) for step in steps),
        day_ticks=tuple(day_ticks(days, _MOST_DAYS)),
        has_whole=bool(series.readings),
        has_provisional=any(each.provisional for each in everything),
        height=rows * _PANEL_HEIGHT,
    )


def _panel(
    title: str,
    number: int,
    readings: Sequence[Reading],
    whole: Sequence[Reading],
    days: DayScale,
    values: ValueScale,
) -> Panel:
    places = [(days.at(each.last_day), values.at(each.value)) for each in readings]
    dots = [
        Dot("provisional" if each.provisional else "final", x, y) for each, (x, y) in zip(readings, places, strict=True)
    ]
    newest = dots[-1]
    dots[-1] = Dot(newest.kind, newest.x, newest.y, german(readings[-1].value))
    return Panel(
        shorten(title, _LETTERS, placeholder=" …"),
        x=number % 2 * (_PANEL + _GAP),
        y=number // 2 * _PANEL_HEIGHT,
        dots=tuple(dots),
        line=path_of(places),
        whole=path_of([(days.at(each.last_day), values.at(each.value)) for each in whole]),
    )


def _description(shown: dict[str, tuple[Reading, ...]], unit: str) -> str:
    """Where each category stands, in words."""
    told = _("{category}: {value} ({period}).")
    return " ".join(
        told.format(
            category=title, value=with_unit(readings[-1].value, unit), period=german_period(readings[-1].period)
        )
        for title, readings in shown.items()
    )
