"""HTML of a word processor's text as blocks: paragraphs, items, headings, rows, and footnotes where they belong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from app.domain.text import BlockKind, SetWords, written

_HEADINGS: Final = {"h1", "h2", "h3", "h4", "h5", "h6"}
_WITHIN_CELLS: Final = {*_HEADINGS, "p", "ul", "ol", "li", "br", "table"}
_NOTE: Final = re.compile(r"#?((?:foot|end)note-\d+)")
_ADDRESS: Final = re.compile(r"(?:https?://|mailto:)[^\s<>]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """One block of a file before it has a place: its kind and its text in restricted Markdown."""

    kind: BlockKind
    text: str


@dataclass(slots=True)
class Words:
    """The words of a block while they are read; a footnote is named until its text is known."""

    runs: list[SetWords] = field(default_factory=list)

    def text(self, notes: dict[str, str] | None = None) -> str:
        """The words as Markdown; a footnote that has no text falls away."""
        known = [
            run if run.note is None or notes is None else SetWords(note=notes.get(run.note, "")) for run in self.runs
        ]
        return written(run for run in known if run.note != "")

    @property
    def plain(self) -> str:
        """The words without anything set apart, on one line: a heading."""
        return " ".join("".join(run.text for run in self.runs).split())


def safe_address(address: str | None) -> str | None:
    """An address one may link to; None for any other."""
    if address is None or not _ADDRESS.fullmatch(address.strip()):
        return None
    return address.strip().replace("(", "%28").replace(")", "%29")


def row_text(cells: Iterable[str]) -> str:
    """The cells of a table's row as one text."""
    return " | ".join(cell.replace("|", "¦").replace("\n", " ").strip() for cell in cells)


def read_html(html: str) -> list[ReadBlock]:
    """The blocks of the HTML that mammoth makes of a DOCX."""
    reader = _HtmlReader()
    reader.feed(html)
    reader.close()
    return reader.blocks()


class _HtmlReader(HTMLParser):
    """Gathers words until a block ends; knows what is set apart and whether it stands in an item, cell or footnote."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[tuple[BlockKind, Words | list[Words]]] = []
        self._notes: dict[str, Words] = {}
        self._words = Words()
        self._kind = BlockKind.PARAGRAPH
        self._bold = self._italic = 0
        self._addresses: list[str | None] = []
        self._cells: list[Words] | None = None
        self._note: str | None = None
        self._skips = False

    def blocks(self) -> list[ReadBlock]:
        """Everything that was read, without what is empty."""
        self._end()
        notes = {name: words.text() for name, words in self._notes.items()}
        found = []
        for kind, words in self._found:
            if isinstance(words, list):
                text = row_text(cell.text(notes) for cell in words)
            else:
                text = words.plain if kind is BlockKind.SUBHEADING else words.text(notes)
            if text.strip(" |"):
                found.append(ReadBlock(kind, text))
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins, or words are set apart."""
        given = dict(attrs)
        if self._cells is not None and tag in _WITHIN_CELLS:
            self._add(" ")
        elif tag in ("strong", "b"):
            self._bold += 1
        elif tag in ("em", "i"):
            self._italic += 1
        elif tag == "a":
            self._begin_link(given)
        elif tag == "br":
            self._add("\n")
        elif tag in ("p", "ul", "ol", "table"):
            self._begin(BlockKind.LIST_ITEM if self._kind is BlockKind.LIST_ITEM else BlockKind.PARAGRAPH)
        elif tag == "li":
            name = _NOTE.fullmatch(given.get("id") or "")
            self._end()
            self._note = name.group(1) if name else None
            self._kind = BlockKind.LIST_ITEM
        elif tag in _HEADINGS:
            self._end()
            self._kind = BlockKind.SUBHEADING
        elif tag == "tr":
            self._end()
            self._cells = []

    def handle_endtag(self, tag: str) -> None:
        """A block ends, or what sets words apart."""
        if self._cells is not None and tag in _WITHIN_CELLS:
            self._add(" ")
        elif tag in ("strong", "b"):
            self._bold -= 1
        elif tag in ("em", "i"):
            self._italic -= 1
        elif tag == "a" and self._addresses:
            self._addresses.pop()
            self._skips = False
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append(self._words)
            self._words = Words()
        elif tag == "tr" and self._cells is not None:
            self._found.append((BlockKind.TABLE_ROW, self._cells))
            self._cells = None
        elif tag == "li" or tag in _HEADINGS:
            self._end()
            self._kind = BlockKind.PARAGRAPH
            self._note = None
        elif tag == "p" and self._kind is not BlockKind.LIST_ITEM:
            self._end()

    def handle_data(self, data: str) -> None:
        """Words, set apart as they stand."""
        self._add(data.replace("\n", " "))

    def _begin_link(self, given: dict[str, str | None]) -> None:
        target = given.get("href") or ""
        name = _NOTE.fullmatch(target)
        self._addresses.append(safe_address(target))
        # The sign of a footnote, and the arrow back from its text, are no words.
        self._skips = name is not None or target.startswith(("#footnote-ref", "#endnote-ref"))
        if name is not None:
            self._words.runs.append(SetWords(note=name.group(1)))

    def _begin(self, kind: BlockKind) -> None:
        """Within a cell, an item or a footnote a paragraph is another line of it."""
        if self._note is not None or self._kind is BlockKind.LIST_ITEM:
            if self._words.runs:
                self._add("\n" if self._note is None else " ")
            return
        self._end()
        self._kind = kind

    def _add(self, text: str) -> None:
        if self._skips:
            return
        address = self._addresses[-1] if self._addresses else None
        run = SetWords(text=text, is_bold=self._bold > 0, is_italic=self._italic > 0, address=address)
        self._words.runs.append(run)

    def _end(self) -> None:
        if self._note is not None:
            self._notes[self._note] = self._words
        elif self._words.runs:
            self._found.append((self._kind, self._words))
        self._words = Words()
