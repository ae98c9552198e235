"""Which files may be attached, told by what they hold and not by how they are called; how their names are cleaned."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Final

MAXIMUM_SIZE: Final = 10 * 1024 * 1024
"""Bytes of one file."""

MAXIMUM_UNPACKED: Final = 200 * 1024 * 1024
_MAXIMUM_ENTRIES: Final = 5_000
_LONGEST_NAME: Final = 120


class AttachmentKind(StrEnum):
    """What a file is; the word is its ending, too."""

    PDF = "pdf"
    ODT = "odt"
    DOCX = "docx"
    ODS = "ods"
    XLSX = "xlsx"
    PNG = "png"
    JPEG = "jpg"
    CSV = "csv"
    TXT = "txt"


MEDIA_TYPES: Final[dict[AttachmentKind, str]] = {
    AttachmentKind.PDF: "application/pdf",
    AttachmentKind.ODT: "application/vnd.oasis.opendocument.text",
    AttachmentKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    AttachmentKind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    AttachmentKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    AttachmentKind.PNG: "image/png",
    AttachmentKind.JPEG: "image/jpeg",
    AttachmentKind.CSV: "text/csv; charset=utf-8",
    AttachmentKind.TXT: "text/plain; charset=utf-8",
}
PICTURES: Final = frozenset({AttachmentKind.PNG, AttachmentKind.JPEG})
"""These need a text for who can't see them."""


class Refusal(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_KIND = "unknown_kind"
    OTHER_ENDING = "other_ending"
    MACROS = "macros"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"


class Unacceptable(ValueError):
    """A file that is not taken, with the reason."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file that may be attached: what it is, and its name as others will see it."""

    kind: AttachmentKind
    name: str


def recognise(content: bytes, name: str) -> Recognised:
    """What the file is; raises Unacceptable with the reason where it may not be attached."""
    if not content:
        raise Unacceptable(Refusal.EMPTY)
    if len(content) > MAXIMUM_SIZE:
        raise Unacceptable(Refusal.TOO_LARGE)
    ending = _ending(name)
    kind = _kind_of(content, ending)
    if ending and _ENDINGS.get(ending) is not kind:
        raise Unacceptable(Refusal.OTHER_ENDING)
    return Recognised(kind, clean_name(name, kind))


def pixels_of(picture: bytes) -> int:
    """How many pixels a PNG or JPEG says it has; 0 where it says nothing of the kind."""
    if picture.startswith(b"\x89PNG"):
        return int.from_bytes(picture[16:20]) * int.from_bytes(picture[20:24])
    place = 2
    while place + 9 <= len(picture) and picture[place] == 0xFF:
        marker = picture[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in _JPEG_TABLES:
            return int.from_bytes(picture[place + 5 : place + 7]) * int.from_bytes(picture[place + 7 : place + 9])
        place += 2 + int.from_bytes(picture[place + 2 : place + 4])
    return 0


_JPEG_TABLES: Final = frozenset({0xC4, 0xC8, 0xCC})
"""Markers between those that begin a frame and hold something else."""


def clean_name(name: str, kind: AttachmentKind) -> str:
    """The name without folders, without what no file system takes, with the ending of its kind."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    printable = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in last)
    stem = re.sub(r'[<>:"|?*;]', "", " ".join(printable.split())).strip(". ")
    stem = re.sub(r"\.[A-Za-z][A-Za-z0-9]{0,9}$", "", stem).strip(". ")
    return f"{stem[:_LONGEST_NAME].strip('. ') or 'Datei'}.{kind.value}"


_ENDINGS: Final = {kind.value: kind for kind in AttachmentKind} | {"jpeg": AttachmentKind.JPEG}


def _ending(name: str) -> str:
    found = re.search(r"\.([A-Za-z][A-Za-z0-9]{0,9})$", name.strip())
    return found.group(1).casefold() if found else ""


def _kind_of(content: bytes, ending: str) -> AttachmentKind:
    for begins, check in _BEGINNINGS:
        if content.startswith(begins):
            return check(content)
    return _text(content, ending)


def _pdf(content: bytes) -> AttachmentKind:
    if b"%%EOF" not in content[-2_048:]:
        raise Unacceptable(Refusal.DAMAGED)
    if re.search(rb"/(JavaScript|Launch|EmbeddedFile)\b", content):
        raise Unacceptable(Refusal.MACROS)
    if re.search(rb"/Encrypt\s+\d+\s+\d+\s+R", content):
        raise Unacceptable(Refusal.ENCRYPTED)
    return AttachmentKind.PDF


def _png(content: bytes) -> AttachmentKind:
    if content[12:16] != b"IHDR" or b"IEND" not in content[-64:]:
        raise Unacceptable(Refusal.DAMAGED)
    return AttachmentKind.PNG


def _jpeg(content: bytes) -> AttachmentKind:
    if b"\xff\xd9" not in content[-1_024:]:
        raise Unacceptable(Refusal.DAMAGED)
    return AttachmentKind.JPEG


def _package(content: bytes) -> AttachmentKind:
    """An office file: a ZIP with what its kind demands, without programs, and not larger inside than it seems."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return _kind_of_package(package)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, UnicodeError) as error:
        raise Unacceptable(Refusal.DAMAGED) from error


def _kind_of_package(package: zipfile.ZipFile) -> AttachmentKind:
    entries = package.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > _MAXIMUM_ENTRIES or sum(entry.file_size for entry in entries) > MAXIMUM_UNPACKED:
        raise Unacceptable(Refusal.TOO_LARGE)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unacceptable(Refusal.ENCRYPTED)
    if "mimetype" in names:
        return _open_document(package, names)
    if "[Content_Types].xml" in names:
        return _office_open(package, names)
    raise Unacceptable(Refusal.UNKNOWN_KIND)


def _open_document(package: zipfile.ZipFile, names: set[str]) -> AttachmentKind:
    media_type = _read(package, "mimetype").decode("ascii", "replace").strip()
    kinds = (AttachmentKind.ODT, AttachmentKind.ODS)
    kind = next((each for each in kinds if MEDIA_TYPES[each] == media_type), None)
    if kind is None or "content.xml" not in names:
        raise Unacceptable(Refusal.UNKNOWN_KIND)
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise Unacceptable(Refusal.MACROS)
    if b"manifest:encryption-data" in _read(package, "META-INF/manifest.xml", names):
        raise Unacceptable(Refusal.ENCRYPTED)
    return kind


def _office_open(package: zipfile.ZipFile, names: set[str]) -> AttachmentKind:
    types = _read(package, "[Content_Types].xml")
    has_programs = any("vbaProject" in name or "activeX" in name for name in names)
    if has_programs or b"macroEnabled" in types or b"vbaProject" in types:
        raise Unacceptable(Refusal.MACROS)
    if b"wordprocessingml.document.main+xml" in types and "word/document.xml" in names:
        return AttachmentKind.DOCX
    if b"spreadsheetml.sheet.main+xml" in types and "xl/workbook.xml" in names:
        return AttachmentKind.XLSX
    raise Unacceptable(Refusal.UNKNOWN_KIND)


def _read(package: zipfile.ZipFile, name: str, names: set[str] | None = None) -> bytes:
    """The beginning of an entry, however large it says it is; nothing where it is not there."""
    if names is not None and name not in names:
        return b""
    with package.open(name) as entry:
        return entry.read(1024 * 1024)


def _text(content: bytes, ending: str) -> AttachmentKind:
    """Plain text in UTF-8: a table where it is called one."""
    if ending not in {"csv", "txt"}:
        raise Unacceptable(Refusal.UNKNOWN_KIND)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unacceptable(Refusal.DAMAGED) from error
    if re.search("[\x00-\x08\x0e-\x1f]", text):
        raise Unacceptable(Refusal.UNKNOWN_KIND)
    return AttachmentKind(ending)


_BEGINNINGS: Final[tuple[tuple[bytes, Callable[[bytes], AttachmentKind]], ...]] = (
    (b"%PDF-", _pdf),
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8\xff", _jpeg),
    (b"PK\x03\x04", _package),
)
