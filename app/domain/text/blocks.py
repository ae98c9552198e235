"""What a recommendation's text is made of: an ordered list of blocks, and what a block may hold."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

MAX_BLOCKS: Final = 1_000
MAX_BLOCK_CHARACTERS: Final = 20_000
MAX_TEXT_CHARACTERS: Final = 200_000

NUMBER_PATTERN: Final = r"[a-z]{1,2}|[1-9][0-9]?"
_NUMBER: Final = re.compile(NUMBER_PATTERN)
# What no database or no encoding keeps: control characters but tab and line feed, and lone surrogates.
_UNSTORABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class BlockPart(StrEnum):
    """The part of the report a block belongs to, in the order in which parts are written."""

    PROBLEM_STATEMENT = "problem_statement"
    STATE_OF_PLAY = "state_of_play"
    GOAL = "goal"
    RECOMMENDATION = "recommendation"
    RATIONALE = "rationale"
    IMPLEMENTATION_NOTE = "implementation_note"
    PRACTICE_EXAMPLE = "practice_example"
    SOURCES = "sources"


class BlockKind(StrEnum):
    """How a block is set."""

    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    SUBHEADING = "subheading"
    TABLE_ROW = "table_row"


REQUIRED_PARTS: Final = (BlockPart.PROBLEM_STATEMENT, BlockPart.RECOMMENDATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of text with an id that outlives its changes; `number` marks a part tracked by itself."""

    id: UUID
    part: BlockPart
    kind: BlockKind = BlockKind.PARAGRAPH
    number: str | None = None
    text: str


@dataclass(frozen=True, slots=True)
class BlockProblem:
    """What is wrong with a block: its place in the list (None: the list), the field and a code."""

    code: str
    index: int | None
    field: str


def problems_of(blocks: Sequence[Block]) -> list[BlockProblem]:
    """Everything that keeps this list from being saved; an empty answer means it may be.

    Codes: `too_many_blocks`, `total_too_long`, `id_repeated`, `text_missing`, `text_too_long`,
    `text_malformed`, `number_malformed`, `number_not_allowed`, `number_repeated`.
    """
    problems = []
    if len(blocks) > MAX_BLOCKS:
        problems.append(BlockProblem("too_many_blocks", None, "blocks"))
    if sum(len(block.text) for block in blocks) > MAX_TEXT_CHARACTERS:
        problems.append(BlockProblem("total_too_long", None, "blocks"))
    ids: Counter[UUID] = Counter()
    numbers: Counter[str] = Counter()
    for index, block in enumerate(blocks):
        if block.id in ids:
            problems.append(BlockProblem("id_repeated", index, "id"))
        if block.number is not None and block.number in numbers:
            problems.append(BlockProblem("number_repeated", index, "number"))
        ids[block.id] += 1
        numbers[block.number or ""] += 1
        problems += [BlockProblem(code, index, field) for code, field in _own_problems(block)]
    return problems


def is_storable(text: str) -> bool:
    """Whether databases and encodings can keep this text: no control characters, no lone surrogates."""
    return _UNSTORABLE.search(text) is None


def required_parts_missing(blocks: Iterable[Block]) -> tuple[BlockPart, ...]:
    """The required parts that hold no text yet; without them no review starts. A sub-heading is no text."""
    present = {block.part for block in blocks if block.kind is not BlockKind.SUBHEADING and block.text.strip()}
    return tuple(part for part in REQUIRED_PARTS if part not in present)


def tracked_numbers(blocks: Iterable[Block]) -> tuple[str, ...]:
    """The numbers of the recommendation's parts, in order: what a measure can refer to."""
    return tuple(block.number for block in blocks if block.number is not None)


def paragraph_numbers(blocks: Iterable[Block]) -> dict[UUID, int]:
    """How to quote each block ("Empfehlung, Absatz 3"): counted from 1 in each part, without sub-headings."""
    counted: Counter[BlockPart] = Counter()
    numbers = {}
    for block in blocks:
        if block.kind is not BlockKind.SUBHEADING:
            counted[block.part] += 1
            numbers[block.id] = counted[block.part]
    return numbers


def _own_problems(block: Block) -> list[tuple[str, str]]:
    problems = []
    if not block.text.strip():
        problems.append(("text_missing", "text"))
    if len(block.text) > MAX_BLOCK_CHARACTERS:
        problems.append(("text_too_long", "text"))
    if not is_storable(block.text):
        problems.append(("text_malformed", "text"))
    if block.number is not None and not _NUMBER.fullmatch(block.number):
        problems.append(("number_malformed", "number"))
    if block.number is not None and not _may_be_numbered(block):
        problems.append(("number_not_allowed", "number"))
    return problems


def _may_be_numbered(block: Block) -> bool:
    is_text = block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
    return is_text and block.part is BlockPart.RECOMMENDATION
