"""What is sent to advance several recommendations at once."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.forms.base import Input, Line
from app.forms.deadlines import plausible_date


class ChosenMove(Input):
    """One recommendation and the move that was shown for it."""

    recommendation_id: UUID
    transition: str = Field(max_length=40)


class AdvanceForm(Input):
    """The moves as they were shown, and what an adoption among them needs."""

    moves: list[ChosenMove] = Field(min_length=1, max_length=200)
    deciding_body: Line | None = None
    decided_on: Annotated[date, AfterValidator(plausible_date)] | None = None
    decision_reference: Line | None = None
