"""What is sent to save a version: the text as blocks, and where each comes from."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from app.domain.text.blocks import MAX_BLOCKS, BlockKind, BlockPart
from app.forms.base import Creation, Input, Line, OptionalText, Reason


class SourceInput(Input):
    """The need, proposal, statement or amendment a block comes from."""

    type: Literal["need", "proposal", "statement", "amendment"]
    id: UUID


class BlockInput(Input):
    """One block; with an id it goes on as the block it was. Sources left out stay as they are."""

    id: UUID | None = None
    part: BlockPart
    kind: BlockKind = BlockKind.PARAGRAPH
    number: str | None = Field(default=None, max_length=10)
    text: OptionalText
    sources: list[SourceInput] | None = Field(default=None, max_length=100)


class MergeForm(Input):
    """A text written on an older version, to be brought together with the newest; what is left out is the base's."""

    base_version: int = Field(ge=0)
    blocks: list[BlockInput] = Field(max_length=MAX_BLOCKS)
    title: Line | None = None
    addressee_ids: list[UUID] | None = Field(default=None, max_length=200)


class VersionForm(Creation):
    """A changed text on the base its writer had before; title and addressees left out stay."""

    base_version: int = Field(ge=0)
    blocks: list[BlockInput] = Field(min_length=1, max_length=MAX_BLOCKS)
    title: Line | None = None
    addressee_ids: list[UUID] | None = Field(default=None, max_length=200)
    editorial: bool = False
    note: Reason | None = None
    seat_id: UUID | None = None
