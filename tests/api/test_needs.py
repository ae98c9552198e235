"""Needs at the door of the API."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from app.models.base import new_id
from app.models.bodies import Body
from app.models.record import Event
from tests.factories import Known, World

TEXTS = {"title": "Lange Leerzeiten", "description": "Zwischen Kurs und Anschluss vergehen Monate."}


def post(client: TestClient, known: Known, body: Body, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/needs", json={"body_id": str(body.id), **TEXTS, **more}, headers=known.headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def move(client: TestClient, known: Known, need: dict[str, Any], name: str, **more: Any) -> Any:
    path = f"/api/v1/needs/{need['id']}/transitions"
    return client.post(path, json={"transition": name, **more}, headers=known.headers)


def seen(client: TestClient, known: Known | None, need: dict[str, Any]) -> Any:
    return client.get(f"/api/v1/needs/{need['id']}", headers=known.headers if known else {})


def test_a_need_is_posted_submitted_and_accepted(client: TestClient, world: World) -> None:
    body = world.body()
    member, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    need = post(client, member, body)
    assert need["state"] == "draft"
    assert {each["name"] for each in need["transitions"]} == {"submit", "withdraw"}
    assert seen(client, chair, need).status_code == 404
    assert seen(client, None, need).status_code == 404
    assert move(client, member, need, "submit").json()["state"] == "submitted"
    refused = move(client, member, need, "accept")
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
    assert move(client, chair, need, "decline").status_code == 422
    assert move(client, chair, need, "accept").json()["state"] == "accepted"
    assert move(client, chair, need, "accept").status_code == 409


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


def test_what_is_sent_is_answered_and_a_draft_can_be_changed(client: TestClient, world: World) -> None:
    body = world.body()
    member, other = world.member(body), world.member(body)
    group = client.get("/api/v1/target-groups").json()["items"][0]["id"]
    need = post(client, member, body, target_group_ids=[group], visibility="confidential")
    assert need["target_group_ids"] == [group]
    path = f"/api/v1/needs/{need['id']}"
    stale = {**member.headers, "If-Match": '"old"'}
    assert client.patch(path, json={"title": "Neu"}, headers=stale).status_code == 412
    changes = {"title": "Neu", "target_group_ids": [], "visibility": "body"}
    changed = client.patch(path, json=changes, headers=member.headers).json()
    assert (changed["title"], changed["target_group_ids"], changed["visibility"]) == ("Neu", [], "body")
    assert changed["description"] == TEXTS["description"]
    unknown = client.patch(path, json={"reader_ids": [str(new_id())]}, headers=member.headers)
    assert unknown.json()["errors"][0]["field"] == "reader_ids"
    move(client, member, need, "submit")
    assert client.patch(path, json={"title": "Zu spät"}, headers=member.headers).status_code == 409
    assert client.patch(path, json={"title": "Fremd"}, headers=other.headers).status_code == 403
    assert seen(client, member, need).json()["title"] == "Neu"


def test_a_confidential_need_is_read_by_those_named_alone(client: TestClient, world: World) -> None:
    body = world.body()
    author, named, other = world.member(body), world.member(body), world.member(body)
    need = post(client, author, body, visibility="confidential", reader_ids=[str(named.person_id)])
    move(client, author, need, "submit")
    assert seen(client, named, need).json()["reader_ids"] == [str(named.person_id)]
    for outsider in (other, world.member(body, MembershipRole.CHAIR), world.secretariat(), None):
        assert seen(client, outsider, need).status_code == 404
        headers = outsider.headers if outsider else {}
        assert client.get("/api/v1/needs", headers=headers).json()["items"] == []


@pytest.mark.parametrize(
    ("visibility", "reads"),
    [("body", {"body"}), ("participants", {"body", "participant"}), ("public", {"body", "participant", "public"})],
)
def test_each_circle_reads_what_is_meant_for_it(
    client: TestClient, world: World, visibility: str, reads: set[str]
) -> None:
    body = world.body()
    author = world.member(body)
    readers: dict[str, Known | None] = {
        "body": world.member(body, MembershipRole.OBSERVER),
        "participant": world.person(),
        "public": None,
    }
    need = post(client, author, body, visibility=visibility)
    assert all(seen(client, reader, need).status_code == 404 for reader in readers.values())
    move(client, author, need, "submit")
    assert {name for name, reader in readers.items() if seen(client, reader, need).status_code == 200} == reads


def test_staff_drafts_for_the_seat_and_submits_nothing(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    staff = world.member(body, MembershipRole.STAFF, seat_id=member.seat_id)
    need = post(client, staff, body)
    assert need["transitions"] == []
    assert move(client, staff, need, "submit").status_code == 403
    assert move(client, staff, need, "withdraw").status_code == 403
    assert seen(client, staff, need).json()["state"] == "draft"
    assert move(client, member, need, "submit").json()["state"] == "submitted"


def test_what_never_left_its_draft_stays_with_its_author(client: TestClient, world: World) -> None:
    body = world.body()
    author, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    need = post(client, author, body)
    assert move(client, author, need, "withdraw").json()["state"] == "withdrawn"
    assert seen(client, chair, need).status_code == 404


def test_who_has_two_seats_names_one(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    second = world.seat(body)
    world.join(member, second, MembershipRole.DEPUTY)
    sent = {"body_id": str(body.id), **TEXTS}
    refused = client.post("/api/v1/needs", json=sent, headers=member.headers)
    assert refused.json()["errors"][0]["field"] == "seat_id"
    made = client.post("/api/v1/needs", json={**sent, "seat_id": str(second)}, headers=member.headers).json()
    assert made["seat_id"] == str(second)


def test_merging_keeps_both_and_counts_support_once(client: TestClient, world: World) -> None:
    body, elsewhere = world.body(), world.body()
    chair, one, two = world.member(body, MembershipRole.CHAIR), world.member(body), world.member(body)
    far = world.member(elsewhere)
    kept, gone, other = post(client, one, body), post(client, two, body), post(client, far, elsewhere)
    for author, need in ((one, kept), (two, gone), (far, other)):
        move(client, author, need, "submit")
    support = [client.post(f"/api/v1/needs/{need['id']}/support", headers=one.headers) for need in (kept, gone)]
    support.append(client.post(f"/api/v1/needs/{gone['id']}/support", headers=two.headers))
    assert [each.status_code for each in support] == [201, 201, 201]
    for target in (gone["id"], other["id"], str(new_id())):
        assert move(client, chair, gone, "merge", reason="Dasselbe", target_id=target).status_code == 422
    assert move(client, chair, gone, "merge", reason="Dasselbe").status_code == 422
    assert seen(client, chair, gone).json()["state"] == "submitted"
    merged = move(client, chair, gone, "merge", reason="Dasselbe", target_id=kept["id"]).json()
    assert (merged["state"], merged["merged_into_id"]) == ("merged", kept["id"])
    target = seen(client, chair, kept).json()
    assert (target["support_count"], target["merged_ids"]) == (2, [gone["id"]])
    assert move(client, chair, kept, "merge", reason="Umgekehrt", target_id=gone["id"]).status_code == 409
    reopened = move(client, chair, gone, "reopen", reason="Doch verschieden").json()
    assert (reopened["state"], reopened["merged_into_id"]) == ("submitted", None)
    assert seen(client, chair, kept).json()["support_count"] == 1


def test_forwarding_takes_the_discussion_along(client: TestClient, world: World) -> None:
    body, other = world.body(), world.body()
    chair, author, there = world.member(body, MembershipRole.CHAIR), world.member(body), world.member(other)
    need = post(client, author, body)
    move(client, author, need, "submit")
    comments = f"/api/v1/needs/{need['id']}/comments"
    client.post(comments, json={"text": "Gehört woandershin."}, headers=author.headers)
    assert seen(client, there, need).status_code == 404
    assert move(client, chair, need, "forward", reason="Zuständig", body_id=str(body.id)).status_code == 422
    moved = move(client, chair, need, "forward", reason="Zuständig", body_id=str(other.id)).json()
    assert (moved["body_id"], moved["state"]) == (str(other.id), "submitted")
    assert seen(client, there, need).status_code == 200
    assert [each["text"] for each in client.get(comments, headers=there.headers).json()["items"]] == [
        "Gehört woandershin."
    ]
    assert seen(client, chair, need).status_code == 404


def test_deferring_and_answering_need_their_fields(client: TestClient, world: World) -> None:
    body = world.body()
    chair, author = world.member(body, MembershipRole.CHAIR), world.member(body)
    need = post(client, author, body)
    move(client, author, need, "submit")
    for day in (None, "2026-03-02", "gestern"):
        more = {} if day is None else {"resubmit_on": day}
        assert move(client, chair, need, "defer", reason="Später", **more).status_code == 422
    deferred = move(client, chair, need, "defer", reason="Später", resubmit_on="2026-09-01").json()
    assert (deferred["state"], deferred["resubmit_on"]) == ("deferred", "2026-09-01")
    move(client, chair, need, "reopen", reason="Jetzt")
    move(client, chair, need, "accept")
    assert move(client, chair, need, "answer").status_code == 422
    assert move(client, chair, need, "answer", recommendation_id=str(new_id())).status_code == 422
    answered = move(client, chair, need, "answer", answer="Gibt es schon.").json()
    assert (answered["state"], answered["answer"], answered["resubmit_on"]) == ("answered", "Gibt es schon.", None)


def test_support_counts_once_for_an_organisation(client: TestClient, world: World, session: Session) -> None:
    body = world.body()
    author = world.member(body)
    colleague = world.member(body, organisation_id=author.organisation_id)
    observer = world.member(body, MembershipRole.OBSERVER)
    need = post(client, author, body)
    path = f"/api/v1/needs/{need['id']}/support"
    assert client.post(path, headers=author.headers).status_code == 409
    move(client, author, need, "submit")
    assert client.post(path, headers=observer.headers).status_code == 403
    assert client.post(path, headers=author.headers).status_code == 201
    assert client.post(path, headers=author.headers).status_code == 200
    repeated = client.post(path, headers=colleague.headers)
    assert (repeated.status_code, repeated.json()["support_count"]) == (200, 1)
    assert repeated.json()["supporting_organisation_ids"] == [str(author.organisation_id)]
    types = [event.type.value for event in session.exec(select(Event).where(Event.subject_id == UUID(need["id"])))]
    assert types.count("need.supported") == 1


def test_the_list_is_narrowed_by_the_fields(client: TestClient, world: World) -> None:
    body, other = world.body(), world.body(field="C")
    author = world.member(body)
    group = client.get("/api/v1/target-groups").json()["items"][0]["id"]
    first = post(client, author, body, title="Zettelwirtschaft", target_group_ids=[group])
    second = post(client, author, body, title="Älterwerden")
    move(client, author, second, "submit")
    found = {
        query: [each["id"] for each in client.get(f"/api/v1/needs?{query}", headers=author.headers).json()["items"]]
        for query in (
            "",
            f"body_id={body.id}",
            f"body_id={other.id}",
            f"target_group_ids={group}",
            "state=submitted",
            "q=zettel",
            "order=title",
            "order=oldest",
        )
    }
    both = [second["id"], first["id"]]
    assert list(found.values()) == [both, both, [], [first["id"]], [second["id"]], [first["id"]], both, both[::-1]]
    assert client.get("/api/v1/needs?state=nowhere", headers=author.headers).status_code == 422


@pytest.mark.parametrize("order", ["newest", "oldest", "title"])
def test_paging_shows_each_once(client: TestClient, world: World, order: str) -> None:
    body = world.body()
    author = world.member(body)
    made = {post(client, author, body, title=f"Bedarf {number % 3}")["id"] for number in range(7)}
    seen_ids, after = [], ""
    while True:
        page = client.get(f"/api/v1/needs?limit=2&order={order}{after}", headers=author.headers).json()
        seen_ids += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert len(seen_ids) == 7
    assert set(seen_ids) == made
    assert client.get("/api/v1/needs?after=xx", headers=author.headers).status_code == 422


def test_of_two_changes_with_one_tag_one_is_refused(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    need = client.post("/api/v1/needs", json={"body_id": str(body.id), **TEXTS}, headers=member.headers).json()
    path = f"/api/v1/needs/{need['id']}"
    tag = client.get(path, headers=member.headers).headers["etag"]
    headers = {**member.headers, "If-Match": tag}

    def change(title: str) -> int:
        return client.patch(path, json={"title": title}, headers=headers).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(change, ["Kurz", "Lang"]))
    assert statuses == [200, 412]
