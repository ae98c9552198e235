"""The end of a ballot moves later, once, with a reason; everybody is told and reminded of the new end."""

from __future__ import annotations

from typing import Any

from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.reminders import remind
from app.domain.deadline_reminders import DeadlineKind, ReminderStage
from app.domain.events import EventType
from app.domain.notifications import Urgency
from app.models.notifications import Reminder
from app.queries.record import verify_record
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.moving import in_days
from tests.telling import told_of
from tests.voting import Assembly, assemble


def postpone(held: Assembly, known: Known, **sent: Any) -> Any:
    """Ask for a later end."""
    sent = {"transition": "postpone", **sent}
    return held.client.post(f"{held.path}/transitions", json=sent, headers=known.headers)


def test_it_moves_once_later_and_with_a_reason(client: TestClient, world: World, clock: MovedClock) -> None:
    held = assemble(world, client, 2)
    held.open()
    before = held.read(held.chair).json()
    for known, sent, status in (
        (held.members[0], {"closes_at": in_days(clock, 30), "reason": "Ferien."}, 403),
        (held.chair, {"closes_at": in_days(clock, 30)}, 422),
        (held.chair, {"reason": "Ferien."}, 422),
        (held.chair, {"closes_at": in_days(clock, 3), "reason": "Ferien."}, 422),
        (held.chair, {"closes_at": before["closes_at"], "reason": "Ferien."}, 422),
        (held.chair, {"closes_at": "9999-12-31", "reason": "Ferien."}, 422),
    ):
        assert postpone(held, known, **sent).status_code == status, sent
    assert held.read(held.chair).json() == before
    moved = postpone(held, held.chair, closes_at=in_days(clock, 30), reason="Zwei Länder haben Ferien.")
    assert moved.status_code == 200, moved.text
    after = moved.json()
    assert after["state"] == "open"
    assert after["closes_at"] > before["closes_at"]
    assert (after["postponed_from"], after["postponing_reason"]) == (before["closes_at"], "Zwei Länder haben Ferien.")
    offer = next(each for each in after["transitions"] if each["name"] == "postpone")
    assert "schon einmal" in offer["blocked_by"]
    again = postpone(held, held.chair, closes_at=in_days(clock, 40), reason="Noch einmal.")
    assert again.status_code == 409
    assert held.read(held.chair).json()["closes_at"] == after["closes_at"]
    with world.database.read() as session:
        assert list(verify_record(session)) == []


def test_positions_are_taken_until_the_new_end(client: TestClient, world: World, clock: MovedClock) -> None:
    held = assemble(world, client, 2)
    held.open()
    postpone(held, held.chair, closes_at=in_days(clock, 30), reason="Ferien.")
    clock.advance(days=20)
    held.all_vote("agree", "agree", "agree")
    clock.advance(days=12)
    assert held.vote(held.chair, "object", reason="Doch nicht.").status_code == 409
    assert held.read(held.chair).json()["result"]["carried"] is True
    late = postpone(held, held.chair, closes_at=in_days(clock, 30), reason="Zu spät.")
    assert late.status_code == 409


def test_everybody_is_told_and_reminded_of_the_new_end(client: TestClient, world: World, clock: MovedClock) -> None:
    held = assemble(world, client, 1)
    held.open()
    postpone(held, held.chair, closes_at=in_days(clock, 30), reason="Ferien.")
    told = told_of(world.database, EventType.BALLOT_POSTPONED)
    assert told[held.members[0].person_id] is Urgency.TASK
    clock.advance(days=23, hours=5)
    with world.database.write() as session:
        remind(session)
    with world.database.read() as session:
        found = session.exec(select(Reminder).where(Reminder.kind == DeadlineKind.BALLOT)).all()
        assert [(each.stage, each.due_at) for each in found] == [(ReminderStage.SEVEN_DAYS, held.stored().closes_at)]
