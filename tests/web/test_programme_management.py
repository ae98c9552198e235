"""The Geschäftsstelle sets up the programme and leads an edition, by forms alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState as S
from app.models.base import new_id
from tests.browsing import StatementCounter, send, sign_in
from tests.conftest import MovedClock
from tests.factories import World
from tests.moving import in_days, lead_to, state_of

BASE = "/verwaltung/programm"


def _field(client: TestClient) -> str:
    return str(client.get("/api/v1/fields-of-action?code=B").json()["items"][0]["id"])


def _parts(client: TestClient) -> dict[str, dict[str, str]]:
    return {
        "programme": {"title": "Nationaler Aktionsplan"},
        "handlungsfelder": {"name": "Neues Feld", "code": "X", "kind": "phase"},
        "querschnittsthemen": {"name": "Interkulturelle Öffnung"},
        "zielgruppen": {"name": "Seniorinnen und Senioren"},
        "themen": {"title": "Übergänge", "field_of_action_id": _field(client), "year": "2026"},
        "leitfragen": {"title": "Wie gelingt der Anschluss?"},
    }


@pytest.mark.parametrize(
    "part", ["programme", "handlungsfelder", "querschnittsthemen", "zielgruppen", "themen", "leitfragen"]
)
def test_a_part_is_added_and_changed(client: TestClient, world: World, part: str) -> None:
    secretariat, member = world.secretariat(), world.person()
    content = _parts(client)[part]
    word = "name" if "name" in content else "title"
    path = f"{BASE}/{part}/neu"
    sign_in(client, member)
    assert client.get(path).status_code == 403
    assert send(client, member, path, content).status_code == 403
    sign_in(client, secretariat)
    found = re.search(r'name="id" value="([^"]+)"', client.get(path).text)
    assert found
    refused = send(client, secretariat, path, {**content, "id": found.group(1), word: ""})
    assert refused.status_code == 422
    assert "Bitte füllen Sie dieses Feld aus." in refused.text
    assert content[word] not in client.get(BASE).text
    for _twice in range(2):
        sent = send(client, secretariat, path, {**content, "id": found.group(1)})
        assert (sent.status_code, sent.headers["location"]) == (303, f"{BASE}#{part}")
    page = client.get(BASE).text
    assert content[word] in page
    change = f"{BASE}/{part}/{found.group(1)}/aendern"
    assert change in page
    assert content[word] in client.get(change).text
    shown = {name: value for name, value in content.items() if name != "code"}
    refused = send(client, secretariat, change, {**shown, word: ""})
    assert refused.status_code == 422
    assert send(client, secretariat, change, {**shown, word: "Ganz anders"}).status_code == 303
    assert "Ganz anders" in client.get(BASE).text


def test_what_is_emptied_is_taken_away(client: TestClient, world: World) -> None:
    secretariat = world.secretariat()
    topic = {"title": "Übergänge", "field_of_action_id": _field(client), "year": 2026}
    made = client.post("/api/v1/topics", json=topic, headers=secretariat.headers).json()
    fields = {"title": "Übergänge", "field_of_action_id": _field(client), "year": ""}
    assert send(client, secretariat, f"{BASE}/themen/{made['id']}/aendern", fields).status_code == 303
    assert client.get(f"/api/v1/topics/{made['id']}").json()["year"] is None


def test_an_edition_is_added(client: TestClient, world: World) -> None:
    secretariat = world.secretariat()
    sign_in(client, secretariat)
    assert "Kürzel" in client.get(f"{BASE}/ausgaben/neu").text
    made = {"id": str(new_id()), "title": "Integrationsprogramm 2030", "code": "IP-2030"}
    refused = send(client, secretariat, f"{BASE}/ausgaben/neu", made)
    assert "Es ist schon eine Ausgabe in Arbeit." in refused.text
    assert client.get(f"{BASE}/ausgaben/IP-2030").status_code == 404
    programme = {"id": str(new_id()), "title": "Nationaler Aktionsplan"}
    send(client, secretariat, f"{BASE}/programme/neu", programme)
    sent = send(client, secretariat, f"{BASE}/ausgaben/neu", {**made, "programme_id": programme["id"]})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{BASE}#ausgaben")
    assert client.get(f"{BASE}/ausgaben/IP-2030").status_code == 200


def test_there_is_no_other_part(client: TestClient, world: World) -> None:
    secretariat = world.secretariat()
    sign_in(client, secretariat)
    for path in ("gibtsnicht/neu", f"ausgaben/{new_id()}/aendern", f"themen/{new_id()}/aendern", "ausgaben/X"):
        assert client.get(f"{BASE}/{path}").status_code == 404, path


def test_the_pages_ask_little(client: TestClient, world: World, statements: StatementCounter) -> None:
    secretariat = world.secretariat()
    counts = []
    for many in (3, 27):
        for number in range(many):
            topic = {"title": f"Thema {many}-{number}", "field_of_action_id": _field(client)}
            assert client.post("/api/v1/topics", json=topic, headers=secretariat.headers).status_code == 201
        sign_in(client, secretariat)
        for page in (BASE, f"{BASE}/ausgaben/IP-2026", f"{BASE}/leitfragen/neu", "/verwaltung/feedback"):
            with statements:
                assert client.get(page).status_code == 200
            assert statements.count <= 12, statements.texts
            counts.append(statements.count)
    assert counts[:4] == counts[4:]


@pytest.mark.slow
def test_an_edition_goes_its_way_by_forms(client: TestClient, world: World, clock: MovedClock) -> None:
    first = lead_to(client, world, clock, S.STEERING_DECISION)
    second = lead_to(client, world, clock, S.STEERING_DECISION)
    behind = lead_to(client, world, clock, S.GROUP_REVIEW)
    clock.advance(days=15)
    secretariat, path = first.secretariat, f"{BASE}/ausgaben/IP-2026"
    sign_in(client, secretariat)
    page = client.get(path)
    assert page.status_code == 200
    assert page.text.count('name="place_') == 2

    def step(**fields: Any) -> Any:
        return send(client, secretariat, f"{path}/transitions", fields)

    places = {f"place_{second.id}": "1", f"place_{first.id}": "2"}
    refused = step(transition="freeze", **places)
    assert refused.status_code == 422
    assert "Bitte nennen Sie Kürzel und Titel der nächsten Ausgabe" in refused.text
    half = step(transition="freeze", **places, next_code="IP-2027")
    assert half.status_code == 422
    assert 'value="IP-2027"' in half.text
    member = send(client, first.chair, f"{path}/transitions", {"transition": "freeze", **places})
    assert member.status_code == 403
    frozen = step(transition="freeze", **places, next_code="IP-2027", next_title="Ausgabe 2027")
    assert frozen.status_code == 303, frozen.text
    page = client.get(path).text
    assert page.index(f"/empfehlungen/{second.id}") < page.index(f"/empfehlungen/{first.id}")
    assert f"/empfehlungen/{behind.id}" not in page
    open_now = client.get("/api/v1/editions?state=open").json()["items"][0]
    moved = send(
        client,
        secretariat,
        f"{path}/verschieben",
        {"recommendation_id": second.id, "edition_id": open_now["id"]},
    )
    assert moved.status_code == 303
    assert f"/empfehlungen/{second.id}" not in client.get(path).text
    decision = {"deciding_body": "Bundeskabinett", "decision_reference": "TOP 4", "decided_on": in_days(clock, 0)}
    refused = step(transition="adopt", **decision)
    assert refused.status_code == 422
    assert 'value="Bundeskabinett"' in refused.text
    adopted = step(transition="adopt", recommendation_ids=first.id, **decision)
    assert adopted.status_code == 303, adopted.text
    assert state_of(client, first) == "adopted"
    assert step(transition="publish").status_code == 303
    assert state_of(client, first) == "published"
    assert step(transition="archive").status_code == 303
    assert "Diese Ausgabe ist abgeschlossen." in client.get(path).text
