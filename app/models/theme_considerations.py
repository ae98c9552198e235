"""What a recommendation says about each cross-cutting theme."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.domain.events import SubjectType
from app.domain.theme_considerations import LONGEST_SENTENCE, ThemeRelevance
from app.models.base import Recorded, word_field


class ThemeConsideration(Recorded, table=True):
    """One sentence about one theme: how it is considered, or why it isn't relevant."""

    __tablename__ = "theme_consideration"
    __table_args__ = (UniqueConstraint("recommendation_id", "theme_id"),)
    subject_type = SubjectType.THEME_CONSIDERATION
    recorded_texts = ("text",)

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    body_id: UUID = Field(foreign_key="body.id")
    theme_id: UUID = Field(foreign_key="cross_cutting_theme.id", index=True)
    relevance: ThemeRelevance = word_field(ThemeRelevance)
    text: str = Field(max_length=LONGEST_SENTENCE)
