"""The annex table through the API: as JSON rows and as the tables that can be read in again."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.models.base import new_id
from tests.conftest import MovedClock
from tests.factories import World
from tests.reporting import ReportScene


@pytest.fixture
def scene(client: TestClient, world: World, clock: MovedClock) -> ReportScene:
    return ReportScene(client, world, clock)


def test_each_row_is_told_by_names(scene: ReportScene) -> None:
    things = scene.fill()
    rows = scene.get(f"/editions/{scene.edition_id}/annex").json()["items"]
    assert [row["goal_id"] for row in rows] == [things["goal"]["id"]] * 2
    of_indicator, of_measure = rows
    assert (of_indicator["baseline"], of_indicator["target_on"], of_indicator["course"]) == (
        "10",
        "2028-12-31",
        "nicht auf Kurs",
    )
    assert of_measure["measure_id"] == things["measure"]["id"]
    assert of_measure["milestones"] == ["2026-06-30: Konzept"]
    assert of_measure["contributors"] == []
    assert scene.get(f"/fields-of-action/{scene.field_id}/annex").json()["items"] == rows
    narrowed = scene.get(f"/editions/{scene.edition_id}/annex?field_of_action_id={scene.other_field_id}")
    assert narrowed.json()["items"] == []


def test_it_is_the_same_table_as_that_of_the_page(scene: ReportScene) -> None:
    scene.fill()
    path = f"/editions/{scene.edition_id}/annex"
    page = scene.client.get("/ausgaben/IP-2026/massnahmentabelle.csv").content
    assert scene.get(f"{path}.csv").content == page
    assert scene.get(f"/fields-of-action/{scene.field_id}/annex.csv").content == page
    assert scene.get(f"{path}.ods").content.startswith(b"PK")


def test_what_is_unknown_is_said(scene: ReportScene) -> None:
    assert scene.get(f"/editions/{new_id()}/annex").status_code == 404
    assert scene.get(f"/fields-of-action/{new_id()}/annex").status_code == 404
    assert scene.get(f"/editions/{scene.edition_id}/annex?colour=red").status_code == 422
    assert scene.get(f"/editions/{scene.edition_id}/annex.pdf").status_code == 404


def test_an_outsider_reads_no_goal_that_is_not_agreed(scene: ReportScene) -> None:
    scene.goal(title="Noch nicht vereinbart", recommendation_ids=[str(scene.recommendation)])
    path = f"/editions/{scene.edition_id}/annex"
    assert "Noch nicht vereinbart" not in scene.get(path).text
    assert "Noch nicht vereinbart" in scene.get(path, scene.secretariat).text
