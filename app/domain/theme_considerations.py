"""How a recommendation considers each cross-cutting theme (Querschnittsprüfung): a word, one sentence, until when."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.domain.recommendations import BEFORE_ADOPTION, RecommendationState


class ThemeRelevance(StrEnum):
    """Whether the sentence says how a theme is considered, or why it isn't relevant."""

    CONSIDERED = "considered"
    NOT_RELEVANT = "not_relevant"


LONGEST_SENTENCE: Final = 600
"""One sentence, in characters; it stands beside the text and doesn't replace it."""

OPEN_FOR_CONSIDERATION: Final = BEFORE_ADOPTION | {RecommendationState.DORMANT}
"""Until the adoption freezes what is stated. It blocks no move."""

READ_WITH_THE_TEXT: Final = frozenset(
    {RecommendationState.LEAD_REVIEW, RecommendationState.STEERING_DECISION, RecommendationState.ADOPTED}
)
"""Here whoever is asked to sign the decided text reads it, too; before, it is the body's."""
