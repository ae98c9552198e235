"""The text of an ODT as blocks, read from its XML; comments, struck changes, indexes and pictures fall away."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from app.domain.text import BlockKind, SetWords
from app.forms.read_blocks import ReadBlock, Words, row_text, safe_address

_NAMES: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
}
_MOST_REPEATED = 40


def _name(prefixed: str) -> str:
    prefix, _sign, name = prefixed.partition(":")
    return f"{{{_NAMES[prefix]}}}{name}"


_HEADING, _PARAGRAPH, _LIST, _ITEM = map(_name, ("text:h", "text:p", "text:list", "text:list-item"))
_TABLE, _ROW, _CELL, _SECTION = map(_name, ("table:table", "table:table-row", "table:table-cell", "text:section"))
_HEADER_ROWS, _ROWS, _LIST_HEADER = map(_name, ("table:table-header-rows", "table:table-rows", "text:list-header"))
_SPAN, _LINK, _NOTE, _BODY = map(_name, ("text:span", "text:a", "text:note", "text:note-body"))
_SPACES, _TAB, _BREAK = map(_name, ("text:s", "text:tab", "text:line-break"))
_SILENT = frozenset(map(_name, ("office:annotation", "text:tracked-changes", "text:ruby-text")))
_TITLES = frozenset({"Title", "Titel"})


@dataclass(frozen=True, slots=True)
class _Look:
    """What a style sets apart."""

    is_bold: bool = False
    is_italic: bool = False


def read_odt(content: bytes) -> list[ReadBlock]:
    """The blocks of the file; the caller has seen that it is an ODT of bearable size without a DTD."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = ElementTree.fromstring(archive.read("content.xml"))
        styles = ElementTree.fromstring(archive.read("styles.xml")) if "styles.xml" in archive.namelist() else None
    looks = {**(_looks_of(styles) if styles is not None else {}), **_looks_of(root)}
    body = root.find(f"{_name('office:body')}/{_name('office:text')}")
    return [] if body is None else [each for each in _Reader(looks).blocks(body) if each.text.strip(" |")]


def _looks_of(root: Element) -> dict[str, _Look]:
    found = {"Strong_20_Emphasis": _Look(is_bold=True), "Emphasis": _Look(is_italic=True)}
    for style in root.iter(_name("style:style")):
        properties = style.find(_name("style:text-properties"))
        name = style.get(_name("style:name"))
        if name and properties is not None and style.get(_name("style:family")) == "text":
            weight, posture = properties.get(_name("fo:font-weight")), properties.get(_name("fo:font-style"))
            found[name] = _Look(weight in {"bold", "600", "700", "800", "900"}, posture in {"italic", "oblique"})
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Walks through the text; knows how styles look."""

    looks: dict[str, _Look]

    def blocks(self, holder: Element) -> Iterator[ReadBlock]:
        """The blocks within a body, a section or a list item's end."""
        for each in holder:
            if each.tag == _HEADING or each.get(_name("text:style-name")) in _TITLES:
                yield ReadBlock(BlockKind.SUBHEADING, self.words(each).plain)
            elif each.tag == _PARAGRAPH:
                yield ReadBlock(BlockKind.PARAGRAPH, self.words(each).text())
            elif each.tag == _LIST:
                yield from self.items(each)
            elif each.tag == _TABLE:
                yield from self.rows(each)
            elif each.tag == _SECTION:
                yield from self.blocks(each)

    def items(self, listed: Element) -> Iterator[ReadBlock]:
        """Each item with its paragraphs as lines; items within it follow."""
        for item in listed:
            if item.tag not in (_ITEM, _LIST_HEADER):
                continue
            heading = item.find(_HEADING)
            if heading is not None:
                yield ReadBlock(BlockKind.SUBHEADING, self.words(heading).plain)
            lines = [self.words(each).text() for each in item if each.tag == _PARAGRAPH]
            yield ReadBlock(BlockKind.LIST_ITEM, "\n".join(line for line in lines if line))
            for inner in item.findall(_LIST):
                yield from self.items(inner)

    def rows(self, table: Element) -> Iterator[ReadBlock]:
        """Each row by its cells."""
        for each in table:
            if each.tag in (_HEADER_ROWS, _ROWS):
                yield from self.rows(each)
            elif each.tag == _ROW:
                cells = [self.cell(cell) for cell in each.findall(_CELL)]
                yield ReadBlock(BlockKind.TABLE_ROW, row_text(cells[:_MOST_REPEATED]))

    def cell(self, cell: Element) -> str:
        """The paragraphs of a cell on one line."""
        return " ".join(self.words(each).text() for each in cell.iter(_PARAGRAPH))

    def words(self, holder: Element) -> Words:
        """The words of a paragraph with what sets them apart."""
        return Words(list(self.runs(holder, SetWords())))

    def runs(self, holder: Element, look: SetWords) -> Iterator[SetWords]:
        """Runs within an element, set apart as it says."""
        if holder.text:
            yield replace(look, text=_joined(holder.text))
        for each in holder:
            if each.tag == _SPAN:
                style = self.looks.get(each.get(_name("text:style-name")) or "", _Look())
                inner = replace(
                    look, is_bold=look.is_bold or style.is_bold, is_italic=look.is_italic or style.is_italic
                )
                yield from self.runs(each, inner)
            elif each.tag == _LINK:
                yield from self.runs(each, replace(look, address=safe_address(each.get(_name("xlink:href")))))
            elif each.tag == _NOTE:
                yield SetWords(note=self.note(each))
            elif each.tag == _SPACES or each.tag == _TAB:
                yield replace(look, text=" ")
            elif each.tag == _BREAK:
                yield replace(look, text="\n")
            elif each.tag not in _SILENT:
                yield from self.runs(each, look)
            if each.tail:
                yield replace(look, text=_joined(each.tail))

    def note(self, note: Element) -> str:
        """The text of a footnote on one line."""
        body = note.find(_BODY)
        return "" if body is None else " ".join(self.words(each).text() for each in body.iter(_PARAGRAPH))


def _joined(text: str) -> str:
    """A line end in the XML is a blank."""
    return text.replace("\r", " ").replace("\n", " ")
