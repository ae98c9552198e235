"""Who is told what, as data: event → circles of persons → urgency."""

from __future__ import annotations

from enum import StrEnum


class Urgency(StrEnum):
    """How soon a person must know: a deadline is always mailed, tasks come first, news can wait."""

    DEADLINE = "deadline"
    TASK = "task"
    NEWS = "news"


class MailRhythm(StrEnum):
    """How often news and tasks are mailed; deadlines and sign-in are always."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"
