"""What municipalities and others say they carry out of a recommendation, without an account."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index
from sqlmodel import Field

from app.domain.events import SubjectType
from app.domain.reuses import Land, ReuseState, SizeClass
from app.models.base import Stateful, Table, moment_field, related, word_field
from app.models.recommendations import Recommendation


class ReuseRequest(Table, table=True):
    """What was sent and waits for its mailbox to confirm it; deleted then, or after a week."""

    __tablename__ = "reuse_request"
    __table_args__ = (Index(None, "created_at"),)

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    mailbox: str = Field(max_length=254)
    content: dict[str, Any] = Field(sa_type=JSON)


class Reuse(Stateful, table=True):
    """An entry its mailbox has confirmed; public once the Geschäftsstelle released it.

    The mailbox is an office's, never a person's, and goes when the entry is declined or ended. `last_said_on` is when
    it was said last that it is so, `asked_on` when that was asked last.
    """

    __table_args__ = (Index(None, "recommendation_id", "state"), Index(None, "state", "last_said_on"))
    subject_type = SubjectType.REUSE
    recorded_texts = ("name", "effort", "result")

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    name: str = Field(max_length=300)
    land: Land = word_field(Land)
    size_class: SizeClass = word_field(SizeClass)
    since_on: date
    effort: str = ""
    result: str = ""
    material_url: str | None = Field(default=None, max_length=1000)
    mailbox: str = Field(default="", max_length=254)
    state: ReuseState = word_field(ReuseState, ReuseState.CONFIRMED)
    state_since: datetime = moment_field()
    last_said_on: date
    asked_on: date | None = None
    recommendation: Recommendation | None = related()
