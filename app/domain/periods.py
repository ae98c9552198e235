"""What a reading is of: a year, a half, a quarter, a month, a day, or years from and to; one spelling for each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.deadlines import add_months, is_plausible_date


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of days and the one way its name is written."""

    last: date
    first: date
    name: str


class NotAPeriod(ValueError):
    """The text names no period that could be told."""


_PARTS = {"H": 6, "Q": 3}
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(\d{4})"), "year"),
    (re.compile(r"(\d{4})\s*[-–/]\s*(\d{4})"), "years"),
    (re.compile(r"(\d{4})\s*-?\s*([HQ])\s*([1-4])", re.IGNORECASE), "part"),
    (re.compile(r"([HQ])\s*([1-4])\s*[-/]?\s*(\d{4})", re.IGNORECASE), "part_first"),
    (re.compile(r"([1-4])\.\s*(Quartal|Halbjahr)\s*(\d{4})", re.IGNORECASE), "german_part"),
    (re.compile(r"(\d{4})-(\d{1,2})"), "month"),
    (re.compile(r"(\d{1,2})[/.](\d{4})"), "german_month"),
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), "day"),
    (re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})"), "german_day"),
)


def parse_period(text: str) -> Period:
    """The period a text names: 2025, 2025-H1, 2025-Q3, 3. Quartal 2025, 2025-07, 31.12.2025, 2005-2010.

    Raises NotAPeriod.
    """
    for pattern, kind in _FORMS:
        match = pattern.fullmatch(text.strip())
        if match:
            try:
                found = _period(kind, match.groups())
            except ValueError as error:
                raise NotAPeriod(text) from error
            if found.first <= found.last and is_plausible_date(found.first) and is_plausible_date(found.last):
                return found
            break
    raise NotAPeriod(text)


def _period(kind: str, parts: tuple[str, ...]) -> Period:
    match kind:
        case "year":
            return _months(int(parts[0]), 1, 12, parts[0])
        case "years":
            first, last = int(parts[0]), int(parts[1])
            return Period(date(last, 12, 31), date(first, 1, 1), f"{first}-{last}")
        case "part":
            return _part(int(parts[0]), parts[1].upper(), int(parts[2]))
        case "part_first":
            return _part(int(parts[2]), parts[0].upper(), int(parts[1]))
        case "german_part":
            return _part(int(parts[2]), parts[1][0].upper(), int(parts[0]))
        case "month":
            return _month(int(parts[0]), int(parts[1]))
        case "german_month":
            return _month(int(parts[1]), int(parts[0]))
        case "day":
            day = date(int(parts[0]), int(parts[1]), int(parts[2]))
        case _:
            day = date(int(parts[2]), int(parts[1]), int(parts[0]))
    return Period(day, day, day.isoformat())


def _part(year: int, letter: str, number: int) -> Period:
    months = _PARTS[letter]
    if number * months > 12:
        raise ValueError("a year has two halves")
    return _months(year, (number - 1) * months + 1, months, f"{year}-{letter}{number}")


def _month(year: int, month: int) -> Period:
    return _months(year, month, 1, f"{year}-{month:02}")


def _months(year: int, month: int, months: int, name: str) -> Period:
    first = date(year, month, 1)
    return Period(add_months(first, months) - timedelta(days=1), first, name)
