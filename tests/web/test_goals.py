"""Pages of goals: proposing with a form, agreeing by a decision, and what the public sees of it."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.models.base import new_id
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.factories import World
from tests.monitoring import DECISION, MonitoringScene


@pytest.fixture
def scene(client: TestClient, world: World) -> MonitoringScene:
    return MonitoringScene(client, world)


def test_a_goal_is_proposed_and_agreed_by_forms(scene: MonitoringScene) -> None:
    client, path = scene.client, f"/gremien/{scene.body.slug}/ziele"
    sign_in(client, scene.member)
    assert "Ziel vorschlagen" in client.get(path).text
    assert "Öffentlichkeit" in client.get(f"{path}/neu").text
    key = str(new_id())
    sent = {"id": key, "kind": "operative", "title": "Höchstens 60 Tage <b>bis</b> zum Anschluss"}
    refused = send(client, scene.member, f"{path}/neu", sent)
    assert refused.status_code == 422
    assert "Bitte nennen Sie das strategische Ziel" in refused.text
    assert "Höchstens 60 Tage &lt;b&gt;bis" in refused.text
    for _again in range(2):
        made = send(client, scene.member, f"{path}/neu", {**sent, "kind": "strategic"})
        assert (made.status_code, made.headers["location"]) == (303, f"/ziele/{key}")
    assert client.get(path).text.count(f"/ziele/{key}") == 1
    assert "Ziel vereinbaren" not in client.get(f"/ziele/{key}").text
    moves = f"/ziele/{key}/transitions"
    assert send(client, scene.member, moves, {"transition": "agree", **DECISION}).status_code == 403
    open_again = send(client, scene.chair, moves, {"transition": "agree", "decided_on": "2026-03-01"})
    assert open_again.status_code == 422
    assert 'value="2026-03-01"' in open_again.text
    assert send(client, scene.chair, moves, {"transition": "agree", **DECISION}).status_code == 303
    shown = client.get(f"/ziele/{key}").text
    assert "Protokoll der 4. Sitzung, TOP 3" in shown
    assert "1. März 2026" in shown


def test_the_public_sees_a_goal_only_with_something_published(scene: MonitoringScene) -> None:
    hidden, shown = scene.goal(agreed=True, title="Nur im Gremium"), scene.goal(public=True, title="Für alle")
    sign_out(scene.client)
    assert scene.client.get(f"/ziele/{hidden['id']}").status_code == 404
    page = scene.client.get(f"/ziele/{shown['id']}").text
    assert "Für alle" in page
    assert "Verlauf: was wann geschah" not in page
    listed = scene.client.get(f"/gremien/{scene.body.slug}/ziele").text
    assert "Für alle" in listed
    assert "Nur im Gremium" not in listed


def test_a_change_keeps_what_was_typed_and_is_the_chairs_after_the_agreement(scene: MonitoringScene) -> None:
    goal = scene.goal(agreed=True)
    path = f"/ziele/{goal['id']}/bearbeiten"
    sign_in(scene.client, scene.member)
    assert scene.client.get(path).status_code == 403
    sign_in(scene.client, scene.chair)
    assert "ändert sich nur mit einem Beschluss" in scene.client.get(path).text
    linked = send(scene.client, scene.chair, path, {"recommendation_ids": [str(scene.recommendation)]})
    assert linked.status_code == 303
    sign_out(scene.client)
    assert scene.client.get(f"/ziele/{goal['id']}").status_code == 200


def test_a_goal_page_asks_little_however_much_serves_it(scene: MonitoringScene, statements: StatementCounter) -> None:
    goal = scene.goal(public=True)
    counted = []
    for number in (1, 5):
        for each in range(number):
            stones = [{"title": "Start", "due_on": "2026-05-01"}]
            measure = scene.measure(goal_id=goal["id"], title=f"Maßnahme {number} {each}", milestones=stones)
            scene.indicator(measure_id=measure["id"], title=f"Indikator {number} {each}")
        sign_out(scene.client)
        with statements:
            page = scene.client.get(f"/ziele/{goal['id']}")
        counted.append(statements.count)
        assert 'role="img"' in page.text
    assert counted[0] == counted[1] <= 6
