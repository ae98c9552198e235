"""The discussion on needs, proposals, recommendations and measures."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.domain.comments import Stance
from app.domain.events import SubjectType
from app.models.base import Recorded, Written, moment_field, related, word_field
from app.models.organisations import Organisation
from app.models.people import Person


class Comment(Recorded, Written, table=True):
    """A contribution; withdrawn ones keep their place without their text.

    `root_id` and `thread_at` are those of the comment that opened the exchange (its own, where it did), so that
    a thread is read in one go: newest exchange first, its replies in the order they came.
    """

    __table_args__ = (
        Index(None, "on_id", "created_at", "id"),
        Index(None, "on_id", "thread_at", "root_id"),
        Index(None, "body_id", "created_at"),
    )
    subject_type = SubjectType.COMMENT
    recorded_texts = ("text",)

    on_type: SubjectType = word_field(SubjectType)
    on_id: UUID
    body_id: UUID | None = Field(default=None, foreign_key="body.id")
    parent_id: UUID | None = Field(default=None, foreign_key="comment.id")
    root_id: UUID
    thread_at: datetime = moment_field()
    block_id: UUID | None = None
    version_number: int | None = None
    stance: Stance | None = word_field(Stance, nullable=True)
    text: str
    withdrawn_at: datetime | None = moment_field(default=None)
    organisation: Organisation | None = related()
    author: Person | None = related()
