"""The sheet that lies in an Akte before each attached file: what it is, in PDF/A, and a picture itself.

The file beside it stays as it came: what a record keeps is not converted, and its digest tells that it is the one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from typst import TypstError

from app.documents.document import Document, Facts, Paragraph, Part, Picture
from app.documents.pdf import pdf_of
from app.domain.attachments import PICTURES, AttachmentKind, pixels_of
from app.files import FileFolder
from app.i18n import _
from app.wording import label
from app.wording.dates import german_datetime

_MOST_PIXELS: Final = 40_000_000
"""A small file can hold a picture that fills the memory; a camera's has half of this."""
_DECLARED = re.compile(rb"pdfaid:(part|conformance)(?:>|\s*=\s*[\"'])\s*(\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file somebody attached, as it lies on the disk under its digest."""

    name: str
    subject: str
    digest: str
    kind: AttachmentKind
    size: int
    alt_text: str
    attached_at: datetime


def sheet_of(attached: Attached, files: FileFolder, made_at: datetime) -> bytes:
    """The sheet as PDF/A. Raises FileNotFoundError where the file was taken away in the meantime."""
    *better, plain = sheets_of(attached, files, made_at)
    for document in better:
        with suppress(TypstError):
            return pdf_of(document, pictures=files.root)
    return pdf_of(plain)


def sheets_of(attached: Attached, files: FileFolder, made_at: datetime) -> list[Document]:
    """The sheet with the picture where the file is one, and without it, for a picture that can't be set."""
    place = files.place_of(attached.digest)
    content = place.read_bytes()
    found = [_sheet(attached, made_at, [Paragraph(_told(attached, content))])]
    if attached.kind in PICTURES and 0 < pixels_of(content) <= _MOST_PIXELS:
        seen = attached.alt_text or attached.name
        told = _("Das Bild steht hier, damit es ohne weiteres Programm lesbar bleibt. Das Original liegt daneben.")
        shown = Picture(place.relative_to(files.root).as_posix(), seen, seen)
        found.insert(0, _sheet(attached, made_at, [Paragraph(told), shown]))
    return found


def _told(attached: Attached, content: bytes) -> str:
    if attached.kind in PICTURES:
        return _("Das Bild lässt sich in PDF/A nicht zeigen. Es liegt unverändert daneben.")
    if attached.kind is not AttachmentKind.PDF:
        return _("Die Datei liegt unverändert daneben, in dem Format, in dem sie kam.")
    declared = dict(_DECLARED.findall(content))
    if b"part" not in declared:
        return _("Die Datei gibt sich nicht als PDF/A aus. Sie liegt unverändert daneben.")
    form = f"PDF/A-{declared[b'part'].decode()}{declared.get(b'conformance', b'').decode().lower()}"
    return _("Die Datei gibt sich als {form} aus; geprüft ist das nicht. Sie liegt unverändert daneben.").format(
        form=form
    )


def _sheet(attached: Attached, made_at: datetime, parts: Sequence[Part]) -> Document:
    facts = Facts(
        (
            (_("Gehört hierher als"), attached.subject),
            (_("Art"), label(attached.kind)),
            (_("Größe"), _("{size} Byte").format(size=f"{attached.size:,}".replace(",", "."))),
            (_("Angehängt"), german_datetime(attached.attached_at)),
            (_("Zu sehen ist"), attached.alt_text or None),
            (_("SHA-256"), attached.digest),
        )
    )
    return Document(
        title=attached.name, parts=[facts, *parts], made_at=made_at, kind=_("Anlage"), running_title=attached.name
    )
