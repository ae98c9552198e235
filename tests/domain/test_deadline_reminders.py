"""When which stage of a deadline is due, across both changes of the clock and for a worker that comes late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.deadline_reminders import (
    DEADLINES,
    FORGOTTEN_AFTER,
    LOOK_AHEAD,
    DeadlineKind,
    ReminderStage,
    rule_of,
    stage_moment,
    stages_due,
)
from app.domain.deadlines import end_of_day

S = ReminderStage
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("due_at", "seven", "two", "after"),
    [
        (end_of_day(date(2026, 3, 16)), _utc(2026, 3, 9, 7), _utc(2026, 3, 14, 7), _utc(2026, 3, 17, 7)),
        # The clock is put forward on 29 March and back on 25 October: it stays 8 in the morning.
        (end_of_day(date(2026, 3, 31)), _utc(2026, 3, 24, 7), _utc(2026, 3, 29, 6), _utc(2026, 4, 1, 6)),
        (end_of_day(date(2026, 10, 26)), _utc(2026, 10, 19, 6), _utc(2026, 10, 24, 6), _utc(2026, 10, 27, 7)),
        # By the minute, before and after the morning.
        (_utc(2026, 3, 16, 14), _utc(2026, 3, 9, 7), _utc(2026, 3, 14, 7), _utc(2026, 3, 17, 7)),
        (_utc(2026, 3, 16, 5), _utc(2026, 3, 9, 7), _utc(2026, 3, 14, 7), _utc(2026, 3, 16, 7)),
    ],
)
def test_stages_come_in_the_morning_and_at_the_end(
    due_at: datetime, seven: datetime, two: datetime, after: datetime
) -> None:
    assert [stage_moment(stage, due_at) for stage in S] == [seven, two, due_at, after]
    assert due_at - seven <= LOOK_AHEAD


def test_of_the_stages_before_only_the_latest_is_told() -> None:
    due_at = end_of_day(date(2026, 3, 16))
    moments = {stage: stage_moment(stage, due_at) for stage in S}
    expected: list[tuple[datetime, tuple[ReminderStage, ...]]] = [
        (moments[S.SEVEN_DAYS] - MICROSECOND, ()),
        (moments[S.SEVEN_DAYS], (S.SEVEN_DAYS,)),
        (moments[S.TWO_DAYS] - MICROSECOND, (S.SEVEN_DAYS,)),
        (moments[S.TWO_DAYS], (S.TWO_DAYS,)),
        (moments[S.ENDED] - MICROSECOND, (S.TWO_DAYS,)),
        (moments[S.ENDED], (S.ENDED,)),
        (moments[S.MISSED] - MICROSECOND, (S.ENDED,)),
        (moments[S.MISSED], (S.ENDED, S.MISSED)),
        (due_at + FORGOTTEN_AFTER, (S.ENDED, S.MISSED)),
        (due_at + FORGOTTEN_AFTER + MICROSECOND, ()),
    ]
    for moment, stages in expected:
        assert stages_due(due_at, since=LONG_AGO, at=moment) == stages


def test_who_was_asked_a_moment_ago_is_not_reminded_at_once() -> None:
    due_at = end_of_day(date(2026, 3, 16))
    asked_at = _utc(2026, 3, 9, 9)
    assert stages_due(due_at, since=asked_at, at=_utc(2026, 3, 10)) == ()
    assert stages_due(due_at, since=asked_at, at=_utc(2026, 3, 14, 7)) == (S.TWO_DAYS,)
    # The end is told to everybody.
    assert stages_due(due_at, since=due_at - timedelta(hours=3), at=due_at) == (S.ENDED,)


def test_every_kind_has_one_rule_and_somebody_who_hears_that_it_was_missed() -> None:
    assert sorted(rule.kind for rule in DEADLINES) == sorted(DeadlineKind)
    for kind in DeadlineKind:
        assert rule_of(kind).told_after
