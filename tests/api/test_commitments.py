"""Commitments through page and API: only their owner makes, changes, keeps and takes them back."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.factories import Known, World
from tests.implementing import publish

TITLE = "Jeder Kurs bekommt eine Kinderbetreuung"


class Scene:
    """A published recommendation and an organisation that was not even addressed."""

    def __init__(self, client: TestClient, world: World) -> None:
        self.client, self.world = client, world
        self.body = world.body()
        self.owner, self.addressee = world.person(), world.person()
        self.secretariat = world.secretariat()
        self.recommendation = publish(world, self.body, [self.addressee.organisation_id])

    def sent(self, **more: Any) -> dict[str, Any]:
        """What makes a commitment."""
        return {
            "recommendation_id": str(self.recommendation),
            "organisation_id": str(self.owner.organisation_id),
            "title": TITLE,
            **more,
        }

    def make(self, **more: Any) -> str:
        """The path of a fresh one."""
        made = self.client.post("/api/v1/commitments", json=self.sent(**more), headers=self.owner.headers)
        assert made.status_code == 201, made.text
        return f"/api/v1/commitments/{made.json()['id']}"

    def move(self, path: str, known: Known, name: str, **more: Any) -> Any:
        """Ask for a move."""
        return self.client.post(f"{path}/transitions", json={"transition": name, **more}, headers=known.headers)


@pytest.fixture
def scene(client: TestClient, world: World) -> Scene:
    return Scene(client, world)


def test_an_organisation_promises_only_for_itself(scene: Scene) -> None:
    for known in (scene.secretariat, scene.addressee):
        refused = scene.client.post("/api/v1/commitments", json=scene.sent(), headers=known.headers)
        assert refused.status_code == 403
    for wrong in ({"number": "z"}, {"title": ""}, {"due_on": "31.12.2026"}, {"colour": "red"}):
        assert (
            scene.client.post("/api/v1/commitments", json=scene.sent(**wrong), headers=scene.owner.headers).status_code
            == 422
        )
    assert scene.client.get("/api/v1/commitments").json()["items"] == []
    sent = scene.sent(id=str(new_id()), number="a")
    codes = [scene.client.post("/api/v1/commitments", json=sent, headers=scene.owner.headers).status_code for _ in "12"]
    assert codes == [201, 200]
    shown = scene.client.get("/api/v1/commitments").json()["items"]
    assert [(each["title"], each["state"], each["transitions"]) for each in shown] == [(TITLE, "standing", [])]


def test_only_its_owner_changes_it_and_the_record_keeps_what_was(scene: Scene) -> None:
    path = scene.make(due_on="2026-12-31")
    for known in (scene.secretariat, scene.addressee):
        assert scene.client.patch(path, json={"title": "Anders"}, headers=known.headers).status_code == 403
        assert scene.move(path, known, "withdraw", reason="Wir wollen nicht.").status_code == 403
    changed = scene.client.patch(path, json={"title": "Anders", "due_on": None}, headers=scene.owner.headers)
    assert (changed.json()["title"], changed.json()["due_on"]) == ("Anders", None)
    assert scene.move(path, scene.owner, "withdraw").status_code == 422
    assert scene.move(path, scene.owner, "withdraw", reason="Die Mittel fehlen.").json()["state"] == "withdrawn"
    assert scene.client.patch(path, json={"title": "Doch"}, headers=scene.owner.headers).status_code == 409
    assert scene.move(path, scene.owner, "renew").json()["state"] == "standing"
    assert scene.move(path, scene.owner, "fulfil").json()["state"] == "fulfilled"
    page = scene.client.get(path.replace("/api/v1/commitments", "/selbstverpflichtungen")).text
    assert "Selbstverpflichtung zurückgenommen" in page
    assert "Die Mittel fehlen." not in page


def test_it_is_made_and_changed_on_pages(scene: Scene) -> None:
    new = "/empfehlungen/IP-2026-X-01/selbstverpflichtungen/neu"
    sign_in(scene.client, scene.owner)
    assert "Selbstverpflichtung eingehen" in scene.client.get("/empfehlungen/IP-2026-X-01/umsetzung").text
    fields = {"id": str(new_id()), "organisation_id": str(scene.owner.organisation_id), "description": "Ab Herbst."}
    refused = send(scene.client, scene.owner, new, fields)
    assert refused.status_code == 422
    assert "Ab Herbst." in refused.text
    made = send(scene.client, scene.owner, new, {**fields, "title": TITLE})
    assert made.status_code == 303
    page = made.headers["location"]
    assert "Zurücknehmen" in scene.client.get(page).text
    sent = {"title": TITLE, "description": "Ab Frühjahr.", "due_on": "2027-03-01"}
    assert send(scene.client, scene.owner, f"{page}/bearbeiten", sent).status_code == 303
    assert send(scene.client, scene.secretariat, f"{page}/bearbeiten", sent).status_code == 403
    sign_out(scene.client)
    shown = scene.client.get("/empfehlungen/IP-2026-X-01/umsetzung").text
    assert TITLE in shown
    assert "Zurücknehmen" not in scene.client.get(page).text


def test_what_is_unpublished_takes_and_shows_none(scene: Scene) -> None:
    hidden = publish(scene.world, scene.body, [], state=RecommendationState.ADOPTED)
    sent = scene.sent(recommendation_id=str(hidden))
    assert scene.client.post("/api/v1/commitments", json=sent, headers=scene.owner.headers).status_code == 404


def test_the_number_of_statements_does_not_grow(scene: Scene, statements: StatementCounter) -> None:
    counts = []
    for many in (1, 9):
        for _ in range(many):
            scene.make()
        with statements:
            scene.client.get("/empfehlungen/IP-2026-X-01/umsetzung")
        counts.append(statements.count)
    assert counts[0] == counts[1] <= 6


def test_who_took_it_back_and_why_is_read_by_the_owner_and_the_secretariat_alone(scene: Scene) -> None:
    path = scene.make()
    why = "Die Mittel sind gestrichen"
    assert scene.move(path, scene.owner, "withdraw", reason=why).status_code == 200
    page = path.replace("/api/v1/commitments", "/selbstverpflichtungen")
    for known, is_read in ((scene.owner, True), (scene.secretariat, True), (scene.addressee, False)):
        sign_in(scene.client, known)
        assert (why in scene.client.get(page).text) is is_read
    sign_out(scene.client)
    assert why not in scene.client.get(page).text
