"""Whom nobody sees in the application yet is reminded by mail, with a link that works, until the invitation ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.nominations import nominate_by_link
from app.domain.deadline_reminders import DeadlineKind, ReminderStage, stage_moment
from app.domain.deadlines import BERLIN
from app.errors import Conflict
from app.forms.bodies import Nomination
from app.models.accounts import OneTimeLink
from app.models.notifications import Notification, Reminder
from app.models.people import Person
from tests.browsing import sign_in
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.mails import links_of, list_mails, subject_of, text_of
from tests.reminding import look_after, told, work

S = ReminderStage
ADDRESS = "amt@verband.example"


@dataclass(frozen=True)
class Invited:
    """Who was invited by a link, until when, and who hears that nobody answered."""

    address: str
    subject_id: UUID
    due_at: datetime
    secretariat: Known


@pytest.fixture
def seat(client: TestClient, world: World) -> Invited:
    """A seat that was offered to an address."""
    return _offer(client, world)


def _offer(client: TestClient, world: World) -> Invited:
    body = world.body("AG Benennung")
    secretariat = look_after(world, body)
    sent = {"organisation_id": str(world.organisation("Verband der Benennenden")), "voting": True}
    made = client.post(f"/api/v1/bodies/{body.id}/seats", json=sent, headers=secretariat.headers).json()
    asked = {"name": "Erika Amt", "email": ADDRESS}
    answer = client.post(f"/api/v1/seats/{made['id']}/nomination", json=asked, headers=secretariat.headers)
    assert answer.status_code == 200, answer.text
    return Invited(ADDRESS, UUID(made["id"]), _end(world), secretariat)


@pytest.fixture
def person(client: TestClient, world: World) -> Invited:
    """Somebody who was invited to open an account."""
    secretariat = world.secretariat()
    sent = {"name": "Neu Hinzu", "email": "neu@verband.example", "organisation_id": str(world.organisation())}
    made = client.post("/api/v1/people", json=sent, headers=secretariat.headers).json()
    invited = client.post(f"/api/v1/people/{made['id']}/invitation", headers=secretariat.headers)
    assert invited.status_code == 200, invited.text
    return Invited("neu@verband.example", UUID(made["id"]), _end(world), secretariat)


def _end(world: World) -> datetime:
    with world.database.read() as session:
        return session.exec(select(OneTimeLink)).one().expires_at


def _texts(world: World, address: str) -> list[str]:
    return [text_of(world.database, mail) for mail in list_mails(world.database) if mail.address == address]


def _run(world: World, clock: MovedClock, invited: Invited, stage: ReminderStage) -> list[str]:
    """Work just before the stage and at it, twice; what was mailed at it."""
    before = len(_texts(world, invited.address))
    clock.moment = stage_moment(stage, invited.due_at) - timedelta(seconds=1)
    work(world.database)
    assert len(_texts(world, invited.address)) == before
    clock.moment = stage_moment(stage, invited.due_at)
    for _ in range(2):
        work(world.database)
    return _texts(world, invited.address)[before:]


def test_an_address_is_reminded_of_the_seat_it_was_offered(
    client: TestClient, world: World, clock: MovedClock, seat: Invited
) -> None:
    for stage in (S.SEVEN_DAYS, S.TWO_DAYS):
        (text,) = _run(world, clock, seat, stage)
        assert "23. März 2026" in text
        mail = list_mails(world.database)[-1]
        assert subject_of(world.database, mail) == "Erinnerung: Sitz im Gremium „AG Benennung“"
        (path,) = [each for each in links_of(world.database, mail) if each.startswith("/benennung/")]
        assert "AG Benennung" in client.get(path).text
    (text,) = _run(world, clock, seat, S.ENDED)
    assert "/benennung/" not in text
    assert _run(world, clock, seat, S.MISSED) == []
    assert told(world.database, DeadlineKind.INVITATION, S.MISSED) == [seat.secretariat.person_id]
    sign_in(client, seat.secretariat)
    assert f'/sitze/{seat.subject_id}"' in client.get("/mitteilungen").text
    clock.advance(days=2)
    work(world.database)
    with world.database.read() as session:
        assert {(link.address, link.name) for link in session.exec(select(OneTimeLink))} == {("", "")}


@pytest.mark.parametrize("changed_on", [date(2027, 3, 28), date(2027, 10, 31)])
def test_an_invitation_is_reminded_of_at_its_time_when_the_clock_changes(
    changed_on: date, client: TestClient, world: World, clock: MovedClock
) -> None:
    clock.moment = datetime.combine(changed_on - timedelta(days=17), time(9), tzinfo=UTC)
    offered = _offer(client, world)
    moments = [stage_moment(stage, offered.due_at) for stage in S]
    assert moments[0] < datetime.combine(changed_on, time(1), tzinfo=UTC) < moments[-1]
    assert [moments[number].astimezone(BERLIN).time() for number in (0, 1, 3)] == [time(8)] * 3
    assert [len(_run(world, clock, offered, stage)) for stage in S] == [1, 1, 1, 0]
    assert told(world.database, DeadlineKind.INVITATION, S.MISSED) == [offered.secretariat.person_id]


def test_whoever_answers_is_reminded_no_more_and_every_link_is_used_up(
    world: World, clock: MovedClock, seat: Invited
) -> None:
    _run(world, clock, seat, S.SEVEN_DAYS)
    first, further = [
        path.removeprefix("/benennung/")
        for mail in list_mails(world.database)
        for path in links_of(world.database, mail)
        if path.startswith("/benennung/")
    ]
    form = Nomination(member_name="Ayşe Öz", member_email="ayse@verband.example")
    with world.database.write() as session:
        nominate_by_link(session, first, form)
    with world.database.write() as session, pytest.raises(Conflict):
        nominate_by_link(session, further, form)
    work(world.database)
    with world.database.read() as session:
        assert {link.address for link in session.exec(select(OneTimeLink))} == {""}
    for stage in (S.TWO_DAYS, S.ENDED, S.MISSED):
        assert _run(world, clock, seat, stage) == []
    with world.database.read() as session:
        assert session.exec(select(Reminder.stage).where(Reminder.subject_id == seat.subject_id)).all() == [
            "seven_days"
        ]


def test_an_invited_person_is_reminded_until_its_link_ends(
    client: TestClient, world: World, clock: MovedClock, person: Invited
) -> None:
    # The link itself lasts seven days: it was in the mail that invited.
    assert stage_moment(S.SEVEN_DAYS, person.due_at) < clock()
    work(world.database)
    assert len(_texts(world, person.address)) == 1
    (text,) = _run(world, clock, person, S.TWO_DAYS)
    (path,) = [each for each in links_of(world.database, list_mails(world.database)[-1]) if "/einladung/" in each]
    assert client.get(path).status_code == 200
    (text,) = _run(world, clock, person, S.ENDED)
    assert "/einladung/" not in text
    assert "/passwort-vergessen" in text
    assert _run(world, clock, person, S.MISSED) == []
    assert told(world.database, DeadlineKind.INVITATION, S.MISSED) == [person.secretariat.person_id]
    with world.database.read() as session:
        found = session.exec(select(Notification).where(Notification.subject_id == person.subject_id)).one()
        assert found.place_id == person.subject_id
    sign_in(client, person.secretariat)
    assert f'href="/verwaltung/personen/{person.subject_id}"' in client.get("/mitteilungen").text


def test_who_has_joined_is_not_reminded(world: World, clock: MovedClock, person: Invited) -> None:
    with world.database.write() as session:
        session.get_one(Person, person.subject_id).joined_at = clock()
    for stage in (S.TWO_DAYS, S.ENDED, S.MISSED):
        assert _run(world, clock, person, stage) == []


def test_a_worker_that_was_down_writes_once(world: World, clock: MovedClock, person: Invited) -> None:
    clock.moment = person.due_at + timedelta(days=3)
    work(world.database)
    (_invited, text) = _texts(world, person.address)
    assert "/einladung/" not in text
