"""Cross-references through page and API: entered by the Redaktion, read with the thing, from both ends."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from tests.browsing import send, sign_out
from tests.factories import World
from tests.implementing import publish

PATH = "/api/v1/cross-references"
PLAN = "Nationaler Aktionsplan Integration 2012"


class Scene:
    """Two published recommendations of one body, its Redaktion, and somebody else."""

    def __init__(self, client: TestClient, world: World) -> None:
        self.client, self.world = client, world
        self.body = world.body()
        self.editor = world.member(self.body, role=MembershipRole.RAPPORTEUR)
        self.member, self.stranger = world.member(self.body), world.person()
        self.one, self.other = (
            publish(world, self.body, [self.stranger.organisation_id], title=title) for title in ("Kurse", "Beratung")
        )

    def sent(self, **more: Any) -> dict[str, Any]:
        """What ties the first to the old plan."""
        return {
            "subject_type": "recommendation",
            "subject_id": str(self.one),
            "relation": "takes_up",
            "plan": PLAN,
            "item": "Operatives Ziel 3",
            **more,
        }

    def post(self, known: Any, **more: Any) -> Any:
        """Enter a tie."""
        return self.client.post(PATH, json=self.sent(**more), headers=known.headers)


@pytest.fixture
def scene(client: TestClient, world: World) -> Scene:
    return Scene(client, world)


def test_the_editors_tie_and_nobody_else(scene: Scene) -> None:
    for known in (scene.member, scene.stranger):
        assert scene.post(known).status_code == 403
    for wrong in (
        {"subject_type": "person"},
        {"relation": "loves"},
        {"plan": ""},
        {"counterpart_id": str(scene.one)},
        {"counterpart_id": str(new_id())},
        {"url": "ftp://x"},
    ):
        assert scene.post(scene.editor, **wrong).status_code == 422, wrong
    assert scene.post(scene.editor, subject_id=str(new_id())).status_code == 404
    assert scene.client.get(PATH).json()["items"] == []
    key = str(new_id())
    assert [scene.post(scene.editor, id=key).status_code for _ in "12"] == [201, 200]
    assert [each["item"] for each in scene.client.get(f"{PATH}?subject_id={scene.one}").json()["items"]] == [
        "Operatives Ziel 3"
    ]


def test_it_shows_from_both_ends(scene: Scene) -> None:
    assert scene.post(scene.editor, relation="feeds_into", counterpart_id=str(scene.other)).status_code == 201
    one, other = (scene.client.get(f"/empfehlungen/IP-2026-X-0{number}").text for number in (1, 2))
    assert "eingebracht in" in one
    assert PLAN in one
    assert "hier eingebracht" in other
    assert scene.client.get(f"{PATH}?counterpart_id={scene.other}").json()["items"]


def test_what_is_unpublished_shows_at_neither_end(scene: Scene) -> None:
    hidden = publish(scene.world, scene.body, [], title="Verborgenes", state=RecommendationState.ADOPTED)
    assert scene.post(scene.editor, subject_id=str(hidden), counterpart_id=str(scene.other)).status_code == 201
    assert scene.post(scene.editor, counterpart_id=str(hidden)).status_code == 201
    assert "Verborgenes" not in scene.client.get("/empfehlungen/IP-2026-X-02").text
    assert f"/empfehlungen/{hidden}" not in scene.client.get("/empfehlungen/IP-2026-X-01").text
    assert len(scene.client.get(PATH).json()["items"]) == 1


def test_a_tie_is_entered_and_taken_back_on_its_page(scene: Scene) -> None:
    page = f"/querverweise/recommendation/{scene.one}"
    assert send(scene.client, scene.member, page, {"plan": PLAN}).status_code == 403
    refused = send(scene.client, scene.editor, page, {"plan": PLAN, "item": ""})
    assert refused.status_code == 422
    assert PLAN in refused.text
    fields = {
        "id": str(new_id()),
        "relation": "takes_up",
        "plan": PLAN,
        "item": "Ziel 3",
        "url": "",
        "counterpart_id": "",
    }
    assert send(scene.client, scene.editor, page, fields).status_code == 303
    key = scene.client.get(PATH).json()["items"][0]["id"]
    back = f"/querverweise/{key}/zuruecknehmen"
    assert send(scene.client, scene.editor, back, {"reason": ""}).status_code == 422
    assert send(scene.client, scene.editor, back, {"reason": "Falsche Stelle."}).status_code == 303
    sign_out(scene.client)
    assert "Ziel 3" not in scene.client.get("/empfehlungen/IP-2026-X-01").text
    assert scene.client.get(f"{PATH}/{key}").status_code == 404


def test_a_measure_is_tied_too(scene: Scene) -> None:
    secretariat = scene.world.secretariat()
    sent = {
        "recommendation_id": str(scene.one),
        "title": "Leitfaden",
        "responsible_organisation_id": str(scene.stranger.organisation_id),
    }
    measure = scene.client.post("/api/v1/measures", json=sent, headers=secretariat.headers).json()["id"]
    assert scene.post(scene.editor, subject_type="measure", subject_id=measure).status_code == 201
    assert PLAN in scene.client.get(f"/massnahmen/{measure}").text
