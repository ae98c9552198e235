"""Cross-references from something here to an item of another edition or plan."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.domain.cross_references import Relation
from app.domain.events import SubjectType
from app.models.base import Recorded, Written, moment_field, word_field


class CrossReference(Recorded, Written, table=True):
    """Plan and item in words; `counterpart_id` is the recommendation here that the item is, where it is one.

    What was entered by mistake is taken back, not deleted: the record keeps both.
    """

    __tablename__ = "cross_reference"
    __table_args__ = (Index(None, "subject_id"), Index(None, "counterpart_id"))
    subject_type = SubjectType.CROSS_REFERENCE
    recorded_texts = ("plan", "item")

    on_type: SubjectType = word_field(SubjectType)
    subject_id: UUID
    relation: Relation = word_field(Relation)
    plan: str = Field(max_length=300)
    item: str = Field(max_length=300)
    url: str | None = Field(default=None, max_length=1000)
    counterpart_id: UUID | None = Field(default=None, foreign_key="recommendation.id")
    withdrawn_at: datetime | None = moment_field(default=None)
