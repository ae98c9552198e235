"""Proposals at the door of the API."""

from typing import Any

from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from app.domain.events import EventType
from app.domain.notifications import Urgency
from app.models.base import new_id
from app.models.bodies import Body
from tests.factories import Known, World
from tests.telling import told_of

TEXTS = {"title": "Ein Kursbeginn im Monat", "description": "Träger stimmen ihre Kursstarts ab."}


def post(client: TestClient, known: Known, body: Body, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/proposals", json={"body_id": str(body.id), **TEXTS, **more}, headers=known.headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def move(client: TestClient, known: Known, proposal: dict[str, Any], name: str, **more: Any) -> Any:
    path = f"/api/v1/proposals/{proposal['id']}/transitions"
    return client.post(path, json={"transition": name, **more}, headers=known.headers)


def need_of(client: TestClient, known: Known, body: Body, *moves: tuple[Known, str]) -> str:
    sent = {"body_id": str(body.id), "title": "Leerzeiten", "description": "Monate vergehen."}
    key: str = client.post("/api/v1/needs", json=sent, headers=known.headers).json()["id"]
    for who, name in moves:
        client.post(f"/api/v1/needs/{key}/transitions", json={"transition": name}, headers=who.headers)
    return key


def draft_of(client: TestClient, editor: Known, body: Body, need_id: str) -> tuple[str, str]:
    """A recommendation with one block of text, and that block."""
    addressee = client.get("/api/v1/organisations", headers=editor.headers).json()["items"][0]["id"]
    sent = {"body_id": str(body.id), "title": "Abstimmen", "need_ids": [need_id], "addressee_ids": [addressee]}
    made = client.post("/api/v1/recommendations", json=sent, headers=editor.headers)
    assert made.status_code == 201, made.text
    key = made.json()["id"]
    version = {"base_version": 0, "blocks": [{"part": "recommendation", "text": "Träger sollten Kurse abstimmen."}]}
    saved = client.post(f"/api/v1/recommendations/{key}/versions", json=version, headers=editor.headers)
    assert saved.status_code == 201, saved.text
    return key, saved.json()["blocks"][0]["id"]


def test_needs_and_proposals_are_linked_both_ways_where_both_are_seen(client: TestClient, world: World) -> None:
    body = world.body()
    author, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    need = need_of(client, author, body, (author, "submit"), (chair, "accept"))
    proposal = post(client, author, body, need_ids=[need])
    assert proposal["need_ids"] == [need]
    path = f"/api/v1/needs/{need}"
    hidden = client.get(path, headers=chair.headers).json()
    assert (hidden["proposal_ids"], hidden["in_progress"]) == ([], False)
    assert client.get(path, headers=author.headers).json()["proposal_ids"] == [proposal["id"]]
    move(client, author, proposal, "submit")
    shown = client.get(path, headers=chair.headers).json()
    assert (shown["proposal_ids"], shown["in_progress"]) == ([proposal["id"]], True)
    found = client.get(f"/api/v1/proposals?need_ids={need}", headers=chair.headers).json()["items"]
    assert [each["id"] for each in found] == [proposal["id"]]
    secret = need_of(client, world.member(body), body)
    refused = client.post(
        "/api/v1/proposals", json={"body_id": str(body.id), **TEXTS, "need_ids": [secret]}, headers=author.headers
    )
    assert refused.json()["errors"][0]["field"] == "need_ids"


def test_adopting_names_an_answer_and_the_blocks(client: TestClient, world: World) -> None:
    body = world.body()
    author, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    editor = world.member(body, MembershipRole.RAPPORTEUR)
    need = need_of(client, author, body, (author, "submit"), (chair, "accept"))
    proposal = post(client, author, body)
    move(client, author, proposal, "submit")
    recommendation, block = draft_of(client, editor, body, need)
    assert move(client, chair, proposal, "adopt", answer="Ja", block_ids=[block]).status_code == 409
    assert move(client, chair, proposal, "discuss").json()["state"] == "in_discussion"
    for more, field in (
        ({"block_ids": [block]}, "answer"),
        ({"answer": "Ja"}, "block_ids"),
        ({"answer": "Ja", "block_ids": [str(new_id())]}, "block_ids"),
    ):
        refused = move(client, chair, proposal, "adopt", **more)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == field
    assert move(client, author, proposal, "adopt", answer="Ja", block_ids=[block]).status_code == 403
    before = client.get(f"/api/v1/proposals/{proposal['id']}", headers=chair.headers).json()
    assert (before["state"], before["answer"], before["recommendation_ids"]) == ("in_discussion", None, [])
    adopted = move(client, chair, proposal, "adopt_partly", answer="Zum Teil", block_ids=[block]).json()
    assert (adopted["state"], adopted["answer"], adopted["block_ids"]) == ("partly_adopted", "Zum Teil", [block])
    assert adopted["recommendation_ids"] == [recommendation]
    reopened = move(client, chair, adopted, "reopen", reason="Neu beraten").json()
    assert (reopened["state"], reopened["block_ids"], reopened["answer"]) == ("in_discussion", [], None)


def test_a_submitted_text_changes_by_a_new_version_and_supporters_are_told(client: TestClient, world: World) -> None:
    body = world.body()
    author, supporter, chair = world.member(body), world.member(body), world.member(body, MembershipRole.CHAIR)
    proposal = post(client, author, body)
    path = f"/api/v1/proposals/{proposal['id']}"
    edited = client.patch(path, json={"title": "Noch ein Entwurf"}, headers=author.headers).json()
    assert edited["version"] == 1
    move(client, author, proposal, "submit")
    assert client.post(f"{path}/support", headers=supporter.headers).status_code == 201
    assert client.post(f"{path}/support", headers=author.headers).status_code == 201
    assert client.patch(path, json={"title": "Fremd"}, headers=supporter.headers).status_code == 403
    assert client.patch(path, json={"visibility": "public"}, headers=author.headers).status_code == 409
    changed = client.patch(path, json={"description": "Neuer Text"}, headers=author.headers).json()
    assert (changed["version"], changed["description"], changed["state"]) == (2, "Neuer Text", "submitted")
    assert told_of(world.database, EventType.PROPOSAL_EDITED) == {supporter.person_id: Urgency.NEWS}
    move(client, chair, proposal, "discuss")
    assert move(client, chair, proposal, "reject").status_code == 422
    assert move(client, chair, proposal, "reject", reason="Nicht umsetzbar").json()["state"] == "not_adopted"
    assert client.patch(path, json={"title": "Zu spät"}, headers=author.headers).status_code == 409


def test_a_proposal_is_merged_deferred_and_withdrawn(client: TestClient, world: World) -> None:
    body = world.body()
    author, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    one, two = post(client, author, body), post(client, author, body)
    for each in (one, two):
        move(client, author, each, "submit")
    merged = move(client, chair, two, "merge", reason="Dasselbe", target_id=one["id"]).json()
    assert (merged["state"], merged["merged_into_id"]) == ("merged", one["id"])
    assert move(client, chair, one, "defer", reason="Später").json()["state"] == "deferred"
    assert move(client, chair, one, "discuss").json()["state"] == "in_discussion"
    assert move(client, chair, one, "withdraw").status_code == 403
    assert move(client, author, one, "withdraw").json()["state"] == "withdrawn"
    assert move(client, author, two, "withdraw").status_code == 409
