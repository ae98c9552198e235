"""Two changes of one text brought together, block by block. Never decides where both changed one block."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from app.domain.text.blocks import Block

K = TypeVar("K", bound=Hashable)
Order = list[UUID]
Blocks = Mapping[UUID, Block]


class MergeOutcome(StrEnum):
    """Where a merged block comes from."""

    UNCHANGED = "unchanged"
    MINE = "mine"
    THEIRS = "theirs"
    BOTH_ALIKE = "both_alike"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedBlock:
    """One block in all three lists; None where a list does not hold it."""

    id: UUID
    outcome: MergeOutcome
    base: Block | None
    mine: Block | None
    theirs: Block | None

    @property
    def result(self) -> Block | None:
        """The block to take; None where it was removed or nobody has decided yet."""
        if self.outcome is MergeOutcome.CONFLICT:
            return None
        return self.mine if self.outcome is MergeOutcome.MINE else self.theirs


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged list in order, removed blocks too; `is_order_open`: both moved blocks apart."""

    blocks: tuple[MergedBlock, ...]
    is_order_open: bool

    @property
    def conflicts(self) -> tuple[MergedBlock, ...]:
        """The blocks that a person has to decide."""
        return tuple(block for block in self.blocks if block.outcome is MergeOutcome.CONFLICT)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to decide."""
        return not self.conflicts and not self.is_order_open

    def result(self, decisions: Mapping[UUID, Block | None] | None = None) -> tuple[Block, ...]:
        """The merged text; `decisions` holds the block to take, or None, for each conflict."""
        decided = decisions or {}
        chosen = (
            decided[block.id] if block.outcome is MergeOutcome.CONFLICT else block.result for block in self.blocks
        )
        return tuple(block for block in chosen if block is not None)


def merge_blocks(base: Sequence[Block], mine: Sequence[Block], theirs: Sequence[Block]) -> Merge:
    """Merge two changed lists of the same base by the ids of their blocks.

    What one side changed, added, removed or moved is taken; what both did alike is taken once. Where both
    changed one block apart, or one removed what the other changed, it is a conflict. Where both changed the
    order apart, theirs stands and `is_order_open` says so.
    """
    in_base, in_mine, in_theirs = _by_id(base), _by_id(mine), _by_id(theirs)
    order_of_mine, order_of_theirs = _full_order(in_base, in_mine), _full_order(in_base, in_theirs)
    is_mine_moved = order_of_mine != list(in_base)
    is_theirs_moved = order_of_theirs != list(in_base)
    order = order_of_mine if is_mine_moved and not is_theirs_moved else order_of_theirs
    merged = []
    for block_id in _with_additions(order, in_base, in_mine, in_theirs):
        three = in_base.get(block_id), in_mine.get(block_id), in_theirs.get(block_id)
        outcome = _outcome(*three)
        merged.append(MergedBlock(id=block_id, outcome=outcome, base=three[0], mine=three[1], theirs=three[2]))
    is_order_open = is_mine_moved and is_theirs_moved and order_of_mine != order_of_theirs
    return Merge(tuple(merged), is_order_open)


def merge_line(base: str, mine: str, theirs: str) -> str | None:
    """A line, such as the title, that either side changed; None where each changed it apart."""
    if theirs in (base, mine):
        return mine
    return theirs if mine == base else None


def merge_choices(base: Sequence[K], mine: Sequence[K], theirs: Sequence[K]) -> list[K]:
    """What was chosen on either side: what one added is there, what one took away is gone. There is no conflict."""
    removed = {each for each in base if each not in mine or each not in theirs}
    return [each for each in dict.fromkeys([*theirs, *mine]) if each not in removed]


def _by_id(blocks: Sequence[Block]) -> dict[UUID, Block]:
    return {block.id: block for block in blocks}


def _outcome(base: Block | None, mine: Block | None, theirs: Block | None) -> MergeOutcome:
    if mine == theirs:
        return MergeOutcome.UNCHANGED if mine == base else MergeOutcome.BOTH_ALIKE
    if mine == base:
        return MergeOutcome.THEIRS
    return MergeOutcome.MINE if theirs == base else MergeOutcome.CONFLICT


def _full_order(base: Blocks, side: Blocks) -> Order:
    """The base's blocks as this side orders them; one it removed keeps its place behind its predecessor."""
    order = [block_id for block_id in side if block_id in base]
    previous: UUID | None = None
    for block_id in base:
        if block_id not in side:
            order.insert(order.index(previous) + 1 if previous is not None else 0, block_id)
        previous = block_id
    return order


def _with_additions(order: Order, base: Blocks, mine: Blocks, theirs: Blocks) -> Order:
    """The order with each side's new blocks behind the block of the base they follow.

    Where both sides add at the same place, the older id comes first, whosever it is.
    """
    added: dict[UUID | None, dict[UUID, Order]] = {}
    seen: set[UUID] = set()
    for anchor, run in sorted(
        [*_runs(base, mine), *_runs(base, theirs)], key=lambda entry: (_place(order, entry[0]), entry[1])
    ):
        fresh = [block_id for block_id in run if block_id not in seen]
        seen.update(fresh)
        if fresh:
            added.setdefault(anchor, {})[fresh[0]] = fresh
    merged: Order = []
    for block_id in (None, *order):
        merged += [block_id] if block_id is not None else []
        merged += [new for run in added.get(block_id, {}).values() for new in run]
    return merged


def _runs(base: Blocks, side: Blocks) -> list[tuple[UUID | None, Order]]:
    """The new blocks of a side in runs, each with the block of the base before it."""
    runs: list[tuple[UUID | None, Order]] = []
    anchor: UUID | None = None
    for block_id in side:
        if block_id in base:
            anchor = block_id
        elif runs and runs[-1][0] == anchor:
            runs[-1][1].append(block_id)
        else:
            runs.append((anchor, [block_id]))
    return runs


def _place(order: Order, anchor: UUID | None) -> int:
    return order.index(anchor) if anchor is not None else -1
