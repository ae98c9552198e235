"""What is sent to remind several organisations at once of what they owe."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from app.forms.base import Input

MOST_AT_ONCE = 500


class RemindForm(Input):
    """The measures whose report is owed, the responses and the questions about needs to remind of."""

    measure_ids: list[UUID] = Field(default=[], max_length=MOST_AT_ONCE)
    response_ids: list[UUID] = Field(default=[], max_length=MOST_AT_ONCE)
    need_review_ids: list[UUID] = Field(default=[], max_length=MOST_AT_ONCE)
