"""Commitments: what an organisation promises to a published recommendation of its own accord."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.domain.commitments import CommitmentState
from app.domain.events import SubjectType
from app.models.base import Stateful, Written, moment_field, related, word_field
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation


class Commitment(Stateful, Written, table=True):
    """A Selbstverpflichtung; `organisation_id` is its owner, `number` the part of the recommendation it is about."""

    __table_args__ = (Index(None, "recommendation_id", "created_at"), Index(None, "organisation_id", "created_at"))
    subject_type = SubjectType.COMMITMENT
    recorded_texts = ("title", "description")

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    number: str | None = Field(default=None, max_length=10)
    title: str = Field(max_length=300)
    description: str = ""
    due_on: date | None = None
    state: CommitmentState = word_field(CommitmentState, CommitmentState.STANDING)
    state_since: datetime = moment_field()
    organisation: Organisation | None = related()
    recommendation: Recommendation | None = related()
