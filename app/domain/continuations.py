"""What becomes of a recommendation when the programme goes on with its next edition (Fortschreibung)."""

from __future__ import annotations

from enum import StrEnum

from app.domain.recommendations import BEFORE_ADOPTION, RecommendationState


class ContinuationChoice(StrEnum):
    """It stays as it is, it is written anew, or it is brought to an end."""

    CARRY_OVER = "carry_over"
    REVISE = "revise"
    CLOSE = "close"


IN_FORCE = frozenset({RecommendationState.PUBLISHED, RecommendationState.UNDER_REVIEW})
"""What was published and holds: each of the three is open to it."""

UNFINISHED = BEFORE_ADOPTION | {RecommendationState.DORMANT}
"""What an edition was frozen without: it moved on and is still being written, so it can't be written anew."""


def choices_for(state: RecommendationState) -> tuple[ContinuationChoice, ...]:
    """What can be chosen for a recommendation in this state."""
    if state in IN_FORCE:
        return tuple(ContinuationChoice)
    if state in UNFINISHED:
        return ContinuationChoice.CARRY_OVER, ContinuationChoice.CLOSE
    return ()
