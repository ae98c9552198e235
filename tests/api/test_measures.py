"""Measures and their reports at the door of the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from app.models.measures import Measure
from tests.browsing import StatementCounter
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.implementing import collective, publish

EVIDENCE = {"kind": "statistic", "source": "Auswertung der Kursdaten 2025"}


class Scene:
    """A published recommendation with an addressee, a responsible organisation and the Geschäftsstelle."""

    def __init__(self, client: TestClient, world: World) -> None:
        self.client = client
        self.world = world
        self.body = world.body()
        self.addressee = world.person()
        self.responsible = world.person()
        self.stranger = world.person()
        self.secretariat = world.secretariat()
        self.recommendation = publish(world, self.body, [self.addressee.organisation_id])

    def sent(self, **more: Any) -> dict[str, Any]:
        """What plans a measure."""
        return {
            "recommendation_id": str(self.recommendation),
            "title": "Anschlusskurse in jeder Kommune",
            "responsible_organisation_id": str(self.responsible.organisation_id),
            **more,
        }

    def plan(self, **more: Any) -> str:
        """The path of a fresh measure."""
        made = self.client.post("/api/v1/measures", json=self.sent(**more), headers=self.secretariat.headers)
        assert made.status_code == 201, made.text
        return f"/api/v1/measures/{made.json()['id']}"

    def move(self, path: str, known: Known, name: str, **more: Any) -> Any:
        """Ask for a move."""
        return self.client.post(f"{path}/transitions", json={"transition": name, **more}, headers=known.headers)

    def report(self, path: str, known: Known, **more: Any) -> Any:
        """Send a report."""
        sent = {"text": "Zwei von drei Kursen laufen.", "status_on": "2026-03-02", **more}
        return self.client.post(f"{path}/reports", json=sent, headers=known.headers)


@pytest.fixture
def scene(client: TestClient, world: World) -> Scene:
    return Scene(client, world)


def test_a_measure_is_planned_by_whom_it_concerns(scene: Scene) -> None:
    client = scene.client
    for known, status in (
        (scene.secretariat, 201),
        (scene.addressee, 201),
        (scene.responsible, 201),
        (scene.stranger, 403),
    ):
        assert client.post("/api/v1/measures", json=scene.sent(), headers=known.headers).status_code == status
    assert client.post("/api/v1/measures", json=scene.sent()).status_code == 401
    listed = client.get("/api/v1/measures").json()["items"]
    assert len(listed) == 3
    assert listed[0]["state"] == "planned"
    assert listed[0]["report_due_on"] == "2027-03-02"
    assert listed[0]["transitions"] == []


def test_a_measure_sent_twice_is_one(scene: Scene) -> None:
    sent = scene.sent(id=str(new_id()), due_on="2027-01-31", number="a")
    headers = scene.secretariat.headers
    first = scene.client.post("/api/v1/measures", json=sent, headers=headers)
    second = scene.client.post("/api/v1/measures", json=sent, headers=headers)
    other = scene.client.post("/api/v1/measures", json={**sent, "number": "b"}, headers=headers)
    assert (first.status_code, second.status_code, other.status_code) == (201, 200, 409)
    assert len(scene.client.get("/api/v1/measures").json()["items"]) == 1


def test_a_collective_or_an_unknown_part_is_refused(scene: Scene) -> None:
    laender = collective(scene.world, "Länder")
    for field, value in (
        ("responsible_organisation_id", str(laender)),
        ("responsible_organisation_id", str(new_id())),
        ("number", "z"),
        ("contributing_organisation_ids", [str(new_id())]),
        ("due_on", "31.12.2026"),
        ("due_on", "3000-01-01"),
        ("title", "  "),
        ("goal_id", str(new_id())),
    ):
        sent = scene.sent(**{field: value})
        refused = scene.client.post("/api/v1/measures", json=sent, headers=scene.secretariat.headers)
        assert refused.status_code == 422, (field, refused.text)
        assert refused.json()["errors"][0]["field"] == field
    assert scene.client.get("/api/v1/measures").json()["items"] == []


def test_only_a_published_recommendation_takes_measures(scene: Scene) -> None:
    hidden = publish(scene.world, scene.body, [scene.addressee.organisation_id], state=RecommendationState.ADOPTED)
    sent = scene.sent(recommendation_id=str(hidden))
    post = scene.client.post
    assert post("/api/v1/measures", json=sent, headers=scene.addressee.headers).status_code == 404
    assert post("/api/v1/measures", json=sent, headers=scene.secretariat.headers).status_code == 409


def test_the_way_from_planned_to_verified(scene: Scene) -> None:
    path, responsible, secretariat = scene.plan(), scene.responsible, scene.secretariat
    assert scene.move(path, scene.stranger, "start").status_code == 403
    assert scene.move(path, scene.addressee, "start").status_code == 403
    assert scene.move(path, responsible, "start").json()["state"] == "in_progress"
    blocked = scene.move(path, responsible, "report_done")
    assert (blocked.status_code, blocked.json()["type"]) == (409, "/api/problems/move-blocked")
    assert scene.report(path, responsible).status_code == 201
    blocked = scene.move(path, responsible, "report_done")
    assert "Beleg" in blocked.json()["detail"]
    assert scene.report(path, responsible, evidence=[EVIDENCE], draft=True).status_code == 201
    assert scene.move(path, responsible, "report_done").status_code == 409
    assert scene.report(path, responsible, evidence=[EVIDENCE]).status_code == 201
    assert scene.move(path, responsible, "report_done").json()["state"] == "reported_done"
    assert scene.move(path, responsible, "verify").status_code == 403
    assert scene.move(path, secretariat, "send_back").status_code == 422
    assert (
        scene.move(path, secretariat, "send_back", reason="Der Beleg nennt nur ein Land.").json()["state"]
        == "in_progress"
    )
    assert scene.move(path, responsible, "report_done").json()["state"] == "reported_done"
    verified = scene.move(path, secretariat, "verify")
    assert verified.json()["state"] == "verified_done"
    assert scene.move(path, secretariat, "verify").status_code == 409
    assert scene.report(path, responsible).status_code == 409
    assert scene.move(path, secretariat, "reopen", reason="Neue Lage.").json()["state"] == "in_progress"


def test_who_reported_never_verifies(scene: Scene) -> None:
    path, reporter, other = scene.plan(), scene.secretariat, scene.world.secretariat()
    scene.move(path, reporter, "start")
    scene.report(path, reporter, evidence=[EVIDENCE])
    assert scene.move(path, other, "report_done").json()["state"] == "reported_done"
    for known in (reporter, other):
        refused = scene.move(path, known, "verify")
        assert refused.status_code == 409, "one wrote the report, the other said it is done"
    shown = scene.client.get(path, headers=reporter.headers).json()
    assert {each["name"]: bool(each["blocked_by"]) for each in shown["transitions"]} == {
        "verify": True,
        "send_back": False,
    }
    third = scene.world.secretariat()
    assert scene.move(path, third, "verify").json()["state"] == "verified_done"


def test_reasons_and_states_of_the_other_moves(scene: Scene) -> None:
    path, responsible = scene.plan(), scene.responsible
    assert scene.move(path, responsible, "abort", reason="x").status_code == 409
    assert scene.move(path, responsible, "drop").status_code == 422
    assert scene.move(path, responsible, "fly").status_code == 422
    assert scene.move(path, responsible, "start").status_code == 200
    assert scene.move(path, responsible, "suspend", reason="Haushaltssperre").json()["state"] == "suspended"
    assert scene.move(path, responsible, "resume").json()["state"] == "in_progress"
    assert scene.move(path, responsible, "abort", reason="Die Mittel fehlen.").json()["state"] == "aborted"
    assert scene.client.patch(path, json={"description": "x"}, headers=responsible.headers).status_code == 409


def test_reports_are_dated_today_or_before_and_written_by_the_responsible(scene: Scene) -> None:
    path = scene.plan()
    assert scene.report(path, scene.stranger).status_code == 403
    assert scene.report(path, scene.responsible, status_on="2026-03-03").status_code == 422
    assert scene.report(path, scene.responsible, evidence=[{"kind": "study"}]).status_code == 422
    assert scene.client.get(f"{path}/reports").json()["items"] == []
    sent = {"id": str(new_id()), "evidence": [EVIDENCE]}
    first, second = scene.report(path, scene.responsible, **sent), scene.report(path, scene.responsible, **sent)
    assert (first.status_code, second.status_code) == (201, 200)
    listed = scene.client.get(f"{path}/reports").json()["items"]
    assert len(listed) == 1
    assert listed[0]["evidence"][0]["source"] == EVIDENCE["source"]


def test_a_draft_is_its_organisations_and_silences_nothing(scene: Scene, clock: MovedClock) -> None:
    path, responsible = scene.plan(), scene.responsible
    colleague = scene.world.person(organisation_id=responsible.organisation_id)
    draft = scene.report(path, responsible, draft=True).json()
    report = f"{path}/reports/{draft['id']}"
    for known, status in ((colleague, 200), (scene.secretariat, 404), (scene.stranger, 404)):
        assert scene.client.get(report, headers=known.headers).status_code == status
    assert scene.client.get(report).status_code == 404
    assert scene.client.get(f"{path}/reports").json()["items"] == []
    assert scene.client.get(path).json()["report_due_on"] == "2027-03-02"
    clock.advance(days=30)
    submitted = scene.client.patch(report, json={"draft": False, "evidence": [EVIDENCE]}, headers=colleague.headers)
    assert submitted.json()["draft"] is False
    assert scene.client.get(path).json()["report_due_on"] == "2027-04-01"
    assert scene.client.get(report).json()["evidence"][0]["kind"] == "statistic"
    assert scene.client.patch(report, json={"text": "anders"}, headers=responsible.headers).status_code == 409


def test_overdue_is_computed_from_the_clock(scene: Scene, clock: MovedClock) -> None:
    late, quiet = scene.plan(due_on="2026-06-30"), scene.plan()
    clock.advance(days=120)  # 30 June, 9:00 UTC
    assert scene.client.get(late).json()["overdue"] is False
    clock.advance(hours=13.5)  # 22:30 UTC is 0:30 in Berlin
    assert scene.client.get(late).json()["overdue"] is True
    found = scene.client.get("/api/v1/measures?overdue=true").json()["items"]
    assert [each["id"] for each in found] == [late.rsplit("/", 1)[1]]
    assert scene.client.patch(late, json={"due_on": "2026-12-31"}, headers=scene.stranger.headers).status_code == 403
    changed = scene.client.patch(late, json={"due_on": "2026-12-31"}, headers=scene.responsible.headers)
    assert changed.json()["overdue"] is False
    clock.advance(days=250)  # the first report was due on 2 March 2027
    assert scene.client.get(quiet).json()["overdue"] is False
    for concerned in (scene.responsible, scene.secretariat):
        assert scene.client.get(quiet, headers=concerned.headers).json()["overdue"] is True
        assert overdue_for(scene, **concerned.headers) == [late, quiet]
    clock.advance(days=24)  # on 1 April; what is late for thirty days is everybody's to see
    assert scene.client.get(quiet).json()["overdue"] is False
    assert overdue_for(scene) == overdue_for(scene, **scene.stranger.headers) == [late]
    clock.advance(days=1)
    assert scene.client.get(quiet).json()["overdue"] is True
    assert overdue_for(scene) == [late, quiet]
    scene.report(quiet, scene.responsible)
    assert scene.client.get(quiet).json()["overdue"] is False
    # Planned after the first anniversary: the next one counts, nobody is late from the start.
    assert scene.client.get(scene.plan()).json()["report_due_on"] == "2028-03-02"


def overdue_for(scene: Scene, **headers: str) -> list[str]:
    """The measures this reader finds overdue, oldest first."""
    found = scene.client.get("/api/v1/measures?overdue=true", headers=headers).json()["items"]
    return [f"/api/v1/measures/{each['id']}" for each in reversed(found)]


def test_a_change_keeps_to_what_was_read(scene: Scene) -> None:
    path, headers = scene.plan(due_on="2026-06-30"), scene.responsible.headers
    helper = str(scene.stranger.organisation_id)
    tag = scene.client.get(path, headers=headers).headers["etag"]
    changed = scene.client.patch(
        path, json={"due_on": None, "contributing_organisation_ids": [helper]}, headers={**headers, "If-Match": tag}
    )
    assert (changed.json()["due_on"], changed.json()["contributing_organisation_ids"]) == (None, [helper])
    stale = scene.client.patch(path, json={"description": "x"}, headers={**headers, "If-Match": tag})
    assert stale.status_code == 412
    assert scene.client.patch(path, json={"title": "x"}, headers=headers).status_code == 422
    found = scene.client.get(f"/api/v1/measures?contributing_organisation_id={helper}&q=anschlusskurse").json()
    assert len(found["items"]) == 1


def test_the_number_of_statements_does_not_grow(scene: Scene, statements: StatementCounter) -> None:
    counts = []
    for many in (3, 30):
        for _ in range(many):
            scene.plan(contributing_organisation_ids=[str(scene.stranger.organisation_id)])
        with statements:
            scene.client.get("/api/v1/measures?limit=200", headers=scene.secretariat.headers)
        counts.append(statements.count)
    assert counts[0] == counts[1] <= 9


def test_a_closed_tracking_takes_no_new_measure(scene: Scene) -> None:
    from app.models.recommendations import Recommendation

    path = scene.plan(due_on="2026-01-01")
    assert scene.client.get(path).json()["overdue"] is True
    with scene.world.database.write() as session:
        recommendation = session.get_one(Recommendation, scene.recommendation)
        recommendation.tracking_closed_at = recommendation.published_at
        assert session.get_one(Measure, UUID(path.rsplit("/", 1)[1])).due_on is not None
    assert scene.client.get(path).json()["overdue"] is False
    assert scene.client.get("/api/v1/measures?overdue=false").json()["items"]
    refused = scene.client.post("/api/v1/measures", json=scene.sent(), headers=scene.secretariat.headers)
    assert refused.status_code == 409
