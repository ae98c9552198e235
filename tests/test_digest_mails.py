"""What a grouped mail says: tasks first, by body and thing, only public titles, and nothing hidden from its reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

import pytest
from icalendar import Calendar
from jinja2 import UndefinedError
from sqlalchemy import update
from sqlmodel import col
from starlette.testclient import TestClient

from app.actions.mail import send_mail
from app.clock import now
from app.db import Database
from app.documents.mails import render_mail
from app.domain.bodies import BodyState
from app.domain.events import SubjectType
from app.domain.notifications import MailRhythm, Urgency
from app.domain.recommendations import RecommendationState
from app.models.ballots import Ballot
from app.models.bodies import Body, Membership
from app.models.notifications import Notification
from app.models.outbox import OutgoingMail
from app.models.people import Person
from app.models.recommendations import Recommendation
from app.wording.notifications import sentence
from tests.amending import blocks_of, dispose, file
from tests.browsing import StatementCounter
from tests.conftest import MovedClock
from tests.drafting import Drafted, draft
from tests.factories import Known, World
from tests.mails import html_of, links_of, message_of, subject_of, text_of
from tests.moving import make_move
from tests.occasions import choose, forget, last_mail, notify_of
from tests.voting import Assembly, assemble

TITLE = "Übergänge sichern"


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A draft nobody was told of yet; its member wants mail at once."""
    drafted = draft(client, world, title=TITLE)
    forget(world.database)
    choose(world, drafted.member, MailRhythm.AT_ONCE)
    return drafted


def told(drafted: Drafted, database: Database, about: str, urgency: Urgency = Urgency.NEWS) -> UUID:
    thing = (SubjectType.RECOMMENDATION, UUID(drafted.id))
    return notify_of(database, drafted.member.person_id, about=about, subject=thing, body=drafted.body, urgency=urgency)


def rendered(database: Database, mail: OutgoingMail) -> EmailMessage | None:
    with database.read() as session:
        return render_mail(session, session.get_one(OutgoingMail, mail.id), database.settings)


def in_order(text: str, parts: Sequence[str]) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def test_tasks_come_first_and_a_draft_is_not_named(database: Database, drafted: Drafted) -> None:
    told(drafted, database, "recommendation.version_saved")
    body = (SubjectType.BODY, drafted.body.id)
    notify_of(database, drafted.member.person_id, about="body.changed", subject=body, body=drafted.body)
    told(drafted, database, "recommendation.version_saved")
    told(drafted, database, "recommendation.review_started", Urgency.TASK)
    mail = last_mail(database)
    assert subject_of(database, mail) == "Eine Sache wartet auf Sie"
    text = text_of(database, mail)
    assert in_order(
        text,
        [
            "DAS WARTET AUF SIE",
            drafted.body.title,
            "- Ein Entwurf: ",
            f"\n  {sentence('recommendation.version_saved')} (2)\n",
            f"http://testserver{drafted.page}\n",
            "NEU FÜR SIE",
            f"- „{drafted.body.title}“: ",
            f"http://testserver/gremien/{drafted.body.slug}\n",
            "http://testserver/mitteilungen\n",
            "http://testserver/konto/mitteilungen\n",
        ],
    )
    for shown in (text, html_of(database, mail)):
        assert TITLE not in shown
        assert "Übergang" not in shown


def test_what_is_published_is_called_by_its_title(
    database: Database, drafted: Drafted, world: World, client: TestClient
) -> None:
    held = assemble(world, client, state=RecommendationState.PUBLISHED)
    forget(database)
    choose(world, held.members[0], MailRhythm.AT_ONCE)
    thing = (SubjectType.RECOMMENDATION, held.recommendation_id)
    person_id = held.members[0].person_id
    notify_of(database, person_id, about="recommendation.published", subject=thing, body=held.body)
    mail = last_mail(database)
    with database.read() as session:
        title = session.get_one(Recommendation, held.recommendation_id).title
    assert title in text_of(database, mail)
    assert subject_of(database, mail) == sentence("recommendation.published")


def test_a_body_that_is_planned_is_not_named_to_the_world(database: Database, drafted: Drafted) -> None:
    with database.write() as session:
        planned = update(Body).where(col(Body.id) == drafted.body.id).values(state=BodyState.PLANNED)
        session.connection().execute(planned)
    told(drafted, database, "recommendation.review_started")
    mail = last_mail(database)
    assert drafted.body.title not in text_of(database, mail)
    assert drafted.body.title not in html_of(database, mail)


@pytest.mark.parametrize("office", [False, True])
def test_no_link_names_a_body_that_is_planned(database: Database, drafted: Drafted, world: World, office: bool) -> None:
    with database.write() as session:
        planned = update(Body).where(col(Body.id) == drafted.body.id).values(state=BodyState.PLANNED)
        session.connection().execute(planned)
    known = world.secretariat() if office else drafted.member
    choose(world, known, MailRhythm.AT_ONCE)
    assert drafted.member.seat_id
    notify_of(
        database,
        known.person_id,
        about="seat.member_joined",
        subject=(SubjectType.SEAT, drafted.member.seat_id),
        place=(SubjectType.BODY, drafted.body.id),
        body=drafted.body,
    )
    mail = last_mail(database)
    for shown in (text_of(database, mail), html_of(database, mail)):
        assert drafted.body.slug not in shown
        assert drafted.body.title not in shown
    assert "- Ein Gremium: Ein Sitz im Gremium ist neu besetzt\n  http://testserver/mitteilungen\n" in text_of(
        database, mail
    )


def test_what_its_reader_may_see_no_more_is_left_out_and_an_empty_mail_is_dropped(
    database: Database, drafted: Drafted
) -> None:
    told(drafted, database, "recommendation.review_started", Urgency.TASK)
    mail = last_mail(database)
    assert rendered(database, mail) is not None
    with database.write() as session:
        left = update(Membership).where(col(Membership.person_id) == drafted.member.person_id)
        session.connection().execute(left.values(ended_on=now(session).date()))
    assert rendered(database, mail) is None


def test_what_was_read_meanwhile_is_left_out(database: Database, drafted: Drafted) -> None:
    first = told(drafted, database, "recommendation.review_started")
    second = told(drafted, database, "recommendation.version_saved")
    mail = last_mail(database)
    for key, left in ((first, True), (second, False)):
        with database.write() as session:
            read = update(Notification).where(col(Notification.occasion_id) == key).values(read_at=now(session))
            session.connection().execute(read)
        message = rendered(database, mail)
        assert (message is not None) == left
    assert mail.template == "digest"


def test_whose_access_ended_gets_nothing(database: Database, drafted: Drafted) -> None:
    told(drafted, database, "recommendation.review_started")
    mail = last_mail(database)
    with database.write() as session:
        ended = update(Person).where(col(Person.id) == drafted.member.person_id).values(ended_at=now(session))
        session.connection().execute(ended)
    assert rendered(database, mail) is None


def test_mails_about_one_thing_make_a_thread_and_have_ids_of_this_installation(
    database: Database, drafted: Drafted
) -> None:
    messages = []
    for about in ("recommendation.review_started", "recommendation.version_saved"):
        told(drafted, database, about)
        messages.append(message_of(database, last_mail(database)))
    assert messages[0]["References"] == messages[1]["References"] == messages[1]["In-Reply-To"]
    assert messages[0]["References"] == f"<recommendation.{drafted.id}@testserver>"
    assert all(re.fullmatch(r"<[0-9a-f-]{36}@testserver>", str(each["Message-ID"])) for each in messages)
    assert len({str(each["Message-ID"]) for each in messages}) == 2
    body = (SubjectType.BODY, drafted.body.id)
    notify_of(database, drafted.member.person_id, about="body.changed", subject=body)
    told(drafted, database, "recommendation.review_started")
    assert message_of(database, last_mail(database))["References"] is None, "several things are no thread"


def test_the_headers_offer_to_end_it_with_one_click(database: Database, drafted: Drafted) -> None:
    told(drafted, database, "recommendation.review_started")
    message = message_of(database, last_mail(database))
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<http://testserver/mitteilungen/abbestellen/\S+>", str(message["List-Unsubscribe"]))
    assert message["Auto-Submitted"] == "auto-generated"
    # As it travels the address is whole, however long it is.
    assert f"\r\nList-Unsubscribe: {message['List-Unsubscribe']}\r\n" in message.as_bytes(policy=SMTP).decode()


@pytest.fixture
def held(world: World, client: TestClient, database: Database) -> Assembly:
    """An open ballot, its voters told of nothing yet."""
    held = assemble(world, client)
    held.open()
    forget(database)
    return held


def remind(held: Assembly, known: Known, about: str = "reminder.ballot.two_days") -> None:
    notify_of(
        held.world.database,
        known.person_id,
        about=about,
        subject=(SubjectType.BALLOT, held.ballot_id),
        place=(SubjectType.RECOMMENDATION, held.recommendation_id),
        body=held.body,
        urgency=Urgency.DEADLINE,
    )


def test_a_task_that_is_done_meanwhile_is_only_news(database: Database, held: Assembly) -> None:
    member = held.members[0]
    choose(held.world, member, MailRhythm.AT_ONCE)
    notify_of(
        database,
        member.person_id,
        about="ballot.opened",
        subject=(SubjectType.BALLOT, held.ballot_id),
        place=(SubjectType.RECOMMENDATION, held.recommendation_id),
        body=held.body,
        urgency=Urgency.TASK,
    )
    mail = last_mail(database)
    text = text_of(database, mail)
    assert "DAS WARTET AUF SIE" in text
    assert "Frist: 16. März 2026, 24:00 Uhr" in text
    assert len(list(message_of(database, mail).iter_attachments())) == 1
    assert held.vote(member, "agree").status_code == 200
    text = text_of(database, mail)
    assert "DAS WARTET AUF SIE" not in text
    assert "NEU FÜR SIE" in text
    assert list(message_of(database, mail).iter_attachments()) == []


def test_an_amendment_waits_until_it_is_disposed_of(
    client: TestClient, database: Database, world: World, drafted: Drafted
) -> None:
    make_move(client, drafted, drafted.rapporteur, "start_review")
    forget(database)
    change = {"block_id": blocks_of(client, drafted)[0]["id"], "text": "Anders."}
    amendment = file(client, drafted, drafted.member, change)
    choose(world, drafted.chair, MailRhythm.AT_ONCE)
    mail = last_mail(database)
    assert "DAS WARTET AUF SIE" in text_of(database, mail)
    dispose(client, drafted.rapporteur, amendment, "not_adopted")
    assert "DAS WARTET AUF SIE" not in text_of(database, mail)


def test_a_deadline_comes_with_its_day_and_a_calendar_file(database: Database, held: Assembly) -> None:
    remind(held, held.members[0])
    mail = last_mail(database)
    message = message_of(database, mail)
    closes_at = held.stored().closes_at
    assert "\n  Frist: 16. März 2026, 24:00 Uhr\n" in text_of(database, mail)
    (file,) = message.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "frist-2026-03-16.ics")
    assert file.get_param("method") == "PUBLISH"
    (event,) = Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")
    assert event["SUMMARY"] == "Dialogforum: Ende der Beschlussfassung"
    assert event["DTSTART"].dt == (closes_at - timedelta(hours=12)).date()
    assert event["UID"] == f"ballot.{held.ballot_id}@testserver"
    assert event["URL"] == f"http://testserver{held.page}"
    assert b"\r\n" in file.get_payload(decode=True)


def test_a_moved_deadline_replaces_the_entry_and_one_that_is_over_has_none(
    database: Database, held: Assembly, clock: MovedClock
) -> None:
    files = []
    for days in (20, 30, -1):
        with database.write() as session:
            ballot = session.get_one(Ballot, held.ballot_id)
            ballot.closes_at = now(session) + timedelta(days=days, minutes=7)
        remind(held, held.members[0])
        clock.advance(hours=1)
        message = message_of(database, last_mail(database))
        files.append([file.get_payload(decode=True) for file in message.iter_attachments()])
    assert files[2] == []
    first, second = (Calendar.from_ical(found[0]).walk("VEVENT")[0] for found in files[:2])
    assert first["UID"] == second["UID"]
    assert first["SEQUENCE"] < second["SEQUENCE"]
    assert (second["DTSTART"].dt - first["DTSTART"].dt).days in {9, 10}


def test_many_things_are_cut_and_counted(database: Database, world: World, statements: StatementCounter) -> None:
    known = world.person()
    choose(world, known, MailRhythm.AT_ONCE)
    bodies = [world.body() for _number in range(33)]
    forget(database)
    notify_of(database, known.person_id, about="body.changed", subject=(SubjectType.BODY, bodies[0].id))
    few_mail = last_mail(database)
    with statements:
        text_of(database, few_mail)
    few = statements.count
    for body in bodies:
        thing = (SubjectType.BODY, body.id)
        notify_of(database, known.person_id, about="body.changed", subject=thing, body=body)
    mail = last_mail(database)
    with statements:
        text = text_of(database, mail)
    assert statements.count <= few + 1
    assert text.count("- „AG Nummer") == 30
    assert "Und 3 weitere Dinge" in text
    assert subject_of(database, mail) == "Neues im Dialogforum"


def test_of_very_many_only_some_are_read_and_all_are_counted(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = world.person()
    choose(world, known, MailRhythm.AT_ONCE)
    bodies = [world.body() for _number in range(6)]
    forget(database)
    monkeypatch.setattr("app.queries.digests.READ_AT_MOST", 4)
    for urgency, some in ((Urgency.TASK, bodies[:2]), (Urgency.NEWS, bodies[2:])):
        for body in some:
            thing = (SubjectType.BODY, body.id)
            notify_of(database, known.person_id, about="body.changed", subject=thing, body=body, urgency=urgency)
    mail = last_mail(database)
    text = text_of(database, mail)
    assert subject_of(database, mail) == "Zwei Dinge warten auf Sie"
    assert in_order(text, [bodies[0].title, "NEU FÜR SIE", bodies[5].title, "Und 2 weitere Dinge"])
    for body in bodies[2:5]:
        thing = (SubjectType.BODY, body.id)
        notify_of(database, known.person_id, about="body.changed", subject=thing, body=body, urgency=Urgency.TASK)
    with database.write() as session:
        session.connection().execute(update(Notification).values(mail_id=mail.id))
    assert subject_of(database, mail) == "Vieles wartet auf Sie"


@pytest.mark.parametrize(("number", "headline"), [(2, "Zwei"), (3, "Drei"), (12, "Zwölf"), (13, "13")])
def test_the_subject_counts_what_waits(database: Database, world: World, number: int, headline: str) -> None:
    known = world.person()
    bodies = [world.body() for _number in range(number)]
    forget(database)
    for body in bodies:
        thing = (SubjectType.BODY, body.id)
        notify_of(database, known.person_id, about="body.changed", subject=thing, urgency=Urgency.DEADLINE)
    assert subject_of(database, last_mail(database)) == f"{headline} Dinge warten auf Sie"


def test_a_mail_that_lacks_what_its_template_names_is_an_error_and_an_unknown_template_too(database: Database) -> None:
    with database.write() as session:
        mail = send_mail(session, address="a@b.example", template="invitation", data={"name": "Anna"})
    with pytest.raises(UndefinedError):
        rendered(database, mail)
    with database.write() as session:
        mail = send_mail(session, address="a@b.example", template="unbekannt")
    with pytest.raises(Exception, match="unbekannt"):
        rendered(database, mail)


def test_text_comes_first_links_stay_whole_and_nothing_is_fetched(database: Database, drafted: Drafted) -> None:
    told(drafted, database, "recommendation.review_started")
    mail = last_mail(database)
    message = message_of(database, mail)
    parts = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    assert parts == ["text/plain", "text/html"]
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain["Content-Transfer-Encoding"] == "8bit"
    raw = message.as_bytes().decode()
    for path in links_of(database, mail):
        assert f"http://testserver{path}\n" in raw
    html = html_of(database, mail)
    assert not re.search(r"<(img|link|script|style|iframe)|url\(|src=", html)
    assert max(map(len, raw.splitlines())) < 998
