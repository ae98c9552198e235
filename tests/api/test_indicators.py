"""Indicators and readings at the door of the API."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.models.base import new_id
from app.models.indicators import Reading
from app.models.programmes import FieldOfAction
from app.queries.record import verify_record
from tests.browsing import StatementCounter
from tests.conftest import MovedClock
from tests.factories import World
from tests.monitoring import MonitoringScene


@pytest.fixture
def scene(client: TestClient, world: World) -> MonitoringScene:
    return MonitoringScene(client, world)


def field_id(scene: MonitoringScene) -> str:
    with scene.world.database.read() as session:
        return str(session.exec(select(FieldOfAction.id).where(FieldOfAction.code == "B")).one())


def test_an_indicator_hangs_on_what_fits_its_kind(scene: MonitoringScene) -> None:
    goal, measure, field = scene.goal(public=True)["id"], scene.measure()["id"], field_id(scene)
    for kind, owners, status in (
        ("output", {"goal_id": goal}, 201),
        ("outcome", {"measure_id": measure}, 201),
        ("context", {"field_of_action_id": field}, 201),
        ("context", {"goal_id": goal}, 422),
        ("context", {"field_of_action_id": field, "goal_id": goal}, 422),
        ("output", {"field_of_action_id": field}, 422),
        ("output", {"goal_id": goal, "measure_id": measure}, 422),
        ("output", {}, 422),
        ("output", {"goal_id": str(new_id())}, 422),
    ):
        sent = {"title": "Ein Indikator", "kind": kind, "unit": "%", **owners}
        answer = scene.post("/indicators", scene.secretariat, sent)
        assert answer.status_code == status, (kind, owners, answer.text)
    assert len(scene.get("/indicators").json()["items"]) == 3
    assert [each["kind"] for each in scene.get("/indicators?kind=context").json()["items"]] == ["context"]


def test_who_may_define_and_read(scene: MonitoringScene) -> None:
    goal, measure = scene.goal(title="Nur im Gremium")["id"], scene.measure()["id"]
    of_goal = {"title": "Plätze", "kind": "output", "unit": "Plätze", "goal_id": goal}
    of_measure = {"title": "Plätze", "kind": "output", "unit": "Plätze", "measure_id": measure}
    context = {"title": "Quote", "kind": "context", "unit": "%", "field_of_action_id": field_id(scene)}
    for known, sent, status in (
        (scene.chair, of_goal, 201),
        (scene.member, of_goal, 403),
        (scene.stranger, of_goal, 422),
        (scene.responsible, of_measure, 201),
        (scene.chair, of_measure, 403),
        (scene.chair, context, 403),
        (scene.secretariat, context, 201),
        (None, context, 401),
    ):
        assert scene.post("/indicators", known, sent).status_code == status, (sent, status)
    assert {each["kind"] for each in scene.get("/indicators").json()["items"]} == {"output", "context"}
    assert len(scene.get("/indicators").json()["items"]) == 2
    assert len(scene.get("/indicators", scene.member).json()["items"]) == 3


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"baseline": 31, "baseline_on": "2025-12-31", "target": 60, "target_on": "2025-12-31"}, "target_on"),
        ({"baseline": 31, "baseline_on": "2025-12-31", "target": 60, "target_on": "2024-12-31"}, "target_on"),
        ({"target_on": "2028-12-31"}, "target"),
        ({"baseline_on": "2028-12-31"}, "baseline"),
        ({"target": 60}, "direction"),
        ({"baseline": 31, "target": 60, "direction": "decrease"}, "direction"),
        ({"baseline": "viele"}, "baseline"),
        ({"target": "1.234", "direction": "increase"}, "target"),
        ({"baseline": True}, "baseline"),
        ({"baseline": 1e300}, "baseline"),
        ({"breakdowns": [{"name": "Land", "categories": []}]}, "breakdowns.0.categories"),
        ({"rhythm": "manchmal"}, "rhythm"),
    ],
)
def test_what_does_not_fit_is_named(scene: MonitoringScene, more: dict[str, object], field: str) -> None:
    sent = {"title": "Anteil", "kind": "outcome", "unit": "%", "goal_id": scene.goal(public=True)["id"], **more}
    refused = scene.post("/indicators", scene.secretariat, sent)
    assert refused.status_code == 422, refused.text
    assert field in {each["field"] for each in refused.json()["errors"]}
    assert scene.get("/indicators").json()["items"] == []


def test_context_has_no_target_and_no_judgement(scene: MonitoringScene) -> None:
    sent = {"title": "Quote", "kind": "context", "unit": "%", "field_of_action_id": field_id(scene), "baseline": "16,0"}
    refused = scene.post("/indicators", scene.secretariat, {**sent, "target": 10})
    assert refused.json()["errors"][0]["field"] == "target"
    made = scene.made("/indicators", scene.secretariat, sent)
    scene.reading(made["id"], "2007", "16,0")
    seen = scene.get(f"/indicators/{made['id']}").json()
    assert (seen["course"], seen["course_rule"], seen["baseline"]) == (None, None, "16.0")


def test_decimals_are_kept_exactly_and_the_doubtful_one_is_asked(scene: MonitoringScene) -> None:
    key = scene.indicator()["id"]
    for period, value, kept in (
        ("2020", "33,80", "33.80"),
        ("2021", "33.8", "33.8"),
        ("2022", 0.1, "0.1"),
        ("2023", "689.003,25", "689003.25"),
        ("2024", 1234, "1234"),
    ):
        answer = scene.reading(key, period, value)
        assert (answer.status_code, answer.json()["value"]) == (201, kept)
    asked = scene.reading(key, "2025", "1.234")
    assert asked.status_code == 422
    assert "1.234 oder 1,234" in asked.json()["errors"][0]["message"]
    assert scene.reading(key, "2025", "1.234", decimal_mark="dot").json()["value"] == "1.234"
    for value in ("viel", "", None, [], "1,2,3"):
        assert scene.reading(key, "2019", value).status_code == 422
    with scene.world.database.read() as session:
        assert len(session.exec(select(Reading)).all()) == 6


def test_a_period_that_has_a_value_is_corrected_and_nothing_overwritten(scene: MonitoringScene) -> None:
    key = scene.indicator()["id"]
    first = scene.reading(key, "2025", 40, provisional=True).json()
    again = scene.reading(key, "2025", 41)
    assert again.status_code == 409
    assert "berichtigen" in again.json()["detail"]
    assert again.json()["reading_id"] == first["id"]
    path = f"/indicators/{key}/readings/{first['id']}/correction"
    assert scene.post(path, scene.secretariat, {"value": 41}).status_code == 422
    assert scene.post(path, scene.stranger, {"value": 41, "reason": "Nachmeldung"}).status_code == 403
    sent = {"id": str(new_id()), "value": 41, "reason": "Nachmeldung eines Landes"}
    corrected = scene.post(path, scene.secretariat, sent)
    assert (corrected.status_code, corrected.json()["revision"], corrected.json()["provisional"]) == (201, 2, False)
    assert scene.post(path, scene.secretariat, sent).status_code == 200
    assert scene.post(path, scene.secretariat, {"value": 42, "reason": "Noch einmal"}).status_code == 409
    items = scene.get(f"/indicators/{key}/readings").json()["items"]
    assert [(each["revision"], each["value"]) for each in items] == [(2, "41"), (1, "40")]
    assert scene.get(f"/indicators/{key}").json()["latest"]["value"] == "41"
    same = f"/indicators/{key}/readings/{corrected.json()['id']}/correction"
    assert scene.post(same, scene.secretariat, {"value": 41, "reason": "Nichts Neues"}).status_code == 422
    with scene.world.database.read() as session:
        broken = [each for each in verify_record(session) if each.subject_type == "indicator"]
    assert broken == []


def test_a_reading_sent_twice_is_one_and_of_one_indicator(scene: MonitoringScene) -> None:
    one, other = scene.indicator()["id"], scene.indicator(title="Ein anderer")["id"]
    key = str(new_id())
    answers = [scene.reading(each, "2025", 1, id=key) for each in (one, one, other)]
    assert [each.status_code for each in answers] == [201, 200, 409]


def test_categories_and_future_periods_are_checked(scene: MonitoringScene) -> None:
    breakdowns = [{"name": "Geschlecht", "categories": ["Frauen", "Männer"]}]
    key = scene.indicator(breakdowns=breakdowns)["id"]
    assert scene.reading(key, "2025", 12, category="Geschlecht: Frauen").status_code == 201
    assert scene.reading(key, "2025", 30).status_code == 201
    refused = scene.reading(key, "2025", 12, category="Land: Bayern")
    assert "Geschlecht: Frauen, Geschlecht: Männer" in refused.json()["errors"][0]["message"]
    assert scene.reading(key, "2030", 12).json()["errors"][0]["field"] == "period"
    assert scene.reading(key, "irgendwann", 12).json()["errors"][0]["field"] == "period"
    path = f"/api/v1/indicators/{key}"
    headers = scene.secretariat.headers
    assert scene.client.patch(path, json={"breakdowns": []}, headers=headers).status_code == 409
    assert scene.client.patch(path, json={"unit": "Personen"}, headers=headers).status_code == 409
    assert scene.client.patch(path, json={"definition": "Neu gefasst"}, headers=headers).json()["unit"] == "%"


def test_the_course_follows_the_clock(scene: MonitoringScene, clock: MovedClock) -> None:
    sent = {"baseline": 31, "baseline_on": "2025-12-31", "target": 60, "target_on": "2028-12-31", "rhythm": "yearly"}
    key = scene.indicator(**sent)["id"]

    def seen() -> tuple[object, ...]:
        shown = scene.get(f"/indicators/{key}").json()
        return shown["course"], shown["course_rule"], shown["next_due_on"], shown["overdue"]

    assert seen() == ("no_data", "no_reading", "2027-03-31", False)
    clock.advance(days=365)
    scene.reading(key, "2026", 45)
    assert seen() == ("on_track", "at_least_on_the_way", "2028-03-31", False)
    clock.advance(days=400)
    assert seen() == ("on_track", "at_least_on_the_way", "2028-03-31", True)
    clock.advance(days=400)
    assert seen() == ("no_data", "reading_too_old", "2028-03-31", True)


def test_a_dropped_goal_takes_no_more_readings(scene: MonitoringScene) -> None:
    goal = scene.goal(public=True)["id"]
    key = scene.indicator(goal_id=goal)["id"]
    scene.move(goal, scene.chair, "drop", reason="Überholt")
    assert scene.reading(key, "2025", 1).status_code == 409
    assert (
        scene.post(
            "/indicators", scene.chair, {"title": "x", "kind": "output", "unit": "%", "goal_id": goal}
        ).status_code
        == 409
    )


def test_the_dossier_holds_goals_and_indicators(scene: MonitoringScene) -> None:
    of_goal = scene.indicator()
    of_measure = scene.indicator(measure_id=scene.measure()["id"])
    dossier = scene.get(f"/recommendations/{scene.recommendation}/dossier").json()
    assert {each["id"] for each in dossier["indicators"]} == {of_goal["id"], of_measure["id"]}
    assert [each["id"] for each in dossier["goals"]] == [of_goal["goal_id"]]
    assert UUID(dossier["goals"][0]["id"])


def test_the_list_takes_no_more_statements_for_many(scene: MonitoringScene, statements: StatementCounter) -> None:
    goal, counted = scene.goal(public=True)["id"], []
    for number in (1, 6):
        for each in range(number):
            key = scene.indicator(goal_id=goal, title=f"Indikator {number} {each}")["id"]
            scene.reading(key, "2025", each)
        with statements:
            assert scene.get("/indicators").status_code == 200
        counted.append(statements.count)
    assert counted[0] == counted[1] <= 6
