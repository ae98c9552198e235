"""When a day ends and a period is over, on the clock of Europe/Berlin. Never asks what time it is."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

BERLIN: Final = ZoneInfo("Europe/Berlin")

# The first and the last day a form may name: safely inside what every calendar function can compute.
EARLIEST_DATE: Final = date(1900, 1, 1)
LATEST_DATE: Final = date(2199, 12, 31)


def berlin_date(moment: datetime) -> date:
    """The calendar day in Berlin at this moment; ValueError for a time without a zone."""
    return _in_berlin(moment).date()


def end_of_day(day: date) -> datetime:
    """24:00 Europe/Berlin of this day, in UTC: the moment a deadline named by a date is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=BERLIN).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """0:00 Europe/Berlin of this day, in UTC."""
    return datetime.combine(day, time(), tzinfo=BERLIN).astimezone(UTC)


def year_of(year: int) -> tuple[datetime, datetime]:
    """When a year begins and the next one does, in Berlin."""
    return start_of_day(date(year, 1, 1)), start_of_day(date(year + 1, 1, 1))


def earliest_close(opened_at: datetime, days: int) -> datetime:
    """The moment from which a minimum of `days` is met: the same time in Berlin, so many days on.

    Deadlines are entered by the minute, so the seconds of the opening do not count. A time that the
    spring change leaves out is read as the clock before the change shows it.
    """
    local = _in_berlin(opened_at).replace(second=0, microsecond=0)
    return (local + timedelta(days=days)).astimezone(UTC)


def default_close(opened_at: datetime, days: int) -> datetime:
    """The deadline where none is named: the end of the last of `days` full calendar days in Berlin."""
    return end_of_day(berlin_date(opened_at) + timedelta(days=days))


def is_over(closes_at: datetime, at: datetime) -> bool:
    """Whether the period is over at this moment; the closing moment itself is already outside."""
    return _aware(at) >= _aware(closes_at)


def last_day(closes_at: datetime) -> date:
    """The day to print as "bis": the last day in Berlin with time left before the close."""
    return berlin_date(_aware(closes_at) - timedelta(microseconds=1))


def days_left(closes_at: datetime, at: datetime) -> int:
    """Calendar days from the day of `at` to the last day: 0 on the last day, below 0 afterwards."""
    return (last_day(closes_at) - berlin_date(at)).days


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month where it is shorter."""
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month_index + 1, min(day.day, monthrange(year, month_index + 1)[1]))


def is_plausible_date(day: date) -> bool:
    """Whether a form may accept this day at all."""
    return EARLIEST_DATE <= day <= LATEST_DATE


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a time without a zone")
    return moment


def _in_berlin(moment: datetime) -> datetime:
    return _aware(moment).astimezone(BERLIN)
