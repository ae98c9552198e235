"""Grouped mail: one for each person at its moment, deadlines at once, nothing where nothing is new, never twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, update
from sqlmodel import col, select

from app.actions.digests import mail_notifications
from app.actions.people import end_access
from app.clock import now
from app.db import Database
from app.domain.actors import SYSTEM_ACTOR
from app.domain.events import SubjectType
from app.domain.notifications import MailRhythm, Urgency
from app.domain.sorting import sort_key
from app.models.base import new_id
from app.models.bodies import Body
from app.models.notifications import Notification
from app.models.outbox import OutgoingMail
from app.models.people import Person
from tests.browsing import StatementCounter
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.mails import list_mails
from tests.occasions import choose, notify_of

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def run(database: Database) -> int:
    """What the worker does."""
    with database.write() as session:
        return mail_notifications(session)


def hand_over(database: Database) -> None:
    """The mail server takes everything."""
    with database.write() as session:
        session.connection().execute(update(OutgoingMail).values(sent_at=now(session)))


def unmailed(database: Database) -> int:
    with database.read() as session:
        return len(session.exec(select(Notification).where(col(Notification.mail_id).is_(None))).all())


@pytest.fixture
def body(world: World) -> Body:
    return world.body()


@pytest.fixture
def known(world: World, body: Body) -> Known:
    """Somebody who was told of nothing yet."""
    known = world.member(body)
    with world.database.write() as session:
        session.connection().execute(delete(Notification))
    return known


@pytest.fixture
def news(database: Database, known: Known, body: Body) -> Callable[..., UUID]:
    """Tell the person of something."""

    def told(**more: object) -> UUID:
        return notify_of(database, known.person_id, about="body.changed", subject=(SubjectType.BODY, body.id), **more)  # type: ignore[arg-type]

    return told


def test_news_wait_for_the_morning_and_leave_in_one_mail(
    database: Database, known: Known, news: Callable[..., UUID], clock: MovedClock
) -> None:
    news()
    news(urgency=Urgency.TASK)
    assert run(database) == 0
    clock.moment = datetime(2026, 3, 3, 5, 59, 59, tzinfo=UTC)
    assert run(database) == 0
    clock.moment = datetime(2026, 3, 3, 6, tzinfo=UTC)
    news()
    assert run(database) == 1
    (mail,) = list_mails(database)
    assert (mail.template, mail.person_id) == ("digest", known.person_id)
    assert unmailed(database) == 1, "what came after the moment waits for the next"
    assert run(database) == 0
    clock.advance(days=1)
    assert run(database) == 1
    assert (run(database), unmailed(database)) == (0, 0)


def test_nothing_new_is_no_mail(
    database: Database, news: Callable[..., UUID], clock: MovedClock, known: Known, world: World
) -> None:
    clock.advance(days=1)
    assert run(database) == 0
    key = news()
    with database.write() as session:
        read = update(Notification).where(col(Notification.occasion_id) == key).values(read_at=now(session))
        session.connection().execute(read)
    clock.advance(days=1)
    assert run(database) == 0
    news()
    with database.write() as session:
        end_access(session, known.person_id, actor=SYSTEM_ACTOR)
    clock.advance(days=1)
    assert (run(database), list_mails(database)) == (0, [])


def test_at_once_groups_what_is_there(
    world: World, database: Database, known: Known, news: Callable[..., UUID]
) -> None:
    choose(world, known, MailRhythm.AT_ONCE)
    for _number in range(3):
        news()
    assert (run(database), run(database), unmailed(database)) == (1, 0, 0)
    (mail,) = list_mails(database)
    hand_over(database)
    news()
    assert run(database) == 1
    assert list_mails(database)[0].id == mail.id
    assert len(list_mails(database)) == 2


def test_while_the_mail_server_is_away_one_mail_gathers_it_all(
    world: World, database: Database, known: Known, news: Callable[..., UUID]
) -> None:
    choose(world, known, MailRhythm.AT_ONCE)
    for _number in range(3):
        news()
        assert run(database) == 1
    (mail,) = list_mails(database)
    assert unmailed(database) == 0
    # In a worker's hand, tried before, or to a former address, it takes up nothing more.
    for change in ({"leased_until": now_in(database, hours=1)}, {"leased_until": None, "attempts": 1}):
        with database.write() as session:
            session.connection().execute(update(OutgoingMail).where(col(OutgoingMail.id) == mail.id).values(**change))
        news()
        assert run(database) == 1
        (mail,) = [each for each in list_mails(database) if each.id != mail.id][-1:]
    with database.write() as session:
        moved = update(Person).where(col(Person.id) == known.person_id).values(email="neu@beispiel.example")
        session.connection().execute(moved)
    news()
    assert run(database) == 1
    assert [each.address for each in list_mails(database)][-1] == "neu@beispiel.example"
    assert len(list_mails(database)) == 4


def now_in(database: Database, **span: float) -> datetime:
    with database.read() as session:
        return now(session) + timedelta(**span)


def test_once_a_week_on_the_chosen_day(
    world: World, database: Database, known: Known, news: Callable[..., UUID], clock: MovedClock
) -> None:
    choose(world, known, MailRhythm.WEEKLY, hour=18, weekday=3)
    news()
    sent = []
    for hour in range(4, 15 * 24, 4):
        clock.moment = MONDAY + timedelta(hours=hour)
        if run(database):
            sent.append(clock.moment.replace(microsecond=0))
            news()
    assert sent == [datetime(2026, 3, day, 17, tzinfo=UTC) for day in (5, 12)]


def test_never_means_deadlines_alone(
    world: World, database: Database, known: Known, news: Callable[..., UUID], clock: MovedClock
) -> None:
    choose(world, known, MailRhythm.NEVER)
    news()
    news(urgency=Urgency.TASK)
    clock.advance(days=30)
    assert run(database) == 0
    news(urgency=Urgency.DEADLINE)
    assert (run(database), unmailed(database)) == (1, 2)
    assert run(database) == 0


def test_what_is_older_than_a_month_is_mailed_no_more_but_a_deadline(
    world: World, database: Database, known: Known, news: Callable[..., UUID], clock: MovedClock
) -> None:
    choose(world, known, MailRhythm.NEVER)
    news()
    news(urgency=Urgency.TASK)
    clock.advance(days=20)
    news()
    clock.advance(days=11)
    choose(world, known, MailRhythm.WEEKLY)
    clock.advance(days=7)
    assert (run(database), unmailed(database)) == (1, 2)
    hand_over(database)
    clock.advance(days=400)
    assert run(database) == 0
    news(urgency=Urgency.DEADLINE)
    clock.advance(days=400)
    assert (run(database), unmailed(database)) == (1, 2)


@pytest.mark.parametrize("rhythm", list(MailRhythm))
def test_a_deadline_never_waits(
    world: World, database: Database, known: Known, news: Callable[..., UUID], rhythm: MailRhythm
) -> None:
    choose(world, known, rhythm)
    news(urgency=Urgency.DEADLINE)
    assert (run(database), run(database)) == (1, 0)


@pytest.mark.parametrize(
    ("start", "moments"),
    [
        # On 29 March two o'clock does not exist, on 25 October it comes twice.
        (datetime(2026, 3, 27, 12, tzinfo=UTC), [(28, 1), (29, 1), (30, 0)]),
        (datetime(2026, 10, 23, 12, tzinfo=UTC), [(24, 0), (25, 0), (26, 1)]),
    ],
)
def test_the_clock_of_berlin_changes_and_one_mail_comes_each_day(
    world: World,
    database: Database,
    known: Known,
    news: Callable[..., UUID],
    clock: MovedClock,
    start: datetime,
    moments: list[tuple[int, int]],
) -> None:
    choose(world, known, MailRhythm.DAILY, hour=2)
    clock.moment = start
    sent = []
    news()
    for half_hours in range(1, 2 * 64):
        clock.moment = start + timedelta(minutes=30 * half_hours)
        if run(database):
            sent.append((clock.moment.day, clock.moment.hour))
            news()
    assert sent == moments


def test_after_a_standstill_the_mail_comes_once(
    database: Database, news: Callable[..., UUID], clock: MovedClock
) -> None:
    news()
    clock.advance(days=5)
    assert (run(database), run(database)) == (1, 0)


def test_many_persons_are_as_many_statements_as_one(
    world: World, database: Database, body: Body, statements: StatementCounter
) -> None:
    organisation_id = world.organisation()
    with database.write() as session:
        moment = now(session)
        people = [
            {
                "id": new_id(moment),
                "created_at": moment,
                "name": f"Person {number}",
                "sort_key": sort_key(f"Person {number}"),
                "email": f"viele.{number}@beispiel.example",
                "organisation_id": organisation_id,
                "role": "participant",
                "joined_at": moment,
                "sequence": 0,
                "head_hash": "",
                "is_example": False,
            }
            for number in range(300)
        ]
        session.connection().execute(insert(Person), people)
    keys = [UUID(str(each["id"])) for each in people]
    notify_of(database, *keys[:1], subject=(SubjectType.BODY, body.id), about="body.changed", urgency=Urgency.DEADLINE)
    with statements:
        assert run(database) == 1
    few = statements.count
    notify_of(database, *keys, subject=(SubjectType.BODY, body.id), about="body.changed", urgency=Urgency.DEADLINE)
    with statements:
        assert run(database) == 300
    assert statements.count <= few + 1
    mails = list_mails(database)
    assert len({mail.message_id for mail in mails}) == 300
    with database.read() as session:
        rows = session.exec(select(Notification)).all()
    owners = {mail.id: mail.person_id for mail in mails}
    assert all(row.mail_id is not None and owners[row.mail_id] == row.person_id for row in rows)


def test_a_run_serves_so_many_and_the_next_the_others(world: World, database: Database, body: Body) -> None:
    people = [world.person().person_id for _number in range(5)]
    notify_of(database, *people, subject=(SubjectType.BODY, body.id), about="body.changed", urgency=Urgency.DEADLINE)
    served = []
    for _number in range(4):
        with database.write() as session:
            served.append(mail_notifications(session, limit=2))
    assert served == [2, 2, 1, 0]


def test_of_two_workers_at_once_nobody_gets_two_mails(world: World, database: Database, body: Body) -> None:
    people = [world.person().person_id for _number in range(8)]
    for _round in range(4):
        notify_of(
            database, *people, subject=(SubjectType.BODY, body.id), about="body.changed", urgency=Urgency.DEADLINE
        )
        before = len(list_mails(database))
        start = Barrier(3)
        served: list[int] = []

        def work(start: Barrier = start, served: list[int] = served) -> None:
            start.wait()
            served.append(run(database))

        threads = [Thread(target=work) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(served) == [0, 0, len(people)]
        assert len(list_mails(database)) == before + len(people)
        hand_over(database)
