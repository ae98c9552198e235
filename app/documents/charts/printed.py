"""A picture for paper: drawn by the same templates as on the page, with its key in it and its colours written out.

A file knows no style sheet. Each sign keeps the shape, dash or pattern it has on the page, so that it prints in grey.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final
from xml.etree import ElementTree as Xml

from app.documents.charts.heat_map import HeatMap
from app.documents.charts.series import SeriesChart
from app.documents.charts.status_bars import StatusBars
from app.documents.charts.timeline import Timeline
from app.templating import render_template

Chart = StatusBars | HeatMap | SeriesChart | Timeline

WIDTH: Final = 720
"""Wider than the drawing: its letters become as large as those of the text around it."""

_KEY_ROW, _KEY_GAP = 26, 20
_SVG: Final = "http://www.w3.org/2000/svg"
_TEXT, _MUTED, _LINE, _EDGE, _GROUND = "#171a1c", "#565f66", "#d0d5d8", "#6d7980", "#ffffff"
_BLUE, _GREEN, _RED = "#171a66", "#00695f", "#a60d08"
_HALO: Final = {"stroke": _GROUND, "stroke-width": "4", "stroke-linejoin": "round"}

_STYLES: Final[dict[str, dict[str, str]]] = {
    "chart__tick": {"fill": _MUTED},
    "chart__label": {"font-weight": "600"},
    "chart__count": {"font-weight": "600"},
    "chart__line": {"fill": "none", "stroke": _TEXT, "stroke-width": "2.5"},
    "chart__way": {"fill": "none", "stroke": _MUTED, "stroke-width": "2", "stroke-dasharray": "6 5"},
    "chart__notch": {"stroke": _LINE},
    "chart__mark": {"fill": _TEXT, "stroke": _GROUND, "stroke-width": "1.5"},
    "chart__mark--final": {"fill": _BLUE},
    "chart__mark--provisional": {"fill": _GROUND, "stroke": _BLUE, "stroke-width": "2.5"},
    "chart__mark--target": {"fill": _GREEN},
    "chart__part": {"stroke": _TEXT, "stroke-width": "1", "fill": _GROUND},
    "chart__part--done": {"fill": _GREEN},
    "chart__part--mostly_done": {"fill": "#5a978f"},
    "chart__part--started": {"fill": "#8586ae"},
    "chart__part--no_response": {"stroke-dasharray": "3 3"},
    "chart__part--not_done": {"fill": "#e0aeac"},
    "chart__part--closed": {"fill": _LINE},
    "chart__time": {"stroke": _TEXT, "stroke-width": "1", "fill": _GROUND},
    "chart__time--verified_done": {"fill": _GREEN},
    "chart__time--in_progress": {"fill": "#8586ae"},
    "chart__time--reported_done": {"fill": "#8586ae"},
    "chart__time--aborted": {"fill": "#e0aeac"},
    "chart__time--dropped": {"fill": _LINE},
    "chart__time--suspended": {"stroke-dasharray": "4 3"},
    "chart__hatch": {"fill": "none", "stroke": _TEXT, "stroke-width": "1.4"},
    "chart__hatch--light": {"stroke-width": "1"},
    "chart__inner": {"fill": "none", "stroke": _TEXT, "stroke-width": "1.4"},
    "chart__dot": {"fill": _MUTED},
    "chart__plate": {"fill": _GROUND},
    "chart__today": {"fill": "none", "stroke": _RED, "stroke-width": "2", "stroke-dasharray": "2 3"},
    "chart__stone": {"fill": _GROUND, "stroke": _TEXT, "stroke-width": "1.8"},
    "chart__stone--reached": {"fill": _TEXT},
    "chart__cell": {"fill": _GROUND, "stroke": _EDGE, "stroke-width": "1"},
    "chart__cell--1": {"fill": "#dedeea"},
    "chart__cell--2": {"fill": "#b3b4cd"},
    "chart__cell--3": {"fill": "#4b4d88"},
    "chart__cell--4": {"fill": _BLUE},
    "chart__cell-text": {"font-weight": "600"},
    "chart__cell-text--0": {"fill": _MUTED, "font-weight": "400"},
    "chart__cell-text--3": {"fill": _GROUND},
    "chart__cell-text--4": {"fill": _GROUND},
}
"""By class of `frontend/styles/charts.css`: its look on white paper; a later class wins over an earlier one."""

_WITH_HALO: Final = frozenset({"chart__label", "chart__row--halo"})
_LOST: Final = ("class", "role", "focusable", "aria-labelledby")


class _Kind(StrEnum):
    BARS = "bars"
    HEAT = "heat"
    SERIES = "series"
    TIMELINE = "timeline"


_KINDS: Final[dict[type, _Kind]] = {
    StatusBars: _Kind.BARS,
    HeatMap: _Kind.HEAT,
    SeriesChart: _Kind.SERIES,
    Timeline: _Kind.TIMELINE,
}


def printed_svg(chart: Chart) -> str:
    """The picture with its key as one SVG that needs nothing beside it."""
    top = chart.height + _KEY_GAP
    height = round(top + -(-_signs_of(chart) // 2) * _KEY_ROW)
    drawn = render_template(
        "charts/printed.html",
        {"kind": _KINDS[type(chart)], "chart": chart, "key_top": top, "width": WIDTH, "height": height},
    )
    root = Xml.fromstring(drawn)
    _dress(root)
    Xml.register_namespace("", _SVG)
    return Xml.tostring(root, encoding="unicode")


def _signs_of(chart: Chart) -> int:
    """How many signs the key explains."""
    match chart:
        case StatusBars():
            return len(chart.shown)
        case HeatMap():
            return len(chart.columns) + len(chart.columns) % 2 + len(chart.rows)
        case SeriesChart():
            return len({mark.kind for mark in chart.marks}) + bool(chart.way)
        case Timeline():
            return len(chart.states) + 1 + 2 * chart.has_milestones + any(row.is_overdue for row in chart.rows)


def _dress(parent: Xml.Element, *, in_grid: bool = False) -> None:
    """Write out what the style sheet says; a word with a halo is written twice, as few programs paint one around it."""
    for element in list(parent):
        words = element.get("class", "").split()
        tag = element.tag.removeprefix(f"{{{_SVG}}}")
        looks: dict[str, str] = {}
        if tag == "text":
            looks |= {"font-family": "Libertinus Serif, serif", "font-size": "16", "fill": _TEXT}
        if tag == "line" and in_grid:
            looks |= {"stroke": _LINE, "stroke-width": "1"}
        for word in words:
            looks |= _STYLES.get(word, {})
        for name in _LOST:
            element.attrib.pop(name, None)
        for name, value in looks.items():
            element.attrib.setdefault(name, value)
        if _WITH_HALO & set(words):
            behind = Xml.Element(element.tag, {**element.attrib, **_HALO})
            behind.text = element.text
            parent.insert(list(parent).index(element), behind)
        _dress(element, in_grid=in_grid or "chart__grid" in words)
