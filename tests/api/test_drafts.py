"""An unsaved text for programs: its author's alone, found again on any machine, never overwritten silently."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.domain.recommendations import RecommendationState
from app.models.drafts import Draft
from app.models.recommendations import Version
from tests.conftest import MovedClock
from tests.drafting import BLOCKS, Drafted, count_rows, draft
from tests.factories import Known, World
from tests.moving import lead_to
from tests.web.test_recommendation_editor import form_of


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A recommendation with a first version."""
    return draft(client, world)


def keep(client: TestClient, drafted: Drafted, known: Known, **fields: Any) -> Any:
    """Keep a text as this person's draft."""
    sent = {"base_version": 1, "title": "Neu", "blocks": BLOCKS, **fields}
    return client.put(f"{drafted.path}/draft", json=sent, headers=known.headers)


def test_a_draft_is_kept_read_on_another_machine_saved_and_gone(
    client: TestClient, drafted: Drafted, database: Database
) -> None:
    known = drafted.rapporteur
    path = f"{drafted.path}/draft"
    assert client.get(path, headers=known.headers).status_code == 404
    first = keep(client, drafted, known, note="Frist")
    assert first.status_code == 200, first.text
    assert first.json()["revision"] == 1
    sources = [{"type": "need", "id": drafted.need_id}]
    blocks = [{**BLOCKS[0], "text": "Zweiter Anlauf.", "sources": sources}, *BLOCKS[1:]]
    assert keep(client, drafted, known, blocks=blocks, revision=1).json()["revision"] == 2
    found = client.get(path, headers=known.headers).json()
    assert (found["base_version"], found["version"], found["revision"]) == (1, 1, 2)
    assert (found["blocks"][0]["text"], found["blocks"][0]["sources"]) == ("Zweiter Anlauf.", sources)
    assert count_rows(database, Draft) == 1
    page = form_of(client, known, f"{drafted.page}/bearbeiten")
    assert "Zweiter Anlauf." in page["text"]
    sent = {"base_version": 1, "blocks": found["blocks"], "title": found["title"]}
    saved = client.post(f"{drafted.path}/versions", json=sent, headers=known.headers)
    assert saved.status_code == 201, saved.text
    assert client.delete(path, headers=known.headers).status_code == 204
    assert client.delete(path, headers=known.headers).status_code == 204
    assert client.get(path, headers=known.headers).status_code == 404


def test_of_two_machines_neither_overwrites_the_other(client: TestClient, drafted: Drafted) -> None:
    known = drafted.rapporteur
    assert keep(client, drafted, known).status_code == 200
    overtaken = keep(client, drafted, known, title="Von dort")
    assert overtaken.status_code == 409
    assert overtaken.headers["content-type"] == "application/problem+json"
    assert (overtaken.json()["type"], overtaken.json()["revision"]) == ("/api/problems/draft-overtaken", 1)
    assert client.get(f"{drafted.path}/draft", headers=known.headers).json()["title"] == "Neu"
    assert keep(client, drafted, known, title="Von dort", revision=1).json()["revision"] == 2
    client.delete(f"{drafted.path}/draft", headers=known.headers)
    assert keep(client, drafted, known, revision=2).json()["revision"] == 0


def test_nobody_else_reads_it_and_only_who_may_write_keeps_one(
    client: TestClient, drafted: Drafted, world: World, database: Database
) -> None:
    keep(client, drafted, drafted.rapporteur, title="Ganz im Vertrauen")
    path = f"{drafted.path}/draft"
    for known in (drafted.chair, drafted.member, drafted.secretariat, world.person()):
        assert client.get(path, headers=known.headers).status_code == 404
    for known, status in ((drafted.member, 403), (world.person(), 404)):
        assert keep(client, drafted, known).status_code == status
    assert client.put(path, json={"base_version": 1}).status_code == 401
    assert client.get(path).status_code == 404
    assert client.delete(path, headers=drafted.chair.headers).status_code == 204
    assert count_rows(database, Draft) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"base_version": -1},
        {"revision": "x"},
        {"title": "x" * 301},
        {"blocks": [{"part": "nirgends", "text": ""}]},
        {"blocks": [{"part": "goal", "text": "x" * 20_001}]},
        {"unbekannt": 1},
    ],
)
def test_what_cannot_be_kept_is_named(
    client: TestClient, drafted: Drafted, database: Database, fields: dict[str, Any]
) -> None:
    refused = keep(client, drafted, drafted.rapporteur, **fields)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"].startswith(next(iter(fields)))
    assert count_rows(database, Draft) == 0


def test_an_unfinished_text_is_kept_in_whatever_state(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    drafted = lead_to(client, world, clock, RecommendationState.GROUP_DECISION)
    sent = {"base_version": 1, "text": "Noch ohne Überschrift"}
    answer = client.put(f"{drafted.path}/draft", json=sent, headers=drafted.chair.headers)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["blocks"], answer.json()["text"]) == (None, "Noch ohne Überschrift")
    assert count_rows(database, Version) == 1
