"""The text of a recommendation as plain Python: blocks, canonical form, comparing, merging, plain form."""

from app.domain.text.amending import (
    AmendedBlock,
    AmendingKind,
    Fit,
    TakenBlock,
    Taking,
    brought_forward,
    changes_between,
    fit_of,
    take,
)
from app.domain.text.blocks import (
    MAX_BLOCK_CHARACTERS,
    MAX_BLOCKS,
    MAX_TEXT_CHARACTERS,
    Block,
    BlockKind,
    BlockPart,
    BlockProblem,
    is_storable,
    paragraph_numbers,
    problems_of,
    required_parts_missing,
    tracked_numbers,
)
from app.domain.text.canonical import canonical_form, content_hash
from app.domain.text.comparison import BlockChange, ChangeKind, compare
from app.domain.text.merging import Merge, MergedBlock, MergeOutcome, merge_blocks
from app.domain.text.plain_form import (
    HEADINGS,
    PlainFormProblem,
    PlainFormRefused,
    parse_plain_form,
    plain_form,
)
from app.domain.text.word_merging import merge_texts
from app.domain.text.words import SpanKind, WordChanges, WordSpan, compare_words

__all__ = [
    "HEADINGS",
    "MAX_BLOCKS",
    "MAX_BLOCK_CHARACTERS",
    "MAX_TEXT_CHARACTERS",
    "AmendedBlock",
    "AmendingKind",
    "Block",
    "BlockChange",
    "BlockKind",
    "BlockPart",
    "BlockProblem",
    "ChangeKind",
    "Fit",
    "Merge",
    "MergeOutcome",
    "MergedBlock",
    "PlainFormProblem",
    "PlainFormRefused",
    "SpanKind",
    "TakenBlock",
    "Taking",
    "WordChanges",
    "WordSpan",
    "brought_forward",
    "canonical_form",
    "changes_between",
    "compare",
    "compare_words",
    "content_hash",
    "fit_of",
    "is_storable",
    "merge_blocks",
    "merge_texts",
    "paragraph_numbers",
    "parse_plain_form",
    "plain_form",
    "problems_of",
    "required_parts_missing",
    "take",
    "tracked_numbers",
]
