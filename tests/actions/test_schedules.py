"""Recurring works: each by one worker at a time, undone whole where it fails, and never forgotten."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.actions import schedules
from app.actions.schedules import Work, add_schedules, claim_work, do_work, note_work_failed
from app.db import Database
from app.domain.delivery import LEASE
from app.models.feedback import Feedback
from app.models.schedules import Schedule
from app.wording.outbox import WORKS
from app.worker import Worker
from tests.conftest import MovedClock


def touch(session: Session) -> int:
    """A work that leaves a trace."""
    session.add(Feedback(created_at=session.info["clock"](), text="getan"))
    return 1


def fail(session: Session) -> int:
    """A work that leaves a trace and fails."""
    touch(session)
    session.flush()
    raise RuntimeError("nicht möglich")


def install(monkeypatch: pytest.MonkeyPatch, database: Database, *works: Work) -> None:
    for module in ("app.actions.schedules", "app.worker"):
        monkeypatch.setattr(f"{module}.WORKS", works)
    with database.write() as session:
        add_schedules(session)
        add_schedules(session)


def traces(database: Database) -> int:
    with database.read() as session:
        return len(session.exec(select(Feedback)).all())


def only(database: Database) -> Schedule:
    with database.read() as session:
        return session.exec(select(Schedule)).one()


def test_every_work_has_its_words() -> None:
    assert {work.name for work in schedules.WORKS} <= set(WORKS)
    assert len({work.name for work in schedules.WORKS}) == len(schedules.WORKS)


def test_a_work_is_due_again_after_its_pause(
    database: Database, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work("touch", timedelta(minutes=5), touch)
    install(monkeypatch, database, work)
    worker = Worker(database)
    for minutes, done in ((0, 1), (4, 1), (2, 2), (60, 3)):
        clock.advance(minutes=minutes)
        worker._work_off_schedules()
        assert traces(database) == done
    assert only(database).lease_id is None


def test_a_work_left_lying_is_taken_up_when_its_lease_is_over(
    database: Database, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work("touch", timedelta(minutes=5), touch)
    install(monkeypatch, database, work)
    with database.write() as session:
        killed = claim_work(session, work)
    assert killed is not None
    worker = Worker(database)
    worker._work_off_schedules()
    assert traces(database) == 0
    clock.advance(seconds=LEASE.total_seconds() + 1)
    with database.write() as session:
        other = claim_work(session, work)
    assert other is not None
    with database.write() as session:
        assert do_work(session, killed) == 0
        note_work_failed(session, killed, "zu spät")
    assert traces(database) == 0
    assert only(database).lease_id == other.lease_id
    with database.write() as session:
        assert do_work(session, other) == 1
    assert traces(database) == 1


def test_a_work_that_fails_is_undone_and_tried_again_ever_more_rarely(
    database: Database, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, database, Work("fail", timedelta(seconds=5), fail))
    worker = Worker(database)
    pauses = []
    for failures in range(1, 14):
        worker._work_off_schedules()
        schedule = only(database)
        assert (schedule.failures, schedule.lease_id) == (failures, None)
        assert "nicht möglich" in schedule.last_error
        pauses.append(round((schedule.due_at - clock.moment).total_seconds()))
        clock.moment = schedule.due_at
    assert pauses[:4] == [5, 10, 20, 40]
    assert pauses[-1] == 900
    assert traces(database) == 0


def test_one_that_fails_stands_in_no_others_way(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    works = (Work("fail", timedelta(minutes=5), fail), Work("touch", timedelta(minutes=5), touch))
    install(monkeypatch, database, *works)
    assert Worker(database).run_once() == 1
    assert traces(database) == 1


def test_a_clock_that_was_wrong_stops_nothing(
    database: Database, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, database, Work("touch", timedelta(minutes=5), touch))
    clock.advance(days=400)
    Worker(database)._work_off_schedules()
    clock.advance(days=-400)
    Worker(database)._work_off_schedules()
    assert traces(database) == 2


def test_several_workers_do_it_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    works = tuple(Work(f"touch-{number}", timedelta(minutes=5), touch) for number in range(5))
    install(monkeypatch, database, *works)
    threads = [threading.Thread(target=Worker(database)._work_off_schedules) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert traces(database) == 5
