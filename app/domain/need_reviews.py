"""Did it help? Who stood behind a need is asked twice whether it persists. Never asks what day it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.domain.deadlines import add_months

ROUND_MONTHS: Final = (12, 36)
"""How many months after the publication the organisations are asked; a round is named by them."""

REVIEW_DAYS: Final = 56


class NeedReviewAnswer(StrEnum):
    """What an organisation says of a need it stood behind."""

    PENDING = "pending"
    PERSISTS = "persists"
    REDUCED = "reduced"
    MET = "met"


SAID: Final = (NeedReviewAnswer.PERSISTS, NeedReviewAnswer.REDUCED, NeedReviewAnswer.MET)
"""What can be said, in the order in which it is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedReviewCounts:
    """What was said in one round; silence is counted as silence."""

    asked: int = 0
    persists: int = 0
    reduced: int = 0
    met: int = 0

    @property
    def answered(self) -> int:
        """How many said anything."""
        return self.persists + self.reduced + self.met

    @property
    def silent(self) -> int:
        """How many were asked and said nothing."""
        return self.asked - self.answered

    @property
    def calls_for_check(self) -> bool:
        """Half or more of those who answered say that the need persists."""
        return self.answered > 0 and 2 * self.persists >= self.answered


def round_reached(published_on: date, today: date) -> int | None:
    """The months of the last round that is reached; a missed one is not made up for. None before the first."""
    reached = [months for months in ROUND_MONTHS if add_months(published_on, months) <= today]
    return reached[-1] if reached else None


def review_due_on(asked_on: date) -> date:
    """The last day an answer is taken."""
    return asked_on + timedelta(days=REVIEW_DAYS)
