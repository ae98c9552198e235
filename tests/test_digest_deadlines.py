"""What a grouped mail says of deadlines: what really waits, each with its own link and its own calendar file."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from icalendar import Event
from sqlalchemy import delete
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.db import Database
from app.documents.mails import render_mail
from app.domain.deadline_reminders import DeadlineKind, ReminderStage, rule_of, stage_moment
from app.domain.events import EventType, SubjectType
from app.domain.notifications import MailRhythm, Urgency
from app.domain.recommendations import RecommendationState
from app.models.bodies import Body
from app.models.notifications import Notification
from app.models.outbox import OutgoingMail
from app.models.recommendations import Recommendation
from app.queries.recommendations import url_of
from tests.browsing import StatementCounter
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.implementing import publish, response_of
from tests.mails import entries_of, list_mails, message_of, subject_of, text_of
from tests.moving import in_days, lead_to, open_comments
from tests.occasions import choose, forget, last_mail, notify_of
from tests.reminding import run_a_deadline, work
from tests.voting import assemble


@pytest.fixture
def addressee(world: World) -> Known:
    return world.person()


@pytest.fixture
def body(world: World) -> Body:
    return world.body()


def ask(world: World, body: Body, addressee: Known, number: int) -> list[UUID]:
    """So many recommendations that wait for the addressee's response, all until the end of the same day."""
    keys = []
    for _number in range(number):
        key = publish(world, body, [addressee.organisation_id])
        keys.append(key)
        subject = (SubjectType.RESPONSE, response_of(world, key, addressee.organisation_id))
        notify_of(
            world.database,
            addressee.person_id,
            about="reminder.response.two_days",
            subject=subject,
            place=(SubjectType.RECOMMENDATION, key),
            body=body,
            urgency=Urgency.DEADLINE,
        )
    return keys


def test_deadlines_of_one_day_keep_their_own_links_and_files(
    database: Database, world: World, body: Body, addressee: Known
) -> None:
    forget(database)
    keys = ask(world, body, addressee, 3)
    mail = last_mail(database)
    found = entries_of(message_of(database, mail))
    assert len({name for name, _event in found}) == 3
    with database.read() as session:
        pages = {
            str(response_of(world, key, addressee.organisation_id)): url_of(session.get_one(Recommendation, key))
            for key in keys
        }
    links = {str(event["UID"]).removeprefix("response.").partition("@")[0]: str(event["URL"]) for _name, event in found}
    assert links == {key: f"http://testserver{page}/umsetzung" for key, page in pages.items()}


def test_many_deadlines_are_a_few_statements_and_at_most_ten_files(
    database: Database, world: World, body: Body, addressee: Known, statements: StatementCounter
) -> None:
    forget(database)
    ask(world, body, addressee, 2)
    mail = last_mail(database)
    with statements:
        text_of(database, mail)
    few = statements.count
    forget(database)
    ask(world, body, addressee, 60)
    mail = last_mail(database)
    with statements:
        text = text_of(database, mail)
    assert statements.count <= few
    assert text.count("Frist: ") == 30
    assert "Und 30 weitere Dinge" in text
    assert subject_of(database, mail) == "60 Dinge warten auf Sie"
    assert len(entries_of(message_of(database, mail))) == 10


def remind_alone(world: World, clock: MovedClock, moment: datetime) -> dict[UUID, OutgoingMail]:
    """What a worker mails at this moment of deadlines alone, by person."""
    clock.moment = moment
    work(world.database)
    with world.database.write() as session:
        session.connection().execute(delete(Notification).where(~col(Notification.about).like("reminder.%")))
    last_mail(world.database)
    return {mail.person_id: mail for mail in list_mails(world.database) if mail.person_id and mail.sent_at is None}


def waits(database: Database, mail: OutgoingMail) -> bool:
    """The mail says that something waits for its reader; one with nothing its reader may see does not leave."""
    with database.read() as session:
        if render_mail(session, session.get_one(OutgoingMail, mail.id), database.settings) is None:
            return False
    text = text_of(database, mail)
    assert ("DAS WARTET AUF SIE" in text) != ("NEU FÜR SIE" in text)
    return "DAS WARTET AUF SIE" in text


@pytest.mark.parametrize("kind", [kind for kind in DeadlineKind if kind is not DeadlineKind.INVITATION])
def test_only_what_its_reader_can_still_do_waits(
    kind: DeadlineKind, client: TestClient, database: Database, world: World, clock: MovedClock
) -> None:
    running = run_a_deadline(kind, client, world, clock)
    mails = remind_alone(world, clock, stage_moment(ReminderStage.TWO_DAYS, running.due_at))
    assert running.owing <= set(mails)
    assert {waits(database, mail) for mail in mails.values()} == {True}
    acted = set(mails) - running.owing
    running.act()
    # A member may take a position of its own where the deputy has taken one; nobody else is asked for what is done.
    assert {waits(database, mails[key]) for key in acted} != {True}, "mail that was held up asks for nothing done"
    assert {waits(database, mails[key]) for key in running.owing} == {True}
    mails = remind_alone(world, clock, running.due_at)
    assert set(mails) == running.owing
    assert {waits(database, mail) for mail in mails.values()} == {not rule_of(kind).closes}
    mails = remind_alone(world, clock, stage_moment(ReminderStage.MISSED, running.due_at))
    assert set(mails) == running.overseeing
    assert {waits(database, mail) for mail in mails.values()} == {False}, "somebody else has to act"


def entry_for(database: Database, known: Known, about: EventType) -> Event | None:
    """The calendar entry a person gets with what it is told of this event, were it mailed now."""
    with database.write() as session:
        statement = select(Notification).where(
            Notification.person_id == known.person_id, Notification.about == about.value
        )
        told = session.exec(statement).one()
        session.connection().execute(delete(Notification).where(col(Notification.occasion_id) != told.occasion_id))
    choose(World(database), known, MailRhythm.AT_ONCE)
    found = entries_of(message_of(database, last_mail(database)))
    return found[0][1] if found else None


def test_more_time_in_a_round_moves_the_entry_of_who_has_to_answer(
    client: TestClient, database: Database, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, RecommendationState.GROUP_REVIEW)
    opened = open_comments(client, clock, drafted)
    first = entry_for(database, drafted.member, EventType.ROUND_OPENED)
    assert first is not None
    clock.advance(minutes=10)
    path = f"/api/v1/comment-rounds/{opened['id']}/statements"
    asked = client.post(path, json={"kind": "extension", "text": "Ferien."}, headers=drafted.rapporteur.headers).json()
    grant = {"disposition": "adopted", "reason": "Ja.", "closes_at": in_days(clock, 30)}
    granted = client.post(f"/api/v1/statements/{asked['id']}/disposition", json=grant, headers=drafted.chair.headers)
    assert granted.status_code == 200, granted.text
    moved = entry_for(database, drafted.member, EventType.ROUND_EXTENDED)
    assert moved is not None
    assert moved["UID"] == first["UID"]
    assert moved["SEQUENCE"] > first["SEQUENCE"]
    assert moved["DTSTART"].dt == first["DTSTART"].dt + timedelta(days=16)


def test_a_later_end_of_a_ballot_moves_the_entry_until_the_seat_has_voted(
    client: TestClient, database: Database, world: World, clock: MovedClock
) -> None:
    held = assemble(world, client, 2)
    held.open()
    first = entry_for(database, held.members[0], EventType.BALLOT_OPENED)
    assert first is not None
    clock.advance(minutes=10)
    later = {"transition": "postpone", "closes_at": in_days(clock, 30), "reason": "Ferien."}
    assert client.post(f"{held.path}/transitions", json=later, headers=held.chair.headers).status_code == 200
    assert held.vote(held.members[0], "agree").status_code == 200
    assert entry_for(database, held.members[0], EventType.BALLOT_POSTPONED) is None
    clock.moment += timedelta(minutes=1)
    again = assemble(world, client, 2)
    again.open()
    assert client.post(f"{again.path}/transitions", json=later, headers=again.chair.headers).status_code == 200
    moved = entry_for(database, again.members[0], EventType.BALLOT_POSTPONED)
    assert moved is not None
    assert moved["UID"] == f"ballot.{again.ballot_id}@testserver"
    assert moved["SEQUENCE"] > first["SEQUENCE"]
    assert moved["DTSTART"].dt > first["DTSTART"].dt


def test_who_answers_for_a_measure_gets_its_day_with_the_news_of_it(
    client: TestClient, database: Database, world: World, clock: MovedClock
) -> None:
    owner, secretariat = world.person(), world.secretariat()
    recommendation_id = publish(world, world.body(), [])
    planned = {
        "recommendation_id": str(recommendation_id),
        "title": "Anschlusskurse einrichten",
        "responsible_organisation_id": str(owner.organisation_id),
        "due_on": in_days(clock, 90),
    }
    made = client.post("/api/v1/measures", json=planned, headers=secretariat.headers).json()
    entry = entry_for(database, owner, EventType.MEASURE_PLANNED)
    assert entry is not None
    assert (str(entry["UID"]), entry["DTSTART"].dt.isoformat()) == (
        f"measure.{made['id']}@testserver",
        planned["due_on"],
    )
