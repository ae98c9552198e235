"""Bodies, seats and memberships at the door of the API."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.actors import MembershipRole
from app.domain.organisations import OrganisationKind
from app.models.base import new_id
from app.models.outbox import OutgoingMail
from app.models.programmes import FieldOfAction
from tests.browsing import StatementCounter
from tests.drafting import draft
from tests.factories import Known, World
from tests.mails import text_of

CLOSING = {"transition": "close", "reason": "Auftrag erfüllt"}


@pytest.fixture
def field_id(database: Database) -> str:
    """The field of action a body is set up in."""
    with database.read() as session:
        return str(session.exec(select(FieldOfAction.id).where(FieldOfAction.code == "B")).one())


def _body(client: TestClient, secretariat: Known, field_id: str, **more: Any) -> dict[str, Any]:
    sent = {"title": "AG Sprache im Beruf", "kind": "working_group", "field_of_action_id": field_id, **more}
    made = client.post("/api/v1/bodies", json=sent, headers=secretariat.headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


def _seat(client: TestClient, secretariat: Known, body: dict[str, Any], organisation_id: object) -> dict[str, Any]:
    sent = {"organisation_id": str(organisation_id), "voting": True}
    made = client.post(f"/api/v1/bodies/{body['id']}/seats", json=sent, headers=secretariat.headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


def test_the_secretariat_sets_up_a_body_with_rules_and_questions(
    client: TestClient, world: World, field_id: str
) -> None:
    secretariat, member = world.secretariat(), world.person()
    body = _body(
        client,
        secretariat,
        field_id,
        guiding_questions=["Was fehlt im Betrieb?", "Wer berät?"],
        rules={"quorum_percent": 60},
        responsible_person_ids=[str(secretariat.person_id)],
    )
    assert body["slug"] == "ag-sprache-im-beruf"
    assert body["state"] == "planned"
    assert body["url"] == "/gremien/ag-sprache-im-beruf"
    assert body["rules"]["quorum_percent"] == 60
    assert body["rules"]["threshold_percent"] == 75
    assert body["guiding_questions"] == ["Was fehlt im Betrieb?", "Wer berät?"]
    assert body["responsible_person_ids"] == [str(secretariat.person_id)]
    assert [each["name"] for each in body["transitions"]] == ["activate"]
    path = f"/api/v1/bodies/{body['id']}"
    assert client.get(path).status_code == 404
    assert client.get(path, headers=member.headers).status_code == 404
    refused = client.post(f"{path}/transitions", json={"transition": "activate"}, headers=member.headers)
    assert refused.status_code == 404
    active = client.post(f"{path}/transitions", json={"transition": "activate"}, headers=secretariat.headers)
    assert active.json()["state"] == "active"
    shown = client.get(path).json()
    assert shown["responsible_person_ids"] == []
    assert shown["transitions"] == []
    refused = client.post(f"{path}/transitions", json={"transition": "close"}, headers=member.headers)
    assert refused.status_code == 403
    twin = _body(client, secretariat, field_id)
    assert twin["slug"] == "ag-sprache-im-beruf-2"


def test_only_the_secretariat_sets_up_bodies(client: TestClient, world: World, field_id: str) -> None:
    sent = {"title": "AG", "kind": "working_group", "field_of_action_id": field_id}
    assert client.post("/api/v1/bodies", json=sent).status_code == 401
    assert client.post("/api/v1/bodies", json=sent, headers=world.person().headers).status_code == 403
    assert client.get("/api/v1/bodies").json()["items"] == []


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"colour": 1}, "rules.colour"),
        ({"quorum_percent": 100}, "rules.quorum_percent"),
        ({"ballot_days": "14"}, "rules.ballot_days"),
        ({"decision_rule": "loudest"}, "rules.decision_rule"),
        ({"quorum_percent": True}, "rules.quorum_percent"),
    ],
)
def test_a_rule_that_is_unknown_or_out_of_range_is_named(
    client: TestClient, world: World, field_id: str, rules: dict[str, object], field: str
) -> None:
    secretariat = world.secretariat()
    body = _body(client, secretariat, field_id)
    sent = {"title": "AG", "kind": "working_group", "field_of_action_id": field_id, "rules": rules}
    refused = client.post("/api/v1/bodies", json=sent, headers=secretariat.headers)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    path = f"/api/v1/bodies/{body['id']}"
    changed = client.patch(path, json={"rules": rules}, headers=secretariat.headers)
    assert changed.status_code == 422
    assert client.get(path, headers=secretariat.headers).json() == body


def test_a_body_sent_twice_is_one(client: TestClient, world: World, field_id: str) -> None:
    secretariat = world.secretariat()
    sent = {"id": str(new_id()), "title": "AG", "kind": "working_group", "field_of_action_id": field_id}
    answers = [client.post("/api/v1/bodies", json=sent, headers=secretariat.headers) for _ in range(2)]
    other = client.post("/api/v1/bodies", json={**sent, "title": "Anders"}, headers=secretariat.headers)
    assert [each.status_code for each in [*answers, other]] == [201, 200, 409]


def test_references_that_do_not_exist_are_named(client: TestClient, world: World, field_id: str) -> None:
    secretariat, other = world.secretariat(), world.person()
    sent = {
        "title": "AG",
        "kind": "working_group",
        "field_of_action_id": field_id,
        "responsible_person_ids": [str(other.person_id)],
    }
    refused = client.post("/api/v1/bodies", json=sent, headers=secretariat.headers)
    assert [each["field"] for each in refused.json()["errors"]] == ["responsible_person_ids"]
    sent = {"title": "AG", "kind": "working_group", "field_of_action_id": str(new_id()), "topic_id": str(new_id())}
    refused = client.post("/api/v1/bodies", json=sent, headers=secretariat.headers)
    assert refused.status_code == 422
    assert {each["field"] for each in refused.json()["errors"]} == {"field_of_action_id", "topic_id"}


def test_a_body_is_changed_unless_somebody_did_before(client: TestClient, world: World, field_id: str) -> None:
    secretariat = world.secretariat()
    body = _body(client, secretariat, field_id, guiding_questions=["Eins?", "Zwei?"])
    path = f"/api/v1/bodies/{body['id']}"
    tag = client.get(path, headers=secretariat.headers).headers["etag"]
    sent = {"mandate": "Berät zum Berufssprachkurs.", "guiding_questions": ["Zwei?", "Drei?"]}
    changed = client.patch(path, json=sent, headers={**secretariat.headers, "If-Match": tag})
    assert changed.status_code == 200, changed.text
    assert changed.json()["mandate"] == "Berät zum Berufssprachkurs."
    assert changed.json()["guiding_questions"] == ["Zwei?", "Drei?"]
    stale = client.patch(path, json={"title": "X"}, headers={**secretariat.headers, "If-Match": tag})
    assert stale.status_code == 412
    assert client.get(path, headers=secretariat.headers).json()["title"] == body["title"]


def test_members_work_in_a_planned_body_and_not_in_a_dormant_one(
    client: TestClient, world: World, field_id: str
) -> None:
    secretariat, organisation = world.secretariat(), world.organisation()
    person = world.person(organisation_id=organisation)
    body = _body(client, secretariat, field_id)
    seat = _seat(client, secretariat, body, organisation)
    sent = {"person_id": str(person.person_id), "role": "member"}
    client.post(f"/api/v1/seats/{seat['id']}/memberships", json=sent, headers=secretariat.headers)
    need = {"body_id": body["id"], "title": "Wartezeiten", "description": "Zu lang."}
    assert client.post("/api/v1/needs", json=need, headers=person.headers).status_code == 201
    for move in ({"transition": "activate"}, {"transition": "pause", "reason": "Sommerpause"}):
        moved = client.post(f"/api/v1/bodies/{body['id']}/transitions", json=move, headers=secretariat.headers)
        assert moved.status_code == 200, moved.text
    assert client.post("/api/v1/needs", json=need, headers=person.headers).status_code == 409


def test_a_seat_is_filled_by_a_membership_and_left_vacant_by_its_end(
    client: TestClient, world: World, field_id: str
) -> None:
    secretariat, organisation = world.secretariat(), world.organisation()
    first, second = world.person(organisation_id=organisation), world.person(organisation_id=organisation)
    seat = _seat(client, secretariat, _body(client, secretariat, field_id), organisation)
    assert seat["state"] == "offered"
    path = f"/api/v1/seats/{seat['id']}"
    chair = {"id": str(new_id()), "person_id": str(first.person_id), "role": "chair"}
    joined = client.post(f"{path}/memberships", json=chair, headers=secretariat.headers)
    assert joined.status_code == 201, joined.text
    assert client.post(f"{path}/memberships", json=chair, headers=secretariat.headers).status_code == 200
    assert client.get(path, headers=first.headers).json()["state"] == "filled"
    for role in ("member", "vice_chair", "rapporteur", "chair"):
        sent = {"person_id": str(second.person_id), "role": role}
        refused = client.post(f"{path}/memberships", json=sent, headers=secretariat.headers)
        assert refused.status_code == 409
        assert "Leitung" in refused.json()["detail"]
    deputy = {"person_id": str(second.person_id), "role": "deputy"}
    assert client.post(f"{path}/memberships", json=deputy, headers=first.headers).status_code == 403
    assert client.post(f"{path}/memberships", json=deputy, headers=secretariat.headers).status_code == 201
    assert len(client.get(f"{path}/memberships", headers=first.headers).json()["items"]) == 2
    membership = f"/api/v1/memberships/{joined.json()['id']}"
    assert client.delete(membership, headers=first.headers).status_code == 403
    ended = client.delete(membership, headers=secretariat.headers)
    assert ended.status_code == 200
    assert ended.json()["ended_on"] is not None
    assert client.delete(membership, headers=secretariat.headers).status_code == 409
    assert client.get(path, headers=secretariat.headers).json()["state"] == "filled"
    for each in client.get(f"{path}/memberships", headers=secretariat.headers).json()["items"]:
        if each["ended_on"] is None:
            client.delete(f"{path}/memberships/{each['id']}", headers=secretariat.headers)
    assert client.get(path, headers=secretariat.headers).json()["state"] == "vacant"
    events = client.get(f"/api/v1/events?subject_type=seat&subject_id={seat['id']}", headers=secretariat.headers)
    if events.status_code == 200:
        types = [each["type"] for each in reversed(events.json()["items"])]
        assert types[:3] == ["seat.offered", "seat.member_joined", "seat.filled"]
        assert types[-2:] == ["seat.member_left", "seat.vacated"]


def test_a_person_goes_on_in_another_role(client: TestClient, world: World, field_id: str) -> None:
    secretariat = world.secretariat()
    body = world.body()
    member = world.member(body)
    listed = client.get(f"/api/v1/seats/{member.seat_id}/memberships", headers=member.headers).json()["items"]
    path = f"/api/v1/memberships/{listed[0]['id']}"
    assert client.patch(path, json={"role": "chair"}, headers=member.headers).status_code == 403
    changed = client.patch(path, json={"role": "chair"}, headers=secretariat.headers)
    assert changed.json()["role"] == "chair"
    listed = client.get(f"/api/v1/seats/{member.seat_id}/memberships", headers=member.headers).json()["items"]
    assert [(each["role"], each["ended_on"] is None) for each in listed] == [("chair", True), ("member", False)]


def test_a_collective_and_an_ended_person_get_no_seat(client: TestClient, world: World, field_id: str) -> None:
    secretariat = world.secretariat()
    collective = world.organisation(kind=OrganisationKind.COLLECTIVE)
    body = _body(client, secretariat, field_id)
    sent = {"organisation_id": str(collective), "voting": True}
    refused = client.post(f"/api/v1/bodies/{body['id']}/seats", json=sent, headers=secretariat.headers)
    assert refused.status_code == 422
    seat = _seat(client, secretariat, body, world.organisation())
    sent = {"person_id": str(new_id()), "role": "member"}
    refused = client.post(f"/api/v1/seats/{seat['id']}/memberships", json=sent, headers=secretariat.headers)
    assert refused.status_code == 422


def test_seats_and_memberships_are_hidden_from_outsiders(client: TestClient, world: World) -> None:
    body = world.body()
    member, outsider = world.member(body), world.person()
    membership = client.get(f"/api/v1/seats/{member.seat_id}/memberships", headers=member.headers).json()["items"][0]
    for headers in ({}, outsider.headers):
        assert client.get(f"/api/v1/bodies/{body.id}/seats", headers=headers).json()["items"] == []
        assert client.get(f"/api/v1/seats/{member.seat_id}", headers=headers).status_code == 404
        assert client.get(f"/api/v1/seats/{member.seat_id}/memberships", headers=headers).status_code == 404
        assert client.get(f"/api/v1/memberships/{membership['id']}", headers=headers).status_code == 404


def test_an_ended_membership_is_refused_at_the_next_request(client: TestClient, world: World) -> None:
    body, secretariat = world.body(), world.secretariat()
    member = world.member(body)
    need = {"body_id": str(body.id), "title": "Wartezeiten", "description": "Zu lang."}
    assert client.post("/api/v1/needs", json=need, headers=member.headers).status_code == 201
    held = client.get(f"/api/v1/seats/{member.seat_id}/memberships", headers=member.headers).json()["items"]
    assert client.delete(f"/api/v1/memberships/{held[0]['id']}", headers=secretariat.headers).status_code == 200
    assert client.post("/api/v1/needs", json=need, headers=member.headers).status_code == 403


def test_a_seat_is_nominated_and_declined(client: TestClient, world: World, field_id: str, database: Database) -> None:
    secretariat, organisation = world.secretariat(), world.organisation()
    agent, outsider = world.person(organisation_id=organisation), world.person()
    body = _body(client, secretariat, field_id)
    seat, other = (_seat(client, secretariat, body, organisation) for _ in range(2))
    path = f"/api/v1/seats/{seat['id']}"
    assert {each["name"] for each in client.get(path, headers=agent.headers).json()["transitions"]} == {
        "nominate",
        "decline",
    }
    assert client.get(path, headers=outsider.headers).status_code == 404
    named = {
        "transition": "nominate",
        "member_name": "Ayşe Öz",
        "member_email": "ayse@verband.example",
        "deputy_name": "Bo",
        "deputy_email": "bo@verband.example",
    }
    half = {**named, "deputy_name": None}
    assert client.post(f"{path}/transitions", json=half, headers=agent.headers).status_code == 422
    assert client.get(path, headers=agent.headers).json()["state"] == "offered"
    done = client.post(f"{path}/transitions", json=named, headers=agent.headers)
    assert done.status_code == 200, done.text
    assert done.json()["state"] == "filled"
    roles = [each["role"] for each in client.get(f"{path}/memberships", headers=agent.headers).json()["items"]]
    assert roles == ["deputy", "member"]
    with database.read() as session:
        mails = session.exec(select(OutgoingMail)).all()
    assert {mail.address for mail in mails} == {"ayse@verband.example", "bo@verband.example"}
    assert all("/einladung/" in text_of(database, mail) for mail in mails)
    path = f"/api/v1/seats/{other['id']}"
    assert client.post(f"{path}/transitions", json={"transition": "decline"}, headers=agent.headers).status_code == 422
    declined = {"transition": "decline", "reason": "Keine Kapazität"}
    assert client.post(f"{path}/transitions", json=declined, headers=agent.headers).json()["state"] == "declined"
    assert client.post(f"{path}/transitions", json=declined, headers=agent.headers).status_code == 409


def test_a_body_is_closed_by_the_secretariat_with_a_reason_and_works_no_more(client: TestClient, world: World) -> None:
    body, secretariat = world.body(), world.secretariat()
    member = world.member(body, MembershipRole.CHAIR)
    path = f"/api/v1/bodies/{body.id}/transitions"
    assert client.post(path, json=CLOSING, headers=member.headers).status_code == 403
    assert client.post(path, json={"transition": "close"}, headers=secretariat.headers).status_code == 422
    assert client.post(path, json=CLOSING, headers=secretariat.headers).json()["state"] == "closed"
    sent = {"organisation_id": str(world.organisation()), "voting": True}
    refused = client.post(f"/api/v1/bodies/{body.id}/seats", json=sent, headers=secretariat.headers)
    assert refused.status_code == 409


def test_a_body_is_not_closed_while_a_recommendation_is_undecided(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    secretariat = drafted.secretariat
    path = f"/api/v1/bodies/{drafted.body.id}/transitions"
    refused = client.post(path, json=CLOSING, headers=secretariat.headers)
    assert (refused.status_code, "noch nicht entschieden" in refused.text) == (409, True)
    (listed,) = client.get("/api/v1/bodies", headers=secretariat.headers).json()["items"]
    alone = client.get(f"/api/v1/bodies/{drafted.body.id}", headers=secretariat.headers).json()
    assert listed["transitions"] == alone["transitions"] != []
    ended = {"transition": "discontinue", "reason": "Das Thema hat sich erledigt"}
    assert client.post(f"{drafted.path}/transitions", json=ended, headers=secretariat.headers).status_code == 200
    assert client.post(path, json=CLOSING, headers=secretariat.headers).json()["state"] == "closed"


def test_the_list_takes_the_same_statements_for_three_and_thirty(
    client: TestClient, world: World, statements: StatementCounter
) -> None:
    secretariat = world.secretariat()
    counts = []
    for number in (3, 27):
        for _ in range(number):
            world.body()
        with statements:
            listed = client.get("/api/v1/bodies?limit=200", headers=secretariat.headers)
        assert listed.status_code == 200
        counts.append(statements.count)
    assert counts[0] == counts[1]
    assert counts[0] <= 6
