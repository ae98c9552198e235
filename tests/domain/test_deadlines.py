"""Days and periods in Berlin, across both changes of the clock."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deadlines import (
    BERLIN,
    EARLIEST_DATE,
    LATEST_DATE,
    add_months,
    berlin_date,
    days_left,
    default_close,
    earliest_close,
    end_of_day,
    is_over,
    is_plausible_date,
    last_day,
    start_of_day,
)

DAYS = st.dates(EARLIEST_DATE, LATEST_DATE)
MOMENTS = st.integers(0, 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 1, 15), datetime(2026, 1, 15, 23, tzinfo=UTC)),
        (date(2026, 7, 15), datetime(2026, 7, 15, 22, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_midnight_in_berlin(day: date, end: datetime) -> None:
    assert end_of_day(day) == end
    assert end_of_day(day).utcoffset() == timedelta(0)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_a_day_has_the_hours_it_has(day: date, hours: int) -> None:
    assert end_of_day(day) - start_of_day(day) == timedelta(hours=hours)


@given(DAYS)
def test_the_last_moment_of_a_day_belongs_to_it(day: date) -> None:
    end = end_of_day(day)
    assert berlin_date(end - timedelta(microseconds=1)) == day == last_day(end)
    assert berlin_date(end) == day + timedelta(days=1)
    assert end == start_of_day(day + timedelta(days=1))


def test_a_period_keeps_its_hour_across_both_changes_of_the_clock() -> None:
    spring = earliest_close(datetime(2026, 3, 20, 9, 30, tzinfo=UTC), 14)
    assert spring == datetime(2026, 4, 3, 8, 30, tzinfo=UTC)
    autumn = earliest_close(datetime(2026, 10, 20, 8, 30, tzinfo=UTC), 14)
    assert autumn == datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


def test_seconds_of_the_opening_do_not_count() -> None:
    opened_at = datetime(2026, 11, 22, 10, 0, 59, 999999, tzinfo=UTC)
    assert earliest_close(opened_at, 14) == datetime(2026, 12, 6, 10, tzinfo=UTC)


def test_an_hour_that_the_spring_change_leaves_out() -> None:
    opened_at = datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN)
    assert earliest_close(opened_at, 1) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@given(MOMENTS, st.integers(0, 365))
def test_the_default_deadline_meets_the_minimum(opened_at: datetime, days: int) -> None:
    closes_at = default_close(opened_at, days)
    assert earliest_close(opened_at, days) <= closes_at
    assert last_day(closes_at) == berlin_date(opened_at) + timedelta(days=days)
    assert days_left(closes_at, opened_at) == days


def test_a_period_is_over_from_its_closing_moment_on() -> None:
    closes_at = end_of_day(date(2026, 11, 22))
    assert not is_over(closes_at, closes_at - timedelta(microseconds=1))
    assert is_over(closes_at, closes_at)
    assert is_over(closes_at, closes_at.astimezone(timezone(timedelta(hours=-8))))


def test_days_left_count_calendar_days() -> None:
    closes_at = end_of_day(date(2026, 11, 22))
    assert days_left(closes_at, datetime(2026, 11, 22, 22, 59, tzinfo=UTC)) == 0
    assert days_left(closes_at, datetime(2026, 11, 22, 23, 0, tzinfo=UTC)) == -1
    assert days_left(closes_at, datetime(2026, 11, 20, 23, 30, tzinfo=UTC)) == 1


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months(day: date, months: int, result: date) -> None:
    assert add_months(day, months) == result


def test_a_time_without_a_zone_is_refused() -> None:
    aware = datetime(2026, 11, 22, tzinfo=UTC)
    naive = aware.replace(tzinfo=None)
    for call in (
        lambda: berlin_date(naive),
        lambda: earliest_close(naive, 1),
        lambda: is_over(naive, aware),
        lambda: is_over(aware, naive),
    ):
        with pytest.raises(ValueError, match="without a zone"):
            call()


def test_plausible_dates_can_all_be_computed_with() -> None:
    assert is_plausible_date(EARLIEST_DATE)
    assert is_plausible_date(LATEST_DATE)
    assert not is_plausible_date(date.max)
    assert not is_plausible_date(date.min)
    assert add_months(LATEST_DATE, 1200) < berlin_date(end_of_day(date(9000, 1, 1)))
