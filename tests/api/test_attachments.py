"""Attached files at the door of the API: who attaches, who opens, what is refused, and how one is taken away."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.actors import MembershipRole, PersonRole
from app.domain.recommendations import RecommendationState
from app.models.attachments import Attachment
from app.models.base import new_id
from app.models.record import RecordText
from app.queries.record import verify_record
from tests.attaching import JPEG, PDF, PNG, office_open, send_file
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows, draft
from tests.factories import Known, World
from tests.moving import lead_to, open_comments

S = RecommendationState
_UNKNOWN = "/api/v1/needs/01900000-0000-7000-8000-000000000000"


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A recommendation in draft, with a need."""
    return draft(client, world)


def _content(client: TestClient, made: Any, known: Known | None) -> Any:
    return client.get(made["content_url"], headers=known.headers if known else {})


def test_a_file_is_attached_to_each_noun_and_comes_back_byte_for_byte(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    opened = open_comments(client, clock, drafted, "body")
    said = client.post(
        f"/api/v1/comment-rounds/{opened['id']}/statements",
        json={"text": "Siehe Anlage."},
        headers=drafted.member.headers,
    ).json()
    for path in (f"/api/v1/needs/{drafted.need_id}", drafted.path, f"/api/v1/statements/{said['id']}"):
        made = send_file(client, drafted.member, path, name="Über uns.pdf")
        assert made.status_code == 201, made.text
        shown = made.json()
        assert (shown["name"], shown["kind"], shown["size"]) == ("Über uns.pdf", "pdf", len(PDF))
        assert shown["digest"] == hashlib.sha256(PDF).hexdigest()
        assert [
            each["id"] for each in client.get(f"{path}/attachments", headers=drafted.chair.headers).json()["items"]
        ] == [shown["id"]]
        answer = _content(client, shown, drafted.chair)
        assert answer.content == PDF
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert "%C3%9Cber%20uns.pdf" in answer.headers["content-disposition"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
    with database.read() as session:
        assert list(verify_record(session)) == []
    assert len(list(database.files.root.glob("??/*"))) == 1


def test_a_measure_takes_files_that_everybody_opens(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    planned = {
        "recommendation_id": drafted.id,
        "title": "Klassen einrichten",
        "responsible_organisation_id": str(drafted.addressee_id),
    }
    measure = client.post("/api/v1/measures", json=planned, headers=drafted.secretariat.headers).json()
    made = send_file(
        client, drafted.secretariat, f"/api/v1/measures/{measure['id']}", PNG, "Bild.png", alt_text="Ein Punkt."
    )
    assert made.status_code == 201, made.text
    assert _content(client, made.json(), None).content == PNG
    page = client.get(f"/massnahmen/{measure['id']}").text
    assert 'alt="Ein Punkt."' in page
    assert "Entfernen" not in page


def test_who_does_not_see_the_thing_does_not_see_its_files(client: TestClient, world: World, drafted: Drafted) -> None:
    stranger, auditor = world.person(), world.person(PersonRole.AUDITOR)
    made = send_file(client, drafted.member, drafted.path).json()
    for known in (stranger, None):
        headers = known.headers if known else {}
        for path in (
            f"/api/v1/attachments/{made['id']}",
            made["content_url"],
            made["url"],
            f"{drafted.path}/attachments",
        ):
            assert client.get(path, headers=headers).status_code == 404, path
    assert send_file(client, stranger, drafted.path).status_code == 404
    assert _content(client, made, auditor).status_code == 200
    assert client.post(f"{drafted.path}/attachments", files={"file": ("a.pdf", PDF)}).status_code == 401
    assert send_file(client, drafted.member, _UNKNOWN).status_code == 404


def test_who_only_reads_attaches_nothing(
    client: TestClient, world: World, drafted: Drafted, database: Database
) -> None:
    observer = world.member(drafted.body, MembershipRole.OBSERVER)
    assert send_file(client, observer, drafted.path).status_code == 403
    assert count_rows(database, Attachment) == 0
    assert list(database.files.root.glob("**/*")) in ([], [database.files.root / ".lock"])


@pytest.mark.parametrize(
    ("content", "name", "fields", "status", "field"),
    [
        (b"", "leer.pdf", {}, 422, "file"),
        (b"x" * (10 * 1024 * 1024 + 1), "gross.txt", {}, 413, "file"),
        (office_open(word__vbaProject_x_bin="x"), "makro.docx", {}, 422, "file"),
        (b"MZ", "programm.exe", {}, 422, "file"),
        (PNG, "Bild.png", {}, 422, "alt_text"),
        (JPEG, "Bild.jpg", {"alt_text": "  "}, 422, "alt_text"),
        (PDF, "a.pdf", {"colour": "rot"}, 422, "colour"),
        (PDF, "a.pdf", {"id": "eins"}, 422, "id"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_bad_files_are_refused_by_field_and_nothing_stays(
    client: TestClient,
    drafted: Drafted,
    database: Database,
    content: bytes,
    name: str,
    fields: dict[str, str],
    status: int,
    field: str,
) -> None:
    refused = send_file(client, drafted.member, drafted.path, content, name, **fields)
    assert refused.status_code == status, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert [each["field"] for each in refused.json()["errors"]] == [field]
    assert count_rows(database, Attachment) == 0
    assert [each for each in database.files.root.glob("**/*") if each.is_file() and each.name != ".lock"] == []


def test_a_body_over_every_limit_is_refused_unread(client: TestClient, drafted: Drafted) -> None:
    assert send_file(client, drafted.member, drafted.path, b"x" * (17 * 1024 * 1024), "g.txt").status_code == 413
    text = client.post(f"{drafted.path}/comments", content=b"x" * (6 * 1024 * 1024), headers=drafted.member.headers)
    assert text.status_code == 413


def test_sent_twice_it_is_one_and_another_file_under_its_id_is_refused(
    client: TestClient, drafted: Drafted, database: Database
) -> None:
    key = str(new_id())
    answers = [send_file(client, drafted.member, drafted.path, id=key).status_code for _ in range(2)]
    assert answers == [201, 200]
    assert send_file(client, drafted.member, drafted.path, PDF + b"\n", id=key).status_code == 409
    assert count_rows(database, Attachment) == 1


def _remove(client: TestClient, known: Known, made: Any, **more: Any) -> Any:
    sent = {"transition": "remove", **more}
    return client.post(f"/api/v1/attachments/{made['id']}/transitions", json=sent, headers=known.headers)


def test_its_author_takes_a_file_away_and_the_secretariat_with_a_reason(client: TestClient, drafted: Drafted) -> None:
    made = [send_file(client, drafted.member, drafted.path).json() for _ in range(2)]
    assert _remove(client, drafted.chair, made[0]).status_code == 403
    assert _remove(client, drafted.secretariat, made[0]).status_code == 422
    assert _content(client, made[0], drafted.chair).status_code == 200
    assert _remove(client, drafted.secretariat, made[0], reason="Falsche Datei.").status_code == 204
    assert _remove(client, drafted.member, made[1]).status_code == 204
    for each in made:
        assert _content(client, each, drafted.member).status_code == 404
    assert _remove(client, drafted.member, made[1]).status_code == 404


def test_a_redacted_file_loses_name_and_content_and_the_record_stays_whole(
    client: TestClient, drafted: Drafted, database: Database
) -> None:
    made = send_file(client, drafted.member, drafted.path, name="Lebenslauf Frau X.pdf").json()
    assert _remove(client, drafted.member, made, redact=True, reason="Nennt jemanden.").status_code == 403
    assert _remove(client, drafted.secretariat, made, redact=True, reason="Nennt jemanden.").status_code == 204
    with database.read() as session:
        found = session.exec(select(Attachment)).one()
        assert found.name == "[geschwärzt]"
        assert "Frau X" not in "".join(text or "" for text in session.exec(select(RecordText.text)))
        assert list(verify_record(session)) == []


def test_a_statement_takes_its_authors_files_and_only_while_it_may_be_made(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    opened = open_comments(client, clock, drafted, "body")
    said = client.post(
        f"/api/v1/comment-rounds/{opened['id']}/statements",
        json={"text": "Siehe Anlage."},
        headers=drafted.member.headers,
    ).json()
    path = f"/api/v1/statements/{said['id']}"
    assert send_file(client, drafted.chair, path).status_code == 403
    made = send_file(client, drafted.member, path)
    assert made.status_code == 201, made.text
    clock.advance(days=15)
    assert send_file(client, drafted.member, path, PDF + b"\n").status_code == 409
    assert _remove(client, drafted.member, made.json()).status_code == 409
    assert _remove(client, drafted.secretariat, made.json(), reason="Auf Bitte.").status_code == 204
