"""When a person's mail about news and tasks leaves, on the clock of Europe/Berlin. Never asks what time it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from app.domain.deadlines import BERLIN
from app.domain.notifications import MailRhythm

MAILED_WITHIN: Final = timedelta(days=30)
"""News and tasks older than this are mailed no more: who wanted no mail for a year is not flooded at its end."""

HOURS: Final = range(24)
WEEKDAYS: Final = range(7)
"""Monday is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChoice:
    """How a person wants mail: the hour counts for daily and weekly, the weekday for weekly alone."""

    rhythm: MailRhythm = MailRhythm.DAILY
    hour: int = 7
    weekday: int = 0

    def latest_moment(self, at: datetime) -> datetime | None:
        """Until when what happened is to be mailed by now; None where nothing is ever."""
        match self.rhythm:
            case MailRhythm.AT_ONCE:
                return at
            case MailRhythm.DAILY:
                return latest_hour(at, self.hour)
            case MailRhythm.WEEKLY:
                return latest_hour(at, self.hour, self.weekday)
            case MailRhythm.NEVER:
                return None

    def next_moment(self, at: datetime) -> datetime | None:
        """When the next mail can leave; None where there is no fixed time."""
        if self.rhythm not in {MailRhythm.DAILY, MailRhythm.WEEKLY}:
            return None
        day = at.astimezone(BERLIN).date()
        moments = (self.latest_moment(_on(day + timedelta(days=days), 23)) for days in range(9))
        return next(moment for moment in moments if moment is not None and moment > at)


DEFAULT_CHOICE: Final = MailChoice()
"""What holds for whoever has chosen nothing: one mail in the morning, where there is something to say."""


def latest_hour(at: datetime, hour: int, weekday: int | None = None) -> datetime:
    """The last time it was this hour in Berlin (on this weekday), not after `at`, in UTC.

    The hour the spring leaves out is the one after it; of the two of autumn the first counts.
    """
    day = at.astimezone(BERLIN).date()
    if weekday is not None:
        day -= timedelta(days=(day.weekday() - weekday) % 7)
    step = timedelta(days=1 if weekday is None else 7)
    moment = _on(day, hour)
    return moment if moment <= at else _on(day - step, hour)


def _on(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=BERLIN).astimezone(UTC)
