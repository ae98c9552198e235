"""Two programs that changed one text: what doesn't collide is merged, what does is told with all three wordings."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.models.recommendations import Version
from tests.drafting import Drafted, count_rows, draft, save
from tests.factories import Known, World


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A recommendation with a first version."""
    return draft(client, world)


def first_blocks(client: TestClient, drafted: Drafted) -> list[dict[str, Any]]:
    """The blocks of the first version as they can be sent again."""
    found = client.get(f"{drafted.path}/versions/1", headers=drafted.chair.headers).json()["blocks"]
    return [{name: value for name, value in each.items() if name != "sources"} for each in found]


def merge(client: TestClient, drafted: Drafted, known: Known, **fields: Any) -> Any:
    """Ask for a text on the first version to be merged with the newest."""
    return client.post(f"{drafted.path}/merge", json={"base_version": 1, **fields}, headers=known.headers)


def test_what_collides_is_told_and_all_else_is_merged(client: TestClient, drafted: Drafted, database: Database) -> None:
    base = first_blocks(client, drafted)
    theirs = [{**base[0], "text": "Zwölf Monate."}, *base[1:4], {**base[4], "text": "In drei Wochen."}]
    mine = [base[0], base[1], base[2], {**base[3], "text": "Alle zahlen."}, {**base[4], "text": "In fünf Wochen."}]
    save(client, drafted, 1, theirs, title="Übergänge verlässlich sichern")
    stale = client.post(
        f"{drafted.path}/versions", json={"base_version": 1, "blocks": mine}, headers=drafted.chair.headers
    )
    assert stale.status_code == 409
    answer = merge(client, drafted, drafted.chair, blocks=mine, title="Übergänge schaffen")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["base_version"], told["version"], told["is_decided"], told["title"]) == (1, 2, False, None)
    results = [each["result"] and each["result"]["text"] for each in told["blocks"]]
    assert results == ["Zwölf Monate.", base[1]["text"], base[2]["text"], "Alle zahlen.", None]
    collision = told["blocks"][-1]
    assert collision["outcome"] == "conflict"
    three = [collision[side]["text"] for side in ("base", "mine", "theirs")]
    assert three == [base[4]["text"], "In fünf Wochen.", "In drei Wochen."]
    assert count_rows(database, Version) == 2


def test_a_merge_without_collision_can_be_saved_as_it_is(client: TestClient, drafted: Drafted) -> None:
    base = first_blocks(client, drafted)
    save(client, drafted, 1, [{**base[0], "text": "Zwölf Monate."}, *base[1:]])
    fresh = {"part": "sources", "text": "Bericht 2010"}
    told = merge(client, drafted, drafted.chair, blocks=[*base[:3], base[4], fresh]).json()
    assert told["is_decided"]
    blocks = [each["result"] for each in told["blocks"] if each["result"]]
    sent = {"base_version": told["version"], "blocks": blocks, "title": told["title"]}
    sent["addressee_ids"] = told["addressee_ids"]
    saved = client.post(f"{drafted.path}/versions", json=sent, headers=drafted.chair.headers)
    assert saved.status_code == 201, saved.text
    expected = ["Zwölf Monate.", base[1]["text"], base[2]["text"], base[4]["text"], "Bericht 2010"]
    assert [each["text"] for each in saved.json()["blocks"]] == expected


def test_it_is_for_who_may_write_and_refuses_what_it_cannot_read(
    client: TestClient, drafted: Drafted, world: World
) -> None:
    blocks = first_blocks(client, drafted)
    assert merge(client, drafted, drafted.member, blocks=blocks).status_code == 403
    assert merge(client, drafted, world.person(), blocks=blocks).status_code == 404
    assert client.post(f"{drafted.path}/merge", json={"base_version": 1, "blocks": []}).status_code == 401
    for wrong in ({"base_version": 9}, {"base_version": -1}, {"unbekannt": 1}):
        refused = merge(client, drafted, drafted.chair, blocks=blocks, **wrong)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == next(iter(wrong))
