"""Each stage of each deadline is told at its moment, once, to who still has to act, and after it to who oversees it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Select, delete, text
from sqlmodel import Session, select
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.actions import reminders
from app.actions.consultations import close_round
from app.actions.reminders import remind
from app.clock import now
from app.domain.actors import SYSTEM_ACTOR, PersonRole
from app.domain.deadline_reminders import DeadlineKind, ReminderStage, stage_moment
from app.domain.deadlines import BERLIN, add_months, berlin_date, end_of_day
from app.models.bodies import BodyResponsible
from app.models.consultations import CommentRound
from app.models.measures import Measure
from app.models.notifications import Notification, Reminder
from app.models.people import Person
from app.queries.deadlines import Deadline, find_deadlines
from app.queries.deadlines.owing import persons_owing
from app.queries.tasks import list_tasks
from app.wording.notifications import reminder_about
from tests.browsing import StatementCounter
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.monitoring import MonitoringScene
from tests.reminding import look_after, run_a_deadline, told, work
from tests.voting import assemble

KINDS = [kind for kind in DeadlineKind if kind is not DeadlineKind.INVITATION]
OWED = [ReminderStage.SEVEN_DAYS, ReminderStage.TWO_DAYS, ReminderStage.ENDED]
S = ReminderStage


@pytest.mark.parametrize("kind", KINDS)
def test_each_stage_is_told_at_its_moment_and_once(
    kind: DeadlineKind, client: TestClient, world: World, clock: MovedClock
) -> None:
    running = run_a_deadline(kind, client, world, clock)
    running.act()
    for stage in ReminderStage:
        moment = stage_moment(stage, running.due_at)
        clock.moment = moment - timedelta(seconds=1)
        work(world.database)
        assert told(world.database, kind, stage) == []
        clock.moment = moment
        for _ in range(2):
            work(world.database)
            expected = running.overseeing if stage is S.MISSED else running.owing
            assert told(world.database, kind, stage) == sorted(expected)
            clock.advance(minutes=5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_worker_that_was_down_tells_only_the_latest_stage(
    kind: DeadlineKind, client: TestClient, world: World, clock: MovedClock
) -> None:
    running = run_a_deadline(kind, client, world, clock)
    running.act()
    clock.moment = running.due_at + timedelta(days=3)
    work(world.database)
    assert [bool(told(world.database, kind, stage)) for stage in S] == [False, False, True, True]
    assert told(world.database, kind, S.ENDED) == sorted(running.owing)
    clock.advance(days=60)
    work(world.database)
    assert len(told(world.database, kind, S.ENDED)) == len(running.owing)


@pytest.mark.parametrize("kind", [DeadlineKind.COMMENT_ROUND, DeadlineKind.BALLOT, DeadlineKind.DISSENTING_OPINION])
def test_nobody_hears_of_a_missed_deadline_that_was_not_missed(
    kind: DeadlineKind, client: TestClient, world: World, clock: MovedClock
) -> None:
    assembly = assemble(world, client, 1)
    assembly.open()
    assembly.all_vote("agree", "agree")
    clock.advance(days=16)
    work(world.database)
    clock.advance(days=16)
    work(world.database)
    assert [told(world.database, kind, stage) for stage in S] == [[], [], [], []]


def test_a_round_closed_before_its_time_was_missed_by_nobody(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    running = run_a_deadline(DeadlineKind.COMMENT_ROUND, client, world, clock)
    with world.database.write() as session:
        close_round(session, session.get_one(CommentRound, running.subject_id), actor=SYSTEM_ACTOR, reason="Fertig.")
    clock.moment = running.due_at + timedelta(days=1)
    work(world.database)
    assert [told(world.database, running.kind, stage) for stage in S] == [[], [], [], []]


def test_a_deadline_that_moved_is_told_of_anew(client: TestClient, world: World, clock: MovedClock) -> None:
    running = run_a_deadline(DeadlineKind.MEASURE, client, world, clock)
    clock.moment = stage_moment(S.TWO_DAYS, running.due_at)
    work(world.database)
    assert told(world.database, running.kind, S.TWO_DAYS)
    with world.database.write() as session:
        measure = session.get_one(Measure, running.subject_id)
        assert measure.due_on is not None
        measure.due_on += timedelta(days=20)
        moved = end_of_day(measure.due_on)
        session.add(measure)
    before = len(told(world.database, running.kind, S.TWO_DAYS))
    clock.moment = stage_moment(S.TWO_DAYS, moved)
    work(world.database)
    after = told(world.database, running.kind, S.TWO_DAYS)
    assert len([key for key in after if key in running.owing]) == 2
    assert len(after) > before


def test_a_nearer_stage_takes_the_place_of_what_nobody_read(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    running = run_a_deadline(DeadlineKind.BALLOT, client, world, clock)
    for stage in OWED:
        clock.moment = stage_moment(stage, running.due_at)
        work(world.database)
        with world.database.read() as session:
            unread = select(Notification.about).where(
                Notification.subject_id == running.subject_id,
                Notification.about.startswith("reminder."),  # type: ignore[attr-defined]
                Notification.read_at.is_(None),  # type: ignore[union-attr]
            )
            assert set(session.exec(unread)) == {reminder_about(running.kind, stage)}


def test_the_statements_do_not_grow_with_the_persons(
    client: TestClient, world: World, clock: MovedClock, statements: StatementCounter
) -> None:
    counts = []
    for number in (2, 20):
        assembly = assemble(world, client, number)
        assembly.open(end_of_day((clock() + timedelta(days=30)).date()))
        clock.moment = stage_moment(S.TWO_DAYS, assembly.stored().closes_at)
        before = len(told(world.database, DeadlineKind.BALLOT, S.TWO_DAYS))
        with statements, world.database.write() as session:
            assert remind(session) == 1
        counts.append(statements.count)
        assert len(told(world.database, DeadlineKind.BALLOT, S.TWO_DAYS)) - before == number + 1
        clock.moment = assembly.stored().closes_at + timedelta(days=60)
        work(world.database)
    assert counts[0] == counts[1] <= 16


def test_of_two_workers_one_tells(client: TestClient, world: World, clock: MovedClock) -> None:
    running = run_a_deadline(DeadlineKind.BALLOT, client, world, clock)
    running.act()
    clock.moment = stage_moment(S.TWO_DAYS, running.due_at)
    begin = Barrier(2)
    failed: list[Exception] = []

    def run() -> None:
        begin.wait()
        try:
            with world.database.write() as session:
                remind(session)
        except Exception as error:
            failed.append(error)

    workers = [Thread(target=run) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failed == []
    assert told(world.database, running.kind, S.TWO_DAYS) == sorted(running.owing)
    with world.database.read() as session:
        assert len(session.exec(select(Reminder).where(Reminder.subject_id == running.subject_id)).all()) == 1


def test_of_a_measure_past_its_day_no_report_is_missed_that_is_there(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    running = run_a_deadline(DeadlineKind.MEASURE, client, world, clock)
    with world.database.write() as session:
        measure = session.get_one(Measure, running.subject_id)
        measure.report_due_on = berlin_date(running.due_at) + timedelta(days=170)
        session.add(measure)
    clock.moment = stage_moment(S.MISSED, running.due_at)
    work(world.database)
    assert set(told(world.database, DeadlineKind.MEASURE, S.ENDED)) >= running.owing
    assert [told(world.database, DeadlineKind.REPORT, stage) for stage in S] == [[], [], [], []]


def test_one_that_fails_holds_up_no_other_and_is_told_later(
    client: TestClient, world: World, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, other = (assemble(world, client, 2) for _each in range(2))
    for assembly in (broken, other):
        assembly.open(end_of_day((clock() + timedelta(days=30)).date()))
    broken_id = broken.stored().id
    clock.moment = stage_moment(S.TWO_DAYS, other.stored().closes_at)

    def fail(deadline: Deadline) -> Select[Any]:
        if deadline.subject_id == broken_id:
            # As the database would refuse it: what follows in the transaction needs the savepoint.
            return select(text("no_such_column")).select_from(Person)
        return persons_owing(deadline)

    monkeypatch.setattr(reminders, "persons_owing", fail)
    with capture_logs() as logs, world.database.write() as session:
        assert remind(session) == 1
    failed = [each for each in logs if each["log_level"] == "error"]
    assert [each.get("subject") or each.get("failed") for each in failed] == [str(broken_id), 1]
    assert len(told(world.database, DeadlineKind.BALLOT, S.TWO_DAYS)) == 3
    monkeypatch.undo()
    work(world.database)
    assert len(told(world.database, DeadlineKind.BALLOT, S.TWO_DAYS)) == 6


def test_who_only_reads_or_has_left_is_not_reminded(client: TestClient, world: World, clock: MovedClock) -> None:
    running = run_a_deadline(DeadlineKind.RESPONSE, client, world, clock)
    running.act()
    with world.database.read() as session:
        (owing,) = running.owing
        organisation_id = session.get_one(Person, owing).organisation_id
    gone, second = world.person(organisation_id=organisation_id), world.person(organisation_id=organisation_id)
    with world.database.write() as session:
        session.get_one(Person, gone.person_id).ended_at = now(session)
    clock.moment = stage_moment(S.SEVEN_DAYS, running.due_at)
    work(world.database)
    assert told(world.database, running.kind, S.SEVEN_DAYS) == sorted({owing, second.person_id})


def test_a_body_nobody_looks_after_is_overseen_by_the_whole_office(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    running = run_a_deadline(DeadlineKind.RESPONSE, client, world, clock)
    running.act()
    with world.database.write() as session:
        for each in session.exec(select(BodyResponsible)):
            session.delete(each)
        office = set(session.exec(select(Person.id).where(Person.role == PersonRole.SECRETARIAT)).all())
    clock.moment = stage_moment(S.MISSED, running.due_at)
    work(world.database)
    assert told(world.database, running.kind, S.MISSED) == sorted(office | running.overseeing)


def found_deadline(session: Session, about: str, subject_id: UUID) -> Deadline | None:
    return find_deadlines(session, [(about, subject_id)]).get((about, subject_id))


@pytest.mark.parametrize("kind", KINDS)
def test_the_deadline_of_a_reminder_is_found_for_a_calendar(
    kind: DeadlineKind, client: TestClient, world: World, clock: MovedClock
) -> None:
    running = run_a_deadline(kind, client, world, clock)
    with world.database.read() as session:
        found = found_deadline(session, reminder_about(kind, S.TWO_DAYS), running.subject_id)
        assert found is not None
        assert found.due_at == running.due_at
        assert found.title
        assert found_deadline(session, "need.posted", running.subject_id) is None
    clock.moment = running.due_at
    with world.database.read() as session:
        later = found_deadline(session, reminder_about(kind, S.ENDED), running.subject_id)
        assert later is None or later.due_at > running.due_at


_LENGTHS = {
    DeadlineKind.COMMENT_ROUND: 30,
    DeadlineKind.BALLOT: 30,
    DeadlineKind.DISSENTING_OPINION: 28,
    DeadlineKind.CO_SIGNATURE: 28,
    DeadlineKind.RESPONSE: 56,
    DeadlineKind.REPORT: 50,
    DeadlineKind.MEASURE: 60,
    DeadlineKind.VERIFICATION: 30,
    DeadlineKind.COMMITMENT: 60,
    DeadlineKind.NEED_REVIEW: 366 + 56,
    DeadlineKind.READING: 122,
}
"""About how many days each runs; that the clock changes in the midst of its reminders the test asks itself."""


@pytest.mark.parametrize("changed_on", [date(2027, 3, 28), date(2027, 10, 31)])
@pytest.mark.parametrize("kind", KINDS)
def test_reminders_come_at_their_time_when_the_clock_changes(
    kind: DeadlineKind, changed_on: date, client: TestClient, world: World, clock: MovedClock
) -> None:
    assert set(_LENGTHS) == set(KINDS), "invitations have a test of their own"
    clock.moment = datetime.combine(changed_on - timedelta(days=_LENGTHS[kind] - 4), time(9), tzinfo=UTC)
    running = run_a_deadline(kind, client, world, clock)
    running.act()
    moments = [stage_moment(stage, running.due_at) for stage in S]
    assert moments[0] < datetime.combine(changed_on, time(1), tzinfo=UTC) < moments[-1]
    mornings = [moment.astimezone(BERLIN).time() for moment in (moments[0], moments[1], moments[3])]
    assert mornings == [time(8)] * 3
    assert running.due_at.astimezone(BERLIN).time() in (time(0), time(10), time(11)), running.due_at
    for stage, moment in zip(S, moments, strict=True):
        for at, expected in (
            (moment - timedelta(seconds=1), frozenset()),
            (moment, running.overseeing if stage is S.MISSED else running.owing),
        ):
            clock.moment = at
            work(world.database)
            assert told(world.database, kind, stage) == sorted(expected)


def test_the_event_that_begins_a_deadline_leads_to_it(client: TestClient, world: World, clock: MovedClock) -> None:
    ballot = run_a_deadline(DeadlineKind.BALLOT, client, world, clock)
    opened = run_a_deadline(DeadlineKind.COMMENT_ROUND, client, world, clock)
    with world.database.read() as session:
        for about, running in (("ballot.opened", ballot), ("comment_round.opened", opened)):
            found = found_deadline(session, about, running.subject_id)
            assert found is not None
            assert (found.kind, found.due_at) == (running.kind, running.due_at)


def test_a_reading_of_a_goal_is_its_leitungs_and_one_of_a_field_the_offices(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    scene = MonitoringScene(client, world)
    other = look_after(world, scene.body)
    goal = scene.goal(agreed=True)
    of_goal = scene.indicator(goal_id=goal["id"], rhythm="quarterly")
    of_field = scene.indicator(
        kind="context",
        title="Beschäftigungsquote",
        field_of_action_id=str(scene.body.field_of_action_id),
        rhythm="quarterly",
    )
    proposed = scene.indicator(goal_id=scene.goal()["id"], rhythm="quarterly")
    due_at = end_of_day(add_months(berlin_date(clock()), 6))

    def told_of_one(indicator: dict[str, Any], stage: ReminderStage) -> set[UUID]:
        with world.database.read() as session:
            about = reminder_about(DeadlineKind.READING, stage)
            statement = select(Notification.person_id).where(
                Notification.subject_id == UUID(indicator["id"]), Notification.about == about
            )
            return set(session.exec(statement))

    office = {scene.secretariat.person_id, other.person_id}
    for stage, of_the_goal in (
        (S.SEVEN_DAYS, {scene.chair.person_id}),
        (S.TWO_DAYS, {scene.chair.person_id}),
        (S.ENDED, {scene.chair.person_id}),
        (S.MISSED, {other.person_id}),
    ):
        clock.moment = stage_moment(stage, due_at)
        work(world.database)
        assert told_of_one(of_goal, stage) == of_the_goal
        assert told_of_one(of_field, stage) == office
        assert told_of_one(proposed, stage) == set(), "what is only proposed owes nothing"
    # A reading moves the day on, and with it the reminders; the page and the list of tasks say the same.
    clock.moment = due_at
    for known, indicator in ((scene.chair, of_goal), (scene.secretariat, of_field)):
        assert indicator["id"] in {url.rpartition("/")[2] for url in tasks_of(world, known)}
        assert scene.reading(indicator["id"], "2026", "40", known).status_code == 201
        assert indicator["id"] not in {url.rpartition("/")[2] for url in tasks_of(world, known)}
    clock.moment = stage_moment(S.SEVEN_DAYS, end_of_day(date(2027, 6, 30)))
    with world.database.write() as session:
        session.connection().execute(delete(Notification))
    work(world.database)
    assert told_of_one(of_goal, S.SEVEN_DAYS) == {scene.chair.person_id}


def tasks_of(world: World, known: Known) -> list[str]:
    """Where the tasks of a person lead."""
    with world.database.read() as session:
        return [task.url for task in list_tasks(session, world.actor(known, session))]
