"""What every list of the API keeps: newest first, `limit` and `after`, filters named as the fields, nothing unknown."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState
from tests.conftest import Example, MovedClock
from tests.drafting import BLOCKS, draft, save
from tests.factories import World
from tests.moving import lead_to, make_move
from tests.test_outsider import values_for

S = RecommendationState


def _addresses(session: Session, path: str) -> list[str]:
    """The list under some objects of the example."""
    names = re.findall(r"{(\w+)}", path)
    found = []
    for values in list(product(*(values_for(session, name) for name in names)))[:4]:
        address = path
        for name, value in zip(names, values, strict=True):
            address = address.replace(f"{{{name}}}", value)
        found.append(address)
    return found


def test_every_list_is_paged_newest_first_and_refuses_what_it_does_not_know(example: Example) -> None:
    headers = World(example.database).secretariat().headers
    with TestClient(example.app) as client, example.database.read() as session:
        paths = client.get("/api/openapi.json").json()["paths"]
        lists = 0
        for path, operations in paths.items():
            for address in _addresses(session, path) if "get" in operations else []:
                answer = client.get(address, headers=headers)
                is_json = answer.headers.get("content-type", "").startswith("application/json")
                if answer.status_code != 200 or not is_json or "items" not in (found := answer.json()):
                    continue
                lists += 1
                for query in ("colour=red", "limit=201", "limit=0", "after=%20", "after=abc"):
                    refused = client.get(f"{address}?{query}", headers=headers)
                    assert refused.status_code == 422, (address, query)
                    assert refused.json()["type"] == "/api/problems/invalid"
                    assert refused.json()["errors"][0]["field"] == query.split("=")[0]
                _assert_paged(client, address, found["items"], headers)
        assert lists > 30


def _assert_paged(client: TestClient, address: str, items: list[Any], headers: dict[str, str]) -> None:
    # What is said of a cross-cutting theme has no moment of its own: it stands where its theme does.
    # A publication is as new as the day on which it appeared.
    moments = [each.get("published_on") or each["created_at"] for each in items if "created_at" in each]
    assert moments == sorted(moments, reverse=True), address
    if len(items) < 2:
        return
    first = client.get(f"{address}?limit=1", headers=headers).json()
    assert first["items"] == items[:1], address
    assert re.fullmatch(r"[A-Za-z0-9_-]+", first["next"]), address
    second = client.get(f"{address}?limit=1&after={first['next']}", headers=headers).json()
    assert second["items"] == items[1:2], address


def test_recommendations_are_filtered_by_what_their_fields_name(client: TestClient, world: World) -> None:
    drafted, other = draft(client, world), draft(client, world)
    chosen = client.get(drafted.path, headers=drafted.secretariat.headers).json()
    for name in ("body_id", "organisation_id", "need_ids", "addressee_ids"):
        value = chosen[name] if isinstance(chosen[name], str) else chosen[name][0]
        path = f"/api/v1/recommendations?{name}={value}"
        listed = client.get(path, headers=drafted.secretariat.headers).json()["items"]
        assert [each["id"] for each in listed] == [drafted.id], name
    both = f"/api/v1/recommendations?need_ids={drafted.need_id}&need_ids={other.need_id}"
    assert len(client.get(both, headers=drafted.secretariat.headers).json()["items"]) == 2
    themes = client.get("/api/v1/cross-cutting-themes").json()["items"]
    groups = client.get("/api/v1/target-groups").json()["items"]
    tags = {"cross_cutting_theme_ids": [themes[0]["id"]], "target_group_ids": [groups[0]["id"]]}
    assert client.patch(other.path, json=tags, headers=other.chair.headers).status_code == 200
    for name, (value,) in tags.items():
        listed = client.get(f"/api/v1/recommendations?{name}={value}", headers=other.secretariat.headers).json()
        assert [each["id"] for each in listed["items"]] == [other.id], name


def test_a_filter_by_a_need_says_nothing_of_a_hidden_one(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = draft(client, world)
    save(client, drafted, 1, BLOCKS)
    stranger = world.person()
    path = f"/api/v1/recommendations?need_ids={drafted.need_id}"
    assert client.get(path, headers=stranger.headers).json()["items"] == []
    assert len(client.get(path, headers=drafted.member.headers).json()["items"]) == 1


def test_bodies_are_searched_and_newest_first(client: TestClient, world: World) -> None:
    older, newer = world.body("Ärzte und Pflege"), world.body("Anerkennung")
    listed = client.get("/api/v1/bodies").json()["items"]
    assert [each["id"] for each in listed[:2]] == [str(newer.id), str(older.id)]
    assert [each["id"] for each in client.get("/api/v1/bodies?q=ärzte").json()["items"]] == [str(older.id)]


def test_a_measure_reported_done_shows_on_the_successor_too(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    former = lead_to(client, world, clock, S.PUBLISHED)
    successor = lead_to(client, world, clock, S.PUBLISHED)
    responsible = world.person()
    headers = former.secretariat.headers
    planned = {
        "recommendation_id": former.id,
        "title": "Übergangsklassen",
        "responsible_organisation_id": str(responsible.organisation_id),
    }
    measure = client.post("/api/v1/measures", json=planned, headers=headers).json()
    path = f"/api/v1/measures/{measure['id']}"
    client.post(f"{path}/transitions", json={"transition": "start"}, headers=responsible.headers)
    report = {
        "text": "Fertig.",
        "status_on": clock.moment.date().isoformat(),
        "evidence": [{"kind": "practice", "source": "Bericht"}],
    }
    assert client.post(f"{path}/reports", json=report, headers=responsible.headers).status_code == 201
    done = client.post(f"{path}/transitions", json={"transition": "report_done"}, headers=responsible.headers)
    assert done.status_code == 200, done.text
    make_move(client, former, former.secretariat, "supersede", successor_ids=[successor.id])
    assert "Übergangsklassen" in client.get(f"{successor.page}/umsetzung").text
