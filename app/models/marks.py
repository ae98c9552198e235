"""What a seat marks at the blocks of a round's version: one sheet a seat and round."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from app.domain.events import SubjectType
from app.domain.marks import BlockMark
from app.models.base import Recorded


class MarkSheet(Recorded, table=True):
    """The marks of a seat in a round, by block; every change of them is an event, and the round's end freezes them."""

    __tablename__ = "mark_sheet"
    __table_args__ = (UniqueConstraint("round_id", "seat_id"),)
    subject_type = SubjectType.MARK_SHEET

    round_id: UUID = Field(foreign_key="comment_round.id")
    recommendation_id: UUID = Field(foreign_key="recommendation.id", index=True)
    body_id: UUID = Field(foreign_key="body.id")
    seat_id: UUID = Field(foreign_key="seat.id", index=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    marks: dict[str, str] = Field(default_factory=dict, sa_type=JSON)

    @property
    def by_block(self) -> dict[UUID, BlockMark]:
        """The marks as words, by the block's id."""
        return {UUID(key): BlockMark(mark) for key, mark in self.marks.items()}
