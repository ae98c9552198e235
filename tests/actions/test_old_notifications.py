"""Notifications are forgotten a year after they were read, unread ones after two; what happened stays."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, event, update
from sqlmodel import Session, col, select

from app.actions.old_notifications import forget_notifications
from app.actions.outbox import forget_old_mails
from app.clock import now
from app.domain.events import SubjectType
from app.domain.notifications import Urgency
from app.models.notifications import Notification
from app.models.outbox import OutgoingMail
from tests.browsing import StatementCounter
from tests.conftest import MovedClock
from tests.factories import World
from tests.occasions import forget, last_mail, notify_of


def left(session: Session) -> set[UUID]:
    return set(session.exec(select(Notification.occasion_id)).all())


def run(world: World, limit: int = 100) -> int:
    with world.database.write() as session:
        return forget_notifications(session, limit=limit)


def test_read_ones_go_after_a_year_and_unread_ones_after_two(world: World, clock: MovedClock) -> None:
    known, body = world.person(), world.body()
    forget(world.database)
    subject = (SubjectType.BODY, body.id)
    read, unread = (
        notify_of(world.database, known.person_id, about="body.changed", subject=subject) for _each in range(2)
    )
    clock.advance(days=100)
    with world.database.write() as session:
        seen = update(Notification).where(col(Notification.occasion_id) == read).values(read_at=now(session))
        session.connection().execute(seen)
    clock.advance(days=364)
    assert run(world) == 0
    clock.advance(days=2)
    assert run(world) == 1
    with world.database.read() as session:
        assert left(session) == {unread}
    clock.advance(days=262)
    assert run(world) == 0
    clock.advance(days=3)
    assert (run(world), run(world)) == (1, 0)


def test_what_is_kept_is_not_looked_through(world: World) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked.append((statement, parameters))

    event.listen(world.database.engine, "before_cursor_execute", note)
    run(world)
    event.remove(world.database.engine, "before_cursor_execute", note)
    statement, parameters = next(each for each in asked if each[0].startswith("DELETE"))
    with world.database.write() as session:
        connection = session.connection()
        explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        if explain == "EXPLAIN":
            # So few rows are looked through whatever there is: asked is whether an index would do.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = "\n".join(str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))
    # Of several that would do, PostgreSQL chooses by how much there is.
    assert "ix_notification_read" in plan or explain == "EXPLAIN"
    assert "Seq Scan" not in plan
    assert "SCAN notification'" not in plan


def test_many_go_in_portions_of_one_statement_and_their_mails_after_them(
    world: World, clock: MovedClock, statements: StatementCounter
) -> None:
    people, body = [world.person().person_id for _number in range(5)], world.body()
    forget(world.database)
    with world.database.write() as session:
        session.connection().execute(delete(OutgoingMail))
    notify_of(
        world.database, *people, about="body.changed", subject=(SubjectType.BODY, body.id), urgency=Urgency.DEADLINE
    )
    last_mail(world.database)
    with world.database.write() as session:
        session.connection().execute(update(OutgoingMail).values(sent_at=now(session)))
    clock.advance(days=731)
    counts = []
    for _portion in range(4):
        with statements:
            counts.append((run(world, limit=2), statements.count))
    assert [number for number, _asked in counts] == [2, 2, 1, 0]
    assert len({asked for _number, asked in counts}) == 1
    with world.database.write() as session:
        forget_old_mails(session)
    with world.database.read() as session:
        assert session.exec(select(OutgoingMail)).all() == []
