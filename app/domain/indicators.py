"""Indicators: what they measure, when a reading is due, and by which printed rule one says "auf Kurs".

Context indicators (the state of society) and indicators of achievement (output, outcome) are two kinds: a context
indicator has no target and is never judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.domain.deadlines import add_months

GRACE_MONTHS: Final = 3
"""How long after the end of its period a reading may take."""


class IndicatorKind(StrEnum):
    """What an indicator speaks of; only output and outcome are of a goal or measure."""

    CONTEXT = "context"
    OUTPUT = "output"
    OUTCOME = "outcome"

    @property
    def is_achievement(self) -> bool:
        """True where the indicator says how far a goal or measure has come."""
        return self is not IndicatorKind.CONTEXT


class Direction(StrEnum):
    """Which way is wanted."""

    INCREASE = "increase"
    DECREASE = "decrease"


class Rhythm(StrEnum):
    """How often a reading is due."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    EVERY_TWO_YEARS = "every_two_years"

    @property
    def months(self) -> int:
        """From the end of one period to the end of the next."""
        return _MONTHS[self]


_MONTHS = {
    Rhythm.MONTHLY: 1,
    Rhythm.QUARTERLY: 3,
    Rhythm.HALF_YEARLY: 6,
    Rhythm.YEARLY: 12,
    Rhythm.EVERY_TWO_YEARS: 24,
}


class Course(StrEnum):
    """The judgement on an indicator of achievement."""

    ON_TRACK = "on_track"
    OFF_TRACK = "off_track"
    NO_DATA = "no_data"


class CourseRule(StrEnum):
    """The rule that gave the judgement; the page prints it beside the word."""

    NO_TARGET = "no_target"
    NO_READING = "no_reading"
    READING_TOO_OLD = "reading_too_old"
    TARGET_REACHED = "target_reached"
    AT_LEAST_ON_THE_WAY = "at_least_on_the_way"
    BEHIND_THE_WAY = "behind_the_way"
    TARGET_MISSED = "target_missed"


COURSE_BY_RULE: Final = {
    CourseRule.NO_TARGET: Course.NO_DATA,
    CourseRule.NO_READING: Course.NO_DATA,
    CourseRule.READING_TOO_OLD: Course.NO_DATA,
    CourseRule.TARGET_REACHED: Course.ON_TRACK,
    CourseRule.TARGET_MISSED: Course.OFF_TRACK,
    CourseRule.AT_LEAST_ON_THE_WAY: Course.ON_TRACK,
    CourseRule.BEHIND_THE_WAY: Course.OFF_TRACK,
}
"""The rules in the order they are tried; the first that applies gives the judgement."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value and the day it is of: the last one of its period."""

    on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Judgement:
    """The judgement, the rule that gave it, and the value the way from baseline to target passes on that day."""

    course: Course
    rule: CourseRule
    expected: Decimal | None = None


def judge(
    baseline: Point | None,
    target: Point | None,
    reading: Point | None,
    *,
    direction: Direction,
    today: date,
    rhythm: Rhythm | None = None,
) -> Judgement:
    """Whether the newest reading lies at least on the straight way from the baseline to the target.

    Exact: decimals and whole days, nothing is rounded before it is compared.
    """
    if baseline is None or target is None:
        return _judged(CourseRule.NO_TARGET)
    if reading is None or reading.on <= baseline.on:
        return _judged(CourseRule.NO_READING)
    if _reaches(reading.value, target.value, direction):
        return _judged(CourseRule.TARGET_REACHED, _expected(baseline, target, reading.on))
    if reading.on >= target.on:
        return _judged(CourseRule.TARGET_MISSED, target.value)
    if is_too_old(reading.on, rhythm, today):
        return _judged(CourseRule.READING_TOO_OLD)
    # (reading - baseline) / days passed against (target - baseline) / days in all, without dividing.
    whole, passed = (target.on - baseline.on).days, (reading.on - baseline.on).days
    come, wanted = (reading.value - baseline.value) * whole, (target.value - baseline.value) * passed
    rule = CourseRule.AT_LEAST_ON_THE_WAY if _reaches(come, wanted, direction) else CourseRule.BEHIND_THE_WAY
    return _judged(rule, _expected(baseline, target, reading.on))


def next_due_on(
    last_of_period: date | None, rhythm: Rhythm | None, *, since: date, until: date | None = None
) -> date | None:
    """The day by which the next reading is due; None without a rhythm, and once `until`, the target's day, has one.

    `since` counts where there is no reading.
    """
    if rhythm is None or (last_of_period is not None and until is not None and last_of_period >= until):
        return None
    return add_months(last_of_period or since, rhythm.months + GRACE_MONTHS)


def is_too_old(last_of_period: date, rhythm: Rhythm | None, today: date) -> bool:
    """A whole rhythm has passed since the next reading was due: nobody knows any more where it stands."""
    return rhythm is not None and today > add_months(last_of_period, 2 * rhythm.months + GRACE_MONTHS)


def derived_direction(baseline: Decimal | None, target: Decimal | None) -> Direction | None:
    """The way a target lies from its baseline; None where they don't tell."""
    if baseline is None or target is None or baseline == target:
        return None
    return Direction.INCREASE if target > baseline else Direction.DECREASE


def contradicts(direction: Direction, baseline: Decimal | None, target: Decimal | None) -> bool:
    """True where the target lies the other way than the direction says."""
    return derived_direction(baseline, target) not in (None, direction)


def _reaches(value: Decimal, wanted: Decimal, direction: Direction) -> bool:
    return value >= wanted if direction is Direction.INCREASE else value <= wanted


def _expected(baseline: Point, target: Point, on: date) -> Decimal:
    if on >= target.on:
        return target.value
    whole, passed = (target.on - baseline.on).days, (on - baseline.on).days
    return baseline.value + (target.value - baseline.value) * passed / whole


def _judged(rule: CourseRule, expected: Decimal | None = None) -> Judgement:
    return Judgement(COURSE_BY_RULE[rule], rule, expected)
