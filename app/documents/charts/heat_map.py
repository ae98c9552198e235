"""Field of action by status: how many recommendations stand where, as shades with the number in each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.documents.charts.status_bars import description_of
from app.queries.implementation_figures import STATUSES, Bar

WIDTH = 480
STEPS = 4
"""Shades beside that of nought."""
_LEFT, _TOP, _CELL_HEIGHT, _GAP = 40.0, 34.0, 44.0, 3.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One field and one status; `shade` is 0 for none, up to STEPS for the most."""

    x: float
    y: float
    count: int
    shade: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """All a template needs to draw the picture: columns are numbered, the key below says what they are."""

    key: str
    title: str
    description: str
    columns: tuple[tuple[float, StrEnum], ...]
    rows: tuple[tuple[float, str, str, tuple[Cell, ...]], ...]
    cell_width: float
    cell_height: float
    height: float
    width: int = WIDTH
    top: float = _TOP


def heat_map(key: str, title: str, bars: Sequence[Bar], codes: Sequence[str]) -> HeatMap | None:
    """The picture of these bars, each row headed by its field's code; None where nothing is counted."""
    most = max((count for bar in bars for _status, count in bar.counts), default=0)
    if not most:
        return None
    width = (WIDTH - _LEFT) / len(STATUSES)
    rows = []
    for number, (bar, code) in enumerate(zip(bars, codes, strict=True)):
        y = _TOP + number * _CELL_HEIGHT
        counts = dict(bar.counts)
        cells = tuple(
            Cell(round(_LEFT + place * width, 2), y, counts.get(status, 0), shade_of(counts.get(status, 0), most))
            for place, status in enumerate(STATUSES)
        )
        rows.append((y, code, bar.title, cells))
    columns = tuple((round(_LEFT + (place + 0.5) * width, 2), status) for place, status in enumerate(STATUSES))
    return HeatMap(
        key,
        title,
        description_of(bars),
        columns,
        tuple(rows),
        cell_width=round(width - _GAP, 2),
        cell_height=_CELL_HEIGHT - _GAP,
        height=_TOP + len(bars) * _CELL_HEIGHT,
    )


def shade_of(count: int, most: int) -> int:
    """0 for none, else in even steps of the most; in whole numbers, so that equal counts look equal."""
    return 0 if count == 0 else max(1, -(-count * STEPS // most))
