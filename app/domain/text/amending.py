"""Amendments to blocks of an older version, brought to the newest and together. Never decides where they collide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from app.domain.text.blocks import Block
from app.domain.text.word_merging import merge_texts


class AmendingKind(StrEnum):
    """What an amendment wants with a block."""

    CHANGE = "change"
    REMOVE = "remove"
    ADD_AFTER = "add_after"


class Fit(StrEnum):
    """How an amendment stands to the newest version."""

    AS_FILED = "as_filed"
    MOVED_ON = "moved_on"
    CONTAINED = "contained"
    COLLIDES = "collides"
    HOMELESS = "homeless"


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedBlock:
    """What one amendment wants with one block of the version it was filed on.

    `base` is the block there: the one to change or remove, or the one behind which `added` shall stand. `known` are
    all blocks of that version. `text` is the wording wanted; empty for a removal.
    """

    id: UUID
    amendment_id: UUID
    kind: AmendingKind
    base: Block
    known: frozenset[UUID]
    text: str = ""
    added: Block | None = None

    @property
    def target_id(self) -> UUID:
        """The block that is written: an added one has the id of the change itself."""
        return self.added.id if self.added else self.base.id


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBlock:
    """One block of the newest version, or one to be added, with what the chosen amendments make of it.

    `proposed` is the block with all of it, None where it is removed; where they collide, nothing is proposed.
    """

    id: UUID
    present: Block | None
    proposed: Block | None
    collides: bool
    changes: tuple[AmendedBlock, ...]

    @property
    def template(self) -> Block:
        """The block whose place and kind a written text takes."""
        block = self.present or self.proposed
        assert block
        return block

    def decided(self, text: str | None) -> Block | None:
        """The block with the wording an editor wrote; without one it is removed."""
        return replace(self.template, text=text) if text else None


@dataclass(frozen=True, slots=True)
class Taking:
    """Chosen amendments brought together on the newest version: what is to be written, and what has no place."""

    order: tuple[Block | TakenBlock, ...]
    homeless: tuple[AmendedBlock, ...] = ()

    @property
    def blocks(self) -> tuple[TakenBlock, ...]:
        """The blocks concerned, in the order of the text."""
        return tuple(each for each in self.order if isinstance(each, TakenBlock))

    @property
    def collisions(self) -> tuple[TakenBlock, ...]:
        """The blocks a person has to write."""
        return tuple(each for each in self.blocks if each.collides)

    def result(self, decisions: Mapping[UUID, str | None]) -> tuple[Block, ...]:
        """The text; `decisions` holds the wording of every collision and of what shall read otherwise than proposed."""
        written = (
            each
            if isinstance(each, Block)
            else each.decided(decisions[each.id])
            if each.collides or each.id in decisions
            else each.proposed
            for each in self.order
        )
        return tuple(block for block in written if block is not None)


def fit_of(change: AmendedBlock, newest: Sequence[Block]) -> Fit:
    """How a change stands to the newest version, by itself."""
    present = {block.id: block for block in newest}
    if change.added and _stands_already(change, newest):
        return Fit.CONTAINED
    block = present.get(change.base.id)
    if block is None:
        return Fit.CONTAINED if change.kind is AmendingKind.REMOVE else Fit.HOMELESS
    if change.added:
        return Fit.AS_FILED
    text = brought_forward(change, block)
    if text is None:
        return Fit.COLLIDES
    if text == block.text:
        return Fit.CONTAINED
    return Fit.AS_FILED if block.text == change.base.text else Fit.MOVED_ON


def brought_forward(change: AmendedBlock, present: Block) -> str | None:
    """The wording wanted, on what the block has become since; empty for a removal, None where they collide."""
    if change.kind is AmendingKind.REMOVE:
        return "" if present.text == change.base.text else None
    return merge_texts(change.base.text, [change.text, present.text])


def take(newest: Sequence[Block], changes: Iterable[AmendedBlock]) -> Taking:
    """Bring chosen changes together on the newest version; the same in whatever order they are named."""
    wanted = sorted(changes, key=lambda change: change.id)
    living = {block.id for block in newest}
    on_block: dict[UUID, list[AmendedBlock]] = {}
    for change in wanted:
        if not change.added and change.base.id in living:
            on_block.setdefault(change.base.id, []).append(change)
    order: list[Block | TakenBlock] = [
        _taken(block, on_block[block.id]) if block.id in on_block else block for block in newest
    ]
    fits = {change.id: fit_of(change, newest) for change in wanted}
    for change in wanted:
        if change.added and fits[change.id] is Fit.AS_FILED:
            _add(order, change)
    return Taking(tuple(order), tuple(change for change in wanted if fits[change.id] is Fit.HOMELESS))


def _taken(block: Block, changes: Sequence[AmendedBlock]) -> TakenBlock:
    brought = [brought_forward(change, block) for change in changes]
    known = [text for text in brought if text is not None]
    if len(known) < len(brought) or ("" in known and any(known)):
        merged = None
    else:
        merged = merge_texts(block.text, known) if any(known) else ""
    return TakenBlock(
        id=block.id,
        present=block,
        proposed=replace(block, text=merged) if merged else None,
        collides=merged is None,
        changes=tuple(changes),
    )


def _add(order: list[Block | TakenBlock], change: AmendedBlock) -> None:
    """Put an added block behind its base; of several added there the older id comes first, one text stands once."""
    assert change.added
    place = next(number for number, each in enumerate(order) if each.id == change.base.id) + 1
    while place < len(order) and order[place].id not in change.known:
        beside = order[place]
        if _text_of(beside) == change.text:
            if isinstance(beside, TakenBlock):
                order[place] = replace(beside, changes=(*beside.changes, change))
            return
        if beside.id > change.added.id:
            break
        place += 1
    fresh = TakenBlock(id=change.added.id, present=None, proposed=change.added, collides=False, changes=(change,))
    order.insert(place, fresh)


def _stands_already(change: AmendedBlock, newest: Sequence[Block]) -> bool:
    assert change.added
    return any(
        block.id == change.added.id or (block.id not in change.known and block.text == change.text) for block in newest
    )


def _text_of(each: Block | TakenBlock) -> str:
    block = each if isinstance(each, Block) else each.proposed
    return block.text if block else ""


@dataclass(frozen=True, slots=True)
class WantedChange:
    """What has to be asked for one block to come from one text to another; part and kind are an added block's own."""

    kind: AmendingKind
    block_id: UUID
    text: str = ""
    added: Block | None = None


def changes_between(base: Sequence[Block], wanted: Sequence[Block]) -> list[WantedChange] | None:
    """The changes that lead from one text to the other; None where that takes more than texts.

    Blocks moved, set otherwise or numbered anew, and a block before the first, can't be asked for.
    """
    before, after = {block.id: block for block in base}, {block.id: block for block in wanted}
    kept = [block for block in wanted if block.id in before]
    if [block.id for block in kept] != [block.id for block in base if block.id in after]:
        return None
    if any(block != replace(before[block.id], text=block.text) for block in kept):
        return None
    found: list[WantedChange] = []
    added: dict[UUID, list[Block]] = {}
    anchor: UUID | None = None
    for block in wanted:
        if block.id in before:
            anchor = block.id
        elif anchor is None:
            return None
        else:
            added.setdefault(anchor, []).append(block)
    for block in base:
        if block.id not in after:
            found.append(WantedChange(AmendingKind.REMOVE, block.id))
        elif after[block.id].text.strip() != block.text.strip():
            found.append(WantedChange(AmendingKind.CHANGE, block.id, after[block.id].text))
        behind = added.get(block.id, ())
        found += [WantedChange(AmendingKind.ADD_AFTER, block.id, fresh.text, fresh) for fresh in behind]
    return found
