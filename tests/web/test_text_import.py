"""A text from Word or LibreOffice comes into the editor as blocks; what can't be read is refused, nothing is lost."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.models.drafts import Draft
from app.models.recommendations import Version
from tests.browsing import send, sign_in
from tests.drafting import Drafted, count_rows, draft
from tests.factories import World
from tests.text_files import LIBREOFFICE, REFUSED, WORD, docx, paragraph
from tests.web.test_recommendation_editor import blocks_of, fields_in, form_of


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
    REFUSED,
)
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


def test_without_script_the_text_is_kept_before_a_file_is_chosen(
    client: TestClient, drafted: Drafted, database: Database
) -> None:
    """However large the file is, what was typed is on the server before it is sent."""
    known, page = drafted.rapporteur, f"{drafted.page}/einlesen"
    form = form_of(client, known, f"{drafted.page}/bearbeiten")
    form["text"] = form["text"].replace("vergehen Monate", "vergehen <viele> Monate")
    kept = send(client, known, f"{drafted.page}/entwurf", {**form, "step": "read_file"})
    assert (kept.status_code, kept.headers["location"]) == (303, page)
    assert "Ihren Entwurf vom" in client.get(page).text
    too_large = send(client, known, page, files={"file": ("riesig.docx", b"PK" + bytes(50 * 1024 * 1024))})
    assert too_large.status_code == 413
    assert "Eingabe zu groß" in too_large.text
    refused = send(client, known, page, {"replaces": "true"}, files={"file": ("falsch.docx", b"%PDF-1.7")})
    assert refused.status_code == 422
    assert 'href="#feld-file"' in refused.text
    assert 'value="true" checked' in refused.text
    answer = send(client, known, page, files={"file": ("Entwurf.docx", WORD)})
    assert answer.status_code == 200
    fields = fields_in(answer.text)
    assert "vergehen <viele> Monate" in fields["text"]
    assert "Aus der Praxis." in fields["text"]
    assert send(client, known, f"{drafted.page}/bearbeiten", fields).status_code == 303
    assert count_rows(database, Version) == 2
    assert count_rows(database, Draft) == 0


def test_a_draft_that_is_no_text_of_blocks_yet_is_put_in_shape_first(client: TestClient, drafted: Drafted) -> None:
    known, page = drafted.rapporteur, f"{drafted.page}/einlesen"
    form = form_of(client, known, f"{drafted.page}/bearbeiten")
    send(client, known, f"{drafted.page}/entwurf", {**form, "text": "Ohne Überschrift"})
    refused = send(client, known, page, files={"file": ("Entwurf.docx", WORD)})
    assert refused.status_code == 422
    assert "Bitte bringen Sie zuerst den Text in eine lesbare Form." in html.unescape(refused.text)
    assert "Ohne Überschrift" in form_of(client, known, f"{drafted.page}/bearbeiten")["text"]


def test_it_says_what_a_text_of_blocks_cannot_hold(client: TestClient, drafted: Drafted) -> None:
    answer = upload(client, drafted, "Entwurf.odt", LIBREOFFICE)
    assert "wurde nicht übernommen: Kommentare am Rand." in html.unescape(answer.text)
