"""Of two at once: transitions have one winner, merges don't block each other, comments and supports all stand."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from app.models.base import new_id
from tests.api.test_needs import move, post, seen
from tests.factories import World


def at_once(*calls: Callable[[], Any]) -> Sequence[Any]:
    """The answers of calls that start together."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_two_simultaneous_transitions_one_wins(client: TestClient, world: World) -> None:
    body = world.body()
    author = world.member(body)
    chairs = [world.member(body, MembershipRole.CHAIR), world.member(body, MembershipRole.VICE_CHAIR)]
    need = post(client, author, body)
    move(client, author, need, "submit")
    answers = at_once(
        lambda: move(client, chairs[0], need, "accept"),
        lambda: move(client, chairs[1], need, "accept"),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    events = client.get(f"/api/v1/events?subject_id={need['id']}", headers=chairs[0].headers).json()["items"]
    assert [each["type"] for each in events].count("need.accepted") == 1


def test_two_merges_into_each_other_leave_one(client: TestClient, world: World) -> None:
    body = world.body()
    author, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    one, two = post(client, author, body), post(client, author, body)
    for need in (one, two):
        move(client, author, need, "submit")
    answers = at_once(
        lambda: move(client, chair, one, "merge", reason="Dasselbe", target_id=two["id"]),
        lambda: move(client, chair, two, "merge", reason="Dasselbe", target_id=one["id"]),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert sorted(seen(client, chair, need).json()["state"] for need in (one, two)) == ["merged", "submitted"]


def test_comments_at_once_all_stand(client: TestClient, world: World) -> None:
    body = world.body()
    author, other = world.member(body), world.member(body)
    need = post(client, author, body)
    move(client, author, need, "submit")
    path = f"/api/v1/needs/{need['id']}/comments"
    answers = at_once(
        lambda: client.post(path, json={"text": "Eins"}, headers=author.headers),
        lambda: client.post(path, json={"text": "Zwei"}, headers=other.headers),
        lambda: client.post(path, json={"text": "Drei"}, headers=other.headers),
    )
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    texts = {each["text"] for each in client.get(path, headers=author.headers).json()["items"]}
    assert texts == {"Eins", "Zwei", "Drei"}


def test_the_same_sent_at_once_is_one(client: TestClient, world: World) -> None:
    body = world.body()
    author = world.member(body)
    colleague = world.member(body, organisation_id=author.organisation_id)
    need = post(client, author, body)
    move(client, author, need, "submit")
    sent = {"id": str(new_id()), "text": "Einmal"}
    path = f"/api/v1/needs/{need['id']}"
    comments = at_once(*[lambda: client.post(f"{path}/comments", json=sent, headers=author.headers)] * 2)
    supports = at_once(
        lambda: client.post(f"{path}/support", headers=author.headers),
        lambda: client.post(f"{path}/support", headers=colleague.headers),
    )
    assert sorted(answer.status_code for answer in comments) == [200, 201]
    assert sorted(answer.status_code for answer in supports) == [200, 201]
    assert client.get(path, headers=author.headers).json()["support_count"] == 1
