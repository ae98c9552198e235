"""Amendments set beside the blocks they concern, each as marked text on what the block is now. Asks no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.amendments import AmendmentState
from app.domain.text import (
    AmendedBlock,
    AmendingKind,
    Block,
    Fit,
    WordSpan,
    brought_forward,
    compare_words,
    fit_of,
)
from app.models.amendments import Amendment


@dataclass(frozen=True, slots=True)
class ShownChange:
    """What one amendment wants with one block; `fit` is None once it is answered or withdrawn.

    `places` are the numbers of all blocks the amendment concerns that stand in the text.
    """

    amendment: Amendment
    change: AmendedBlock
    fit: Fit | None
    spans: tuple[WordSpan, ...]
    places: tuple[int, ...]

    @property
    def is_open(self) -> bool:
        """True where it waits for its disposition."""
        return self.amendment.state is AmendmentState.OPEN


@dataclass(frozen=True, slots=True)
class BlockBeside:
    """A block of the newest text, counted from 1, with what is wanted with it and behind it."""

    number: int
    block: Block
    begins_part: bool
    changes: tuple[ShownChange, ...]

    @property
    def open_ids(self) -> tuple[UUID, ...]:
        """The amendments to this block that wait for their disposition."""
        return tuple(dict.fromkeys(each.amendment.id for each in self.changes if each.is_open))


@dataclass(frozen=True, slots=True)
class Beside:
    """The whole text with its amendments, and those whose block is gone."""

    rows: tuple[BlockBeside, ...]
    homeless: tuple[ShownChange, ...]


def beside_text(
    blocks: Sequence[Block], amendments: Sequence[Amendment], changes: Mapping[UUID, Sequence[AmendedBlock]]
) -> Beside:
    """Every change at the block it concerns, in the order of the amendments; none is left out."""
    numbers = {block.id: number for number, block in enumerate(blocks, start=1)}
    by_block: dict[UUID, list[ShownChange]] = {}
    for amendment in amendments:
        places = tuple(sorted({numbers[each.base.id] for each in changes[amendment.id] if each.base.id in numbers}))
        for change in changes[amendment.id]:
            by_block.setdefault(change.base.id, []).append(_shown(amendment, change, blocks, places))
    rows = []
    for number, block in enumerate(blocks, start=1):
        begins_part = number == 1 or blocks[number - 2].part is not block.part
        rows.append(BlockBeside(number, block, begins_part, tuple(by_block.pop(block.id, ()))))
    return Beside(tuple(rows), tuple(each for left in by_block.values() for each in left))


def marked(change: AmendedBlock, present: Block | None) -> tuple[WordSpan, ...]:
    """The change as marked text: on the present wording where it fits there, else on the one it was written to."""
    if change.kind is AmendingKind.ADD_AFTER:
        return compare_words("", change.text).spans
    brought = brought_forward(change, present) if present else None
    if present is None or brought is None or brought == present.text:
        return compare_words(change.base.text, change.text).spans
    return compare_words(present.text, brought).spans


def _shown(amendment: Amendment, change: AmendedBlock, blocks: Sequence[Block], places: tuple[int, ...]) -> ShownChange:
    if amendment.state is not AmendmentState.OPEN:
        return ShownChange(amendment, change, None, marked(change, None), places)
    present = next((block for block in blocks if block.id == change.base.id), None)
    return ShownChange(amendment, change, fit_of(change, blocks), marked(change, present), places)
