"""Pages of attached files: the form, what comes back when it is refused, and taking one away."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.models.attachments import Attachment
from app.models.base import new_id
from tests.attaching import PDF, PNG
from tests.browsing import StatementCounter, send, sign_in
from tests.drafting import Drafted, count_rows, draft
from tests.factories import Known, World


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A recommendation in draft, with a need."""
    return draft(client, world)


def _upload(client: TestClient, known: Known, path: str, content: bytes, name: str, **fields: Any) -> Any:
    return send(client, known, path, {"id": str(new_id()), **fields}, files={"file": (name, content)})


def test_a_file_is_attached_shown_and_taken_away(client: TestClient, drafted: Drafted, database: Database) -> None:
    need = f"/bedarfe/{drafted.need_id}"
    sign_in(client, drafted.member)
    assert "Datei anhängen" in client.get(need).text
    form = f"/anlagen/need/{drafted.need_id}"
    shown = client.get(form).text
    assert 'enctype="multipart/form-data"' in shown
    assert "Wer liest das jetzt?" in shown
    sent = _upload(client, drafted.member, form, PNG, "Kurve.png", alt_text="Eine Kurve, die steigt.")
    assert sent.status_code == 303
    page = client.get(need).text
    assert 'alt="Eine Kurve, die steigt."' in page
    assert "Kurve.png" in page
    address = page.split('src="/anlagen/', 1)[1].split('"', 1)[0]
    assert client.get(f"/anlagen/{address}").content == PNG
    assert client.head(f"/anlagen/{address}").status_code == 200
    sign_in(client, drafted.chair)
    assert "/entfernen" not in client.get(need).text
    assert client.get(f"/anlagen/{address}/entfernen").status_code == 403
    assert send(client, drafted.secretariat, f"/anlagen/{address}/entfernen", {"redact": "true"}).status_code == 422
    assert send(client, drafted.member, f"/anlagen/{address}/entfernen", {}).status_code == 303
    assert "Kurve.png" not in client.get(need).text
    assert client.get(f"/anlagen/{address}").status_code == 404
    assert count_rows(database, Attachment) == 1


def test_a_refused_file_comes_back_with_what_was_typed(
    client: TestClient, drafted: Drafted, database: Database
) -> None:
    form = f"/anlagen/recommendation/{drafted.id}"
    for content, name, status, sentence in (
        (b"", "leer.pdf", 422, "nicht leer"),
        (b"x" * (10 * 1024 * 1024 + 1), "gross.txt", 413, "höchstens 10 Megabyte"),
        (b"MZ", "programm.exe", 422, "PDF, ODT, DOCX"),
        (PNG, "Bild.pdf", 422, "passt nicht zu ihrer Endung"),
    ):
        refused = _upload(client, drafted.member, form, content, name, alt_text="Mein Satz.")
        assert refused.status_code == status
        assert sentence in refused.text
        assert "Mein Satz." in refused.text
    assert send(client, drafted.member, form, {"alt_text": "Ohne Datei."}).status_code == 422
    assert count_rows(database, Attachment) == 0


def test_only_a_form_of_ours_is_taken(client: TestClient, drafted: Drafted, database: Database) -> None:
    sign_in(client, drafted.member)
    form = f"/anlagen/need/{drafted.need_id}"
    assert client.post(form, files={"file": ("a.pdf", PDF)}).status_code == 403
    foreign = {"Origin": "https://anderswo.example"}
    assert send(client, drafted.member, form, files={"file": ("a.pdf", PDF)}, headers=foreign).status_code == 403
    assert count_rows(database, Attachment) == 0


@pytest.mark.parametrize("number", [1, 12])
def test_pages_with_files_ask_a_fixed_number_of_questions(
    client: TestClient, drafted: Drafted, statements: StatementCounter, number: int
) -> None:
    for path in (f"/anlagen/need/{drafted.need_id}", f"/anlagen/recommendation/{drafted.id}"):
        for each in range(number):
            assert _upload(client, drafted.member, path, PDF, f"Nummer {each}.pdf").status_code == 303
    sign_in(client, drafted.chair)
    for page in (f"/bedarfe/{drafted.need_id}", f"{drafted.page}/beratung"):
        with statements:
            assert client.get(page).status_code == 200
        assert statements.count <= 12, (page, statements.texts)
