"""Discussions and evidence at the door of the API."""

from typing import Any

from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from app.models.base import new_id
from app.models.bodies import Body
from tests.api.test_proposals import draft_of, need_of
from tests.factories import Known, World


def comment(client: TestClient, known: Known, path: str, text: str = "Ja", **more: Any) -> Any:
    return client.post(f"{path}/comments", json={"text": text, **more}, headers=known.headers)


def submitted_need(client: TestClient, author: Known, body: Body) -> str:
    return f"/api/v1/needs/{need_of(client, author, body, (author, 'submit'))}"


def test_a_discussion_is_the_bodys_and_newest_first(client: TestClient, world: World) -> None:
    body, elsewhere = world.body(), world.body()
    author, outsider = world.member(body), world.member(elsewhere)
    path = submitted_need(client, author, body)
    first = comment(client, author, path, "Erstens", stance="concern").json()
    reply = comment(client, author, path, "Dazu", parent_id=first["id"]).json()
    assert (first["stance"], reply["parent_id"], reply["organisation_id"]) == (
        "concern",
        first["id"],
        str(author.organisation_id),
    )
    listed = client.get(f"{path}/comments", headers=author.headers).json()
    assert [each["text"] for each in listed["items"]] == ["Dazu", "Erstens"]
    assert client.get(f"{path}/comments", headers=outsider.headers).status_code == 404
    assert client.get(f"{path}/comments").status_code == 404
    assert comment(client, outsider, path).status_code == 404
    assert comment(client, world.member(body, MembershipRole.OBSERVER), path).status_code == 403
    assert client.get(f"/api/v1/comments/{first['id']}", headers=outsider.headers).status_code == 404


def test_comments_of_a_need_open_to_all_stay_with_its_body(client: TestClient, world: World) -> None:
    body = world.body()
    author, participant = world.member(body), world.person()
    sent = {"body_id": str(body.id), "title": "Offen", "description": "Für alle", "visibility": "public"}
    key = client.post("/api/v1/needs", json=sent, headers=author.headers).json()["id"]
    path = f"/api/v1/needs/{key}"
    client.post(f"{path}/transitions", json={"transition": "submit"}, headers=author.headers)
    assert comment(client, author, path, "Intern").status_code == 201
    for headers in ({}, participant.headers):
        assert client.get(path, headers=headers).status_code == 200
        assert client.get(f"{path}/comments", headers=headers).json()["items"] == []
    assert comment(client, participant, path).status_code == 403


def test_a_comment_sent_twice_is_one_and_bad_ones_are_refused(client: TestClient, world: World) -> None:
    body = world.body()
    author = world.member(body)
    path, other = submitted_need(client, author, body), submitted_need(client, author, body)
    elsewhere = comment(client, author, other).json()
    key = str(new_id())
    codes = [comment(client, author, path, text, id=key).status_code for text in ("Ja", "Ja", "Nein")]
    assert codes == [201, 200, 409]
    for more in ({"text": " "}, {"parent_id": elsewhere["id"]}, {"block_id": str(new_id())}, {"stance": "maybe"}):
        assert comment(client, author, path, **{"text": "Ja", **more}).status_code == 422
    assert len(client.get(f"{path}/comments", headers=author.headers).json()["items"]) == 1


def test_one_withdraws_ones_own_comment_and_its_place_stays(client: TestClient, world: World) -> None:
    body = world.body()
    author, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    path = submitted_need(client, author, body)
    made = comment(client, author, path, "Versehen").json()
    assert [each["name"] for each in made["transitions"]] == ["withdraw"]
    moves = f"/api/v1/comments/{made['id']}/transitions"
    assert client.post(moves, json={"transition": "withdraw"}, headers=chair.headers).status_code == 403
    gone = client.post(moves, json={"transition": "withdraw"}, headers=author.headers).json()
    assert (gone["state"], gone["text"], gone["transitions"]) == ("withdrawn", None, [])
    listed = client.get(f"{path}/comments", headers=chair.headers).json()["items"]
    assert [(each["id"], each["text"]) for each in listed] == [(made["id"], None)]


def test_a_comment_hangs_on_a_block_of_the_newest_version(client: TestClient, world: World) -> None:
    body = world.body()
    author, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    need = need_of(client, author, body, (author, "submit"), (chair, "accept"))
    key, block = draft_of(client, world.member(body, MembershipRole.RAPPORTEUR), body, need)
    made = comment(client, author, f"/api/v1/recommendations/{key}", block_id=block)
    assert made.status_code == 201, made.text
    assert (made.json()["block_id"], made.json()["version"]) == (block, 1)
    assert comment(client, author, f"/api/v1/recommendations/{key}", block_id=str(new_id())).status_code == 422


def test_evidence_is_given_and_read_with_the_thing(client: TestClient, world: World) -> None:
    body = world.body()
    author = world.member(body)
    path = submitted_need(client, author, body)
    sent = {"id": str(new_id()), "kind": "study", "source": "Wartezeiten 2025", "url": "https://beispiel.example/"}
    codes = [client.post(f"{path}/evidence", json=sent, headers=author.headers).status_code for _ in range(2)]
    assert codes == [201, 200]
    assert client.get(path, headers=author.headers).json()["evidence"][0]["source"] == "Wartezeiten 2025"
    for bad in ({"kind": "rumour"}, {"source": ""}, {"url": "javascript:alert(1)"}, {"source": "x" * 501}):
        refused = client.post(f"{path}/evidence", json={**sent, "id": str(new_id()), **bad}, headers=author.headers)
        assert refused.status_code == 422
    listed = client.get(f"{path}/evidence", headers=author.headers).json()["items"]
    assert [each["id"] for each in listed] == [sent["id"]]
    observer = world.member(body, MembershipRole.OBSERVER)
    assert (
        client.post(f"{path}/evidence", json={**sent, "id": str(new_id())}, headers=observer.headers).status_code == 403
    )
