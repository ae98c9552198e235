"""A move of a recommendation with everything one may need."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.domain.consultations import Audience
from app.forms.base import Input, Line, Reason
from app.forms.consultations import QuestionForm
from app.forms.deadlines import Deadline, Moment, plausible_date
from app.forms.versions import VersionForm


class RecommendationTransition(Input):
    """The move's name and its fields; one that the move doesn't take is refused."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
    audience: Audience | None = None
    closes_at: Deadline | None = None
    in_meeting: bool = False
    held_on: Annotated[date, AfterValidator(plausible_date)] | None = None
    place: Line | None = None
    organisation_ids: list[UUID] | None = Field(default=None, max_length=500)
    questions: list[QuestionForm] | None = Field(default=None, max_length=30)
    deciding_body: Line | None = None
    decided_on: Annotated[date, AfterValidator(plausible_date)] | None = None
    decision_reference: Line | None = None
    publish_at: Moment | None = None
    version: VersionForm | None = None
    successor_ids: list[UUID] | None = Field(default=None, max_length=50)
    year: int | None = Field(default=None, ge=2000, le=2199)
