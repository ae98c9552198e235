"""What is sent about needs."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from app.forms.base import Input, Reason, Text
from app.forms.contributions import ContributionChange, ContributionForm


class NeedForm(ContributionForm):
    """A need as it is posted; it stays a draft until submitted."""


class NeedChange(ContributionChange):
    """What of a draft changes."""


class NeedTransition(Input):
    """A move of a need with what it needs."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
    target_id: UUID | None = None
    body_id: UUID | None = None
    resubmit_on: date | None = None
    recommendation_id: UUID | None = None
    answer: Text | None = None
