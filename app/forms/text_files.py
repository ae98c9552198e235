"""Reading a text a person sends, DOCX or ODT, into blocks; what else the file holds falls away. Nothing is stored."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import mammoth  # type: ignore[import-untyped]

from app.domain.text import (
    MAX_BLOCKS,
    Block,
    BlockKind,
    BlockPart,
    parse_plain_form,
    part_of_heading,
    plain_form,
    problems_of,
    split_number,
)
from app.errors import FieldError, Invalid
from app.forms.odt_text import read_odt
from app.forms.read_blocks import ReadBlock, read_html
from app.i18n import _
from app.models.base import new_id
from app.wording.texts import text_problem

MAXIMUM_FILE: Final = 4 * 1024 * 1024
_MAXIMUM_UNPACKED = 60 * 1024 * 1024
_MAXIMUM_CONTENT = 8 * 1024 * 1024
_MACROS = ("vbaproject.bin", "vbadata.xml")


@dataclass(frozen=True, slots=True)
class _Format:
    """What tells a format: the file its text stands in, and in that file what no block can hold, each with a word."""

    content: str
    beside: tuple[tuple[re.Pattern[bytes], str], ...]


_PICTURES, _COMMENTS, _STRUCK = (
    _("Bilder"),
    _("Kommentare am Rand"),
    _("gestrichener Text aus nachverfolgten Änderungen"),
)
_DOCX = _Format(
    "word/document.xml",
    (
        (re.compile(rb"<w:(?:drawing|pict)\b"), _PICTURES),
        (re.compile(rb"<w:commentReference\b"), _COMMENTS),
        (re.compile(rb"<w:delText\b"), _STRUCK),
    ),
)
_ODT = _Format(
    "content.xml",
    (
        (re.compile(rb"<draw:image\b"), _PICTURES),
        (re.compile(rb"<office:annotation\b"), _COMMENTS),
        (re.compile(rb"<text:deletion\b"), _STRUCK),
    ),
)


@dataclass(frozen=True, slots=True)
class ReadText:
    """The blocks of a file, each with a fresh id; `left_out` says in words what else it held and no block can hold."""

    name: str
    blocks: tuple[Block, ...]
    left_out: tuple[str, ...] = ()


def read_text_file(name: str, content: bytes, field: str = "file") -> ReadText:
    """The text of the file. Raises Invalid with a sentence that names what can't be read.

    Headings that are called like a part open it, all others are sub-headings.
    """
    if len(content) > MAXIMUM_FILE:
        raise _refused(field, _("Die Datei ist zu groß; höchstens 4 MB sind möglich. Bilder werden nicht gebraucht."))
    if name.casefold().endswith((".docm", ".dotm")):
        raise _refused(field, _MACROS_REFUSED)
    form = _checked(content, field)
    try:
        read = _read_docx(content) if form is _DOCX else read_odt(content)
    except Exception as error:  # whatever a broken file makes the libraries raise
        raise _refused(field, _UNREADABLE) from error
    blocks = _placed(read)
    if not blocks:
        raise _refused(field, _("In dieser Datei steht kein Text."))
    problems = problems_of(blocks)
    if problems:
        raise _refused(field, text_problem(problems[0].code))
    return ReadText(name, tuple(blocks), _left_out(content, form))


_UNREADABLE = _("Diese Datei ist nicht lesbar. Erwartet wird ein Text als DOCX oder ODT.")
_MACROS_REFUSED = _("Diese Datei enthält Makros. Speichern Sie sie bitte als DOCX oder ODT ohne Makros.")


def _checked(content: bytes, field: str) -> _Format:
    """The format of the file; refused where it is none of ours, holds macros, or is a trap."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            if sum(entry.file_size for entry in entries.values()) > _MAXIMUM_UNPACKED:
                raise _refused(field, _("Diese Datei ist entpackt zu groß."))
            if any(_is_macro(each) for each in entries):
                raise _refused(field, _MACROS_REFUSED)
            form = next((each for each in (_DOCX, _ODT) if each.content in entries), None)
            if form is None:
                raise _refused(field, _UNREADABLE)
            if entries[form.content].file_size > _MAXIMUM_CONTENT:
                raise _refused(field, _("Der Text in dieser Datei ist zu lang."))
            for each in entries:
                if each.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(each)[:4096].upper():
                    raise _refused(field, _UNREADABLE)
            if form is _ODT and archive.read("mimetype").strip() != b"application/vnd.oasis.opendocument.text":
                raise _refused(field, _UNREADABLE)
    except Invalid:
        raise
    except Exception as error:  # a broken archive raises many things
        raise _refused(field, _UNREADABLE) from error
    return form


def _is_macro(name: str) -> bool:
    return name.rsplit("/", 1)[-1].casefold() in _MACROS or name.startswith(("Basic/", "Scripts/"))


def _left_out(content: bytes, form: _Format) -> tuple[str, ...]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(form.content)
    return tuple(word for sign, word in form.beside if sign.search(text))


def _read_docx(content: bytes) -> list[ReadBlock]:
    result = mammoth.convert_to_html(
        io.BytesIO(content),
        convert_image=lambda _image: [],
        include_embedded_style_map=False,
        style_map="p[style-name='Title'] => h1:fresh\np[style-name='Titel'] => h1:fresh",
        id_prefix="",
    )
    return read_html(result.value)


def _placed(read: Iterable[ReadBlock]) -> list[Block]:
    """The blocks in the parts whose headings they follow; before the first it is the problem statement."""
    part = BlockPart.PROBLEM_STATEMENT
    numbers: set[str] = set()
    found: list[Block] = []
    for each in read:
        opened = part_of_heading(each.text) if each.kind is BlockKind.SUBHEADING else None
        if opened is not None:
            part = opened
            continue
        block = Block(id=new_id(), part=part, kind=each.kind, text=each.text)
        number, rest = split_number(each.text)
        may_be_numbered = part is BlockPart.RECOMMENDATION and each.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        if number and may_be_numbered and number not in numbers:
            numbers.add(number)
            block = replace(block, number=number, text=rest)
        found.append(block)
        if len(found) > MAX_BLOCKS:
            break
    return found


def taken_over(
    read: Sequence[Block], present: Sequence[Block], known: Sequence[Block], *, replaces: bool
) -> tuple[Block, ...]:
    """What was read behind what is there, or in its place.

    Who takes a text out, writes on elsewhere and brings it back keeps the blocks of `known` that are still to be known.
    """
    if replaces:
        return parse_plain_form(plain_form(read), known, new_id=new_id)
    return _appended(present, read)


def _appended(present: Sequence[Block], read: Sequence[Block]) -> tuple[Block, ...]:
    """What was read at the end of each part of what is there; a number that is taken is dropped."""
    numbers = {block.number for block in present}
    fresh = [replace(block, number=None) if block.number in numbers else block for block in read]
    order = list(BlockPart)
    blocks = list(present)
    for block in fresh:
        later = order[order.index(block.part) + 1 :]
        same = [place for place, other in enumerate(blocks) if other.part is block.part]
        after = [place for place, other in enumerate(blocks) if other.part in later]
        blocks.insert(same[-1] + 1 if same else after[0] if after else len(blocks), block)
    return tuple(blocks)


def _refused(field: str, message: str) -> Invalid:
    return Invalid(FieldError(field, message))
