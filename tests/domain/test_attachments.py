"""Files are told by what they hold: each kind that is taken, and everything that is not."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from app.domain.attachments import (
    MAXIMUM_SIZE,
    MAXIMUM_UNPACKED,
    AttachmentKind,
    Refusal,
    Unacceptable,
    clean_name,
    recognise,
)
from tests.attaching import CSV, JPEG, PDF, PNG, office_open, open_document, package

K, R = AttachmentKind, Refusal
SHEET = office_open("spreadsheetml.sheet.main", "xl__workbook_x_xml")


def _words(value: object) -> str:
    """Names a case by its words: a content may be long, and other each time it is made."""
    return value if isinstance(value, str) else type(value).__name__


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, K.PDF),
        ("a.odt", open_document(), K.ODT),
        ("a.ods", open_document("spreadsheet"), K.ODS),
        ("a.docx", office_open(), K.DOCX),
        ("a.xlsx", SHEET, K.XLSX),
        ("a.PNG", PNG, K.PNG),
        ("a.jpeg", JPEG, K.JPEG),
        ("a.csv", CSV, K.CSV),
        ("a.txt", "\ufeffZeile mit Umlaut ä\r\n".encode(), K.TXT),
        ("ohne Endung", PDF, K.PDF),
    ],
    ids=_words,
)
def test_each_kind_is_told_by_its_content(name: str, content: bytes, kind: AttachmentKind) -> None:
    assert recognise(content, name).kind is kind


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("leer.pdf", b"", R.EMPTY),
        ("gross.txt", b"x" * (MAXIMUM_SIZE + 1), R.TOO_LARGE),
        ("programm.exe", b"MZ\x90\x00", R.UNKNOWN_KIND),
        ("seite.html", b"<!DOCTYPE html><script>alert(1)</script>", R.UNKNOWN_KIND),
        ("bild.svg", b"<svg onload='x()'/>", R.UNKNOWN_KIND),
        ("bild.gif", b"GIF89a", R.UNKNOWN_KIND),
        ("archiv.zip", package(brief_x_txt="x"), R.UNKNOWN_KIND),
        ("folien.odp", open_document("presentation"), R.UNKNOWN_KIND),
        ("als.pdf", PNG, R.OTHER_ENDING),
        ("als.docx", open_document(), R.OTHER_ENDING),
        ("bericht.pdf.exe", PDF, R.OTHER_ENDING),
        ("makro.docx", office_open(word__vbaProject_x_bin="x"), R.MACROS),
        (
            "makro.xlsx",
            office_open("spreadsheetml.sheet.main", "xl__workbook_x_xml", xl__activeX__a_x_bin="x"),
            R.MACROS,
        ),
        ("makro.docm", office_open("wordprocessingml.document.macroEnabled.main"), R.MACROS),
        ("makro.odt", open_document(Basic__Standard__a_x_xml="x"), R.MACROS),
        ("aktiv.pdf", PDF.replace(b"/Catalog", b"/Catalog /OpenAction <</S /JavaScript>>"), R.MACROS),
        ("starter.pdf", PDF.replace(b"/Catalog", b"/Catalog /A <</S /Launch>>"), R.MACROS),
        ("geheim.pdf", PDF.replace(b"/Root", b"/Encrypt 4 0 R /Root"), R.ENCRYPTED),
        (
            "geheim.odt",
            open_document("text", **{"META-INF__manifest_x_xml": "<manifest:encryption-data/>"}),
            R.ENCRYPTED,
        ),
        ("halb.pdf", PDF[:-8], R.DAMAGED),
        ("halb.png", PNG[:40], R.DAMAGED),
        ("halb.jpg", JPEG[:20], R.DAMAGED),
        ("halb.docx", office_open()[:60], R.DAMAGED),
        ("latein.txt", "Größe".encode("latin-1"), R.DAMAGED),
        ("binaer.csv", b"a;b\x00\x01", R.UNKNOWN_KIND),
    ],
    ids=_words,
)
def test_what_is_not_taken_is_refused_with_its_reason(name: str, content: bytes, refusal: Refusal) -> None:
    with pytest.raises(Unacceptable) as refused:
        recognise(content, name)
    assert refused.value.refusal is refusal


def test_a_file_that_grows_when_it_is_unpacked_is_refused_unread() -> None:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        with made.open("content.xml", "w", force_zip64=True) as entry:
            for _ in range(MAXIMUM_UNPACKED // 1_000_000 + 10):
                entry.write(b"\0" * 1_000_000)
    assert len(held.getvalue()) < MAXIMUM_SIZE
    with pytest.raises(Unacceptable) as refused:
        recognise(held.getvalue(), "bombe.odt")
    assert refused.value.refusal is R.TOO_LARGE


@pytest.mark.parametrize(
    ("sent", "clean"),
    [
        ("Bericht 2026.pdf", "Bericht 2026.pdf"),
        ("C:\\Ordner\\Bericht.PDF", "Bericht.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("Stellung\u202enahme\r\n.pdf", "Stellung nahme.pdf"),
        ('a"b<c>:d|e?f*.pdf', "abcdef.pdf"),
        ("...", "Datei.pdf"),
        ("", "Datei.pdf"),
        ("Ü" * 400 + ".pdf", "Ü" * 120 + ".pdf"),
        ("Anlage (Entwurf), Stand 3.11.pdf", "Anlage (Entwurf), Stand 3.11.pdf"),
    ],
)
def test_names_are_cleaned(sent: str, clean: str) -> None:
    assert clean_name(sent, K.PDF) == clean
