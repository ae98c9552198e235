"""What tests of goals and indicators start from: a body at work, a published recommendation, a measure."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from tests.factories import Known, World
from tests.implementing import publish

DECISION = {"decided_on": "2026-03-01", "decision_reference": "Protokoll der 4. Sitzung, TOP 3"}


class MonitoringScene:
    """A body with its people, a published recommendation of it, and whoever answers for a measure."""

    def __init__(self, client: TestClient, world: World) -> None:
        self.client = client
        self.world = world
        self.body = world.body()
        self.chair = world.member(self.body, MembershipRole.CHAIR)
        self.member = world.member(self.body)
        self.stranger = world.person()
        self.secretariat = world.secretariat()
        self.responsible = world.person()
        self.recommendation = publish(world, self.body, [self.responsible.organisation_id])

    def post(self, path: str, known: Known | None, sent: dict[str, Any]) -> Any:
        """Send something to the API."""
        return self.client.post(f"/api/v1{path}", json=sent, headers=known.headers if known else {})

    def get(self, path: str, known: Known | None = None) -> Any:
        """Read something from the API."""
        return self.client.get(f"/api/v1{path}", headers=known.headers if known else {})

    def made(self, path: str, known: Known, sent: dict[str, Any]) -> dict[str, Any]:
        """What was created."""
        answer = self.post(path, known, sent)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def goal(self, known: Known | None = None, *, agreed: bool = False, public: bool = False, **more: Any) -> Any:
        """A goal; agreed by a decision, and public because the published recommendation serves it."""
        sent = {"body_id": str(self.body.id), "kind": "strategic", "title": "Wege sind verbunden", **more}
        if public:
            sent["recommendation_ids"] = [str(self.recommendation)]
        goal = self.made("/goals", known or self.member, sent)
        if agreed or public:
            moved = self.move(goal["id"], self.chair, "agree", **DECISION)
            assert moved.status_code == 200, moved.text
            return moved.json()
        return goal

    def move(self, goal_id: str, known: Known | None, name: str, **more: Any) -> Any:
        """Ask for a move of a goal."""
        return self.post(f"/goals/{goal_id}/transitions", known, {"transition": name, **more})

    def measure(self, **more: Any) -> Any:
        """A measure of the published recommendation."""
        sent = {
            "recommendation_id": str(self.recommendation),
            "title": "Anschlusskurse in jeder Kommune",
            "responsible_organisation_id": str(self.responsible.organisation_id),
            **more,
        }
        return self.made("/measures", self.responsible, sent)

    def indicator(self, known: Known | None = None, **more: Any) -> Any:
        """An indicator of achievement on a public goal, unless something else is named."""
        sent: dict[str, Any] = {"title": "Anteil verbundener Kurse", "kind": "output", "unit": "%", **more}
        if not {"goal_id", "measure_id", "field_of_action_id"} & set(more):
            sent["goal_id"] = self.goal(public=True)["id"]
        return self.made("/indicators", known or self.secretariat, sent)

    def reading(self, indicator_id: str, period: str, value: Any, known: Known | None = None, **more: Any) -> Any:
        """Send a reading."""
        sent = {"period": period, "value": value, **more}
        return self.post(f"/indicators/{indicator_id}/readings", known or self.secretariat, sent)
