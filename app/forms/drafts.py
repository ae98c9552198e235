"""What is sent to keep an unsaved text: whatever stands in the editor, finished or not."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.text.blocks import MAX_BLOCKS, MAX_TEXT_CHARACTERS
from app.forms.base import Input, Reason
from app.forms.versions import BlockInput
from app.models.base import new_id


class DraftForm(Input):
    """The text as blocks or plain; `revision` is the one its page saw last, 0 where it saw none.

    `writer_id` is the page that goes on writing; a program that names none goes by the revision alone.
    """

    writer_id: UUID = Field(default_factory=new_id)
    revision: int = Field(default=0, ge=0)
    base_version: int = Field(ge=0)
    title: Annotated[str, Field(max_length=300)] = ""
    blocks: list[BlockInput] | None = Field(default=None, max_length=MAX_BLOCKS)
    text: Annotated[str, Field(max_length=2 * MAX_TEXT_CHARACTERS)] | None = None
    addressee_ids: list[UUID] = Field(default=[], max_length=200)
    note: Reason = ""
    reason: Reason = ""
    editorial: bool = False
    seat_id: UUID | None = None
