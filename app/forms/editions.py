"""What is sent about editions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from app.forms.base import Creation, Input, Line, Reason
from app.forms.programmes import EditionCode


class EditionForm(Creation):
    """An edition; without a programme it belongs to the first one."""

    programme_id: UUID | None = None
    title: Line
    code: EditionCode


class EditionChange(Input):
    """Another title; the code stands in reference numbers and stays."""

    title: Line


class NextEdition(Input):
    """The edition that opens when one is frozen."""

    code: EditionCode
    title: Line


class EditionTransition(Input):
    """A move of an edition with what it needs."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
    recommendation_ids: list[UUID] | None = Field(default=None, max_length=1_000)
    next: NextEdition | None = None
    deciding_body: Line | None = None
    decided_on: date | None = None
    decision_reference: Line | None = None


class EditionMove(Input):
    """Which recommendation goes into which edition."""

    recommendation_id: UUID
    edition_id: UUID
