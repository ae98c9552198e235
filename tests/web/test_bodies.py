"""Pages of bodies: what those inside see, and what everybody else does."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from tests.browsing import StatementCounter, sign_in, sign_out
from tests.conftest import MovedClock
from tests.factories import Known, World


def _post_need(client: TestClient, body_id: object, member: Known, title: str) -> str:
    sent = {"body_id": str(body_id), "title": title, "description": "Zu lang."}
    made = client.post("/api/v1/needs", json=sent, headers=member.headers)
    assert made.status_code == 201, made.text
    path = f"/api/v1/needs/{made.json()['id']}"
    client.post(f"{path}/transitions", json={"transition": "submit"}, headers=member.headers)
    return str(made.json()["id"])


def test_outsiders_see_what_a_body_is_for_and_no_names(client: TestClient, world: World) -> None:
    body = world.body("AG Offen")
    member = world.member(body, name="Frieda Geheim", organisation_id=world.organisation("Verband der Offenen"))
    _post_need(client, body.id, member, "Interner Bedarf")
    outsider = world.person()
    for known in (None, outsider):
        if known is None:
            sign_out(client)
        else:
            sign_in(client, known)
        page = client.get(f"/gremien/{body.slug}")
        assert page.status_code == 200
        assert "Verband der Offenen" in page.text
        assert "Frieda Geheim" not in page.text
        assert "Interner Bedarf" not in page.text
        assert client.get(f"/gremien/{body.slug}/sitze").status_code in {303, 404}
        assert "AG Offen" in client.get("/gremien").text
    sign_out(client)
    assert "set-cookie" not in client.get(f"/gremien/{body.slug}").headers


def test_a_home_opens_with_what_is_new_since_the_last_visit(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    body = world.body("AG Neues")
    member, chair = world.member(body), world.member(body, MembershipRole.CHAIR, name="Leo Leitung")
    _post_need(client, body.id, member, "Alter Bedarf")
    clock.advance(hours=1)
    sign_in(client, chair)
    page = client.get(f"/gremien/{body.slug}").text
    assert "Neu in den letzten zwei Wochen" in page
    assert "Alter Bedarf" in page
    clock.advance(days=1)
    need_id = _post_need(client, body.id, member, "Neuer Bedarf")
    sign_in(client, chair)
    for _ in range(2):
        page = client.get(f"/gremien/{body.slug}").text
        assert "Neu seit Ihrem letzten Besuch am 2. März 2026" in page
        news = page.split("</section>")[0]
        assert f'href="/bedarfe/{need_id}"' in news
        assert "Alter Bedarf" not in news
        clock.advance(minutes=5)
    clock.advance(days=1)
    page = client.get(f"/gremien/{body.slug}").text
    assert "Seither ist nichts dazugekommen." in page
    assert "Wartet auf Sichtung" in page
    sign_in(client, member)
    assert "Eingereicht, noch nicht gesichtet" in client.get(f"/gremien/{body.slug}").text


def test_a_home_is_shown_whatever_became_of_a_proposal(client: TestClient, world: World) -> None:
    body = world.body("AG Beratung")
    member, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    _post_need(client, body.id, member, "Bedarf")
    sent = {"body_id": str(body.id), "title": "Vorschlag", "description": "Früher beraten."}
    path = f"/api/v1/proposals/{client.post('/api/v1/proposals', json=sent, headers=member.headers).json()['id']}"
    sign_in(client, member)
    for known, move in ((member, "submit"), (chair, "discuss")):
        client.post(f"{path}/transitions", json={"transition": move}, headers=known.headers)
        page = client.get(f"/gremien/{body.slug}")
        assert page.status_code == 200
    assert "Wartet auf Sichtung" not in page.text
    assert client.get(path, headers=chair.headers).json()["state"] == "in_discussion"


def test_the_seats_are_shown_to_the_body(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body, MembershipRole.RAPPORTEUR, name="Rita Redaktion", group="Länder", voting=False)
    sign_in(client, member)
    page = client.get(f"/gremien/{body.slug}/sitze").text
    assert "Rita Redaktion, Redaktion" in page
    assert "Länder" in page
    assert "beratend" in page
    assert "So entscheidet das Gremium" in page
    assert "Sitze verwalten" not in page
    sign_in(client, world.secretariat())
    assert "Sitze verwalten" in client.get(f"/gremien/{body.slug}/sitze").text


@pytest.mark.parametrize("path", ["/gremien", "/gremien/{slug}", "/gremien/{slug}/sitze"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_pages_take_a_constant_number_of_statements(
    client: TestClient, world: World, statements: StatementCounter, clock: MovedClock, path: str, signed_in: bool
) -> None:
    body = world.body("AG Zahl")
    chair = world.member(body, MembershipRole.CHAIR)
    if not signed_in and path.endswith("sitze"):
        return
    counts = []
    for number in (3, 27):
        for _ in range(number):
            world.body()
            member = world.member(body)
            _post_need(client, body.id, member, "Bedarf")
        if signed_in:
            sign_in(client, chair)
        else:
            sign_out(client)
        clock.advance(hours=2)
        if counts == [] and path == "/gremien/{slug}" and signed_in:
            with statements:
                client.get(path.format(slug=body.slug))
            assert statements.count <= 12
            clock.advance(hours=2)
        with statements:
            page = client.get(path.format(slug=body.slug))
        assert page.status_code == 200
        counts.append(statements.count)
    assert counts[0] == counts[1]
    assert counts[0] <= (12 if signed_in else 6)


def test_a_planned_body_is_hidden_and_answers_as_an_absent_one(client: TestClient, world: World) -> None:
    secretariat = world.secretariat()
    field = client.get("/api/v1/fields-of-action", headers=secretariat.headers).json()["items"][0]
    sent = {"title": "AG Geplant", "kind": "working_group", "field_of_action_id": field["id"]}
    client.post("/api/v1/bodies", json=sent, headers=secretariat.headers)
    sign_out(client)
    hidden, absent = client.get("/gremien/ag-geplant"), client.get("/gremien/gibt-es-nicht")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.text.replace("ag-geplant", "") == absent.text.replace("gibt-es-nicht", "")
    assert "AG Geplant" not in client.get("/gremien").text
    sign_in(client, secretariat)
    assert "AG Geplant" in client.get("/gremien").text
    assert client.get("/gremien/ag-geplant").status_code == 200


def test_script_in_a_body_is_shown_as_text(client: TestClient, world: World) -> None:
    body, secretariat = world.body(), world.secretariat()
    nasty = "<script>alert(1)</script>"
    changed = client.patch(
        f"/api/v1/bodies/{body.id}",
        json={"title": nasty, "mandate": nasty, "guiding_questions": [nasty]},
        headers=secretariat.headers,
    )
    assert changed.status_code == 200
    for known in (None, secretariat):
        if known:
            sign_in(client, known)
        for path in ("/gremien", f"/gremien/{body.slug}"):
            assert nasty not in client.get(path).text
