"""Answers that are files to keep. A document is described while the database is read and set afterwards, outside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import IO, Final
from urllib.parse import quote
from weakref import WeakKeyDictionary

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.documents.csv import csv_of
from app.documents.document import Document, Table
from app.documents.ods import ods_of
from app.documents.odt import odt_of
from app.documents.pdf import pdf_of
from app.domain.attachments import MEDIA_TYPES, AttachmentKind
from app.errors import NotFound
from app.i18n import _
from app.routers.deps import database_of
from app.routers.pages import cache_control

_AT_ONCE: Final = 2
"""Documents one process sets at the same time; the others wait in the event loop."""
_PIECE: Final = 64 * 1024
_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_limiters: WeakKeyDictionary[asyncio.AbstractEventLoop, CapacityLimiter] = WeakKeyDictionary()


class DocumentForm(StrEnum):
    """The forms a document is offered in; the word ends its address."""

    PDF = "pdf"
    ODT = "odt"


class TableForm(StrEnum):
    """The forms a table is offered in; the word ends its address."""

    CSV = "csv"
    ODS = "ods"


WRITTEN_TYPES: Final = {
    DocumentForm.PDF: "application/pdf",
    DocumentForm.ODT: "application/vnd.oasis.opendocument.text",
    TableForm.CSV: "text/csv; charset=utf-8",
    TableForm.ODS: "application/vnd.oasis.opendocument.spreadsheet",
}


class MadeLater(Response):
    """A file that is made when the answer is sent: the transaction that told what stands in it is over by then."""

    def __init__(self, make: Callable[[], bytes], *, name: str, media_type: str, cache_control: str) -> None:
        super().__init__(media_type=media_type)
        self.make = make
        self.kept_headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": cache_control,
            "Vary": "Authorization, Cookie",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make the file in a thread and send it; what fails is answered as any other error."""
        content = await anyio.to_thread.run_sync(self.make, limiter=setting_limiter())
        response = Response(content, media_type=self.media_type, headers=self.kept_headers)
        await response(scope, receive, send)


class StreamedLater(MadeLater):
    """The same for a file too large for memory: it is made as an open file, sent piece by piece and closed."""

    def __init__(self, make: Callable[[], IO[bytes]], *, name: str, media_type: str, cache_control: str) -> None:
        super().__init__(lambda: b"", name=name, media_type=media_type, cache_control=cache_control)
        self.make_file = make

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make the file in a thread, then send it; it is closed also where the reader goes away."""
        file = await anyio.to_thread.run_sync(self.make_file, limiter=setting_limiter())
        try:
            pieces = iter(lambda: file.read(_PIECE), b"")
            response = StreamingResponse(pieces, media_type=self.media_type, headers=self.kept_headers)
            await response(scope, receive, send)
        finally:
            file.close()


def document_file(request: Request, name: str, document: Document, form: DocumentForm) -> Response:
    """The document to keep, under a name without its ending; like a page, a public one may be kept for a minute."""
    write = pdf_of if form is DocumentForm.PDF else odt_of
    return _file(request, f"{name}.{form}", WRITTEN_TYPES[form], lambda: write(document))


def packed_file(request: Request, name: str, make: Callable[[], IO[bytes]]) -> Response:
    """A ZIP to keep, under a name without its ending."""
    return StreamedLater(make, name=f"{name}.zip", media_type="application/zip", cache_control=cache_control(request))


def table_file(request: Request, name: str, table: Table, form: TableForm) -> Response:
    """The table to keep, under a name without its ending."""
    if form is TableForm.CSV:
        return _file(request, f"{name}.{form}", WRITTEN_TYPES[form], lambda: csv_of(table.head, table.rows))
    return _file(request, f"{name}.{form}", WRITTEN_TYPES[form], lambda: ods_of(table))


def kept_file(request: Request, *, digest: str, name: str, kind: AttachmentKind, kept_for: str) -> Response:
    """A file that lies under its digest, never shown as a page of ours: saved, of its kind, and powerless."""
    path = database_of(request).files.place_of(digest)
    if not path.is_file():
        raise NotFound(_("Der Inhalt dieser Datei ist nicht mehr vorhanden."))
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return FileResponse(
        path,
        media_type=MEDIA_TYPES[kind],
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": kept_for,
        },
    )


def _file(request: Request, name: str, media_type: str, make: Callable[[], bytes]) -> Response:
    return MadeLater(make, name=name, media_type=media_type, cache_control=cache_control(request))


def setting_limiter() -> CapacityLimiter:
    """The queue of those who set documents."""
    loop = asyncio.get_running_loop()
    if loop not in _limiters:
        _limiters[loop] = CapacityLimiter(_AT_ONCE)
    return _limiters[loop]
