"""What is sent in the room of a seat: the draft, a comment, who is let in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.forms.base import Creation, Input, OptionalText, Text


class DraftForm(Input):
    """The draft as it shall stand; `revision` is the one it was written on, 0 for the first."""

    revision: int = Field(ge=0)
    text: OptionalText = ""
    block_id: UUID | None = None
    publish: bool = False


class RoomCommentForm(Creation):
    """What somebody says about the draft."""

    text: Annotated[Text, Field(max_length=5_000)]


class RoomReaderForm(Input):
    """A colleague to let in, or to let in no longer."""

    person_id: UUID
