"""Pages of organisations: who takes part, for everybody; completing, for the Geschäftsstelle."""

from __future__ import annotations

from starlette.testclient import TestClient

from app.domain.actors import PersonRole
from app.domain.organisations import OrganisationKind, ParticipationClass
from app.models.base import new_id
from tests.browsing import send, sign_in
from tests.factories import World

MANDATORY, SHOULD = ParticipationClass.MANDATORY, ParticipationClass.SHOULD


def test_the_public_reads_who_takes_part_and_no_person(client: TestClient, world: World, statements) -> None:
    towns = world.organisation(
        "Deutscher Städtetag", OrganisationKind.MUNICIPAL_ASSOCIATION, participation_class=MANDATORY
    )
    world.organisation("Caritas", participation_class=SHOULD)
    world.organisation("Unfertig", is_incomplete=True)
    world.organisation("Vergangen", is_active=False)
    world.person(organisation_id=towns, name="Anna Muster")
    secretariat = world.secretariat()
    collective = {"name": "Kommunen", "kind": "collective", "level": "municipal", "participation_class": "mandatory"}
    client.post("/api/v1/organisations", json={**collective, "member_ids": [str(towns)]}, headers=secretariat.headers)
    with statements:
        page = client.get("/beteiligte")
    few = statements.count
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    text = page.text
    assert text.index("Nach dem Gesetz zu beteiligen") < text.index("Deutscher Städtetag") < text.index("Sollen beteil")
    assert text.index("Sollen beteil") < text.index("Caritas") < text.index("Weitere Beteiligte")
    assert "§ 45" in text
    assert text.count("Deutscher Städtetag") == 2
    for hidden in ("Anna", "Unfertig", "Vergangen"):
        assert hidden not in text
    for _time in range(30):
        world.organisation()
    with statements:
        client.get("/beteiligte")
    assert statements.count == few <= 6


def test_an_organisation_is_entered_and_completed(client: TestClient, world: World) -> None:
    secretariat = world.secretariat()
    unfinished = world.organisation("Amt für Alles", OrganisationKind.OTHER, is_incomplete=True)
    sign_in(client, secretariat)
    assert "1 Organisation ist zu vervollständigen" in client.get("/verwaltung/organisationen").text
    assert "1 zu vervollständigen" in client.get("/verwaltung").text
    page = client.get("/verwaltung/organisationen?is_incomplete=true").text
    assert "Amt für Alles" in page
    sent = {"name": "Amt für Alles", "kind": "ministry", "level": "federal", "participation_class": "other"}
    path = f"/verwaltung/organisationen/{unfinished}"
    assert send(client, secretariat, path, {**sent, "is_active": "true"}).status_code == 303
    assert "ist zu vervollständigen" not in client.get("/verwaltung/organisationen").text
    assert "Amt für Alles" in client.get("/beteiligte").text
    refused = send(client, secretariat, "/verwaltung/organisationen/neu", {"id": str(new_id()), "name": "Nur Name"})
    assert refused.status_code == 422
    assert 'value="Nur Name"' in refused.text
    fresh = {**sent, "id": str(new_id()), "name": "Neues Amt"}
    made = send(client, secretariat, "/verwaltung/organisationen/neu", fresh)
    again = send(client, secretariat, "/verwaltung/organisationen/neu", fresh)
    assert made.headers["location"] == again.headers["location"]


def test_members_and_agents_are_ticked_and_unticked(client: TestClient, world: World) -> None:
    secretariat = world.secretariat()
    one, other = world.organisation("Eins"), world.organisation("Zwei")
    collective = world.organisation("Alle", OrganisationKind.COLLECTIVE)
    path = f"/verwaltung/organisationen/{collective}"
    basics = {
        "kind": "collective",
        "level": "none",
        "participation_class": "other",
        "is_active": "true",
        "name": "Alle",
    }
    send(client, secretariat, path, {**basics, "member_ids": [str(one), str(other)], "answers_for_id": str(one)})
    shown = client.get(f"/api/v1/organisations/{collective}").json()
    assert set(shown["member_ids"]) == {str(one), str(other)}
    assert shown["answers_for_id"] == str(one)
    assert client.get(path).text.count(" checked") == 4
    send(client, secretariat, path, {**basics, "member_ids": [str(one)]})
    shown = client.get(f"/api/v1/organisations/{collective}").json()
    assert (shown["member_ids"], shown["answers_for_id"]) == ([str(one)], None)
    known = world.person(organisation_id=one)
    single = {**basics, "name": "Eins", "kind": "welfare", "agent_ids": [str(known.person_id)]}
    assert send(client, secretariat, f"/verwaltung/organisationen/{one}", single).status_code == 303
    agents = client.get(f"/api/v1/organisations/{one}", headers=secretariat.headers).json()["agent_ids"]
    assert agents == [str(known.person_id)]


def test_organisations_are_the_secretariats(client: TestClient, world: World) -> None:
    key = world.organisation("Bleibt")
    for known in (world.person(), world.person(PersonRole.ADMIN), world.person(PersonRole.AUDITOR)):
        sign_in(client, known)
        for path in ("", "/neu", f"/{key}"):
            assert client.get(f"/verwaltung/organisationen{path}").status_code == 403
        sent = {"name": "Anders"}
        assert send(client, known, f"/verwaltung/organisationen/{key}", sent).status_code == 403
        assert send(client, known, "/verwaltung/organisationen/neu", sent).status_code in (403, 422)
    assert client.get(f"/api/v1/organisations/{key}").json()["name"] == "Bleibt"
