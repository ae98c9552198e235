"""When grouped mail leaves: by the clock of Berlin, also where the clock is changed."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.deadlines import BERLIN
from app.domain.digests import DEFAULT_CHOICE, HOURS, WEEKDAYS, MailChoice, latest_hour
from app.domain.notifications import MailRhythm

SPRING = datetime(2026, 3, 29, tzinfo=BERLIN)
AUTUMN = datetime(2026, 10, 25, tzinfo=BERLIN)


def utc(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_the_daily_mail_leaves_at_its_hour_in_winter_and_in_summer() -> None:
    # Sunday, 29 March 2026: from one hour before UTC to two.
    assert latest_hour(utc(28, 6), 7) == utc(28, 6)
    assert latest_hour(utc(28, 5, 59), 7) == utc(27, 6)
    assert latest_hour(utc(29, 5), 7) == utc(29, 5)
    assert latest_hour(utc(29, 4, 59), 7) == utc(28, 6)


def test_the_hour_that_spring_leaves_out_is_the_next_one() -> None:
    assert latest_hour(utc(29, 1), 2) == utc(29, 1)
    assert latest_hour(utc(29, 0, 59), 2) == utc(28, 1)
    assert latest_hour(utc(29, 12), 3) == utc(29, 1)


def test_of_the_two_hours_of_autumn_the_first_counts() -> None:
    assert latest_hour(utc(25, 0, month=10), 2) == utc(25, 0, month=10)
    assert latest_hour(utc(25, 1, 30, month=10), 2) == utc(25, 0, month=10)
    assert latest_hour(utc(26, 1, month=10), 2) == utc(26, 1, month=10)


def test_the_weekly_mail_leaves_on_its_day() -> None:
    tuesday = 1
    assert latest_hour(utc(24, 6), 7, tuesday) == utc(24, 6)
    assert latest_hour(utc(24, 5, 59), 7, tuesday) == utc(17, 6)
    assert latest_hour(utc(31, 5), 7, tuesday) == utc(31, 5), "a week of 167 hours"


@pytest.mark.parametrize("change", [SPRING, AUTUMN])
@pytest.mark.parametrize("hour", HOURS)
def test_every_hour_comes_once_a_day_and_never_later_than_asked(change: datetime, hour: int) -> None:
    start = (change - timedelta(days=2)).astimezone(UTC)
    seen = {latest_hour(start + timedelta(minutes=15 * step), hour) for step in range(5 * 96)}
    days = [moment.astimezone(BERLIN).date() for moment in sorted(seen)]
    assert len(days) == len(set(days))
    assert all(later - earlier == timedelta(days=1) for earlier, later in itertools.pairwise(days))


@pytest.mark.parametrize("weekday", WEEKDAYS)
def test_the_weekday_is_the_one_in_berlin(weekday: int) -> None:
    for step in range(14 * 24):
        moment = latest_hour(utc(20, 0) + timedelta(hours=step), 0, weekday)
        assert moment.astimezone(BERLIN).weekday() == weekday
        assert timedelta() <= utc(20, 0) + timedelta(hours=step) - moment < timedelta(days=7, hours=1)


def test_a_choice_knows_its_last_and_its_next_moment() -> None:
    at = utc(2, 9)
    assert DEFAULT_CHOICE.latest_moment(at) == utc(2, 6)
    assert DEFAULT_CHOICE.next_moment(at) == utc(3, 6)
    weekly = MailChoice(rhythm=MailRhythm.WEEKLY, hour=0, weekday=0)
    assert (weekly.latest_moment(at), weekly.next_moment(at)) == (utc(1, 23), utc(8, 23))
    at_once = MailChoice(rhythm=MailRhythm.AT_ONCE)
    assert (at_once.latest_moment(at), at_once.next_moment(at)) == (at, None)
    never = MailChoice(rhythm=MailRhythm.NEVER)
    assert (never.latest_moment(at), never.next_moment(at)) == (None, None)


@pytest.mark.parametrize("rhythm", [MailRhythm.DAILY, MailRhythm.WEEKLY])
def test_the_next_moment_is_the_last_one_once_it_has_come(rhythm: MailRhythm) -> None:
    for hour in HOURS:
        choice = MailChoice(rhythm=rhythm, hour=hour, weekday=6)
        for at in (utc(28, 23, 30), utc(29, 0, 59), utc(24, 23, month=10), utc(25, 0, 30, month=10)):
            coming = choice.next_moment(at)
            assert coming is not None
            assert coming > at
            assert choice.latest_moment(coming) == coming
            assert choice.latest_moment(coming - timedelta(microseconds=1)) == choice.latest_moment(at)
