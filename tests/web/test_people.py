"""Pages of people, for those who manage accesses."""

from __future__ import annotations

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.actors import PersonRole
from app.models.base import new_id
from app.models.outbox import OutgoingMail
from app.models.people import Person
from tests.api.test_needs import move, post
from tests.browsing import send, sign_in
from tests.factories import World

SCRIPT = "<script>alert(1)</script>"


def fields(world: World, **more: str) -> dict[str, str]:
    return {
        "id": str(new_id()),
        "name": "Neue Person",
        "email": "neue@muster.example",
        "organisation_id": str(world.organisation()),
        **more,
    }


def test_a_person_is_entered_and_invited_at_once(client: TestClient, world: World, database: Database) -> None:
    secretariat = world.secretariat()
    sent = fields(world, invite="true")
    made = send(client, secretariat, "/verwaltung/personen/neu", sent)
    assert made.status_code == 303, made.text
    page = client.get(made.headers["location"]).text
    assert "Neue Person" in page
    assert "Einladung noch einmal senden" in page
    assert 'name="role"' not in page
    assert send(client, secretariat, "/verwaltung/personen/neu", sent).headers["location"] == made.headers["location"]
    with database.read() as session:
        assert len(session.exec(select(OutgoingMail)).all()) == 1


def test_a_refused_form_keeps_what_was_typed(client: TestClient, world: World, database: Database) -> None:
    secretariat = world.secretariat()
    refused = send(client, secretariat, "/verwaltung/personen/neu", fields(world, email="keine Adresse", name=SCRIPT))
    assert refused.status_code == 422
    assert 'value="keine Adresse"' in refused.text
    assert "error-summary" in refused.text
    assert SCRIPT not in refused.text
    with database.read() as session:
        assert session.exec(select(Person).where(Person.name == SCRIPT)).all() == []


def test_script_in_a_name_is_shown_as_text(client: TestClient, world: World) -> None:
    secretariat = world.secretariat()
    organisation = world.organisation(name=f"Verband {SCRIPT}")
    known = world.person(name=SCRIPT, organisation_id=organisation)
    sign_in(client, secretariat)
    for path in (
        "/verwaltung/personen",
        f"/verwaltung/personen/{known.person_id}",
        "/verwaltung/personen/neu",
        "/verwaltung/organisationen",
        f"/verwaltung/organisationen/{organisation}",
        "/beteiligte",
    ):
        page = client.get(path)
        assert page.status_code == 200, path
        assert SCRIPT not in page.text, path
        assert "&lt;script&gt;" in page.text, path
    sign_in(client, known)
    page = client.get("/konto").text
    assert SCRIPT not in page


PATHS = ("/verwaltung", "/verwaltung/personen", "/verwaltung/personen/neu")


def test_management_is_not_everybodys(client: TestClient, world: World) -> None:
    member, other = world.person(), world.person()
    for path in (*PATHS, f"/verwaltung/personen/{other.person_id}"):
        client.cookies.clear()
        assert client.get(path).headers["location"].startswith("/anmelden?weiter="), path
        sign_in(client, member)
        assert client.get(path).status_code == 403, path
    for path in ("", "/einladung", "/zugang-beenden", "/zugang-oeffnen", "/loeschen"):
        refused = send(client, member, f"/verwaltung/personen/{other.person_id}{path}", {})
        assert refused.status_code in (403, 404), path
    assert send(client, member, "/verwaltung/personen/neu", fields(world)).status_code == 403
    sign_in(client, other)
    assert client.get("/konto").status_code == 200


@pytest.mark.parametrize("role", [PersonRole.SECRETARIAT, PersonRole.ADMIN])
def test_management_opens_for_secretariat_and_admin(client: TestClient, world: World, role: PersonRole) -> None:
    sign_in(client, world.person(role))
    for path in PATHS:
        assert client.get(path).status_code == 200, path


def test_the_secretariat_leaves_the_administration_alone(client: TestClient, world: World) -> None:
    secretariat, admin = world.secretariat(), world.person(PersonRole.ADMIN)
    sign_in(client, secretariat)
    path = f"/verwaltung/personen/{admin.person_id}"
    assert "Zugang beenden" not in client.get(path).text
    for step in ("zugang-beenden", "loeschen"):
        assert send(client, secretariat, f"{path}/{step}", {}).status_code == 403
    assert send(client, secretariat, path, {"email": "meine@muster.example"}).status_code == 403
    sign_in(client, admin)
    assert client.get("/konto").status_code == 200


def test_access_is_ended_opened_again_and_data_removed(client: TestClient, world: World) -> None:
    secretariat, known = world.secretariat(), world.person(name="Anna Muster")
    path = f"/verwaltung/personen/{known.person_id}"
    assert send(client, secretariat, f"{path}/zugang-beenden", {"reason": "Wechsel"}).status_code == 303
    assert "Zugang beendet" in client.get(path).text
    sign_in(client, known)
    assert client.get("/konto").status_code == 303
    assert send(client, secretariat, f"{path}/zugang-oeffnen", {}).status_code == 303
    assert "Einladung senden" in client.get(path).text
    assert send(client, secretariat, f"{path}/loeschen", {}).status_code == 303
    page = client.get(path).text
    assert "Anna" not in page
    assert "ehemaliges Mitglied" in page
    assert send(client, secretariat, path, {"name": "Wieder da"}).status_code == 409


def test_a_change_is_kept_and_a_wrong_one_shown(client: TestClient, world: World) -> None:
    secretariat, known = world.secretariat(), world.person(name="Anna Muster")
    path = f"/verwaltung/personen/{known.person_id}"
    changed = send(client, secretariat, path, {"name": "Anna Meister", "email": "am@muster.example"})
    assert changed.status_code == 303
    assert "Anna Meister" in client.get(path).text
    refused = send(client, secretariat, path, {"name": "Anna Zettel", "email": "kaputt"})
    assert refused.status_code == 422
    assert 'value="Anna Zettel"' in refused.text
    assert "Anna Meister" in client.get(path).text
    assert client.get(f"/verwaltung/personen/{new_id()}").status_code == 404


def test_the_list_filters_and_asks_constantly(client: TestClient, world: World, statements) -> None:
    for number in range(3):
        world.person(name=f"Mensch {number}")
    sign_in(client, world.secretariat())
    with statements:
        client.get("/verwaltung/personen")
    few = statements.count
    for number in range(30):
        world.person(name=f"Viele {number}")
    with statements:
        page = client.get("/verwaltung/personen")
    assert statements.count == few <= 12
    assert page.status_code == 200
    found = client.get("/verwaltung/personen?q=mensch+1&access=created")
    assert "Mensch 1" in found.text
    assert "Mensch 2" not in found.text
    assert client.get("/verwaltung/personen?access=quatsch").status_code == 422
    for number in range(30):
        world.person(name=f"Noch mehr {number}")
    page = client.get("/verwaltung/personen?q=e").text
    assert "after=" in page


def test_a_departed_person_is_nowhere_named_in_what_was_done(client: TestClient, world: World) -> None:
    body = world.body()
    gone, stays = world.member(body, name="Anna Muster"), world.member(body)
    need = post(client, gone, body)
    assert move(client, gone, need, "submit").status_code == 200
    sign_in(client, stays)
    address = f"/bedarfe/{need['id']}"
    assert "Anna Muster" in client.get(address).text
    path = f"/verwaltung/personen/{gone.person_id}"
    assert send(client, world.secretariat(), f"{path}/zugang-beenden", {"reason": "Wechsel"}).status_code == 303
    sign_in(client, stays)
    page = client.get(address).text
    assert "Anna Muster" not in page
    assert "ehemaliges Mitglied" in page


@pytest.mark.parametrize("step", ["zugang-beenden", "loeschen"])
def test_a_reason_that_is_too_long_is_still_there(client: TestClient, world: World, step: str) -> None:
    path = f"/verwaltung/personen/{world.person().person_id}"
    reason = "Wechsel in ein anderes Haus. " * 200
    refused = send(client, world.secretariat(), f"{path}/{step}", {"reason": reason})
    assert refused.status_code == 422
    assert refused.text.count(reason.strip()) == 1
