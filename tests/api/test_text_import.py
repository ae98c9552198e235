"""A text from Word or LibreOffice as blocks for programs; what can't be read is a problem, and nothing is stored."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.domain.recommendations import RecommendationState
from app.models.recommendations import Version
from tests.browsing import StatementCounter
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows, draft
from tests.factories import Known, World
from tests.moving import lead_to
from tests.test_forms_at_the_door import changes
from tests.text_files import LIBREOFFICE, REFUSED, WORD, docx, paragraph


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A recommendation with a first version."""
    return draft(client, world)


def read(client: TestClient, drafted: Drafted, known: Known, name: str, content: bytes, **fields: str) -> Any:
    """Send a file."""
    files = {"file": (name, content)}
    return client.post(f"{drafted.path}/text-import", files=files, data=fields, headers=known.headers)


def test_a_file_comes_in_behind_the_text_and_can_be_saved(
    client: TestClient, drafted: Drafted, database: Database, statements: StatementCounter
) -> None:
    before = client.get(f"{drafted.path}/versions/1", headers=drafted.chair.headers).json()["blocks"]
    with statements:
        answer = read(client, drafted, drafted.rapporteur, "Entwurf.docx", WORD)
    assert answer.status_code == 200, answer.text
    assert changes(statements) == []
    told = answer.json()
    assert (told["base_version"], told["read"], told["left_out"]) == (1, 9, [])
    assert {each["id"] for each in before} < {each["id"] for each in told["blocks"]}
    assert "Die Länder sollten **rasch**^[Siehe \\[Bericht\\] 2026.] handeln." in [b["text"] for b in told["blocks"]]
    sent = {"base_version": told["base_version"], "blocks": told["blocks"]}
    saved = client.post(f"{drafted.path}/versions", json=sent, headers=drafted.rapporteur.headers)
    assert saved.status_code == 201, saved.text
    assert count_rows(database, Version) == 2


def test_a_file_takes_the_place_of_the_text_and_says_what_it_left_out(client: TestClient, drafted: Drafted) -> None:
    told = read(client, drafted, drafted.rapporteur, "Entwurf.odt", LIBREOFFICE, replaces="true").json()
    assert {each["part"] for each in told["blocks"]} == {"rationale", "sources"}
    assert told["left_out"] == ["Kommentare am Rand"]
    pictured = docx(
        paragraph("Bild", extra="<w:r><w:drawing/></w:r>")
        + "<w:p><w:del><w:r><w:delText>x</w:delText></w:r></w:del></w:p>"
    )
    told = read(client, drafted, drafted.rapporteur, "Bild.docx", pictured).json()
    assert told["left_out"] == ["Bilder", "gestrichener Text aus nachverfolgten Änderungen"]


@pytest.mark.parametrize(("name", "content", "said"), REFUSED)
def test_what_cannot_be_read_is_a_problem_with_a_sentence(
    client: TestClient, drafted: Drafted, database: Database, name: str, content: bytes, said: str
) -> None:
    refused = read(client, drafted, drafted.rapporteur, name, content)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    error = refused.json()["errors"][0]
    assert error["field"] == "file"
    assert said in error["message"]
    assert count_rows(database, Version) == 1


def test_a_file_of_fifty_megabytes_is_too_large(client: TestClient, drafted: Drafted, database: Database) -> None:
    refused = read(client, drafted, drafted.rapporteur, "riesig.docx", b"PK" + bytes(50 * 1024 * 1024))
    assert refused.status_code == 413
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "/api/problems/too-large"
    assert count_rows(database, Version) == 1


def test_only_who_may_write_the_text_reads_one_in(
    client: TestClient, drafted: Drafted, world: World, clock: MovedClock
) -> None:
    assert read(client, drafted, drafted.member, "a.docx", WORD).status_code == 403
    assert read(client, drafted, world.person(), "a.docx", WORD).status_code == 404
    files = {"file": ("a.docx", WORD)}
    assert client.post(f"{drafted.path}/text-import", files=files).status_code == 401
    unknown = read(client, drafted, drafted.rapporteur, "a.docx", WORD, unbekannt="1")
    assert unknown.json()["errors"][0]["field"] == "unbekannt"
    decided = lead_to(client, world, clock, RecommendationState.GROUP_DECISION)
    assert read(client, decided, decided.rapporteur, "a.docx", WORD).status_code == 409
