"""Goals at the door of the API."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from app.domain.events import EventType
from app.models.base import new_id
from app.models.record import Event
from tests.browsing import StatementCounter
from tests.factories import World
from tests.monitoring import DECISION, MonitoringScene
from tests.telling import told_of


@pytest.fixture
def scene(client: TestClient, world: World) -> MonitoringScene:
    return MonitoringScene(client, world)


def test_a_goal_is_proposed_by_members_and_read_by_the_body_alone(scene: MonitoringScene) -> None:
    goal = scene.goal()
    assert (goal["state"], goal["kind"], goal["parent_id"]) == ("proposed", "strategic", None)
    for known, status in ((scene.member, 200), (scene.secretariat, 200), (scene.stranger, 404), (None, 404)):
        assert scene.get(f"/goals/{goal['id']}", known).status_code == status
    assert scene.get("/goals").json()["items"] == []
    sent = {"body_id": str(scene.body.id), "kind": "strategic", "title": "Ein anderes Ziel"}
    observer = scene.world.member(scene.body, MembershipRole.OBSERVER)
    for known, status in ((observer, 403), (scene.stranger, 403), (None, 401)):
        assert scene.post("/goals", known, sent).status_code == status
    assert len(scene.get("/goals", scene.member).json()["items"]) == 1


def test_an_operative_goal_hangs_on_a_strategic_one(scene: MonitoringScene) -> None:
    strategic = scene.goal()
    sent = {"body_id": str(scene.body.id), "kind": "operative", "title": "60 Tage bis zum Anschluss"}
    elsewhere = scene.made(
        "/goals", scene.secretariat, {**sent, "kind": "strategic", "body_id": str(scene.world.body(field="C").id)}
    )
    for parent in (None, str(new_id()), elsewhere["id"]):
        refused = scene.post("/goals", scene.member, {**sent, "parent_id": parent})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "parent_id"
    operative = scene.made("/goals", scene.member, {**sent, "parent_id": strategic["id"]})
    assert operative["parent_id"] == strategic["id"]
    wrong = scene.post("/goals", scene.member, {**sent, "kind": "strategic", "parent_id": strategic["id"]})
    assert wrong.status_code == 422
    blocked = scene.move(operative["id"], scene.chair, "agree", **DECISION)
    assert blocked.status_code == 409
    assert "noch nicht vereinbart" in blocked.json()["detail"]
    assert scene.move(strategic["id"], scene.chair, "agree", **DECISION).status_code == 200
    assert scene.move(operative["id"], scene.chair, "agree", **DECISION).json()["state"] == "agreed"
    kept = scene.move(strategic["id"], scene.chair, "drop", reason="Das Ziel ist überholt.")
    assert (kept.status_code, scene.get(f"/goals/{strategic['id']}", scene.chair).json()["state"]) == (409, "agreed")
    assert scene.move(operative["id"], scene.chair, "drop", reason="Überholt.").json()["state"] == "dropped"
    assert scene.move(strategic["id"], scene.chair, "drop", reason="Überholt.").json()["state"] == "dropped"


def test_to_agree_takes_a_decision_with_day_and_reference(scene: MonitoringScene) -> None:
    goal = scene.goal()
    for more, field in (
        ({}, "decided_on"),
        ({"decided_on": "2026-03-01"}, "decision_reference"),
        ({**DECISION, "decided_on": "2026-03-03"}, "decided_on"),
        ({**DECISION, "decided_on": "gestern"}, "decided_on"),
    ):
        refused = scene.move(goal["id"], scene.chair, "agree", **more)
        assert refused.status_code == 422, refused.text
        assert field in {each["field"] for each in refused.json()["errors"]}
    assert scene.get(f"/goals/{goal['id']}", scene.chair).json()["state"] == "proposed"
    for known, status in ((scene.member, 403), (scene.stranger, 404), (None, 401), (scene.chair, 200)):
        assert scene.move(goal["id"], known, "agree", **DECISION).status_code == status
    agreed = scene.get(f"/goals/{goal['id']}", scene.member).json()
    assert (agreed["state"], agreed["decided_on"], agreed["decision_reference"]) == (
        "agreed",
        DECISION["decided_on"],
        DECISION["decision_reference"],
    )


def test_the_wording_of_an_agreed_goal_changes_by_decision_alone(scene: MonitoringScene) -> None:
    goal = scene.goal(agreed=True)
    path = f"/api/v1/goals/{goal['id']}"
    patched = scene.client.patch(path, json={"title": "Anders"}, headers=scene.chair.headers)
    assert patched.status_code == 409
    linked = scene.client.patch(
        path, json={"recommendation_ids": [str(scene.recommendation)]}, headers=scene.chair.headers
    )
    assert linked.json()["recommendation_ids"] == [str(scene.recommendation)]
    same = scene.move(goal["id"], scene.chair, "revise", **DECISION, title=goal["title"])
    assert same.status_code == 422
    earlier = scene.move(goal["id"], scene.chair, "revise", **{**DECISION, "decided_on": "2026-02-01"}, title="Neu")
    assert earlier.status_code == 422
    revised = scene.move(goal["id"], scene.chair, "revise", **DECISION, title="Wege sind verlässlich verbunden")
    assert (revised.json()["state"], revised.json()["title"]) == ("revised", "Wege sind verlässlich verbunden")
    with scene.world.database.read() as session:
        types = session.exec(
            select(Event.type).where(Event.subject_id == UUID(goal["id"])).order_by(Event.sequence)
        ).all()
    assert types == [
        EventType.GOAL_PROPOSED,
        EventType.GOAL_AGREED,
        EventType.GOAL_CHANGED,
        EventType.GOAL_REVISED,
    ]


def test_a_goal_is_public_once_agreed_and_served_by_something_published(scene: MonitoringScene) -> None:
    strategic = scene.goal(agreed=True)
    operative = scene.goal(agreed=True, kind="operative", parent_id=strategic["id"], title="Operativ")
    for goal in (strategic, operative):
        assert scene.get(f"/goals/{goal['id']}").status_code == 404
    linked = {"recommendation_ids": [str(scene.recommendation)]}
    scene.client.patch(f"/api/v1/goals/{operative['id']}", json=linked, headers=scene.chair.headers)
    for goal in (strategic, operative):
        seen = scene.get(f"/goals/{goal['id']}")
        assert seen.status_code == 200
        assert seen.json()["transitions"] == []
    proposed = scene.goal(recommendation_ids=[str(scene.recommendation)], title="Nur vorgeschlagen")
    assert scene.get(f"/goals/{proposed['id']}").status_code == 404
    assert {each["id"] for each in scene.get("/goals").json()["items"]} == {strategic["id"], operative["id"]}


def test_a_measure_names_its_goal_and_its_milestones(scene: MonitoringScene) -> None:
    goal = scene.goal(public=True)
    dates = [{"title": "Konzept", "due_on": "2026-06-30"}, {"title": "Start", "due_on": "2026-05-01"}]
    measure = scene.measure(goal_id=goal["id"], milestones=dates)
    assert [each["title"] for each in measure["milestones"]] == ["Start", "Konzept"]
    assert measure["goal_id"] == goal["id"]
    path = f"/api/v1/measures/{measure['id']}"
    headers = scene.responsible.headers
    changed = scene.client.patch(
        path, json={"goal_id": None, "milestones": [{**dates[0], "reached_on": "2026-06-12"}]}, headers=headers
    ).json()
    assert (changed["goal_id"], changed["milestones"][0]["reached_on"]) == (None, "2026-06-12")
    hidden = scene.goal(title="Nur im Gremium")
    assert scene.client.patch(path, json={"goal_id": hidden["id"]}, headers=headers).status_code == 422
    scene.client.patch(path, json={"goal_id": hidden["id"]}, headers=scene.secretariat.headers)
    assert scene.get(f"/measures/{measure['id']}", scene.secretariat).json()["goal_id"] == hidden["id"]
    assert scene.get(f"/measures/{measure['id']}").json()["goal_id"] is None


def test_a_goal_sent_twice_is_one_and_a_stale_change_is_refused(scene: MonitoringScene) -> None:
    sent = {"id": str(new_id()), "body_id": str(scene.body.id), "kind": "strategic", "title": "Ein Ziel"}
    answers = [scene.post("/goals", scene.member, body) for body in (sent, sent, {**sent, "title": "Anderes"})]
    assert [each.status_code for each in answers] == [201, 200, 409]
    path = f"/api/v1/goals/{sent['id']}"
    tag = scene.client.get(path, headers=scene.member.headers).headers["etag"]
    for status in (200, 412):
        headers = {**scene.member.headers, "If-Match": tag}
        body = {"description": f"Beschrieben {status}"}
        assert scene.client.patch(path, json=body, headers=headers).status_code == status
    assert scene.post("/goals", scene.member, {**sent, "id": None, "unbekannt": 1}).status_code == 422


def test_the_leadership_is_told_of_a_proposal_and_the_body_of_the_agreement(scene: MonitoringScene) -> None:
    goal = scene.goal()
    told = told_of(scene.world.database, EventType.GOAL_PROPOSED)
    assert scene.chair.person_id in told
    assert scene.stranger.person_id not in told
    scene.move(goal["id"], scene.chair, "agree", **DECISION)
    assert scene.member.person_id in told_of(scene.world.database, EventType.GOAL_AGREED)


def test_the_list_takes_no_more_statements_for_many(scene: MonitoringScene, statements: StatementCounter) -> None:
    counted = []
    for number in (1, 6):
        for each in range(number):
            scene.goal(public=True, title=f"Ziel {number} {each}")
        with statements:
            assert scene.get("/goals").status_code == 200
        counted.append(statements.count)
    assert counted[0] == counted[1] <= 6
