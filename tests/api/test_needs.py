"""Needs at the door of the API."""

from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from app.models.base import new_id
from tests.factories import World

TEXTS = {"title": "Lange Leerzeiten", "description": "Zwischen Kurs und Anschluss vergehen Monate."}


def test_a_need_is_posted_submitted_and_accepted(client: TestClient, world: World) -> None:
    body = world.body()
    member, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    posted = client.post("/api/v1/needs", json={"body_id": str(body.id), **TEXTS}, headers=member.headers)
    assert posted.status_code == 201, posted.text
    need = posted.json()
    assert need["state"] == "draft"
    assert {each["name"] for each in need["transitions"]} == {"submit", "withdraw"}
    path = f"/api/v1/needs/{need['id']}"
    assert client.get(path, headers=chair.headers).status_code == 404
    assert client.get(path).status_code == 404
    moved = client.post(f"{path}/transitions", json={"transition": "submit"}, headers=member.headers)
    assert moved.json()["state"] == "submitted"
    refused = client.post(f"{path}/transitions", json={"transition": "accept"}, headers=member.headers)
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
    assert client.post(f"{path}/transitions", json={"transition": "decline"}, headers=chair.headers).status_code == 422
    accepted = client.post(f"{path}/transitions", json={"transition": "accept"}, headers=chair.headers)
    assert accepted.json()["state"] == "accepted"
    again = client.post(f"{path}/transitions", json={"transition": "accept"}, headers=chair.headers)
    assert again.status_code == 409


def test_a_need_sent_twice_is_one(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    sent = {"id": str(new_id()), "body_id": str(body.id), **TEXTS}
    first = client.post("/api/v1/needs", json=sent, headers=member.headers)
    second = client.post("/api/v1/needs", json=sent, headers=member.headers)
    other = client.post("/api/v1/needs", json={**sent, "title": "Anders"}, headers=member.headers)
    assert (first.status_code, second.status_code, other.status_code) == (201, 200, 409)
    assert first.json()["id"] == second.json()["id"]


def test_an_unknown_parameter_or_field_is_refused(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    assert client.get("/api/v1/needs?colour=red").status_code == 422
    refused = client.post(
        "/api/v1/needs", json={"body_id": str(body.id), **TEXTS, "colour": "red"}, headers=member.headers
    )
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "colour"
