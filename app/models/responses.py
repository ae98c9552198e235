"""What addressees answer to a published recommendation."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.domain.events import SubjectType
from app.domain.implementation import AddresseeAnswer
from app.models.base import Recorded, moment_field, related, word_field
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation


class AddresseeResponse(Recorded, table=True):
    """What an addressee, or a member of an addressed collective, says to a published recommendation.

    `due_on` is until when an addressee was asked; a member was not asked and has no day.
    """

    __tablename__ = "addressee_response"
    __table_args__ = (UniqueConstraint("recommendation_id", "organisation_id"), Index(None, "answer", "due_on"))
    subject_type = SubjectType.RESPONSE
    recorded_texts = ("reason", "source")

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    is_addressee: bool = True
    answer: AddresseeAnswer = word_field(AddresseeAnswer, AddresseeAnswer.PENDING)
    reason: str = ""
    source: str = ""
    due_on: date | None = None
    answered_at: datetime | None = moment_field(default=None)
    organisation: Organisation | None = related()
    recommendation: Recommendation | None = related()
