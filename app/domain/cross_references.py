"""Cross-references (Verzahnung): how something here is tied to an item of another edition or plan."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.domain.events import SubjectType


class Relation(StrEnum):
    """What the thing here does with the item there."""

    TAKES_UP = "takes_up"
    FEEDS_INTO = "feeds_into"
    TAKEN_OVER_BY = "taken_over_by"


REFERRING: Final = (SubjectType.RECOMMENDATION, SubjectType.MEASURE)
"""What can be tied to items of other plans."""
