"""What of the implementation is outstanding, by kind, and of which the Geschäftsstelle reminds."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

SOON: Final = timedelta(days=28)
"""How long before its day a report stands among what is due."""


class OutstandingKind(StrEnum):
    """What is missing; in the order in which it is shown, the most pressing first."""

    REPORT_OVERDUE = "report_overdue"
    REPORT_DUE = "report_due"
    VERIFICATION = "verification"
    RESPONSE_OVERDUE = "response_overdue"
    RESPONSE_DUE = "response_due"
    NEED_REVIEW = "need_review"
    READING_OVERDUE = "reading_overdue"
    WITHOUT_RESPONSIBILITY = "without_responsibility"
    WITHOUT_INDICATOR = "without_indicator"
    CHECK = "check"


REMINDED_OF: Final = frozenset(
    {
        OutstandingKind.REPORT_OVERDUE,
        OutstandingKind.REPORT_DUE,
        OutstandingKind.RESPONSE_OVERDUE,
        OutstandingKind.RESPONSE_DUE,
        OutstandingKind.NEED_REVIEW,
    }
)
"""What one organisation owes that can be reminded of it; each of them at most once a day."""
