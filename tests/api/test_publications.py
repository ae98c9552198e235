"""Publications through page and API: entered and changed by the Geschäftsstelle, read by everybody."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.models.base import new_id
from tests.browsing import StatementCounter, send, sign_out
from tests.factories import World

SENT = {
    "title": "Übergänge in den Beruf",
    "author": "Forschungszentrum des Bundesamts",
    "published_on": "2026-02-01",
    "summary": "Was Kursteilnehmende nach dem Abschluss tun.",
    "url": "https://beispiel.example/studie",
}
PATH = "/api/v1/publications"


@pytest.fixture
def enter(client: TestClient, world: World) -> Any:
    """Enters one with what is given."""
    secretariat = world.secretariat()

    def enter_one(**more: Any) -> str:
        made = client.post(PATH, json={**SENT, **more}, headers=secretariat.headers)
        assert made.status_code == 201, made.text
        return f"{PATH}/{made.json()['id']}"

    return enter_one


def test_the_secretariat_enters_and_everybody_reads(client: TestClient, world: World) -> None:
    secretariat, member = world.secretariat(), world.person()
    assert client.post(PATH, json=SENT).status_code == 401
    assert client.post(PATH, json=SENT, headers=member.headers).status_code == 403
    for wrong in (
        {"published_on": "2026-03-03"},
        {"title": ""},
        {"url": "javascript:alert(1)"},
        {"field_of_action_id": str(new_id())},
        {"colour": "red"},
    ):
        assert client.post(PATH, json={**SENT, **wrong}, headers=secretariat.headers).status_code == 422
    assert client.get(PATH).json()["items"] == []
    sent = {**SENT, "id": str(new_id())}
    assert [client.post(PATH, json=sent, headers=secretariat.headers).status_code for _ in "12"] == [201, 200]
    shown = client.get(PATH).json()["items"]
    assert [(each["title"], each["link"]) for each in shown] == [(SENT["title"], SENT["url"])]


def test_the_latest_stands_first_and_every_one_comes_once(client: TestClient, enter: Any) -> None:
    days = ["2026-01-05", "2025-07-01", "2026-01-05", "2024-03-01"]
    for day in days:
        enter(published_on=day, title=f"Vom {day}")
    seen: list[str] = []
    after = ""
    while True:
        page = client.get(f"{PATH}?limit=2{after}").json()
        seen += [each["published_on"] for each in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == sorted(days, reverse=True)
    assert len(client.get(f"{PATH}?year=2026").json()["items"]) == 2
    assert len(client.get(f"{PATH}?q=kursteilnehmende%20vom").json()["items"]) == 4
    assert client.get(f"{PATH}?after=unsinn").status_code == 422


def test_an_entry_is_changed_and_taken_back_with_a_reason(client: TestClient, world: World, enter: Any) -> None:
    secretariat, path = world.secretariat(), enter()
    changed = client.patch(path, json={"title": "Neu", "url": None}, headers=secretariat.headers).json()
    assert (changed["title"], changed["link"]) == ("Neu", None)
    assert client.post(f"{path}/withdrawal", json={"reason": ""}, headers=secretariat.headers).status_code == 422
    gone = client.post(f"{path}/withdrawal", json={"reason": "Doppelt eingetragen."}, headers=secretariat.headers)
    assert gone.status_code == 204
    assert client.get(path).status_code == 404
    assert client.get(PATH).json()["items"] == []


def test_pages_list_show_and_take_entries(client: TestClient, world: World, statements: StatementCounter) -> None:
    secretariat, member = world.secretariat(), world.person()
    refused = send(client, secretariat, "/publikationen/neu", {**SENT, "published_on": "2026-13-01"})
    assert refused.status_code == 422
    assert SENT["summary"] in refused.text
    assert send(client, member, "/publikationen/neu", SENT).status_code == 403
    made = send(client, secretariat, "/publikationen/neu", {**SENT, "id": str(new_id()), "field_of_action_id": ""})
    assert made.status_code == 303
    page = made.headers["location"]
    changed = {**SENT, "title": "Wege in den Beruf", "url": ""}
    assert send(client, secretariat, f"{page}/bearbeiten", changed).status_code == 303
    sign_out(client)
    with statements:
        listed = client.get("/publikationen?year=2026")
    assert statements.count <= 6
    assert "Wege in den Beruf" in listed.text
    shown = client.get(page).text
    assert "Zur Publikation" not in shown
    assert "zurücknehmen" not in shown
    assert client.get("/publikationen?field_of_action=gibt-es-nicht").status_code == 404
    assert send(client, secretariat, f"{page}/zuruecknehmen", {"reason": "Doppelt."}).status_code == 303
    assert client.get(page).status_code == 404
