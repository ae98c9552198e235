"""A text from Word or LibreOffice comes into the editor as blocks; what can't be read is refused, nothing is lost."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.models.recommendations import Version
from tests.browsing import send, sign_in
from tests.drafting import Drafted, count_rows, draft
from tests.factories import World
from tests.text_files import bold, docx, item, odt, packed, paragraph, table
from tests.web.test_recommendation_editor import blocks_of, fields_in, form_of

SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
REFERENCE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
WORD = docx(
    paragraph("Ein Entwurf", "Title")
    + paragraph("Aus der Praxis.")
    + paragraph("2. Empfehlung:", "Heading1")
    + paragraph("a) Die Länder sollten ", extra=bold("rasch") + REFERENCE + "<w:r><w:t> handeln.</w:t></w:r>")
    + paragraph("c) Die Träger sollten mithalten.")
    + item("Beratung")
    + item("Kinderbetreuung")
    + paragraph("Worum es geht", "Heading2")
    + table(("Wer", "Was | wie"), ("Länder", "Mittel")),
    footnote="Siehe [Bericht] 2026.",
)
LIBREOFFICE = odt(
    '<text:h text:outline-level="1">Begründung</text:h>'
    '<text:p>Seit<text:s/>2010 <text:span text:style-name="T1">steigt</text:span> der Bedarf'
    "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Statistik.</text:p></text:note-body></text:note>."
    '<office:annotation><text:p>Stimmt das?</text:p></office:annotation></text:p>'
    '<text:p><text:a xlink:href="javascript:alert(1)">Wort</text:a> <text:a xlink:href="https://a.example/x(1)">Ziel</text:a></text:p>'
    "<text:list><text:list-item><text:p>Eins</text:p><text:list><text:list-item><text:p>Innen</text:p></text:list-item></text:list></text:list-item></text:list>"
    "<table:table><table:table-row><table:table-cell><text:p>Wer</text:p></table:table-cell><table:table-cell><text:p>Was</text:p></table:table-cell></table:table-row></table:table>"
    '<text:h text:outline-level="1">Quellen</text:h><text:p>Bericht 2010</text:p>'
)  # fmt: skip


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A recommendation with a first version."""
    return draft(client, world)


def upload(client: TestClient, drafted: Drafted, name: str, content: bytes, **fields: Any) -> Any:
    """Send a file with the form of the editor, as its button does."""
    form = form_of(client, drafted.rapporteur, f"{drafted.page}/bearbeiten")
    form["text"] = form["text"].replace("vergehen Monate", "vergehen <viele> Monate")
    files = {"file": (name, content)}
    return send(client, drafted.rapporteur, f"{drafted.page}/einlesen", {**form, **fields}, files=files)


def shown(page: str) -> list[dict[str, Any]]:
    """The blocks the editor goes on with."""
    found = re.search(r'data-blocks="([^"]*)"', page)
    assert found
    return list(json.loads(html.unescape(found.group(1))))


def seen(page: str, part: str) -> list[tuple[str, str | None, str]]:
    """Kind, number and text of each block of a part."""
    return [(each["kind"], each["number"], each["text"]) for each in shown(page) if each["part"] == part]


def test_a_word_file_comes_in_behind_what_was_written(client: TestClient, drafted: Drafted, database: Database) -> None:
    answer = upload(client, drafted, "Entwurf.docx", WORD)
    assert answer.status_code == 200
    assert "Aus „Entwurf.docx“ eingelesen" in html.unescape(answer.text)
    assert seen(answer.text, "problem_statement") == [
        ("paragraph", None, "Zwischen Sprachkurs und Ausbildung vergehen <viele> Monate."),
        ("subheading", None, "Ein Entwurf"),
        ("paragraph", None, "Aus der Praxis."),
    ]
    assert seen(answer.text, "recommendation")[2:] == [
        ("paragraph", None, "Die Länder sollten **rasch**^[Siehe \\[Bericht\\] 2026.] handeln."),
        ("paragraph", "c", "Die Träger sollten mithalten."),
        ("list_item", None, "Beratung"),
        ("list_item", None, "Kinderbetreuung"),
        ("subheading", None, "Worum es geht"),
        ("table_row", None, "Wer | Was ¦ wie"),
        ("table_row", None, "Länder | Mittel"),
    ]
    assert count_rows(database, Version) == 1
    form = fields_in(answer.text)
    assert send(client, drafted.rapporteur, f"{drafted.page}/bearbeiten", form).status_code == 303
    before, after = ({block["id"] for block in blocks_of(client, drafted, number)} for number in (1, 2))
    assert before < after


def test_a_libreoffice_file_takes_the_place_of_what_was_written(client: TestClient, drafted: Drafted) -> None:
    answer = upload(client, drafted, "Entwurf.odt", LIBREOFFICE, replaces="true")
    assert answer.status_code == 200
    assert {each["part"] for each in shown(answer.text)} == {"rationale", "sources"}
    assert [text for _kind, _number, text in seen(answer.text, "rationale")] == [
        "Seit 2010 **steigt** der Bedarf^[Statistik.].",
        "Wort [Ziel](https://a.example/x%281%29)",
        "Eins",
        "Innen",
        "Wer | Was",
    ]
    assert seen(answer.text, "sources") == [("paragraph", None, "Bericht 2010")]


def test_a_text_that_went_out_and_came_back_keeps_its_blocks(client: TestClient, drafted: Drafted) -> None:
    written = "".join(
        [
            paragraph("Situationsbeschreibung", "Heading1"),
            paragraph("Zwischen Sprachkurs und Ausbildung vergehen oft Monate."),
            paragraph("Empfehlung", "Heading1"),
            paragraph("b) Die Träger sollten Anschlüsse verbindlich vereinbaren."),
        ]
    )
    answer = upload(client, drafted, "zurück.docx", docx(written), replaces="true")
    first = blocks_of(client, drafted, 1)
    assert [each["id"] for each in shown(answer.text)] == [first[0]["id"], first[2]["id"]]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("", b"", "Bitte wählen Sie eine Datei."),
        ("leer.docx", b"", "nicht lesbar"),
        ("falsch.docx", b"%PDF-1.7", "nicht lesbar"),
        ("kaputt.docx", WORD[:-400], "nicht lesbar"),
        ("andere.docx", packed({"xl/workbook.xml": b"<a/>"}), "nicht lesbar"),
        ("ohne.docx", packed({"word/document.xml": b"<a"}), "nicht lesbar"),
        ("tabelle.odt", packed({"mimetype": SPREADSHEET, "content.xml": b"<a/>"}), "nicht lesbar"),
        ("alt.doc", bytes.fromhex("d0cf11e0a1b11ae1") * 100, "nicht lesbar"),
        ("makro.docm", WORD, "Makros"),
        ("makro.docx", docx(paragraph("x"), more={"word/vbaProject.bin": b"x"}), "Makros"),
        ("makro.odt", odt("<text:p>x</text:p>", more={"Basic/Standard/Module1.xml": b"<a/>"}), "Makros"),
        ("bombe.docx", docx(paragraph("x"), more={"word/media/a.xml": b"0" * (61 * 1024 * 1024)}), "entpackt zu groß"),
        ("lang.docx", docx("x" * (9 * 1024 * 1024)), "zu lang"),
        ("lachen.odt", odt("<text:p>&a;</text:p>", head='<!DOCTYPE a [<!ENTITY a "ha">]>'), "nicht lesbar"),
        ("leer.odt", odt("<text:p/>"), "kein Text"),
        ("absatz.docx", docx(paragraph("Wort " * 5_000)), "höchstens 20.000 Zeichen"),
        ("gross.docx", b"PK" + b"0" * (12 * 1024 * 1024), "höchstens 4 MB"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_the_text_is_still_there(
    client: TestClient, drafted: Drafted, database: Database, name: str, content: bytes, said: str
) -> None:
    answer = upload(client, drafted, name, content)
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert "vergehen <viele> Monate" in fields_in(answer.text)["text"]
    assert count_rows(database, Version) == 1


def test_only_who_may_write_reads_a_file_in(client: TestClient, drafted: Drafted, world: World) -> None:
    files = {"file": ("a.docx", WORD)}
    for known, status in ((drafted.member, 403), (world.person(), 404)):
        sign_in(client, known)
        assert send(client, known, f"{drafted.page}/einlesen", {"base_version": "1"}, files=files).status_code == status
