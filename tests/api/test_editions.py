"""Editions at the door of the API: opened, frozen, adopted as a whole, published, archived."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.events import EventType
from app.domain.recommendations import RecommendationState as S
from app.models.base import new_id
from app.models.record import Event
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.moving import in_days, lead_to, state_of

NEXT = {"code": "IP-2027", "title": "Ausgabe 2027"}
DECISION = {"deciding_body": "Bundeskabinett", "decision_reference": "Kabinett 12/2026"}


def _open(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/editions?state=open").json()["items"][0]
    return found


def _move(client: TestClient, known: Known, edition: dict[str, Any], name: str, **fields: Any) -> Any:
    path = f"/api/v1/editions/{edition['id']}/transitions"
    return client.post(path, json={"transition": name, **fields}, headers=known.headers)


def _edition_of(client: TestClient, drafted: Any) -> str:
    found: str = client.get(drafted.path, headers=drafted.secretariat.headers).json()["edition_id"]
    return found


def _events(database: Database, kind: EventType) -> list[Event]:
    with database.read() as session:
        return list(session.exec(select(Event).where(Event.type == kind)).all())


def test_one_edition_is_open_and_its_code_is_its_own(client: TestClient, world: World) -> None:
    secretariat = world.secretariat()
    refused = client.post("/api/v1/editions", json=NEXT, headers=secretariat.headers)
    assert refused.status_code == 409
    programme = client.post("/api/v1/programmes", json={"title": "Aktionsplan"}, headers=secretariat.headers).json()
    sent = {"id": str(new_id()), "programme_id": programme["id"], "title": "Phase I", "code": "IP-2026"}
    taken = client.post("/api/v1/editions", json=sent, headers=secretariat.headers)
    assert taken.status_code == 422
    assert taken.json()["errors"][0]["field"] == "code"
    assert client.post("/api/v1/editions", json=sent, headers=world.person().headers).status_code == 403
    sent["code"] = "NAP-I"
    made = client.post("/api/v1/editions", json=sent, headers=secretariat.headers)
    assert made.status_code == 201, made.text
    assert client.post("/api/v1/editions", json=sent, headers=secretariat.headers).status_code == 200
    assert (made.json()["state"], made.json()["url"]) == ("open", "/ausgaben/NAP-I")
    assert [each["name"] for each in made.json()["transitions"]] == ["freeze"]
    assert client.get(f"/api/v1/editions/{sent['id']}").json()["transitions"] == []
    path = f"/api/v1/editions/{sent['id']}"
    tag = client.get(path, headers=secretariat.headers).headers["etag"]
    headers = {**secretariat.headers, "If-Match": tag}
    assert client.patch(path, json={"title": "Phase 1"}, headers=headers).json()["title"] == "Phase 1"
    assert client.patch(path, json={"title": "Phase 2"}, headers=headers).status_code == 412
    assert client.patch(path, json={"code": "X"}, headers=secretariat.headers).status_code == 422


@pytest.mark.slow
def test_an_edition_is_frozen_adopted_published_and_archived(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    first = lead_to(client, world, clock, S.STEERING_DECISION)
    second = lead_to(client, world, clock, S.STEERING_DECISION)
    third = lead_to(client, world, clock, S.STEERING_DECISION)
    behind = lead_to(client, world, clock, S.GROUP_REVIEW)
    clock.advance(days=15)
    secretariat, edition = first.secretariat, _open(client)
    assert _move(client, first.chair, edition, "freeze", recommendation_ids=[]).status_code == 403
    order = [second.id, first.id, third.id]
    for fields, field in (
        ({}, "recommendation_ids"),
        ({"recommendation_ids": [behind.id], "next": NEXT}, "recommendation_ids"),
        ({"recommendation_ids": [first.id, first.id], "next": NEXT}, "recommendation_ids"),
        ({"recommendation_ids": order}, "next"),
        ({"recommendation_ids": order, "next": {**NEXT, "code": "IP-2026"}}, "next.code"),
    ):
        refused = _move(client, secretariat, edition, "freeze", **fields)
        assert refused.status_code == 422, refused.text
        assert refused.json()["errors"][0]["field"] == field
    assert _open(client)["id"] == edition["id"]
    assert _edition_of(client, behind) == edition["id"]
    assert _move(client, secretariat, edition, "publish").status_code == 409
    frozen = _move(client, secretariat, edition, "freeze", recommendation_ids=order, next=NEXT)
    assert (frozen.status_code, frozen.json()["state"]) == (200, "frozen"), frozen.text
    following = _open(client)
    assert (following["code"], following["title"]) == (NEXT["code"], NEXT["title"])
    assert _edition_of(client, behind) == following["id"]
    assert _edition_of(client, first) == edition["id"]
    assert len(_events(database, EventType.RECOMMENDATION_EDITION_CHANGED)) == 1

    single = client.post(
        f"{first.path}/transitions",
        json={"transition": "adopt", "decided_on": in_days(clock, 0), **DECISION},
        headers=secretariat.headers,
    )
    assert single.status_code == 409
    chosen = {"recommendation_ids": [first.id, second.id], "decided_on": in_days(clock, 0), **DECISION}
    for missing in ("deciding_body", "decided_on", "decision_reference", "recommendation_ids"):
        sent = {name: value for name, value in chosen.items() if name != missing}
        refused = _move(client, secretariat, edition, "adopt", **sent)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == missing
    future = _move(client, secretariat, edition, "adopt", **{**chosen, "decided_on": in_days(clock, 2)})
    assert future.json()["errors"][0]["field"] == "decided_on"
    assert state_of(client, first) == state_of(client, second) == "steering_decision"
    adopted = _move(client, secretariat, edition, "adopt", **chosen)
    assert (adopted.status_code, adopted.json()["state"]) == (200, "adopted"), adopted.text
    assert adopted.json()["deciding_body"] == "Bundeskabinett"
    assert client.get(f"/api/v1/editions/{edition['id']}").json()["deciding_body"] is None
    assert len(_events(database, EventType.RECOMMENDATION_ADOPTED)) == 2
    references = [client.get(each.path, headers=secretariat.headers).json()["reference"] for each in (second, first)]
    assert references == ["IP-2026-B-01", "IP-2026-B-02"]
    assert state_of(client, third) == "steering_decision"
    assert _edition_of(client, third) == following["id"]
    assert client.get(f"/ausgaben/{edition['code']}").text.count("IP-2026-B-") == 0

    published = _move(client, secretariat, edition, "publish")
    assert published.json()["state"] == "published", published.text
    assert state_of(client, first) == state_of(client, second) == "published"
    page = client.get(f"/ausgaben/{edition['code']}")
    assert page.status_code == 200
    assert 0 < page.text.index("IP-2026-B-01") < page.text.index("IP-2026-B-02")
    assert "Bundeskabinett" in page.text
    assert "B.1" in page.text
    assert client.get(f"/api/v1/editions/{edition['id']}").json()["deciding_body"] == "Bundeskabinett"
    assert _move(client, secretariat, edition, "archive").json()["state"] == "archived"
    assert _move(client, secretariat, edition, "archive").status_code == 409
    assert (
        client.patch(
            f"/api/v1/editions/{edition['id']}", json={"title": "Anders"}, headers=secretariat.headers
        ).status_code
        == 409
    )


@pytest.mark.slow
def test_one_that_may_not_be_adopted_yet_holds_back_the_whole_edition(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    ready = lead_to(client, world, clock, S.STEERING_DECISION)
    clock.advance(days=15)
    early = lead_to(client, world, clock, S.GROUP_DECISION)
    for known, more in (
        (early.chair, {"position": "object", "reason": "Zu früh."}),
        (early.rapporteur, {"position": "agree"}),
        (early.member, {"position": "agree"}),
    ):
        ballot = client.get(f"{early.path}/ballots", headers=early.secretariat.headers).json()["items"][0]
        sent = {"seat_id": str(known.seat_id), **more}
        answer = client.put(f"/api/v1/ballots/{ballot['id']}/position", json=sent, headers=known.headers)
        assert answer.status_code == 200, answer.text
    clock.advance(days=15)
    moves = ((early.chair, "carry_with_dissent", {"reason": "Mehrheit."}), (early.secretariat, "endorse", {}))
    for known, name, more in moves:
        moved = client.post(f"{early.path}/transitions", json={"transition": name, **more}, headers=known.headers)
        assert moved.status_code == 200, moved.text
    secretariat, edition = ready.secretariat, _open(client)
    both = {"recommendation_ids": [ready.id, early.id]}
    assert _move(client, secretariat, edition, "freeze", **both).status_code == 200
    refused = _move(client, secretariat, edition, "adopt", **both, decided_on=in_days(clock, 0), **DECISION)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/api/problems/move-blocked"
    assert "Sondervoten" in refused.json()["detail"]
    assert state_of(client, ready) == state_of(client, early) == "steering_decision"
    assert client.get(f"/api/v1/editions/{edition['id']}").json()["state"] == "frozen"
    clock.advance(days=15)
    done = _move(client, secretariat, edition, "adopt", **both, decided_on=in_days(clock, 0), **DECISION)
    assert done.status_code == 200, done.text
    assert state_of(client, early) == "adopted"


def test_an_edition_without_anything_presented_is_not_frozen(client: TestClient, world: World) -> None:
    refused = _move(client, world.secretariat(), _open(client), "freeze", recommendation_ids=[])
    assert refused.status_code == 409
    assert _open(client)["code"] == "IP-2026"


@pytest.mark.slow
def test_a_recommendation_changes_its_edition_until_it_is_adopted(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    kept = lead_to(client, world, clock, S.STEERING_DECISION)
    moved = lead_to(client, world, clock, S.STEERING_DECISION)
    drafted = lead_to(client, world, clock, S.DRAFT)
    clock.advance(days=15)
    secretariat, frozen = kept.secretariat, _open(client)
    chosen = {"recommendation_ids": [moved.id, kept.id], "next": NEXT}
    assert _move(client, secretariat, frozen, "freeze", **chosen).status_code == 200
    following = _open(client)

    def change(found: Any, edition: dict[str, Any], known: Known = secretariat) -> int:
        sent = {"edition_id": edition["id"]}
        return int(client.patch(found.path, json=sent, headers=known.headers).status_code)

    assert change(moved, following, moved.rapporteur) == 403
    assert _edition_of(client, moved) == frozen["id"]
    assert change(moved, following) == 200
    assert _edition_of(client, moved) == following["id"]
    assert change(drafted, frozen) == 409
    assert change(moved, frozen) == 200
    assert len(_events(database, EventType.RECOMMENDATION_EDITION_CHANGED)) == 3
    decision = {"decided_on": in_days(clock, 0), **DECISION}
    adopted = _move(client, secretariat, frozen, "adopt", recommendation_ids=[kept.id, moved.id], **decision)
    assert adopted.status_code == 200, adopted.text
    assert change(moved, following) == 409
    assert _edition_of(client, moved) == frozen["id"]
