"""Files attached to needs, proposals, recommendations, measures, statements; their content lies beside the database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.domain.attachments import PICTURES, AttachmentKind
from app.domain.events import SubjectType
from app.models.base import Recorded, Written, moment_field, word_field


class Attachment(Recorded, Written, table=True):
    """A file; `digest` is the SHA-256 of its content and the name it lies under.

    A removed one is no longer shown; a redacted one has lost its content, too.
    """

    __table_args__ = (Index(None, "on_id", "created_at", "id"), Index(None, "digest"))
    subject_type = SubjectType.ATTACHMENT
    recorded_texts = ("name", "alt_text")

    on_type: SubjectType = word_field(SubjectType)
    on_id: UUID
    body_id: UUID | None = Field(default=None, foreign_key="body.id")
    name: str = Field(max_length=200)
    kind: AttachmentKind = word_field(AttachmentKind)
    size: int
    digest: str = Field(max_length=64)
    alt_text: str = Field(default="", max_length=500)
    removed_at: datetime | None = moment_field(default=None)
    redacted_at: datetime | None = moment_field(default=None)

    @property
    def is_picture(self) -> bool:
        """True where it is shown as a picture."""
        return self.kind in PICTURES
