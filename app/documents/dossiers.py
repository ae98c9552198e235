"""The Akte of a recommendation: everything its reader may see as PDF/A, and a directory of it, in one ZIP."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Final

from app.documents.attached_files import Attached, sheet_of
from app.documents.csv import csv_of
from app.documents.document import Document, Paragraph, Table, Tone
from app.documents.pdf import pdf_of
from app.files import FileFolder
from app.i18n import _

_DIRECTORY: Final = "00-verzeichnis"
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u202a-\u202e\u2066-\u2069]')
_READABLE: Final = 0o644 << 16
"""What unpacking makes of a file: its owner may write it, everybody may read it."""
_HEAD: Final = (_("Nr."), _("Datei"), _("Inhalt"), _("Größe in Byte"), _("SHA-256"))


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of the Akte under its name, without number and ending."""

    name: str
    document: Document

    @property
    def subject(self) -> str:
        """What the directory says of it."""
        return self.document.kind or self.document.title


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that goes into the file, described; `cover` opens it and lists the rest."""

    cover: Document
    papers: Sequence[Paper]
    attached: Sequence[Attached] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    subject: str
    size: int
    digest: str


def dossier_file(dossier: Dossier, files: FileFolder) -> IO[bytes]:
    """The ZIP as an open temporary file, from its beginning: one document is in memory at a time."""
    file = tempfile.TemporaryFile(prefix="dialogforum-")  # noqa: SIM115  the answer that sends it closes it
    made_at = dossier.cover.made_at
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        entries = [
            _add(packed, f"{number:02}-{paper.name}.pdf", pdf_of(paper.document), paper.subject, made_at)
            for number, paper in enumerate(dossier.papers, start=1)
        ]
        for number, each in enumerate(dossier.attached, start=1):
            entries += _attached(packed, f"anlagen/{number:03}", each, files, made_at)
        table = _directory(entries)
        cover = replace(dossier.cover, parts=[*dossier.cover.parts, _hint(), table], is_landscape=True)
        _add(packed, f"{_DIRECTORY}.pdf", pdf_of(cover), _("Verzeichnis"), made_at)
        _add(packed, f"{_DIRECTORY}.csv", csv_of(table.head, table.rows), _("Verzeichnis"), made_at)
    file.seek(0)
    return file


def _add(packed: zipfile.ZipFile, name: str, content: bytes, subject: str, made_at: datetime) -> _Entry:
    packed.writestr(_info(name, made_at), content, zipfile.ZIP_DEFLATED)
    return _Entry(name, subject, len(content), hashlib.sha256(content).hexdigest())


def _attached(
    packed: zipfile.ZipFile, place: str, attached: Attached, files: FileFolder, made_at: datetime
) -> list[_Entry]:
    """An attached file as it came, and the sheet that tells of it; nothing where it was removed in the meantime."""
    try:
        sheet = sheet_of(attached, files, made_at)
        copied = _copy(packed, f"{place}-{_safe(attached.name)}", attached, files, made_at)
    except FileNotFoundError:
        return []
    told = _("{subject}: Blatt zur Datei „{name}“").format(subject=attached.subject, name=attached.name)
    return [_add(packed, f"{place}.pdf", sheet, told, made_at), copied]


def _copy(packed: zipfile.ZipFile, name: str, attached: Attached, files: FileFolder, made_at: datetime) -> _Entry:
    """The file piece by piece."""
    with files.place_of(attached.digest).open("rb") as source, packed.open(_info(name, made_at), "w") as target:
        shutil.copyfileobj(source, target)
        return _Entry(name, attached.subject, source.tell(), attached.digest)


def _info(name: str, made_at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, made_at.timetuple()[:6])
    info.external_attr = _READABLE
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _safe(name: str) -> str:
    """The name without what leads out of the folder or no file system takes."""
    return _UNSAFE.sub("_", name).strip(" .")[-120:] or "anlage"


def _directory(entries: Iterable[_Entry]) -> Table:
    rows = [
        (number, entry.name, entry.subject, entry.size, entry.digest) for number, entry in enumerate(entries, start=1)
    ]
    return Table(_("Verzeichnis der Akte"), _HEAD, rows, widths=(0.6, 3.2, 4.2, 1.6, 6.4))


def _hint() -> Paragraph:
    told = _("Die Akte enthält, was die Person lesen darf, die sie abgerufen hat, im Stand dieses Augenblicks.")
    return Paragraph(told, Tone.QUIET)
