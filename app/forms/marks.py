"""What a seat marks at the blocks of a round: one sheet, sent whole."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from app.domain.marks import BlockMark
from app.forms.base import Input


class MarkInput(Input):
    """One block and how far the seat carries it."""

    block_id: UUID
    mark: BlockMark


class MarksForm(Input):
    """The whole sheet; a block left out is unmarked. `sequence` is the one it was read with, where it was."""

    seat_id: UUID | None = None
    sequence: int | None = None
    marks: list[MarkInput] = Field(max_length=2_000)
