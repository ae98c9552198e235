"""The text of a recommendation as parts of a document: its blocks as a report is set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from app.documents.document import Heading, Item, Items, Paragraph, Part, Table
from app.documents.markup import runs_of_markdown
from app.domain.text import Block, BlockKind, BlockPart
from app.i18n import _
from app.wording import label

REPORT_ORDER = tuple(BlockPart)


def text_parts(blocks: Sequence[Block], *, level: int = 1) -> list[Part]:
    """Every part of the text that holds something, under its heading, in the order of a report."""
    made: list[Part] = []
    for part in REPORT_ORDER:
        own = [block for block in blocks if block.part is part]
        if own:
            made += [Heading(label(part), level), *_set(own, level + 1)]
    return made


def block_label(block: Block) -> str | None:
    """The number of a part that is tracked by itself, as it is written before it."""
    return f"{block.number})" if block.number else None


def cells_of(block: Block) -> list[str]:
    """The cells of a row of a table."""
    return [cell.strip() for cell in block.text.strip().strip("|").split("|")]


def _set(blocks: Sequence[Block], level: int) -> Iterator[Part]:
    """Points and rows that follow one another make one list and one table."""
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        own = list(run)
        if kind is BlockKind.LIST_ITEM:
            yield Items([Item(runs_of_markdown(block.text), block_label(block)) for block in own])
        elif kind is BlockKind.TABLE_ROW:
            yield from _tables(own)
        elif kind is BlockKind.SUBHEADING:
            yield from (Heading(block.text, level) for block in own)
        else:
            yield from (Paragraph(runs_of_markdown(block.text), label=block_label(block)) for block in own)


def _tables(rows: Sequence[Block]) -> Iterator[Part]:
    """The first row holds the headings; a row alone, or of another breadth, is no table and stands as a paragraph."""
    head, *rest = (cells_of(row) for row in rows)
    if not rest or any(len(row) != len(head) for row in rest):
        yield from (Paragraph(runs_of_markdown(" | ".join(cells_of(row)))) for row in rows)
        return
    yield Table(_("Tabelle"), head, [[runs_of_markdown(cell) for cell in row] for row in rest])
