"""Versions at the door of the API: immutable, on a base, compared, and seen only by who may."""

from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.events import EventType
from app.domain.text import content_hash
from app.models.base import new_id
from app.models.recommendations import Version
from app.models.record import Event
from app.queries.record import verify_record
from tests.drafting import BLOCKS, accepted_need, count_rows, draft, save
from tests.factories import World


def test_a_version_is_saved_with_hash_and_event(client: TestClient, world: World, database: Database) -> None:
    drafted = draft(client, world, with_text=False)
    saved = save(client, drafted, 0, note="Erster Wurf", title="Übergänge gestalten")
    assert (saved["number"], saved["base_version"], saved["title"]) == (1, 0, "Übergänge gestalten")
    assert saved["addressee_ids"] == [str(drafted.addressee_id)]
    assert [block["text"] for block in saved["blocks"]] == [block["text"] for block in BLOCKS]
    assert [block["kind"] for block in saved["blocks"]] == ["paragraph"] * 5
    shown = client.get(drafted.path, headers=drafted.member.headers).json()
    assert (shown["version"], shown["title"]) == (1, "Übergänge gestalten")
    with database.read() as session:
        version = session.exec(select(Version)).one()
        assert version.content_hash == saved["content_hash"] == content_hash(version.hashed)
        event = session.exec(
            select(Event).where(
                Event.subject_id == UUID(drafted.id), Event.type == EventType.RECOMMENDATION_VERSION_SAVED
            )
        ).one()
        assert event.data["number"] == 1
        assert event.data["content_hash"] == version.content_hash
        assert list(verify_record(session)) == []
    again = save(client, drafted, 1, [{**saved["blocks"][0], "text": "Kürzer.", "sources": None}])
    assert again["title"] == "Übergänge gestalten"
    assert again["addressee_ids"] == [str(drafted.addressee_id)]
    assert again["blocks"][0]["id"] == saved["blocks"][0]["id"]
    listed = client.get(f"{drafted.path}/versions?limit=1", headers=drafted.member.headers).json()
    assert [each["number"] for each in listed["items"]] == [2]
    rest = client.get(f"{drafted.path}/versions?limit=1&after={listed['next']}", headers=drafted.member.headers).json()
    assert [(each["number"], each["note"]) for each in rest["items"]] == [(1, "Erster Wurf")]
    assert rest["next"] is None
    old = client.get(f"{drafted.path}/versions/1", headers=drafted.member.headers).json()
    assert old["blocks"] == saved["blocks"]
    assert client.get(f"{drafted.path}/versions/3", headers=drafted.member.headers).status_code == 404


def test_a_stale_save_loses_nothing(client: TestClient, world: World, database: Database) -> None:
    drafted = draft(client, world)
    first = client.get(f"{drafted.path}/versions/1", headers=drafted.chair.headers).json()["blocks"]
    blocks = [{key: block[key] for key in ("id", "part", "kind", "number", "text")} for block in first]
    theirs = [dict(blocks[0], text="Von der Redaktion geändert."), *blocks[1:]]
    mine = [blocks[0], dict(blocks[1], text="Von der Leitung geändert."), *blocks[2:]]
    save(client, drafted, 1, theirs)
    sent = {"base_version": 1, "blocks": mine, "title": "Mein Titel"}
    refused = client.post(f"{drafted.path}/versions", json=sent, headers=drafted.chair.headers)
    assert refused.status_code == 409
    problem = refused.json()
    assert problem["type"] == "/api/problems/stale-version"
    assert problem["base"]["blocks"] == blocks
    assert problem["yours"]["blocks"] == mine
    assert problem["yours"]["title"] == "Mein Titel"
    assert problem["theirs"]["blocks"] == theirs
    assert (problem["base"]["version"], problem["theirs"]["version"]) == (1, 2)
    assert count_rows(database, Version) == 2
    assert client.get(drafted.path, headers=drafted.chair.headers).json()["version"] == 2


def test_a_version_sent_twice_is_one(client: TestClient, world: World, database: Database) -> None:
    drafted = draft(client, world, with_text=False)
    sent = {"id": str(new_id()), "base_version": 0, "blocks": BLOCKS}
    path, headers = f"{drafted.path}/versions", drafted.rapporteur.headers
    first, second = (client.post(path, json=sent, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert client.post(path, json={**sent, "editorial": True}, headers=headers).status_code == 409
    assert count_rows(database, Version) == 1


@pytest.mark.parametrize(
    ("block", "field"),
    [
        ({"part": "recommendation", "text": ""}, "blocks.0.text"),
        ({"part": "recommendation", "text": "x" * 20_001}, "blocks.0.text"),
        ({"part": "recommendation", "text": "x", "number": "zzz"}, "blocks.0.number"),
        ({"part": "goal", "text": "x", "number": "a"}, "blocks.0.number"),
        ({"part": "moral", "text": "x"}, "blocks.0.part"),
        ({"part": "goal", "kind": "poem", "text": "x"}, "blocks.0.kind"),
        ({"part": "goal", "text": "x", "colour": "red"}, "blocks.0.colour"),
        ({"part": "goal", "text": "x", "sources": [{"type": "need", "id": str(new_id())}]}, "sources"),
    ],
)
def test_a_text_that_cannot_be_saved_names_its_field(
    client: TestClient, world: World, database: Database, block: dict[str, Any], field: str
) -> None:
    drafted = draft(client, world, with_text=False)
    sent = {"base_version": 0, "blocks": [block]}
    refused = client.post(f"{drafted.path}/versions", json=sent, headers=drafted.rapporteur.headers)
    assert refused.status_code == 422, refused.text
    assert [each["field"] for each in refused.json()["errors"]] == [field]
    assert count_rows(database, Version) == 0


def test_only_editors_save(client: TestClient, world: World, database: Database) -> None:
    drafted = draft(client, world)
    sent = {"base_version": 1, "blocks": BLOCKS}
    path = f"{drafted.path}/versions"
    assert client.post(path, json=sent).status_code == 401
    assert client.post(path, json=sent, headers=drafted.member.headers).status_code == 403
    assert client.post(path, json=sent, headers=world.person().headers).status_code == 404
    assert client.post(path, json=sent, headers=drafted.secretariat.headers).status_code == 201
    assert count_rows(database, Version) == 2


def test_blocks_keep_their_sources_and_link_both_ways(client: TestClient, world: World) -> None:
    drafted = draft(client, world, with_text=False)
    other = accepted_need(client, drafted.body, drafted.member, drafted.chair, "Noch ein Bedarf")
    blocks: list[Any] = [{**BLOCKS[0], "sources": [{"type": "need", "id": other}]}, *BLOCKS[1:]]
    saved = save(client, drafted, 0, blocks)
    assert saved["blocks"][0]["sources"] == [{"type": "need", "id": other}]
    shown = client.get(drafted.path, headers=drafted.member.headers).json()
    assert sorted(shown["need_ids"]) == sorted([drafted.need_id, other])
    first = {key: saved["blocks"][0][key] for key in ("id", "part", "text")}
    kept = save(client, drafted, 1, [first])
    assert kept["blocks"][0]["sources"] == [{"type": "need", "id": other}]
    gone = save(client, drafted, 2, [{**first, "sources": []}])
    assert gone["blocks"][0]["sources"] == []


def test_comparing_names_what_changed(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    first = client.get(f"{drafted.path}/versions/1", headers=drafted.chair.headers).json()["blocks"]
    blocks = [{key: block[key] for key in ("id", "part", "kind", "number", "text")} for block in first]
    blocks[0]["text"] = "Zwischen Sprachkurs und Ausbildung vergehen viele Monate."
    save(client, drafted, 1, [*blocks[:4], {"part": "goal", "text": "Der Anschluss gelingt."}], title="Neuer Titel")
    path = f"{drafted.path}/compare"
    compared = client.get(f"{path}?from=1&to=2", headers=drafted.member.headers)
    assert compared.status_code == 200, compared.text
    found = compared.json()
    kinds = [block["kind"] for block in found["blocks"]]
    assert sorted(kinds) == sorted(["changed", "unchanged", "unchanged", "unchanged", "removed", "added"])
    spans = found["blocks"][0]["spans"]
    assert {"kind": "insert", "text": "viele "} in spans
    assert client.get(path, headers=drafted.member.headers).json() == found
    assert client.get(f"{path}?from=1&to=7", headers=drafted.member.headers).status_code == 404
    assert client.get(f"{path}?from=eins", headers=drafted.member.headers).status_code == 422
    assert client.get(f"{path}?from=1&to=2", headers=world.person().headers).status_code == 404


def test_of_two_simultaneous_saves_one_wins(client: TestClient, world: World, database: Database) -> None:
    drafted = draft(client, world)
    barrier = Barrier(2)
    answers: list[int] = []

    def write(known: Any, words: str) -> None:
        barrier.wait()
        sent = {"base_version": 1, "blocks": [{"part": "goal", "text": words}]}
        answers.append(client.post(f"{drafted.path}/versions", json=sent, headers=known.headers).status_code)

    threads = [
        Thread(target=write, args=args) for args in ((drafted.chair, "Leitung"), (drafted.rapporteur, "Redaktion"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 409]
    assert count_rows(database, Version) == 2
    with database.read() as session:
        assert list(verify_record(session)) == []


def test_a_version_is_never_edited(client: TestClient, world: World, database: Database) -> None:
    draft(client, world)
    for statement in ("UPDATE version SET hashed = 'x'", "DELETE FROM version", "DELETE FROM version_block"):
        with pytest.raises(DBAPIError), database.write() as session:
            session.connection().execute(text(statement))
    assert count_rows(database, Version) == 1
