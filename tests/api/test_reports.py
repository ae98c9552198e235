"""Progress reports through the API: what they say, what is asked back, and by when it is answered or verified."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.queries.tasks import list_tasks
from app.wording.tasks import TaskKind
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.implementing import publish

EVIDENCE = {"kind": "statistic", "source": "Jahresbericht, Seite 14"}
WHOLE = {
    "text": "Zwei von drei Kursen laufen.",
    "progress": "delayed",
    "obstacles": "Es fehlen Lehrkräfte.",
    "next_steps": "Der dritte Kurs beginnt im Herbst.",
    "status_on": "2026-03-02",
}


class Scene:
    """A measure that runs, its responsible organisation and the Geschäftsstelle."""

    def __init__(self, client: TestClient, world: World) -> None:
        self.client, self.world = client, world
        self.responsible, self.stranger = world.person(), world.person()
        self.secretariat = world.secretariat()
        recommendation = publish(world, world.body(), [self.responsible.organisation_id])
        sent = {
            "recommendation_id": str(recommendation),
            "title": "Anschlusskurse",
            "budget_note": "Aus dem laufenden Haushalt.",
            "responsible_organisation_id": str(self.responsible.organisation_id),
        }
        made = client.post("/api/v1/measures", json=sent, headers=self.responsible.headers)
        assert made.json()["budget_note"] == sent["budget_note"]
        self.measure = f"/api/v1/measures/{made.json()['id']}"
        self.move("start")

    def move(self, name: str, **more: Any) -> None:
        """A move of the responsible organisation."""
        sent = {"transition": name, **more}
        made = self.client.post(f"{self.measure}/transitions", json=sent, headers=self.responsible.headers)
        assert made.status_code == 200, made.text

    def report(self, **more: Any) -> str:
        """The path of a fresh report."""
        made = self.client.post(f"{self.measure}/reports", json={**WHOLE, **more}, headers=self.responsible.headers)
        assert made.status_code == 201, made.text
        return f"{self.measure}/reports/{made.json()['id']}"

    def ask_back(self, report: str, known: Known, question: str = "Wie viele Plätze sind es?") -> Any:
        """Ask about a report."""
        return self.client.post(f"{report}/question", json={"question": question}, headers=known.headers)

    def due_on(self) -> str:
        """When the next report is due."""
        return str(self.client.get(self.measure).json()["report_due_on"])


@pytest.fixture
def scene(client: TestClient, world: World) -> Scene:
    return Scene(client, world)


def test_a_report_says_how_it_goes_what_hinders_and_what_comes_next(scene: Scene) -> None:
    draft = scene.report(draft=True)
    changed = {"progress": "at_risk", "obstacles": "", "draft": False}
    sent = scene.client.patch(draft, json=changed, headers=scene.responsible.headers).json()
    assert (sent["progress"], sent["obstacles"], sent["next_steps"]) == ("at_risk", "", WHOLE["next_steps"])
    assert scene.client.get(draft).json()["progress"] == "at_risk"
    page = scene.client.get(scene.measure.replace("/api/v1/measures", "/massnahmen")).text
    assert "Gefährdet" in page
    assert WHOLE["next_steps"] in page


def test_the_secretariat_asks_back_and_the_next_report_answers(scene: Scene, clock: MovedClock) -> None:
    report = scene.report()
    assert scene.due_on() == "2027-03-02"
    for known, status in ((scene.responsible, 403), (scene.stranger, 403)):
        assert scene.ask_back(report, known).status_code == status
    assert scene.ask_back(report, scene.secretariat, "").status_code == 422
    assert scene.due_on() == "2027-03-02"
    asked = scene.ask_back(report, scene.secretariat)
    assert (asked.status_code, scene.due_on()) == (200, "2026-04-01")
    for known, question in (
        (scene.responsible, "Wie viele Plätze sind es?"),
        (scene.stranger, None),
    ):
        assert scene.client.get(report, headers=known.headers).json()["question"] == question
    page = scene.measure.replace("/api/v1/measures", "/massnahmen")
    assert "Wie viele Plätze" not in scene.client.get(page).text
    clock.advance(days=3)
    newer = scene.report(text="Es sind vierzig Plätze.")
    assert scene.due_on() == "2027-03-05"
    assert scene.ask_back(report, scene.secretariat).status_code == 409
    assert scene.ask_back(newer, scene.secretariat).status_code == 200


def test_neither_a_draft_nor_what_is_reported_done_is_asked_about(scene: Scene) -> None:
    draft = scene.report(draft=True)
    assert scene.ask_back(draft, scene.secretariat).status_code == 404
    done = scene.report(evidence=[EVIDENCE])
    scene.move("report_done")
    refused = scene.ask_back(done, scene.secretariat)
    assert refused.status_code == 409
    assert "zurück" in refused.json()["detail"]


def test_what_is_reported_done_is_to_be_verified_within_thirty_days(scene: Scene, clock: MovedClock) -> None:
    scene.report(evidence=[EVIDENCE])
    scene.move("report_done")
    with scene.world.database.read() as session:
        tasks = list_tasks(session, scene.world.actor(scene.secretariat, session))
    due = [task.due_on for task in tasks if task.kind is TaskKind.VERIFY]
    assert [day.isoformat() for day in due if day] == ["2026-04-01"]
    page = scene.measure.replace("/api/v1/measures", "/massnahmen")
    assert "1. April 2026" in scene.client.get(page).text
