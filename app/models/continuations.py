"""How the programme goes on with each recommendation in its next edition; the event stands with the recommendation."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.domain.continuations import ContinuationChoice
from app.models.base import Table, word_field


class Continuation(Table, table=True):
    """One choice for one recommendation; `draft_id` is the draft that is written in its place."""

    __table_args__ = (UniqueConstraint("edition_id", "recommendation_id"),)

    edition_id: UUID = Field(foreign_key="edition.id")
    recommendation_id: UUID = Field(foreign_key="recommendation.id", index=True)
    choice: ContinuationChoice = word_field(ContinuationChoice)
    draft_id: UUID | None = Field(default=None, foreign_key="recommendation.id", index=True)
