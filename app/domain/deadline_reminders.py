"""Which deadlines are reminded of, when, and who hears it once they are missed. Never asks what time it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from app.domain.deadlines import BERLIN, berlin_date, last_day


class DeadlineKind(StrEnum):
    """What somebody has to do until a moment."""

    COMMENT_ROUND = "comment_round"
    BALLOT = "ballot"
    REPORT = "report"
    MEASURE = "measure"
    VERIFICATION = "verification"
    CO_SIGNATURE = "co_signature"
    RESPONSE = "response"
    INVITATION = "invitation"
    DISSENTING_OPINION = "dissenting_opinion"
    COMMITMENT = "commitment"
    NEED_REVIEW = "need_review"
    READING = "reading"


class ReminderStage(StrEnum):
    """How near the deadline is; after it the Leitung is told."""

    SEVEN_DAYS = "seven_days"
    TWO_DAYS = "two_days"
    ENDED = "ended"
    MISSED = "missed"


class Overseer(StrEnum):
    """Who hears that a deadline was missed."""

    LEADERSHIP = "leadership"
    OFFICE = "office"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """One row: a kind of deadline, whether the clock closes it, and who hears that it was missed."""

    kind: DeadlineKind
    closes: bool
    told_after: frozenset[Overseer]


_LEADERSHIP = frozenset({Overseer.LEADERSHIP})
_OFFICE = frozenset({Overseer.OFFICE})

DEADLINES: Final = (
    DeadlineRule(kind=DeadlineKind.COMMENT_ROUND, closes=True, told_after=_LEADERSHIP),
    DeadlineRule(kind=DeadlineKind.BALLOT, closes=True, told_after=_LEADERSHIP),
    DeadlineRule(kind=DeadlineKind.DISSENTING_OPINION, closes=True, told_after=_LEADERSHIP),
    DeadlineRule(kind=DeadlineKind.CO_SIGNATURE, closes=False, told_after=_LEADERSHIP | _OFFICE),
    DeadlineRule(kind=DeadlineKind.RESPONSE, closes=False, told_after=_LEADERSHIP | _OFFICE),
    DeadlineRule(kind=DeadlineKind.REPORT, closes=False, told_after=_LEADERSHIP | _OFFICE),
    DeadlineRule(kind=DeadlineKind.MEASURE, closes=False, told_after=_LEADERSHIP | _OFFICE),
    DeadlineRule(kind=DeadlineKind.VERIFICATION, closes=False, told_after=_LEADERSHIP),
    DeadlineRule(kind=DeadlineKind.COMMITMENT, closes=False, told_after=_LEADERSHIP | _OFFICE),
    DeadlineRule(kind=DeadlineKind.NEED_REVIEW, closes=True, told_after=_OFFICE),
    DeadlineRule(kind=DeadlineKind.READING, closes=False, told_after=_OFFICE),
    DeadlineRule(kind=DeadlineKind.INVITATION, closes=True, told_after=_OFFICE),
)
"""Every kind once. Who still has to act hears of the stages before and at the end; the overseers of the last."""

DAYS_BEFORE: Final = {ReminderStage.SEVEN_DAYS: 7, ReminderStage.TWO_DAYS: 2}
MORNING: Final = time(8)
"""A reminder of days goes out in the morning of that day in Berlin, never in the middle of the night."""

FIRST_PAUSE: Final = timedelta(days=1)
"""Who was asked less than this before a reminder of days is spared it."""

LOOK_AHEAD: Final = timedelta(days=max(DAYS_BEFORE.values()) + 1)
"""No reminder comes earlier than this before its deadline."""

FORGOTTEN_AFTER: Final = timedelta(days=30)
"""A deadline longer past is reminded of no more: after a long standstill or an import nobody is flooded."""


def rule_of(kind: DeadlineKind) -> DeadlineRule:
    """The row of a kind."""
    return next(rule for rule in DEADLINES if rule.kind is kind)


def stage_moment(stage: ReminderStage, due_at: datetime) -> datetime:
    """When a stage is due: the mornings seven and two days before the last day, the end, the first morning after it."""
    if stage is ReminderStage.ENDED:
        return due_at
    if stage is ReminderStage.MISSED:
        day = berlin_date(due_at)
        return _morning(day) if _morning(day) > due_at else _morning(day + timedelta(days=1))
    return _morning(last_day(due_at) - timedelta(days=DAYS_BEFORE[stage]))


def stages_due(due_at: datetime, *, since: datetime, at: datetime) -> tuple[ReminderStage, ...]:
    """The stages to tell of now: of those for who has to act only the latest, and MISSED beside it.

    `since` is when somebody was asked. Nothing for a deadline that is far, or so long past that it is forgotten.
    """
    if at - due_at > FORGOTTEN_AFTER:
        return ()
    reached = [stage for stage in ReminderStage if stage_moment(stage, due_at) <= at]
    owed = [stage for stage in reached if stage is not ReminderStage.MISSED]
    latest = owed[-1:] if owed and not _comes_too_soon(owed[-1], due_at, since) else []
    return (*latest, *(stage for stage in reached if stage is ReminderStage.MISSED))


def _comes_too_soon(stage: ReminderStage, due_at: datetime, since: datetime) -> bool:
    return stage in DAYS_BEFORE and stage_moment(stage, due_at) < since + FIRST_PAUSE


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, tzinfo=BERLIN).astimezone(UTC)
