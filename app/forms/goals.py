"""What is sent about goals."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from app.domain.goals import GoalKind
from app.forms.base import Creation, Input, Line, OptionalText, Reason
from app.forms.measures import Day


class GoalForm(Creation):
    """A goal as it is proposed to a body; an operative one names the strategic goal it hangs on."""

    body_id: UUID
    kind: GoalKind
    title: Line
    description: OptionalText = ""
    parent_id: UUID | None = None
    recommendation_ids: list[UUID] = Field(default=[], max_length=50)
    seat_id: UUID | None = None


class GoalChange(Input):
    """What changes; the wording only while it is proposed. A field left out stays."""

    title: Line | None = None
    description: OptionalText | None = None
    parent_id: UUID | None = None
    recommendation_ids: list[UUID] | None = Field(default=None, max_length=50)


class GoalTransition(Input):
    """A move of a goal with the decision it rests on."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
    decided_on: Day | None = None
    decision_reference: Line | None = None
    title: Line | None = None
    description: OptionalText | None = None
