"""Dates and times in German form, as they are in Berlin."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from app.domain.deadlines import BERLIN, last_day

_MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)


def german_date(value: date | datetime | None) -> str:
    """14. März 2026, the day as it is in Berlin; nothing for None."""
    if value is None:
        return ""
    day = value.astimezone(BERLIN).date() if isinstance(value, datetime) else value
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


_DAY = re.compile(r"(\d{1,2})\.\s*(\d{1,2}|[A-Za-zä]+)\.?\s*(\d{4})")


def parse_german_date(text: str) -> date | None:
    """The day a text names: 2026-03-14, 14.03.2026 or 14. März 2026; None for anything else."""
    plain = text.strip()
    try:
        if match := _DAY.fullmatch(plain):
            month = int(match[2]) if match[2].isdigit() else _MONTHS.index(match[2].capitalize()) + 1
            return date(int(match[3]), month, int(match[1]))
        return date.fromisoformat(plain)
    except ValueError:
        return None


def german_datetime(value: datetime | None) -> str:
    """14. März 2026, 10:30 Uhr, as it is in Berlin; nothing for None."""
    if value is None:
        return ""
    moment = value.astimezone(BERLIN)
    return f"{german_date(moment)}, {moment:%H:%M} Uhr"


def german_deadline(value: datetime | None) -> str:
    """The end of a period: midnight is said as 14. März 2026, 24:00 Uhr, as deadlines are; nothing for None."""
    if value is None:
        return ""
    if value.astimezone(BERLIN).time() == time():
        return f"{german_date(last_day(value))}, 24:00 Uhr"
    return german_datetime(value)
