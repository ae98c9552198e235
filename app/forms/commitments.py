"""What is sent about commitments."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.forms.base import Creation, Input, Line, OptionalText, Reason
from app.forms.measures import Day


class CommitmentForm(Creation):
    """What an organisation promises; `number` is the part of the recommendation it is about."""

    recommendation_id: UUID
    organisation_id: UUID
    title: Line
    description: OptionalText = ""
    number: Annotated[str, StringConstraints(max_length=10)] | None = None
    due_on: Day | None = None


class CommitmentChange(Input):
    """What of a commitment changes; a field left out stays, `due_on` null takes the date away."""

    title: Line | None = None
    description: OptionalText | None = None
    due_on: Day | None = None


class CommitmentTransition(Input):
    """A move of a commitment."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
