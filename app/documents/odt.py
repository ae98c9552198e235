"""A document as ODT, for whoever goes on writing it in an office: named styles, marked words as tracked changes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from odfdo import Document as OdfDocument
from odfdo import Element, XmlPart

from app.documents.document import (
    DRAFT_MARK,
    ISSUER,
    Cell,
    Document,
    Facts,
    Figure,
    Heading,
    Item,
    Items,
    Mark,
    Notice,
    Paragraph,
    Part,
    Picture,
    Run,
    Runs,
    Table,
    Tone,
    Words,
    cell_text,
    readable,
    runs_of,
)
from app.documents.tracked_changes import TrackedChanges, mark_of
from app.i18n import _
from app.wording.dates import german_date

_THUMBNAIL: Final = "Thumbnails/thumbnail.png"
_STYLES: Final = Path(__file__).parent / "design" / "styles.xml"
_TONES: Final = {Tone.BODY: "Text_20_body", Tone.LEAD: "Lead", Tone.QUIET: "Quiet"}
_BLANKS: Final = re.compile(r"(\n|\t| {2,})")
_WIDTH_UPRIGHT: Final = 16.2
_WIDTH_BROAD: Final = 24.9

Writer = Callable[[Any], list[Element]]


def odt_of(document: Document) -> bytes:
    """The document as ODT; the same document makes the same text, though its file bears its own moment."""
    made = OdfDocument("text")
    made.del_part(_THUMBNAIL)
    made.manifest.del_full_path(_THUMBNAIL)
    made.set_part("styles.xml", _STYLES.read_bytes())
    _set_head(made, document)
    body = made.body
    body.clear()
    writing = _Writing(document, made)
    content = [*writing.title(), *(each for part in document.parts for each in writing.part(part))]
    for each in [*writing.changes.regions(), *content]:
        body.append(each)
    automatic_styles = _found(made.content, "//office:automatic-styles")
    for style in writing.styles:
        automatic_styles.append(style)
    made.meta.title = readable(document.title)
    made.meta.subject = readable(document.running_title)
    made.meta.set_language("de-DE")
    made.meta.creation_date = document.made_at
    made.meta.date = document.made_at
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _set_head(made: OdfDocument, document: Document) -> None:
    """What stands at the head of each page, and how broad the page is."""
    page = _found(made.styles, "//style:master-page")
    if document.is_landscape:
        page.set_attribute("style:page-layout-name", "Broad")
    head = _found(page, "style:header")
    head.append(_words("text:p", "Header", document.running_title))
    if document.is_draft:
        head.append(_words("text:p", "Draft_20_Mark", DRAFT_MARK))
    _found(page, "style:footer").insert(
        _words(
            "text:p", "Footer", _("{issuer} · Stand: {date}").format(issuer=ISSUER, date=german_date(document.made_at))
        ),
        position=0,
    )


class _Writing:
    """One document on its way: the changes, styles and notes counted so far."""

    def __init__(self, document: Document, file: OdfDocument) -> None:
        self.document = document
        self._file = file
        self.changes = TrackedChanges(document.changed_by, document.changed_at or document.made_at)
        self.styles: list[Element] = []
        self._notes = 0
        self._tables = 0
        self._pictures = 0
        self._writers: dict[type, Writer] = {
            Heading: self._heading,
            Paragraph: self._paragraph,
            Items: self._items,
            Facts: self._facts,
            Table: self._table,
            Figure: self._figure,
            Picture: self._attached_picture,
            Notice: self._notice,
        }

    def title(self) -> list[Element]:
        """The kind of the document and its title."""
        kind = [_words("text:p", "Kind", self.document.kind)] if self.document.kind else []
        return [*kind, _words("text:p", "Title", self.document.title)]

    def part(self, part: Part) -> list[Element]:
        """A part as elements of the body."""
        return self._writers[type(part)](part)

    def _heading(self, part: Heading) -> list[Element]:
        heading = self._text("text:h", f"Heading_20_{part.level}", part.text, remark=part.remark)
        heading.set_attribute("text:outline-level", str(part.level))
        return self._marked(heading, part.text)

    def _paragraph(self, part: Paragraph, style: str | None = None) -> list[Element]:
        paragraph = self._text("text:p", style or _TONES[part.tone], part.text, label=part.label, remark=part.remark)
        return self._marked(paragraph, part.text)

    def _items(self, part: Items) -> list[Element]:
        """One list; where points came or went whole, each is a list of its own, as changes stand between lists."""
        if any(mark_of(runs_of(item.text)) is not Mark.NONE for item in part.items):
            return [each for item in part.items for each in self._marked(self._list([item]), item.text)]
        return [self._list(part.items)]

    def _list(self, items: Iterable[Item]) -> Element:
        made = _element("text:list", {"text:style-name": "List_20_1"})
        for item in items:
            point = _element("text:list-item")
            point.append(self._text("text:p", "List_20_Item", item.text, label=item.label))
            made.append(point)
        return made

    def _facts(self, part: Facts) -> list[Element]:
        return [
            self._text("text:p", "Fact", words, label=f"{name}:") for name, words in part.pairs if words is not None
        ]

    def _notice(self, part: Notice) -> list[Element]:
        made = [self._text("text:p", "Notice", (Run(part.title, is_bold=True),))]
        for each in part.parts:
            if isinstance(each, Paragraph):
                made += self._paragraph(each, "Notice")
            else:
                made += [self._text("text:p", "Notice", item.text, label=item.label or "•") for item in each.items]
        return made

    def _table(self, part: Table) -> list[Element]:
        self._tables += 1
        name = f"Tabelle{self._tables}"
        made = _element("table:table", {"table:name": name, "table:style-name": self._table_style(name, part)})
        for number in range(len(part.head)):
            made.append(_element("table:table-column", {"table:style-name": f"{name}.{number}"}))
        head = _element("table:table-header-rows")
        head.append(self._row("Table_20_Heading", part.head))
        made.append(head)
        for row in part.rows:
            made.append(self._row("Table_20_Contents", row))
        return [_words("text:p", "Caption", part.caption), made]

    def _table_style(self, name: str, part: Table) -> str:
        """Make the styles of the table, its columns and its cells; the name of the first."""
        width = _WIDTH_BROAD if self.document.is_landscape else _WIDTH_UPRIGHT
        table = _element("style:style", {"style:name": name, "style:family": "table"})
        table.append(_element("style:table-properties", {"style:width": f"{width}cm", "table:align": "left"}))
        self.styles.append(table)
        shares = list(part.widths) or [1.0] * len(part.head)
        for number, share in enumerate(shares):
            column = _element("style:style", {"style:name": f"{name}.{number}", "style:family": "table-column"})
            broad = {"style:column-width": f"{width * share / sum(shares):.2f}cm"}
            column.append(_element("style:table-column-properties", broad))
            self.styles.append(column)
        if self._tables == 1:
            cell = _element("style:style", {"style:name": "Cell", "style:family": "table-cell"})
            lines = {"fo:padding": "0.1cm", "fo:border-bottom": "0.02cm solid #b5bac2", "fo:border-top": "none"}
            cell.append(_element("style:table-cell-properties", lines))
            self.styles.append(cell)
        return name

    def _row(self, style: str, cells: Sequence[Cell]) -> Element:
        row = _element("table:table-row")
        for value in cells:
            cell = _element("table:table-cell", {"table:style-name": "Cell", "office:value-type": "string"})
            cell.append(self._text("text:p", style, value if isinstance(value, tuple) else cell_text(value)))
            row.append(cell)
        return row

    def _figure(self, part: Figure) -> list[Element]:
        address = self._picture(part.svg)
        frame = _element(
            "draw:frame",
            {
                "draw:style-name": "Graphics",
                "text:anchor-type": "as-char",
                "svg:width": f"{_WIDTH_UPRIGHT}cm",
                "svg:height": f"{_WIDTH_UPRIGHT * _proportion(part.svg):.2f}cm",
            },
        )
        picture = {"xlink:href": address, "xlink:type": "simple", "xlink:show": "embed", "xlink:actuate": "onLoad"}
        frame.append(_element("draw:image", picture))
        for tag, words in (("svg:title", part.caption), ("svg:desc", part.alternative)):
            described = _element(tag)
            described.append(readable(words))
            frame.append(described)
        paragraph = _element("text:p", {"text:style-name": "Text_20_body"})
        paragraph.append(frame)
        table = self._table(part.table) if part.table else []
        return [_words("text:p", "Caption", part.caption), paragraph, *table]

    def _attached_picture(self, part: Picture) -> list[Element]:
        return [_words("text:p", "Caption", part.caption), _words("text:p", "Text_20_body", part.alternative)]

    def _picture(self, svg: str) -> str:
        """Keep the picture beside the text; its place in the file."""
        self._pictures += 1
        place = f"Pictures/{self._pictures}.svg"
        self._file.set_part(place, readable(svg).encode())
        self._file.manifest.add_full_path(place, "image/svg+xml")
        return place

    def _text(
        self, tag: str, style: str, words: Words, *, label: str | None = None, remark: str | None = None
    ) -> Element:
        """A paragraph of runs; where it came or went whole, its words stand unmarked and it is marked as a whole."""
        paragraph = _element(tag, {"text:style-name": style})
        if remark:
            paragraph.append(self.changes.comment(remark))
        if label:
            _put(paragraph, Run(f"{label} ", is_bold=True))
        runs = runs_of(words)
        is_whole = mark_of(runs) is not Mark.NONE
        for run in runs:
            if run.mark is Mark.NONE or is_whole:
                self._put(paragraph, run)
            else:
                self.changes.put(paragraph, run, self._put)
        return paragraph

    def _put(self, paragraph: Element, run: Run) -> None:
        _put(paragraph, run)
        if run.note:
            paragraph.append(self._note(run.note))

    def _note(self, runs: Runs) -> Element:
        self._notes += 1
        note = _element("text:note", {"text:id": f"ftn{self._notes}", "text:note-class": "footnote"})
        citation = _element("text:note-citation")
        citation.append(str(self._notes))
        body = _element("text:note-body")
        body.append(self._text("text:p", "Footnote", runs))
        note.append(citation)
        note.append(body)
        return note

    def _marked(self, element: Element, words: Words) -> list[Element]:
        return self.changes.around(element, mark_of(runs_of(words)))


def _found(root: XmlPart | Element, path: str) -> Element:
    """The element at this place, which our own file of styles holds."""
    element = root.get_element(path)
    assert isinstance(element, Element)
    return element


def _words(tag: str, style: str, text: str) -> Element:
    element = _element(tag, {"text:style-name": style})
    _put(element, Run(text))
    return element


def _put(paragraph: Element, run: Run) -> None:
    """The words of a run, with breaks, tabs and blanks kept."""
    target = paragraph
    if run.address:
        target = _element("text:a", {"xlink:href": run.address, "xlink:type": "simple"})
    style = _style_of(run)
    inner = _element("text:span", {"text:style-name": style}) if style else target
    for piece in _BLANKS.split(readable(run.text)):
        if piece == "\n":
            inner.append(_element("text:line-break"))
        elif piece == "\t":
            inner.append(_element("text:tab"))
        elif piece.isspace() and len(piece) > 1:
            inner.append(_element("text:s", {"text:c": str(len(piece))}))
        elif piece:
            inner.append(piece)
    if inner is not target:
        target.append(inner)
    if target is not paragraph:
        paragraph.append(target)


def _style_of(run: Run) -> str | None:
    if run.is_bold:
        return "Strong_20_Italic" if run.is_italic else "Strong_20_Emphasis"
    if run.is_italic:
        return "Emphasis"
    return "Internet_20_Link" if run.address else None


def _element(tag: str, attributes: dict[str, str] | None = None) -> Element:
    element = Element.from_tag(tag)
    for name, value in (attributes or {}).items():
        element.set_attribute(name, value)
    return element


def _proportion(svg: str) -> float:
    """Height over width of a picture, by its view box."""
    found = re.search(r'viewBox="\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*"', svg)
    return float(found.group(2)) / float(found.group(1)) if found else 0.6
