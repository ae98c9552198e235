"""Publications: what was written in and about the programme, entered by the Geschäftsstelle."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.domain.events import SubjectType
from app.models.base import Recorded, moment_field, related
from app.models.programmes import Edition, FieldOfAction


class Publication(Recorded, table=True):
    """Public from its entry on; one entered by mistake is taken back, not deleted."""

    __table_args__ = (Index(None, "published_on", "id"),)
    subject_type = SubjectType.PUBLICATION
    recorded_texts = ("title", "author", "summary")

    title: str = Field(max_length=300)
    author: str = Field(max_length=300)
    published_on: date
    summary: str
    url: str | None = Field(default=None, max_length=1000)
    field_of_action_id: UUID | None = Field(default=None, foreign_key="field_of_action.id", index=True)
    edition_id: UUID | None = Field(default=None, foreign_key="edition.id", index=True)
    search_text: str = ""
    withdrawn_at: datetime | None = moment_field(default=None)
    field_of_action: FieldOfAction | None = related()
    edition: Edition | None = related()
