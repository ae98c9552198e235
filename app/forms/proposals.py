"""What is sent about proposals."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from app.forms.base import Input, Reason, Text
from app.forms.contributions import ContributionChange, ContributionForm


class ProposalForm(ContributionForm):
    """A proposal as it is posted, with the needs it answers; it stays a draft until submitted."""

    need_ids: list[UUID] = Field(default=[], max_length=50)


class ProposalChange(ContributionChange):
    """What changes: all of a draft; of what is submitted title and description, which makes a new version."""

    need_ids: list[UUID] | None = Field(default=None, max_length=50)


class ProposalTransition(Input):
    """A move of a proposal with what it needs."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
    target_id: UUID | None = None
    answer: Text | None = None
    block_ids: list[UUID] = Field(default=[], max_length=200)
