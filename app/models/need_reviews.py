"""What organisations say, long after publication, of the needs they stood behind."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.domain.events import SubjectType
from app.domain.need_reviews import NeedReviewAnswer
from app.models.base import Recorded, moment_field, word_field


class NeedReview(Recorded, table=True):
    """One organisation is asked in one round whether a need persists; `months` after the publication name the round.

    `publish` lets the sentence stand beside the counts; the answer itself is only counted.
    """

    __tablename__ = "need_review"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "need_id", "organisation_id", "months"),
        Index(None, "need_id", "months"),
        Index(None, "answer", "due_on"),
    )
    subject_type = SubjectType.NEED_REVIEW
    recorded_texts = ("sentence",)

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    need_id: UUID = Field(foreign_key="need.id")
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    months: int
    answer: NeedReviewAnswer = word_field(NeedReviewAnswer, NeedReviewAnswer.PENDING)
    sentence: str = ""
    publish: bool = False
    due_on: date
    answered_at: datetime | None = moment_field(default=None)
