"""Which deadlines are reminded of, when, and who hears it once they are missed."""

from __future__ import annotations

from enum import StrEnum


class DeadlineKind(StrEnum):
    """What somebody has to do until a moment."""

    COMMENT_ROUND = "comment_round"
    BALLOT = "ballot"
    REPORT = "report"
    CO_SIGNATURE = "co_signature"
    RESPONSE = "response"
    INVITATION = "invitation"
    DISSENTING_OPINION = "dissenting_opinion"


class ReminderStage(StrEnum):
    """How near the deadline is; after it the Leitung is told."""

    SEVEN_DAYS = "seven_days"
    TWO_DAYS = "two_days"
    ENDED = "ended"
    MISSED = "missed"
