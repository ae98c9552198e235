"""How many recommendations have come how far, a bar for each field, level or year; each part has its own pattern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.documents.csv import csv_of
from app.i18n import _, ngettext
from app.queries.implementation_figures import STATUSES, Bar
from app.wording import label

WIDTH = 480
_ROW, _BAR, _TITLE = 58.0, 24.0, 22.0
_LEFT, _RIGHT = 2.0, 478.0
_ROOM_FOR_A_NUMBER = 16.0


@dataclass(frozen=True, slots=True)
class BarPart:
    """One status within a bar; its number stands in it where there is room."""

    status: StrEnum
    x: float
    width: float
    count: int
    is_labelled: bool


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar with its title above it."""

    key: str
    title: str
    total: int
    title_y: float
    y: float
    parts: tuple[BarPart, ...]


@dataclass(frozen=True, slots=True)
class StatusBars:
    """All a template needs to draw the picture; `shown` are the statuses that occur."""

    key: str
    title: str
    description: str
    rows: tuple[BarRow, ...]
    shown: tuple[StrEnum, ...]
    height: float
    width: int = WIDTH
    bar: float = _BAR


def status_bars(key: str, title: str, bars: Sequence[Bar]) -> StatusBars | None:
    """The picture: every bar to the same scale, so that lengths compare; None where nothing is counted."""
    most = max((bar.total for bar in bars), default=0)
    if not most:
        return None
    scale = (_RIGHT - _LEFT) / most
    rows = []
    for number, bar in enumerate(bars):
        top = number * _ROW
        rows.append(BarRow(bar.key, bar.title, bar.total, top + _TITLE - 6, top + _TITLE, tuple(_parts(bar, scale))))
    shown = tuple(status for status in STATUSES if any(dict(bar.counts).get(status) for bar in bars))
    return StatusBars(key, title, description_of(bars), tuple(rows), shown, len(bars) * _ROW)


def description_of(bars: Sequence[Bar]) -> str:
    """The picture in words."""
    said = []
    for bar in bars:
        total = ngettext("{number} Empfehlung", "{number} Empfehlungen", bar.total).format(number=bar.total)
        parts = ", ".join(f"{count} {label(status)}" for status, count in bar.counts if count)
        said.append(f"{bar.title}: {total}{f' ({parts})' if parts else ''}.")
    return " ".join(said)


def status_csv(first: str, bars: Sequence[Bar]) -> bytes:
    """The numbers as a table: a row for each bar, a column for each status."""
    head = (first, *(label(status) for status in STATUSES), _("Zusammen"))
    return csv_of(
        head, ((bar.title, *(dict(bar.counts).get(status, 0) for status in STATUSES), bar.total) for bar in bars)
    )


def _parts(bar: Bar, scale: float) -> list[BarPart]:
    found, x = [], _LEFT
    for status, count in bar.counts:
        if count:
            width = round(count * scale, 2)
            found.append(BarPart(status, round(x, 2), width, count, width >= _ROOM_FOR_A_NUMBER))
            x += width
    return found
