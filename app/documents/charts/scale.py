"""From values and days to places on a picture: axes that begin at nought, round steps, a few words at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.deadlines import add_months

_ROUND_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_STEP_MONTHS = (3, 6, 12, 24, 60, 120, 240)
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, the word at it, and where the word stands: a year's in its middle."""

    at: float
    text: str = ""
    text_at: float = 0.0


@dataclass(frozen=True, slots=True)
class ValueScale:
    """Values from bottom (`start`) to top (`end`) of a picture."""

    low: Decimal
    high: Decimal
    start: float
    end: float

    def at(self, value: Decimal) -> float:
        """Where a value lies."""
        return _place(float((value - self.low) / (self.high - self.low)), self.start, self.end)


@dataclass(frozen=True, slots=True)
class DayScale:
    """Days from the first to the last, left to right."""

    first: date
    last: date
    start: float
    end: float

    def at(self, day: date) -> float:
        """Where a day lies."""
        return _place((day - self.first).days / max((self.last - self.first).days, 1), self.start, self.end)


def round_values(values: Sequence[Decimal], most: int = MOST_TICKS) -> list[Decimal]:
    """Evenly spaced round values that hold all of these, nought among them."""
    low, high = min([*values, Decimal(0)]), max([*values, Decimal(0)])
    if low == high:
        high = low + 1
    step = _round_step((high - low) / (most - 1))
    first, last = (low / step).to_integral_value("ROUND_FLOOR"), (high / step).to_integral_value("ROUND_CEILING")
    return [step * number for number in range(int(first), int(last) + 1)]


def days_around(days: Sequence[date]) -> tuple[date, date]:
    """Whole years that hold all of these days, and at least one."""
    return date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)


def day_ticks(scale: DayScale, most: int = MOST_TICKS) -> list[Tick]:
    """Words at the days of an axis: years where there are enough, else halves or quarters of one."""
    months = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month
    step = next((each for each in _STEP_MONTHS if months / each < most), _STEP_MONTHS[-1])
    found = []
    day = scale.first
    while day < scale.last:
        middle = scale.at(add_months(day, min(step, 12) // 2))
        found.append(Tick(scale.at(day), f"{day.year}" if step >= 12 else f"{day.month:02}/{day.year}", middle))
        day = add_months(day, step)
    return [*found, Tick(scale.end)]


def path_of(points: Sequence[tuple[float, float]]) -> str:
    """A line through these places; empty where there is none."""
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in points) if points else ""


def _round_step(least: Decimal) -> Decimal:
    unit = Decimal(10) ** (least.adjusted())
    return next(unit * each for each in _ROUND_STEPS if unit * each >= least)


def _place(share: float, start: float, end: float) -> float:
    return round(start + (end - start) * share, 2)
