"""The pictures of numbers as parts of a document: vector, said in words, with the table of their numbers below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.documents.charts.heat_map import heat_map
from app.documents.charts.printed import Chart, printed_svg
from app.documents.charts.series import series_chart
from app.documents.charts.status_bars import status_bars
from app.documents.charts.timeline import Milestones, begun_on, timeline
from app.documents.document import Cell, Figure, Table
from app.i18n import _
from app.queries.implementation_figures import Bar
from app.queries.indicators import Series
from app.queries.measures import ListedMeasure
from app.wording import label
from app.wording.dates import german_date
from app.wording.numbers import german, german_period

_COURSE = 2


def status_figure(key: str, title: str, first: str, bars: Sequence[Bar]) -> list[Figure]:
    """How far recommendations are, a bar for each row; nothing where none is counted."""
    chart = status_bars(key, title, bars)
    if chart is None:
        return []
    head = (first, *(label(status) for status in chart.shown), _("Zusammen"))
    rows: list[Sequence[Cell]] = [
        (bar.title, *(dict(bar.counts).get(status, 0) for status in chart.shown), bar.total) for bar in bars
    ]
    return [_figure(chart, Table(_("{title}: Zahlen").format(title=title), head, rows, _first_wide(len(head))))]


def heat_figure(key: str, title: str, bars: Sequence[Bar], codes: Sequence[str]) -> list[Figure]:
    """Field by status as shades; its numbers stand in the table of the bars by field."""
    chart = heat_map(key, title, bars, codes)
    return [_figure(chart, None)] if chart else []


def series_figure(series: Series) -> list[Figure]:
    """The readings of an indicator with baseline and target; nothing where a single value shows no course."""
    chart = series_chart(series)
    if chart is None or len(chart.marks) < _COURSE:
        return []
    indicator = series.indicator
    rows: list[Sequence[Cell]] = []
    for on, value, kind in (
        (indicator.baseline_on, indicator.baseline, _("Ausgangswert")),
        *((each.period, each.value, _state(each.provisional)) for each in series.readings),
        (indicator.target_on, indicator.target, _("Zielwert")),
    ):
        if value is not None:
            rows.append((german_period(on) if isinstance(on, str) else german_date(on), german(value), kind))
    head = (_("Zeitraum oder Tag"), _("Wert in {unit}").format(unit=indicator.unit), _("Stand"))
    return [_figure(chart, Table(_("{title}: Werte").format(title=indicator.title), head, rows, (2, 1, 2)))]


def timeline_figure(
    key: str, title: str, measures: Sequence[ListedMeasure], milestones: Milestones, day: date
) -> list[Figure]:
    """Measures on a line of time; nothing where there is none."""
    chart = timeline(key, title, measures, milestones, day)
    if chart is None:
        return []
    head = (_("Maßnahme"), _("geplant am"), _("bis"), _("Stand"))
    rows = [
        (
            each.measure.title,
            german_date(begun_on(each.measure)),
            german_date(each.measure.due_on) or _("ohne Datum"),
            _with_delay(each),
        )
        for each in measures
    ]
    return [_figure(chart, Table(_("{title}: Daten").format(title=title), head, rows, (4, 2, 2, 2)))]


def _figure(chart: Chart, table: Table | None) -> Figure:
    return Figure(printed_svg(chart), f"{chart.title}. {chart.description}", chart.title, table)


def _state(provisional: bool) -> str:
    return _("vorläufiger Wert") if provisional else _("Wert")


def _with_delay(listed: ListedMeasure) -> str:
    said = label(listed.measure.state)
    return _("{state}, überfällig").format(state=said) if listed.is_overdue else said


def _first_wide(columns: int) -> tuple[float, ...]:
    return (3.0, *([1.4] * (columns - 1)))
