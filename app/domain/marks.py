"""What seats mark at each block while a round runs: how far they carry it. It is no vote; nothing is decided by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

G = TypeVar("G")


class BlockMark(StrEnum):
    """How far a seat carries a block."""

    CARRY = "carry"
    CARRY_CHANGED = "carry_changed"
    NOT_CARRY = "not_carry"


@dataclass(frozen=True, slots=True)
class MarkCount:
    """How many seats set which mark at a block."""

    carry: int = 0
    carry_changed: int = 0
    not_carry: int = 0

    @property
    def marked(self) -> int:
        """The seats that set any mark."""
        return self.carry + self.carry_changed + self.not_carry

    @property
    def disagreement(self) -> int:
        """From 0, all carry it as it is, to 100, nobody carries it; who wants a change counts half."""
        return 100 * (2 * self.not_carry + self.carry_changed) // (2 * self.marked) if self.marked else 0

    def of(self, mark: BlockMark) -> int:
        """The count of one mark."""
        return int(getattr(self, mark.value))


@dataclass(frozen=True, slots=True)
class MarkRow(Generic[G]):
    """One block: by group of seats, and all together."""

    block_id: UUID
    total: MarkCount
    by_group: Mapping[G, MarkCount]


def tabulate(block_ids: Sequence[UUID], sheets: Iterable[tuple[G, Mapping[UUID, BlockMark]]]) -> list[MarkRow[G]]:
    """Block × group, the most disputed first; of two alike the one that comes first in the text."""
    marks: dict[UUID, dict[G, list[BlockMark]]] = {block_id: {} for block_id in block_ids}
    for group, sheet in sheets:
        for block_id, mark in sheet.items():
            if block_id in marks:
                marks[block_id].setdefault(group, []).append(mark)
    rows = [
        MarkRow(
            block_id,
            _count(mark for given in by_group.values() for mark in given),
            {group: _count(given) for group, given in by_group.items()},
        )
        for block_id, by_group in marks.items()
    ]
    # Sorting keeps the order of the text among equals.
    return sorted(rows, key=lambda row: (-row.total.disagreement, -row.total.not_carry, -row.total.carry_changed))


def _count(marks: Iterable[BlockMark]) -> MarkCount:
    given = list(marks)
    return MarkCount(*(given.count(mark) for mark in BlockMark))
