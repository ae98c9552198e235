"""The Akte of a recommendation: everything its reader may see as PDF/A, and a directory of it, in one ZIP."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Final

from app.documents.csv import csv_of
from app.documents.document import Document, Paragraph, Table, Tone
from app.documents.pdf import pdf_of
from app.i18n import _

_DIRECTORY: Final = "00-verzeichnis"
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


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    subject: str
    size: int
    digest: str


def dossier_file(dossier: Dossier) -> IO[bytes]:
    """The ZIP as an open temporary file, from its beginning: one document is in memory at a time."""
    file = tempfile.TemporaryFile(prefix="dialogforum-")  # noqa: SIM115  the answer that sends it closes it
    made_at = dossier.cover.made_at
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        entries = [
            _add(packed, f"{number:02}-{paper.name}.pdf", pdf_of(paper.document), paper.subject, made_at)
            for number, paper in enumerate(dossier.papers, start=1)
        ]
        table = _directory(entries)
        cover = replace(dossier.cover, parts=[*dossier.cover.parts, _hint(), table], is_landscape=True)
        _add(packed, f"{_DIRECTORY}.pdf", pdf_of(cover), _("Verzeichnis"), made_at)
        _add(packed, f"{_DIRECTORY}.csv", csv_of(table.head, table.rows), _("Verzeichnis"), made_at)
    file.seek(0)
    return file


def _add(packed: zipfile.ZipFile, name: str, content: bytes, subject: str, made_at: datetime) -> _Entry:
    info = zipfile.ZipInfo(name, made_at.timetuple()[:6])
    info.external_attr = _READABLE
    packed.writestr(info, content, zipfile.ZIP_DEFLATED)
    return _Entry(name, subject, len(content), hashlib.sha256(content).hexdigest())


def _directory(entries: Iterable[_Entry]) -> Table:
    rows = [
        (number, entry.name, entry.subject, entry.size, entry.digest) for number, entry in enumerate(entries, start=1)
    ]
    return Table(_("Verzeichnis der Akte"), _HEAD, rows, widths=(0.6, 3.2, 4.2, 1.6, 6.4))


def _hint() -> Paragraph:
    told = _("Die Akte enthält, was die Person lesen darf, die sie abgerufen hat, im Stand dieses Augenblicks.")
    return Paragraph(told, Tone.QUIET)
