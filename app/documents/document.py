"""What a document says, told once for every form it leaves in: PDF and ODT read it, tables also CSV and ODS.

Texts of people are data here and stay data: no writer reads them as its own language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.i18n import _
from app.wording.dates import german_date, german_datetime

_UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

ISSUER: Final = _("Dialogforum, Bundesweites Integrationsprogramm")
DRAFT_MARK: Final = _("Entwurf - von der Bundesregierung nicht beschlossen")


class Mark(StrEnum):
    """What a comparison says about words."""

    NONE = "none"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Run:
    """Words set alike; a line feed breaks the line. `note` is the footnote that hangs on them."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    address: str | None = None
    mark: Mark = Mark.NONE
    note: tuple[Run, ...] = ()


Runs = tuple[Run, ...]
Words = str | Runs
"""Plain text, or runs where parts of it are set apart."""

Cell = str | Runs | date | datetime | int | Decimal | bool | None


class Tone(StrEnum):
    """How loud a paragraph speaks."""

    BODY = "body"
    LEAD = "lead"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title; level 1 is the highest, and no level is left out on the way down."""

    text: Words
    level: int = 1
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `label` stands before it in bold ("a)", "Absatz 3").

    A `remark` says something about it: above it in the PDF, as a comment beside it in the ODT.
    """

    text: Words
    tone: Tone = Tone.BODY
    label: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One point of a list; with a label of its own instead of the dot."""

    text: Words
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Facts:
    """Short facts, each behind its name; what is None is left out."""

    pairs: Sequence[tuple[str, Words | None]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one row of column headings; also the description of a CSV or ODS file.

    `widths` are shares of the page's width, one for each column; without them all columns are alike.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as SVG, what it shows in words, and the table of its numbers below it."""

    svg: str
    alternative: str
    caption: str
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG that somebody attached, by its place below the folder of files, and what it shows in words.

    The PDF shows it; an office document says what it shows, and the file goes beside.
    """

    place: str
    alternative: str
    caption: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something set apart from the text around it: a Sondervotum, a hint, what does not bind."""

    title: str
    parts: Sequence[Paragraph | Items]


Part = Heading | Paragraph | Items | Facts | Table | Figure | Picture | Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document. `made_at` is the only time in it: the same content makes the same file.

    `running_title` stands at the head of each page, with the mark of a draft where `is_draft`. `changed_by`
    and `changed_at` name who made the marked changes, for the tracked changes of an ODT.
    """

    title: str
    parts: Sequence[Part]
    made_at: datetime
    kind: str | None = None
    running_title: str = ""
    is_draft: bool = False
    is_landscape: bool = False
    has_contents: bool = False
    changed_by: str = ""
    changed_at: datetime | None = None


def runs_of(words: Words) -> Runs:
    """The words as runs."""
    return words if isinstance(words, tuple) else (Run(words),)


def plain_text(words: Words) -> str:
    """The words without anything set apart; footnotes follow in brackets."""
    if isinstance(words, str):
        return words
    return "".join(run.text + (f" [{plain_text(run.note)}]" if run.note else "") for run in words)


def cell_text(cell: Cell) -> str:
    """What a cell says in German: dates and times as people write them, ja or nein, nothing for None."""
    match cell:
        case None:
            return ""
        case bool():
            return _("ja") if cell else _("nein")
        case Decimal():
            return f"{cell:f}".replace(".", ",")
        case datetime():
            return german_datetime(cell)
        case date():
            return german_date(cell)
        case tuple():
            return plain_text(cell)
        case _:
            return str(cell)


def readable(text: str) -> str:
    """The text without the characters that neither XML nor a PDF can hold."""
    return _UNREADABLE.sub("", text)
