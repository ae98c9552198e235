"""The printed rule for "auf Kurs": every branch, exact at its borders."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.indicators import (
    COURSE_BY_RULE,
    Course,
    CourseRule,
    Direction,
    Point,
    Rhythm,
    contradicts,
    derived_direction,
    judge,
    next_due_on,
)

BASELINE = Point(date(2025, 1, 1), Decimal(100))
TARGET = {
    Direction.DECREASE: Point(date(2029, 1, 1), Decimal(60)),
    Direction.INCREASE: Point(date(2029, 1, 1), Decimal(140)),
}
TODAY = date(2027, 3, 1)


def rule_of(reading: Point | None, direction: Direction = Direction.DECREASE, **more: object) -> CourseRule:
    sent = {"today": TODAY, **more}
    return judge(BASELINE, TARGET[direction], reading, direction=direction, **sent).rule  # type: ignore[arg-type]


def test_every_rule_gives_a_judgement() -> None:
    assert set(COURSE_BY_RULE) == set(CourseRule)
    assert set(COURSE_BY_RULE.values()) == set(Course)


@pytest.mark.parametrize("direction", Direction)
def test_without_baseline_target_or_reading_there_are_no_data(direction: Direction) -> None:
    reading = Point(date(2027, 1, 1), Decimal(100))
    for baseline, target in product((BASELINE, None), (TARGET[direction], None)):
        if baseline and target:
            continue
        found = judge(baseline, target, reading, direction=direction, today=TODAY)
        assert (found.course, found.rule, found.expected) == (Course.NO_DATA, CourseRule.NO_TARGET, None)
    assert rule_of(None, direction) is CourseRule.NO_READING
    assert rule_of(Point(BASELINE.on, Decimal(60)), direction) is CourseRule.NO_READING


def test_a_value_on_the_straight_way_is_on_track_and_a_hair_behind_is_not() -> None:
    # 730 of 1461 days: the way has come down by 40 * 730 / 1461.
    on = date(2027, 1, 1)
    expected = judge(
        BASELINE, TARGET[Direction.DECREASE], Point(on, Decimal(99)), direction=Direction.DECREASE, today=TODAY
    )
    assert expected.expected is not None
    assert Decimal("80.01") < expected.expected < Decimal("80.02")
    assert rule_of(Point(on, Decimal("80.013"))) is CourseRule.AT_LEAST_ON_THE_WAY
    assert rule_of(Point(on, Decimal("80.014"))) is CourseRule.BEHIND_THE_WAY
    assert rule_of(Point(on, Decimal("119.987")), Direction.INCREASE) is CourseRule.AT_LEAST_ON_THE_WAY
    assert rule_of(Point(on, Decimal("119.986")), Direction.INCREASE) is CourseRule.BEHIND_THE_WAY


@pytest.mark.parametrize("direction", Direction)
def test_the_middle_of_an_even_way_is_exact(direction: Direction) -> None:
    baseline, target = Point(date(2026, 1, 1), Decimal(0)), Point(date(2026, 1, 5), Decimal(1))
    if direction is Direction.DECREASE:
        target = Point(target.on, Decimal(-1))
    half = Decimal("0.5") if direction is Direction.INCREASE else Decimal("-0.5")
    worse = half - Decimal("0.000001") if direction is Direction.INCREASE else half + Decimal("0.000001")
    on = date(2026, 1, 3)
    for value, rule in ((half, CourseRule.AT_LEAST_ON_THE_WAY), (worse, CourseRule.BEHIND_THE_WAY)):
        assert judge(baseline, target, Point(on, value), direction=direction, today=on).rule is rule


def test_the_target_counts_at_its_day_and_when_reached_before() -> None:
    assert rule_of(Point(date(2026, 1, 1), Decimal(60))) is CourseRule.TARGET_REACHED
    assert rule_of(Point(date(2026, 1, 1), Decimal(59))) is CourseRule.TARGET_REACHED
    late = date(2029, 6, 1)
    assert rule_of(Point(TARGET[Direction.DECREASE].on, Decimal(61)), today=late) is CourseRule.TARGET_MISSED
    assert rule_of(Point(TARGET[Direction.DECREASE].on, Decimal(60)), today=late) is CourseRule.TARGET_REACHED
    assert rule_of(Point(late, Decimal("60.000001")), today=late) is CourseRule.TARGET_MISSED


def test_an_old_value_is_no_data_from_the_day_a_whole_rhythm_is_overdue() -> None:
    reading = Point(date(2025, 12, 31), Decimal(80))
    for day, rule in (
        (date(2028, 3, 31), CourseRule.AT_LEAST_ON_THE_WAY),
        (date(2028, 4, 1), CourseRule.READING_TOO_OLD),
    ):
        assert rule_of(reading, rhythm=Rhythm.YEARLY, today=day) is rule
    assert rule_of(reading, today=date(2028, 12, 31)) is CourseRule.AT_LEAST_ON_THE_WAY


def test_a_level_to_be_held_is_judged_by_its_direction() -> None:
    target = Point(date(2029, 1, 1), Decimal(100))
    for direction, value, course in (
        (Direction.INCREASE, 100, Course.ON_TRACK),
        (Direction.INCREASE, 99, Course.OFF_TRACK),
        (Direction.DECREASE, 100, Course.ON_TRACK),
        (Direction.DECREASE, 101, Course.OFF_TRACK),
    ):
        reading = Point(date(2026, 1, 1), Decimal(value))
        assert judge(BASELINE, target, reading, direction=direction, today=TODAY).course is course


_VALUES = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**11), max_value=10**11)
_DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(_VALUES, _VALUES, _VALUES, _DAYS, _DAYS, _DAYS)
def test_the_judgement_is_the_same_as_with_fractions(
    start: Decimal, end: Decimal, value: Decimal, first: date, last: date, on: date
) -> None:
    from fractions import Fraction

    direction = derived_direction(start, end)
    if direction is None or not first < on < last:
        return
    found = judge(Point(first, start), Point(last, end), Point(on, value), direction=direction, today=on)
    way = Fraction(start) + (Fraction(end) - Fraction(start)) * Fraction((on - first).days, (last - first).days)
    is_on = Fraction(value) >= way if direction is Direction.INCREASE else Fraction(value) <= way
    assert (found.course is Course.ON_TRACK) == is_on


def test_the_direction_follows_from_baseline_and_target() -> None:
    assert derived_direction(Decimal(1), Decimal(2)) is Direction.INCREASE
    assert derived_direction(Decimal(2), Decimal(1)) is Direction.DECREASE
    assert derived_direction(Decimal(1), Decimal("1.0")) is None
    assert derived_direction(None, Decimal(1)) is None
    assert contradicts(Direction.INCREASE, Decimal(2), Decimal(1))
    assert not contradicts(Direction.DECREASE, Decimal(2), Decimal(1))
    assert not contradicts(Direction.DECREASE, Decimal(1), Decimal(1))


@pytest.mark.parametrize("rhythm", Rhythm)
def test_a_reading_is_due_three_months_after_its_period(rhythm: Rhythm) -> None:
    due = next_due_on(date(2025, 12, 31), rhythm, since=date(2020, 1, 1))
    assert due is not None
    assert (due.year - 2025) * 12 + due.month - 12 == rhythm.months + 3
    assert next_due_on(None, rhythm, since=date(2025, 12, 31)) == due
    assert next_due_on(date(2025, 12, 31), None, since=date(2020, 1, 1)) is None


def test_nothing_is_due_once_the_day_of_the_target_has_its_reading() -> None:
    since, until = date(2020, 1, 1), date(2025, 12, 31)
    assert next_due_on(until, Rhythm.YEARLY, since=since, until=until) is None
    assert next_due_on(date(2024, 12, 31), Rhythm.YEARLY, since=since, until=until) == date(2026, 3, 31)
    assert next_due_on(None, Rhythm.YEARLY, since=since, until=until) == date(2021, 4, 1)
