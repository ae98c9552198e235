"""Pages on which the Geschäftsstelle sets up bodies and seats."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, func, select
from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from app.models.base import new_id
from app.models.bodies import Body, Membership, Seat
from app.models.outbox import OutgoingMail
from app.models.programmes import FieldOfAction
from tests.browsing import StatementCounter, send, sign_in
from tests.factories import Known, World

BASE = "/verwaltung/gremien"


def _fields(world: World, **more: Any) -> dict[str, Any]:
    with world.database.read() as session:
        field_id = session.exec(select(FieldOfAction.id).where(FieldOfAction.code == "B")).one()
    return {
        "id": str(new_id()),
        "title": "AG Sprachpraxis",
        "kind": "working_group",
        "field_of_action_id": str(field_id),
        "mandate": "Was fehlt in der Praxis?",
        "guiding_questions": "Eins?\r\n\r\nZwei?",
        "rules.decision_rule": "simple_majority",
        "rules.quorum_percent": "60",
        **more,
    }


def _count(world: World, model: Any) -> int:
    with world.database.read() as session:
        return session.exec(select(func.count()).select_from(model)).one()


def _stored(world: World, body: Body) -> Body:
    with world.database.read() as session:
        return session.get_one(Body, body.id)


def test_a_body_is_set_up_activated_and_changed(client: TestClient, world: World) -> None:
    secretariat = world.secretariat()
    sent = _fields(world, responsible_person_ids=str(secretariat.person_id))
    for _ in range(2):
        made = send(client, secretariat, f"{BASE}/neu", sent)
        assert made.status_code == 303
        assert made.headers["location"] == f"{BASE}/ag-sprachpraxis#sitze"
    assert _count(world, Body) == 1
    page = client.get(f"{BASE}/ag-sprachpraxis").text
    assert "Das Gremium ist noch nicht eingesetzt." in page
    moved = send(client, secretariat, f"{BASE}/ag-sprachpraxis/transitions", {"transition": "activate"})
    assert moved.status_code == 303
    form = client.get(f"{BASE}/ag-sprachpraxis/bearbeiten").text
    assert "Eins?\nZwei?" in form
    assert 'value="60"' in form
    with world.database.read() as session:
        body = session.exec(select(Body)).one()
    changed = {**sent, "title": "AG Praxis", "mandate": "", "opened_with": str(body.sequence)}
    del changed["id"]
    assert send(client, secretariat, f"{BASE}/ag-sprachpraxis/bearbeiten", changed).status_code == 303
    stored = _stored(world, body)
    assert (stored.title, stored.mandate, stored.rules["quorum_percent"]) == ("AG Praxis", "", 60)
    stale = send(client, secretariat, f"{BASE}/ag-sprachpraxis/bearbeiten", {**changed, "title": "AG Zu spät"})
    assert stale.status_code == 409
    assert "AG Zu spät" in stale.text
    assert "Jetzt gespeichert ist" in stale.text
    assert _stored(world, body).title == "AG Praxis"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"rules.quorum_percent": "100"}, "muss zwischen 0 und 99 liegen"),
        ({"rules.ballot_days": "zwei"}, "muss eine ganze Zahl sein"),
        ({"rules.colour": "1"}, "gibt es in der Verfahrensordnung nicht"),
        ({"field_of_action_id": str(new_id())}, "Diesen Eintrag gibt es nicht."),
    ],
)
def test_a_form_that_fails_keeps_what_was_typed(
    client: TestClient, world: World, change: dict[str, str], message: str
) -> None:
    secretariat = world.secretariat()
    refused = send(client, secretariat, f"{BASE}/neu", _fields(world, **change))
    assert refused.status_code == 422
    assert message in refused.text
    assert "Was fehlt in der Praxis?" in refused.text
    assert _count(world, Body) == 0
    assert send(client, secretariat, f"{BASE}/neu", _fields(world)).status_code == 303


def test_a_seat_is_set_up_offered_filled_and_ended(client: TestClient, world: World) -> None:
    body, secretariat, organisation = world.body("AG Sitz"), world.secretariat(), world.organisation()
    person = world.person(organisation_id=organisation, name="Ida Platz")
    sent = {"id": str(new_id()), "organisation_id": str(organisation), "voting": "true", "group": "Verbände"}
    made = send(client, secretariat, f"{BASE}/{body.slug}/sitze", sent)
    assert made.status_code == 303
    here = made.headers["location"]
    asked = send(client, secretariat, f"{here}/anfrage", {"name": "Amt", "email": "amt@verband.example"})
    assert asked.status_code == 303
    assert _count(world, OutgoingMail) == 1
    page = client.get(here).text
    assert "Antwort möglich bis 23. März 2026" in page
    assert page.index("Ida Platz") < page.index("Rolle")
    joined = send(
        client, secretariat, f"{here}/mitglieder", {"id": str(new_id()), "person_id": person.person_id, "role": "chair"}
    )
    assert joined.status_code == 303
    with world.database.read() as session:
        membership = session.exec(select(Membership)).one()
    twice = send(client, secretariat, f"{here}/mitglieder", {"person_id": person.person_id, "role": "deputy"})
    assert twice.status_code == 409
    assert "sitzt schon auf diesem Sitz" in twice.text
    assert (
        send(client, secretariat, f"{here}/rolle", {"membership_id": membership.id, "role": "rapporteur"}).status_code
        == 303
    )
    changed = send(client, secretariat, here, {"group": ""})
    assert changed.status_code == 303
    with world.database.read() as session:
        seat = session.exec(select(Seat)).one()
        assert (seat.voting, seat.group, seat.state) == (False, None, "filled")
        active = session.exec(select(Membership).where(col(Membership.ended_on).is_(None))).one()
        assert active.role is MembershipRole.RAPPORTEUR
    assert send(client, secretariat, f"{here}/ende", {"membership_id": active.id}).status_code == 303
    page = client.get(here).text
    assert "Der Sitz ist leer." in page
    assert "Frühere Personen auf dem Sitz" in page
    assert "Vakant" in page


def test_an_answer_by_letter_is_noted_with_whom_it_names(client: TestClient, world: World) -> None:
    body, secretariat = world.body(), world.secretariat()
    sent = {"id": str(new_id()), "organisation_id": str(world.organisation()), "voting": "true"}
    here = send(client, secretariat, f"{BASE}/{body.slug}/sitze", sent).headers["location"]
    half = {"transition": "nominate", "member_name": "Ida Brief", "member_email": ""}
    refused = send(client, secretariat, f"{here}/transitions", half)
    assert refused.status_code == 422
    assert "Ida Brief" in refused.text
    assert 'href="#schritt-nominate-member_email"' in refused.text
    assert _count(world, Membership) == 0
    named = {**half, "member_email": "ida@verband.example"}
    assert send(client, secretariat, f"{here}/transitions", named).status_code == 303
    assert _count(world, Membership) == 1


def test_a_membership_of_another_seat_is_not_touched(client: TestClient, world: World) -> None:
    body, secretariat = world.body(), world.secretariat()
    one, other = world.member(body), world.member(body)
    with world.database.read() as session:
        membership = session.exec(select(Membership).where(Membership.seat_id == other.seat_id)).one()
    here = f"{BASE}/{body.slug}/sitze/{one.seat_id}"
    assert send(client, secretariat, f"{here}/ende", {"membership_id": membership.id}).status_code == 404
    with world.database.read() as session:
        assert session.get_one(Membership, membership.id).ended_on is None


def test_everybody_else_is_refused_and_changes_nothing(client: TestClient, world: World) -> None:
    body = world.body("AG Fremd")
    chair = world.member(body, MembershipRole.CHAIR)
    here = f"{BASE}/{body.slug}/sitze/{chair.seat_id}"
    before = (_count(world, Body), _count(world, Seat), _count(world, Membership))
    for known in (chair, world.person()):
        _is_refused(
            client, known, [BASE, f"{BASE}/neu", f"{BASE}/{body.slug}", f"{BASE}/{body.slug}/bearbeiten"], {403}
        )
        _is_refused(client, known, [here], {403, 404})
        for path, fields in (
            (f"{BASE}/neu", _fields(world)),
            (f"{BASE}/{body.slug}/bearbeiten", _fields(world)),
            (f"{BASE}/{body.slug}/transitions", {"transition": "pause", "reason": "So."}),
            (f"{BASE}/{body.slug}/sitze", {"organisation_id": str(known.organisation_id), "voting": "true"}),
            (here, {"voting": ""}),
            (f"{here}/mitglieder", {"person_id": str(known.person_id), "role": "chair"}),
        ):
            assert send(client, known, path, fields).status_code in {403, 404}, path
    assert (_count(world, Body), _count(world, Seat), _count(world, Membership)) == before
    assert _stored(world, body).state == "active"
    client.cookies.clear()
    assert client.get(BASE).status_code == 303


def _is_refused(client: TestClient, known: Known, paths: list[str], statuses: set[int]) -> None:
    sign_in(client, known)
    for path in paths:
        assert client.get(path).status_code in statuses, path


def test_pages_take_a_constant_number_of_statements(
    client: TestClient, world: World, statements: StatementCounter
) -> None:
    secretariat, body = world.secretariat(), world.body("AG Konstant")
    counts: list[list[int]] = []
    for number in (3, 27):
        for _ in range(number):
            world.body()
            member = world.member(body)
        sign_in(client, secretariat)
        found = []
        for path in (BASE, f"{BASE}/neu", f"{BASE}/{body.slug}", f"{BASE}/{body.slug}/sitze/{member.seat_id}"):
            with statements:
                assert client.get(path).status_code == 200
            found.append(statements.count)
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12
