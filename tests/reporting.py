"""What tests of Umsetzungsberichte start from: a published recommendation with all that can follow it."""

from __future__ import annotations

from typing import Any

from sqlmodel import select
from starlette.testclient import TestClient

from app.models.programmes import Edition, FieldOfAction
from app.models.publications import Publication
from tests.browsing import send
from tests.conftest import MovedClock
from tests.factories import World
from tests.implementing import response_of
from tests.monitoring import MonitoringScene

SECRET_GOAL = "Noch nicht vereinbart und niemandes Sache"
REPORT = "Sechs von zehn Regionen *beraten* schon."


class ReportScene(MonitoringScene):
    """A published recommendation whose goal, measure, indicator and report everybody reads, and a goal nobody does."""

    def __init__(self, client: TestClient, world: World, clock: MovedClock) -> None:
        super().__init__(client, world)
        self.clock = clock
        with world.database.read() as session:
            self.edition_id = str(session.exec(select(Edition.id)).one())
            self.field_id = str(self.body.field_of_action_id)
            other = select(FieldOfAction.id).where(FieldOfAction.id != self.body.field_of_action_id)
            self.other_field_id = str(session.exec(other.limit(1)).one())

    def fill(self) -> dict[str, Any]:
        """Everything at once; the measure's report is due in a year."""
        goal = self.goal(public=True)
        self.goal(title=SECRET_GOAL, recommendation_ids=[str(self.recommendation)])
        dates = {"baseline_on": "2025-12-31", "target_on": "2028-12-31"}
        indicator = self.indicator(goal_id=goal["id"], baseline=10, target=60, **dates)
        assert self.reading(indicator["id"], "2026-01", "11,25").status_code == 201
        measure = self.measure(
            goal_id=goal["id"],
            due_on="2027-12-31",
            number="a",
            milestones=[{"title": "Konzept", "due_on": "2026-06-30"}],
        )
        started = self.post(f"/measures/{measure['id']}/transitions", self.responsible, {"transition": "start"})
        assert started.status_code == 200, started.text
        response = response_of(self.world, self.recommendation, self.responsible.organisation_id)
        answer = {"answer": "partly_committed", "reason": "Soweit *Mittel* da sind."}
        assert self.post(f"/responses/{response}/answer", self.responsible, answer).status_code == 200
        sent = {"text": REPORT, "status_on": "2026-03-01"}
        assert self.post(f"/measures/{measure['id']}/reports", self.responsible, sent).status_code == 201
        return {"goal": goal, "indicator": indicator, "measure": measure}

    def freeze(self, **more: Any) -> Any:
        """Freeze a report through the API."""
        return self.post("/implementation-reports", self.secretariat, {"edition_id": self.edition_id, **more})

    def move_report(self, key: str, name: str, **more: Any) -> Any:
        """Ask for a move of a report through the API."""
        sent = {"transition": name, **more}
        return self.post(f"/implementation-reports/{key}/transitions", self.secretariat, sent)

    def send(self, path: str, **fields: Any) -> Any:
        """Send a form of the Geschäftsstelle about the edition."""
        return self.press(path, edition_id=self.edition_id, **fields)

    def press(self, path: str, **fields: Any) -> Any:
        """Send a form of the Geschäftsstelle."""
        return send(self.client, self.secretariat, path, fields)

    def publications(self) -> list[Publication]:
        """Every entry among the publications."""
        with self.world.database.read() as session:
            return list(session.exec(select(Publication)).all())


def digest_of_folder(world: World) -> set[str]:
    """The names of all files that lie in the folder."""
    return {path.name for path in world.database.files.root.glob("??/*")}
