"""People at the door of the API."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.mail import send_mail
from app.db import Database
from app.domain.actors import MembershipRole, PersonRole
from app.domain.events import EventType
from app.domain.organisations import OrganisationKind
from app.models.accounts import ApiToken, SignIn
from app.models.base import new_id
from app.models.outbox import OutgoingMail
from app.models.people import Person
from app.models.record import Event, RecordText
from tests.conftest import MovedClock
from tests.factories import Known, World


def person(world: World, **more: object) -> dict[str, object]:
    return {
        "email": "Neue@Muster.example",
        "name": "Neue Person",
        "organisation_id": str(world.organisation()),
        **more,
    }


def test_the_secretariat_enters_and_invites_a_person(client: TestClient, world: World, database: Database) -> None:
    secretariat = world.secretariat()
    made = client.post("/api/v1/people", json=person(world), headers=secretariat.headers)
    assert made.status_code == 201, made.text
    answer = made.json()
    assert (answer["email"], answer["role"], answer["access"]) == ("neue@muster.example", "participant", "created")
    invitation = f"/api/v1/people/{answer['id']}/invitation"
    assert client.post(invitation, json={"colour": "red"}, headers=secretariat.headers).status_code == 422
    invited = client.post(f"/api/v1/people/{answer['id']}/invitation", headers=secretariat.headers)
    assert (invited.status_code, invited.json()["access"]) == (200, "invited")
    again = client.post(f"/api/v1/people/{answer['id']}/invitation", headers=secretariat.headers)
    assert again.status_code == 200
    with database.read() as session:
        mail = session.exec(select(OutgoingMail)).one()
        assert mail.address == "neue@muster.example"
        types = [event.type for event in session.exec(select(Event).where(Event.subject_id == UUID(answer["id"])))]
        assert types == [EventType.PERSON_CREATED, EventType.PERSON_INVITED]
        texts = session.exec(select(RecordText.text)).all()
        assert not any("Neue Person" in (text or "") for text in texts)


def test_participants_and_the_public_enter_nobody(client: TestClient, world: World, database: Database) -> None:
    participant = world.person()
    with database.read() as session:
        before = len(session.exec(select(Person)).all())
    sent = person(world)
    assert client.post("/api/v1/people", json=sent, headers=participant.headers).status_code == 403
    assert client.post("/api/v1/people", json=sent).status_code == 401
    reading = world.person(PersonRole.SECRETARIAT, may_write=False)
    assert client.post("/api/v1/people", json=sent, headers=reading.headers).status_code == 403
    auditor = world.person(PersonRole.AUDITOR)
    assert client.post("/api/v1/people", json=sent, headers=auditor.headers).status_code == 403
    with database.read() as session:
        assert len(session.exec(select(Person)).all()) == before + 2


@pytest.mark.parametrize("role", ["secretariat", "admin", "auditor"])
def test_only_an_admin_grants_roles(client: TestClient, world: World, role: str) -> None:
    secretariat, admin = world.secretariat(), world.person(PersonRole.ADMIN)
    sent = person(world, role=role)
    assert client.post("/api/v1/people", json=sent, headers=secretariat.headers).status_code == 403
    made = client.post("/api/v1/people", json=sent, headers=admin.headers)
    assert made.status_code == 201
    path = f"/api/v1/people/{made.json()['id']}"
    assert client.patch(path, json={"name": "Anders"}, headers=secretariat.headers).status_code == 403
    assert client.post(f"{path}/invitation", headers=secretariat.headers).status_code == 403
    other = world.person()
    path = f"/api/v1/people/{other.person_id}"
    assert client.patch(path, json={"role": role}, headers=secretariat.headers).status_code == 403
    assert client.get(path, headers=admin.headers).json()["role"] == "participant"
    assert client.patch(path, json={"role": role}, headers=admin.headers).json()["role"] == role


def test_the_last_admin_stays(client: TestClient, world: World) -> None:
    admin = world.person(PersonRole.ADMIN)
    path = f"/api/v1/people/{admin.person_id}"
    assert client.patch(path, json={"role": "participant"}, headers=admin.headers).status_code == 409
    assert client.post(f"{path}/end-access", json={}, headers=admin.headers).status_code == 409
    assert client.post(f"{path}/redaction", json={}, headers=admin.headers).status_code == 409
    assert client.get(path, headers=admin.headers).json()["role"] == "admin"
    world.person(PersonRole.ADMIN)
    assert client.post(f"{path}/end-access", json={}, headers=admin.headers).status_code == 200
    assert client.get(path, headers=admin.headers).status_code == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "keine Adresse"}, "email"),
        ({"email": None}, "email"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"organisation_id": "keine"}, "organisation_id"),
        ({"organisation_id": str(new_id())}, "organisation_id"),
        ({"role": "king"}, "role"),
        ({"password": "x"}, "password"),
    ],
)
def test_bad_input_names_its_field(client: TestClient, world: World, change: dict[str, object], field: str) -> None:
    secretariat = world.secretariat()
    refused = client.post("/api/v1/people", json=person(world, **change), headers=secretariat.headers)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]


def test_an_address_belongs_to_one_person_and_a_collective_has_none(client: TestClient, world: World) -> None:
    secretariat = world.secretariat()
    sent = person(world, id=str(new_id()))
    assert client.post("/api/v1/people", json=sent, headers=secretariat.headers).status_code == 201
    assert client.post("/api/v1/people", json=sent, headers=secretariat.headers).status_code == 200
    other = {**sent, "id": str(new_id())}
    assert client.post("/api/v1/people", json=other, headers=secretariat.headers).status_code == 422
    assert client.post("/api/v1/people", json={**sent, "name": "A"}, headers=secretariat.headers).status_code == 409
    collective = str(world.organisation(kind=OrganisationKind.COLLECTIVE))
    in_collective = person(world, email="k@muster.example", organisation_id=collective)
    assert client.post("/api/v1/people", json=in_collective, headers=secretariat.headers).status_code == 422


def test_people_are_seen_by_those_beside_them_without_their_address(client: TestClient, world: World) -> None:
    body = world.body()
    one, other, stranger = world.member(body), world.member(body), world.person()
    path = f"/api/v1/people/{other.person_id}"
    seen = client.get(path, headers=one.headers).json()
    assert seen["name"].startswith("Person")
    assert seen["email"] is None
    assert seen["access"] is None
    assert client.get(path, headers=stranger.headers).status_code == 404
    assert client.get(path).status_code == 404
    assert client.get("/api/v1/people").json() == {"items": [], "next": None}
    keys = {each["id"] for each in client.get("/api/v1/people", headers=one.headers).json()["items"]}
    assert keys == {str(one.person_id), str(other.person_id)}
    own = client.get(f"/api/v1/people/{one.person_id}", headers=one.headers).json()
    assert own["email"]


def test_ending_access_ends_it_everywhere(client: TestClient, world: World, database: Database) -> None:
    body, secretariat = world.body(), world.secretariat()
    member = world.member(body)
    path = f"/api/v1/people/{member.person_id}"
    need = {"body_id": str(body.id), "title": "Titel", "description": "Text"}
    assert client.post("/api/v1/needs", json=need, headers=member.headers).status_code == 201
    ended = client.post(f"{path}/end-access", json={"reason": "Wechsel"}, headers=secretariat.headers)
    assert (ended.status_code, ended.json()["access"]) == (200, "ended")
    assert client.post("/api/v1/needs", json=need, headers=member.headers).status_code == 401
    with database.read() as session:
        for model in (SignIn, ApiToken):
            held = session.exec(select(model).where(model.person_id == member.person_id)).all()
            assert all(each.revoked_at for each in held)
    seat = client.get(f"/api/v1/seats/{member.seat_id}", headers=secretariat.headers).json()
    assert seat["state"] == "vacant"
    again = client.post(f"{path}/end-access", json={}, headers=secretariat.headers)
    assert again.status_code == 200
    assert client.patch(path, json={"name": "x"}, headers=secretariat.headers).status_code == 409
    assert client.post(f"{path}/invitation", headers=secretariat.headers).status_code == 409
    reopened = client.post(f"{path}/reopen-access", json={}, headers=secretariat.headers)
    assert reopened.json()["access"] == "created"
    assert client.get("/api/v1/people", headers=member.headers).status_code == 401


def test_a_seat_that_ended_gives_no_right_at_the_next_request(client: TestClient, world: World) -> None:
    body, secretariat = world.body(), world.secretariat()
    member = world.member(body)
    need = {"body_id": str(body.id), "title": "Titel", "description": "Text"}
    assert client.post("/api/v1/needs", json=need, headers=member.headers).status_code == 201
    seat = f"/api/v1/seats/{member.seat_id}/memberships"
    held = client.get(seat, headers=secretariat.headers).json()["items"][0]
    ended = client.delete(f"/api/v1/memberships/{held['id']}", headers=secretariat.headers)
    assert ended.status_code < 300, ended.text
    assert client.post("/api/v1/needs", json=need, headers=member.headers).status_code in (403, 404)


def test_redacting_a_person_takes_name_and_address_and_keeps_the_rest(
    client: TestClient, world: World, database: Database, clock: MovedClock
) -> None:
    body, secretariat = world.body(), world.secretariat()
    member = world.member(body, name="Anna Muster")
    need = {"body_id": str(body.id), "title": "Titel", "description": "Text"}
    posted = client.post("/api/v1/needs", json=need, headers=member.headers).json()
    path = f"/api/v1/people/{member.person_id}"
    with database.write() as session:
        send_mail(
            session, address="anna@x.example", template="seated", data={"name": "Anna"}, person_id=member.person_id
        )
    gone = client.post(f"{path}/redaction", json={"reason": "Antrag nach Art. 17"}, headers=secretariat.headers)
    assert gone.status_code == 200, gone.text
    assert (gone.json()["name"], gone.json()["email"], gone.json()["access"]) == (
        "ehemaliges Mitglied",
        None,
        "redacted",
    )
    assert gone.json()["organisation_id"] == str(member.organisation_id)
    with database.read() as session:
        mail = session.exec(select(OutgoingMail)).one()
        assert (mail.address, mail.data) == ("", {})
        assert mail.failed_at is not None
        stored = session.get_one(Person, member.person_id)
        assert "Anna" not in repr(stored)
        event = session.exec(select(Event).where(Event.type == EventType.PERSON_REDACTED)).one()
        assert event.subject_id == member.person_id
    assert client.get(f"/api/v1/needs/{posted['id']}", headers=secretariat.headers).status_code in (200, 404)
    assert client.post(f"{path}/redaction", json={}, headers=secretariat.headers).status_code == 200
    assert client.post(f"{path}/reopen-access", json={}, headers=secretariat.headers).status_code == 409


def test_redaction_is_not_everybodys(client: TestClient, world: World) -> None:
    member, other = world.person(), world.person()
    path = f"/api/v1/people/{member.person_id}/redaction"
    assert client.post(path, json={}, headers=other.headers).status_code == 404
    assert client.post(path, json={}).status_code == 401
    assert client.get(f"/api/v1/people/{member.person_id}", headers=member.headers).json()["email"]


def test_a_change_needs_the_newest_state(client: TestClient, world: World) -> None:
    secretariat, known = world.secretariat(), world.person()
    path = f"/api/v1/people/{known.person_id}"
    tag = client.get(path, headers=secretariat.headers).headers["etag"]
    headers = {**secretariat.headers, "If-Match": tag}
    assert client.patch(path, json={"name": "Erste"}, headers=headers).status_code == 200
    assert client.patch(path, json={"name": "Zweite"}, headers=headers).status_code == 412
    assert client.get(path, headers=secretariat.headers).json()["name"] == "Erste"


def test_a_new_address_voids_links_and_tells_the_old_one(client: TestClient, world: World, database: Database) -> None:
    secretariat, known = world.secretariat(), world.person()
    path = f"/api/v1/people/{known.person_id}"
    former = client.get(path, headers=secretariat.headers).json()["email"]
    changed = client.patch(path, json={"email": "NEU@muster.example"}, headers=secretariat.headers)
    assert changed.json()["email"] == "neu@muster.example"
    with database.read() as session:
        assert [mail.address for mail in session.exec(select(OutgoingMail)).all()] == [former]


def test_mail_that_waits_goes_to_the_new_address(
    client: TestClient, world: World, database: Database, clock: MovedClock
) -> None:
    secretariat, known, other = world.secretariat(), world.person(), world.person()
    path = f"/api/v1/people/{known.person_id}"
    former = client.get(path, headers=secretariat.headers).json()["email"]
    ends = {"waiting": {}, "retried": {"attempts": 2}, "dead": {"failed_at": clock()}, "sent": {"sent_at": clock()}}
    with database.write() as session:
        for word, state in ends.items():
            mail = send_mail(session, address=former, template="digest", person_id=known.person_id, thread_id=word)
            for name, value in state.items():
                setattr(mail, name, value)
        send_mail(session, address="andere@muster.example", template="digest", person_id=other.person_id)
    for address in ("erste@muster.example", "zweite@muster.example"):
        assert client.patch(path, json={"email": address}, headers=secretariat.headers).status_code == 200
    with database.read() as session:
        mails = session.exec(select(OutgoingMail)).all()
    by_word = {mail.thread_id: mail.address for mail in mails if mail.template == "digest"}
    new = "zweite@muster.example"
    assert by_word == {"waiting": new, "retried": new, "dead": new, "sent": former, None: "andere@muster.example"}
    told = {mail.address for mail in mails if mail.template == "address_changed"}
    assert told == {former, "erste@muster.example"}


def test_the_list_pages_filters_and_asks_constantly(client: TestClient, world: World, statements) -> None:
    secretariat: Known = world.secretariat()
    for number in range(30):
        world.person(name=f"Mensch {number:02}")
    with statements:
        first = client.get("/api/v1/people?limit=3&q=mensch", headers=secretariat.headers).json()
    few = statements.count
    with statements:
        many = client.get("/api/v1/people?limit=30&q=Mensch", headers=secretariat.headers).json()
    assert statements.count == few <= 12
    assert [each["name"] for each in many["items"]] == [f"Mensch {number:02}" for number in range(29, -1, -1)]
    second = client.get(f"/api/v1/people?limit=3&q=mensch&after={first['next']}", headers=secretariat.headers).json()
    assert [each["name"] for each in second["items"]] == ["Mensch 26", "Mensch 25", "Mensch 24"]
    assert client.get("/api/v1/people?colour=red", headers=secretariat.headers).status_code == 422
    assert client.get("/api/v1/people?after=%%%", headers=secretariat.headers).status_code == 422
    assert client.get("/api/v1/people?q=a%00b", headers=secretariat.headers).status_code == 422


def test_members_of_the_body_see_the_role_no_more_after_leaving(client: TestClient, world: World) -> None:
    body = world.body()
    one, other = world.member(body), world.member(body, MembershipRole.OBSERVER)
    secretariat = world.secretariat()
    client.post(f"/api/v1/people/{other.person_id}/end-access", json={}, headers=secretariat.headers)
    assert client.get(f"/api/v1/people/{other.person_id}", headers=one.headers).status_code == 404
