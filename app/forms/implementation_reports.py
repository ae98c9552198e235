"""What is sent about Umsetzungsberichte."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from app.forms.base import Creation, Input, OptionalText, Reason


class ImplementationReportForm(Creation):
    """Which edition is reported on, with all its fields or one, and what a person says beforehand."""

    edition_id: UUID
    field_of_action_id: UUID | None = None
    preface: OptionalText = ""


class ImplementationReportTransition(Input):
    """A move of a report."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
