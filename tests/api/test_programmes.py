"""A programme and its structure at the door of the API."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.models.base import new_id
from tests.browsing import StatementCounter
from tests.factories import World

COLLECTIONS = (
    "programmes",
    "editions",
    "fields-of-action",
    "cross-cutting-themes",
    "target-groups",
    "topics",
    "guiding-questions",
)


def _a_field(client: TestClient) -> str:
    found = client.get("/api/v1/fields-of-action?code=B").json()["items"]
    return str(found[0]["id"])


def _content(client: TestClient, collection: str) -> dict[str, Any]:
    return {
        "programmes": {"title": "Nationaler Aktionsplan Integration"},
        "fields-of-action": {"name": "Übergänge & Ärzte", "code": "D.1", "kind": "dialogue_forum"},
        "cross-cutting-themes": {"name": "Übergänge & Ärzte"},
        "target-groups": {"name": "Übergänge & Ärzte"},
        "topics": {"title": "Übergänge & Ärzte", "field_of_action_id": _a_field(client), "year": 2026},
        "guiding-questions": {"title": "Übergänge & Ärzte"},
    }[collection]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_everybody_reads_and_an_unknown_parameter_is_refused(client: TestClient, collection: str) -> None:
    read = client.get(f"/api/v1/{collection}?limit=1")
    assert read.status_code == 200
    assert read.headers["cache-control"].startswith("public")
    again = client.get(f"/api/v1/{collection}?limit=1", headers={"If-None-Match": read.headers["etag"]})
    assert again.status_code == 304
    refused = client.get(f"/api/v1/{collection}?colour=red")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "colour"
    assert client.get(f"/api/v1/{collection}/{new_id()}").status_code == 404


@pytest.mark.parametrize("collection", [each for each in COLLECTIONS if each != "editions"])
def test_the_secretariat_writes_and_nobody_else(client: TestClient, world: World, collection: str) -> None:
    secretariat, member = world.secretariat(), world.person()
    path = f"/api/v1/{collection}"
    sent = {"id": str(new_id()), **_content(client, collection)}
    before = client.get(path).json()
    assert client.post(path, json=sent).status_code == 401
    assert client.post(path, json=sent, headers=member.headers).status_code == 403
    assert client.post(path, json={**sent, "colour": "red"}, headers=secretariat.headers).status_code == 422
    assert client.get(path).json() == before
    made = client.post(path, json=sent, headers=secretariat.headers)
    assert made.status_code == 201, made.text
    assert made.json()["id"] == sent["id"]
    assert client.post(path, json=sent, headers=secretariat.headers).status_code == 200
    word = "name" if "name" in sent else "title"
    other = client.post(path, json={**sent, word: "Anders"}, headers=secretariat.headers)
    assert other.status_code == 409
    found = client.get(path, params={"q": sent[word].upper()}).json()["items"]
    assert [each["id"] for each in found] == [sent["id"]]


@pytest.mark.parametrize("collection", [each for each in COLLECTIONS if each not in {"editions", "programmes"}])
def test_addresses_are_made_of_names_and_stay(client: TestClient, world: World, collection: str) -> None:
    headers = world.secretariat().headers
    content = _content(client, collection)
    first = client.post(f"/api/v1/{collection}", json=content, headers=headers).json()
    if "code" in content:
        content["code"] = "D.2"
    second = client.post(f"/api/v1/{collection}", json=content, headers=headers).json()
    assert (first["slug"], second["slug"]) == ("uebergaenge-aerzte", "uebergaenge-aerzte-2")
    word = "name" if "name" in content else "title"
    path = f"/api/v1/{collection}/{first['id']}"
    tag = client.get(path).headers["etag"]
    changed = client.patch(path, json={word: "Ganz anders"}, headers={**headers, "If-Match": tag})
    assert changed.status_code == 200, changed.text
    assert (changed.json()[word], changed.json()["slug"]) == ("Ganz anders", "uebergaenge-aerzte")
    stale = client.patch(path, json={word: "Noch einmal"}, headers={**headers, "If-Match": tag})
    assert stale.status_code == 412
    assert client.get(path).json()[word] == "Ganz anders"
    assert client.get(first["url"]).status_code == 200


def test_lists_are_paged_without_gaps(client: TestClient, world: World, statements: StatementCounter) -> None:
    headers = world.secretariat().headers
    for number in range(5):
        client.post("/api/v1/target-groups", json={"name": f"Gruppe {number}"}, headers=headers)
    with statements:
        whole = client.get("/api/v1/target-groups").json()
    assert statements.count == 1
    assert whole["next"] is None
    assert len(whole["items"]) == 12
    gathered: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("/api/v1/target-groups", params={"limit": 5, **({"after": cursor} if cursor else {})}).json()
        gathered += [each["id"] for each in page["items"]]
        cursor = page["next"]
    assert gathered == [each["id"] for each in whole["items"]]


def test_a_field_needs_a_code_of_its_own(client: TestClient, world: World) -> None:
    headers = world.secretariat().headers
    for code, message in (("B", "anderes Handlungsfeld"), ("ä b", "ohne Umlaute"), ("x" * 21, "20 Zeichen")):
        refused = client.post("/api/v1/fields-of-action", json={"name": "Neu", "code": code}, headers=headers)
        assert refused.status_code == 422, code
        error = refused.json()["errors"][0]
        assert error["field"] == "code"
        assert message in error["message"]
    unknown = {"name": "Neu", "code": "X", "parent_id": str(new_id())}
    refused = client.post("/api/v1/fields-of-action", json=unknown, headers=headers)
    assert refused.json()["errors"][0]["field"] == "parent_id"
    unknown = {"name": "Neu", "code": "X", "programme_id": str(new_id())}
    refused = client.post("/api/v1/fields-of-action", json=unknown, headers=headers)
    assert refused.json()["errors"][0]["field"] == "programme_id"


def test_a_topic_and_a_question_name_what_exists(client: TestClient, world: World) -> None:
    headers = world.secretariat().headers
    for collection, field in (
        ("topics", "field_of_action_id"),
        ("guiding-questions", "topic_id"),
        ("guiding-questions", "body_id"),
    ):
        refused = client.post(f"/api/v1/{collection}", json={"title": "X", field: str(new_id())}, headers=headers)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == field
