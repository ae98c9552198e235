"""Files as tests send them: the smallest of each kind that is one."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

from starlette.testclient import TestClient

from tests.factories import Known

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\xa7\x11\xd5\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 40 + b"\xff\xd9"
CSV = "Jahr;Plätze\n2025;1.200\n".encode()


def picture(width: int, height: int) -> bytes:
    """A PNG that says it is so large and holds at most a small one."""
    rows = b"".join(b"\0" + bytes(width) for _row in range(height)) if width * height < 1_000_000 else b"\0"
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            (b"IDAT", zlib.compress(rows)),
            (b"IEND", b""),
        )
    )


def package(**entries: str) -> bytes:
    """A ZIP of these entries; `__` stands for a slash, `_x_` for a dot."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, content in entries.items():
            made.writestr(name.replace("__", "/").replace("_x_", "."), content)
    return held.getvalue()


def open_document(kind: str = "text", **more: str) -> bytes:
    """An ODT or, as `spreadsheet`, an ODS."""
    return package(mimetype=f"application/vnd.oasis.opendocument.{kind}", content_x_xml="<x/>", **more)


def office_open(
    kind: str = "wordprocessingml.document.main", inside: str = "word__document_x_xml", **more: str
) -> bytes:
    """A DOCX or, as `spreadsheetml.sheet.main` with its workbook, an XLSX."""
    types = f"application/vnd.openxmlformats-officedocument.{kind}+xml"
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("[Content_Types].xml", f'<Types><Override ContentType="{types}"/></Types>')
        made.writestr(inside.replace("__", "/").replace("_x_", "."), "<x/>")
        for name, content in more.items():
            made.writestr(name.replace("__", "/").replace("_x_", "."), content)
    return held.getvalue()


def send_file(
    client: TestClient, known: Known, path: str, content: bytes = PDF, name: str = "Schreiben.pdf", **fields: str
) -> Any:
    """Attach a file through the API."""
    return client.post(f"{path}/attachments", files={"file": (name, content)}, data=fields, headers=known.headers)
