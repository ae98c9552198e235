"""More requests at once than there are threads or connections: they wait their turn, and each is answered."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from app.models.base import new_id
from tests.factories import World

AT_ONCE = 90
"""More than the 40 threads of a process; waiting in them would end in 503 after the databases' patience."""


def test_a_crowd_of_writers_is_answered(world: World, client: TestClient) -> None:
    body = world.body()
    member = world.member(body, MembershipRole.MEMBER)
    need = {"body_id": str(body.id), "title": "Lange Leerzeiten", "description": "Zwischen den Kursen vergeht Zeit."}

    def post(_number: int) -> int:
        return client.post("/api/v1/needs", json={**need, "id": str(new_id())}, headers=member.headers).status_code

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        assert set(crowd.map(post, range(AT_ONCE))) == {201}
    listed = client.get("/api/v1/needs?limit=200", headers=member.headers).json()
    assert len(listed["items"]) == AT_ONCE


def test_a_crowd_of_readers_is_answered(world: World, client: TestClient) -> None:
    member = world.member(world.body(), MembershipRole.MEMBER)
    get = partial(client.get, headers=member.headers)
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        assert {answer.status_code for answer in crowd.map(get, ["/api/v1/bodies"] * AT_ONCE)} == {200}
