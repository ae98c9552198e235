"""The link by which an organisation names its persons: opening shows, only sending acts, and only once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from icalendar import Calendar
from sqlmodel import select
from starlette.testclient import TestClient

from app.domain.events import EventType
from app.domain.notifications import Urgency
from app.models.accounts import OneTimeLink
from app.models.base import new_id
from app.models.bodies import Body, BodyResponsible
from app.models.people import Person
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.mails import list_mails, message_of, text_of
from tests.telling import told_of

NAMED = {"member_name": "Ayşe Öz", "member_email": "ayse@verband.example"}


@dataclass(frozen=True)
class Offered:
    """A seat that was offered by mail."""

    body: Body
    secretariat: Known
    seat_id: str
    path: str


@pytest.fixture
def offered(client: TestClient, world: World) -> Offered:
    """A seat of a body, offered to somebody of its organisation."""
    body, secretariat = world.body("AG Benennung"), world.secretariat()
    with world.database.write() as session:
        session.add(BodyResponsible(body_id=body.id, person_id=secretariat.person_id))
    sent = {"organisation_id": str(world.organisation("Verband der Benennenden")), "voting": True}
    seat = client.post(f"/api/v1/bodies/{body.id}/seats", json=sent, headers=secretariat.headers).json()
    path = _offer(client, world, secretariat, seat["id"])
    return Offered(body, secretariat, seat["id"], path)


def _offer(client: TestClient, world: World, secretariat: Known, seat_id: str) -> str:
    sent = {"name": "Erika Amt", "email": "amt@verband.example"}
    asked = client.post(f"/api/v1/seats/{seat_id}/nomination", json=sent, headers=secretariat.headers)
    assert asked.status_code == 200, asked.text
    mail = list_mails(world.database)[-1]
    assert mail.address == "amt@verband.example"
    found = re.search(r"http://testserver(/benennung/\S+)", text_of(world.database, mail))
    assert found is not None
    return found.group(1)


def _send(client: TestClient, path: str, fields: dict[str, str], action: str = "") -> tuple[int, str]:
    client.cookies.clear()
    page = client.get(path).text
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    answer = client.post(path + action, data={"form_token": token.group(1) if token else "", **fields})
    return answer.status_code, answer.text


def _seat(client: TestClient, offered: Offered) -> dict[str, object]:
    return dict(client.get(f"/api/v1/seats/{offered.seat_id}", headers=offered.secretariat.headers).json())


def test_opening_the_link_shows_the_seat_and_changes_nothing(client: TestClient, offered: Offered) -> None:
    for _ in range(2):
        page = client.get(offered.path)
        assert page.status_code == 200
        assert "AG Benennung" in page.text
        assert "23. März 2026" in page.text
        assert "set-cookie" not in page.headers
        assert page.headers["cache-control"] == "no-store"
    assert _seat(client, offered)["state"] == "offered"


def test_naming_seats_and_invites_both_and_uses_the_link_up(client: TestClient, world: World, offered: Offered) -> None:
    known = world.person()
    with world.database.read() as session:
        address = str(session.get_one(Person, known.person_id).email)
    fields = {**NAMED, "deputy_name": "Wer Auchimmer", "deputy_email": address.upper()}
    status, _text = _send(client, offered.path, fields)
    assert status == 303
    assert _seat(client, offered)["state"] == "filled"
    held = client.get(f"/api/v1/seats/{offered.seat_id}/memberships", headers=offered.secretariat.headers).json()
    by_role = {each["role"]: UUID(each["person_id"]) for each in held["items"]}
    assert by_role["deputy"] == known.person_id
    invited, seated = list_mails(world.database)[-2:]
    assert (invited.address, seated.address) == ("ayse@verband.example", address)
    words = " ".join(text_of(world.database, invited).split())
    assert "/einladung/" in words
    assert "Der Link gilt bis zum 9. März 2026, 10:00 Uhr und nur einmal." in words
    (file,) = message_of(world.database, invited).iter_attachments()
    (entry,) = Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")
    assert entry["DTSTART"].dt.replace(microsecond=0) == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert entry["UID"] == f"invitation.{invited.person_id}@testserver", "its reminders replace the entry"
    assert f"/gremien/{offered.body.slug}" in text_of(world.database, seated)
    told = told_of(world.database, EventType.SEAT_MEMBER_JOINED)
    assert told == {offered.secretariat.person_id: Urgency.NEWS, known.person_id: Urgency.NEWS}
    before = len(list_mails(world.database))
    again = client.get(offered.path)
    assert again.status_code == 410
    assert "schon verwendet" in again.text
    status, _text = _send(client, offered.path, {"member_name": "Noch wer", "member_email": "noch@verband.example"})
    assert status in {403, 410}
    assert len(list_mails(world.database)) == before


def test_declining_needs_a_reason_and_is_told_to_who_looks_after_the_body(
    client: TestClient, world: World, offered: Offered
) -> None:
    status, text = _send(client, offered.path, {"reason": ""}, "/absage")
    assert status == 422
    assert "Bitte füllen Sie dieses Feld aus." in text
    assert _seat(client, offered)["state"] == "offered"
    status, _text = _send(client, offered.path, {"reason": "Uns fehlen die Leute."}, "/absage")
    assert status == 303
    assert _seat(client, offered)["state"] == "declined"
    assert told_of(world.database, EventType.SEAT_DECLINED) == {offered.secretariat.person_id: Urgency.NEWS}


@pytest.mark.parametrize(
    "fields",
    [
        {"member_name": "", "member_email": "a@b.example"},
        {"member_name": "A", "member_email": "keine Adresse"},
        {**NAMED, "deputy_name": "Nur Name"},
        {**NAMED, "deputy_name": "Gleich", "deputy_email": NAMED["member_email"]},
        {**NAMED, "role": "chair"},
    ],
)
def test_a_form_that_fails_keeps_what_was_typed_and_the_link(
    client: TestClient, world: World, offered: Offered, fields: dict[str, str]
) -> None:
    before = len(list_mails(world.database))
    status, text = _send(client, offered.path, fields)
    assert status == 422
    assert all(value in text for name, value in fields.items() if name != "role")
    assert _seat(client, offered)["state"] == "offered"
    assert len(list_mails(world.database)) == before
    assert _send(client, offered.path, NAMED)[0] == 303


def test_an_expired_a_replaced_and_an_unknown_link_do_nothing(
    client: TestClient, world: World, offered: Offered, clock: MovedClock
) -> None:
    second = _offer(client, world, offered.secretariat, offered.seat_id)
    assert client.get(offered.path).status_code == 410
    assert client.get(second).status_code == 200
    assert client.get(f"/benennung/{new_id()}").status_code == 404
    clock.advance(days=22)
    assert client.get(second).status_code == 410
    with world.database.read() as session:
        assert len(session.exec(select(OneTimeLink)).all()) == 2


def test_a_foreign_form_is_refused(client: TestClient, offered: Offered) -> None:
    assert client.post(offered.path, data=NAMED).status_code == 403
    page = client.get(offered.path).text
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token is not None
    foreign = {"Origin": "https://boese.example", "Sec-Fetch-Site": "cross-site"}
    fields = {"form_token": token.group(1), **NAMED}
    assert client.post(offered.path, data=fields, headers=foreign).status_code == 403
    assert _seat(client, offered)["state"] == "offered"


def test_only_the_secretariat_offers_a_seat_and_only_an_open_one(
    client: TestClient, world: World, offered: Offered
) -> None:
    sent = {"name": "Erika Amt", "email": "amt@verband.example"}
    member = world.member(offered.body)
    path = f"/api/v1/seats/{offered.seat_id}/nomination"
    assert client.post(path, json=sent, headers=member.headers).status_code == 403
    assert client.post(path, json=sent, headers=world.person().headers).status_code == 404
    taken = f"/api/v1/seats/{member.seat_id}/nomination"
    assert client.post(taken, json=sent, headers=offered.secretariat.headers).status_code == 409
