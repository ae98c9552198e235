"""More time is asked for with a reason and granted for all: the deadline moves, is told, and reminders follow it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.deadline_reminders import DeadlineKind, ReminderStage, stage_moment
from app.domain.deadlines import end_of_day
from app.domain.events import EventType
from app.domain.notifications import Urgency
from app.domain.recommendations import RecommendationState
from app.models.consultations import CommentRound
from app.models.record import Event
from tests.browsing import send, sign_in
from tests.conftest import MovedClock
from tests.drafting import Drafted
from tests.factories import Known, World
from tests.moving import in_days, lead_to, open_comments, rounds
from tests.reminding import told, work
from tests.telling import told_of

S = RecommendationState


@pytest.fixture
def drafted(client: TestClient, world: World, clock: MovedClock) -> Drafted:
    """A recommendation whose round of the body ends in two weeks."""
    found = lead_to(client, world, clock, S.GROUP_REVIEW)
    open_comments(client, clock, found)
    return found


def _ask(client: TestClient, drafted: Drafted, known: Known) -> str:
    path = f"/api/v1/comment-rounds/{rounds(client, drafted)[0]['id']}/statements"
    asked = client.post(path, json={"kind": "extension", "text": "Unser Vorstand tagt später."}, headers=known.headers)
    assert asked.status_code == 201, asked.text
    return str(asked.json()["id"])


def _answer(client: TestClient, known: Known, key: str, disposition: str = "adopted", **more: Any) -> Any:
    sent = {"disposition": disposition, "reason": "Der Grund trägt.", **more}
    return client.post(f"/api/v1/statements/{key}/disposition", json=sent, headers=known.headers)


def _closes_at(client: TestClient, drafted: Drafted) -> str:
    return str(rounds(client, drafted)[0]["closes_at"])


def test_granting_moves_the_deadline_for_all_and_everybody_is_told(
    client: TestClient, drafted: Drafted, clock: MovedClock, database: Database
) -> None:
    key, later = _ask(client, drafted, drafted.member), in_days(clock, 21)
    path = f"/api/v1/comment-rounds/{rounds(client, drafted)[0]['id']}/statements"
    assert client.post(path, json={"kind": "agreed"}, headers=drafted.rapporteur.headers).status_code == 201
    granted = _answer(client, drafted.chair, key, closes_at=later)
    assert granted.status_code == 200, granted.text
    moved = end_of_day(datetime.fromisoformat(later).date())
    assert datetime.fromisoformat(_closes_at(client, drafted)) == moved
    with database.read() as session:
        event = session.exec(select(Event).where(Event.type == EventType.ROUND_EXTENDED)).one()
    assert event.data["statement_id"] == key
    heard = told_of(database, EventType.ROUND_EXTENDED)
    assert heard[drafted.member.person_id] is Urgency.TASK, "who only asked for more time has to answer still"
    assert heard[drafted.rapporteur.person_id] is Urgency.NEWS
    assert drafted.member.person_id in told_of(database, EventType.STATEMENT_DISPOSED)
    clock.advance(days=16)
    said = client.post(
        f"/api/v1/comment-rounds/{rounds(client, drafted)[0]['id']}/statements",
        json={"kind": "agreed"},
        headers=drafted.member.headers,
    )
    assert said.status_code == 201


def test_declining_leaves_the_deadline(client: TestClient, drafted: Drafted, database: Database) -> None:
    before = _closes_at(client, drafted)
    assert _answer(client, drafted.rapporteur, _ask(client, drafted, drafted.member), "not_adopted").status_code == 200
    assert _closes_at(client, drafted) == before
    assert told_of(database, EventType.ROUND_EXTENDED) == {}


def test_what_does_not_grant_more_time_is_refused_and_nothing_changes(
    client: TestClient, drafted: Drafted, clock: MovedClock
) -> None:
    key, before = _ask(client, drafted, drafted.member), _closes_at(client, drafted)
    path = f"/api/v1/comment-rounds/{rounds(client, drafted)[0]['id']}/statements"
    text = client.post(path, json={"text": "Kürzer."}, headers=drafted.member.headers).json()["id"]
    later = in_days(clock, 21)
    for known, which, disposition, closes_at, status in (
        (drafted.chair, key, "adopted", None, 422),
        (drafted.chair, key, "adopted", in_days(clock, 3), 422),
        (drafted.chair, key, "not_adopted", later, 422),
        (drafted.chair, text, "adopted", later, 422),
        (drafted.rapporteur, key, "adopted", later, 403),
        (drafted.member, key, "adopted", later, 403),
    ):
        more = {"closes_at": closes_at} if closes_at else {}
        refused = _answer(client, known, which, disposition, **more)
        assert refused.status_code == status, refused.text
    assert _closes_at(client, drafted) == before
    assert client.get(f"/api/v1/statements/{key}", headers=drafted.member.headers).json()["state"] == "open"
    clock.advance(days=15)
    assert _answer(client, drafted.chair, key, closes_at=in_days(clock, 30)).status_code == 409
    assert _answer(client, drafted.chair, key, "settled").status_code == 200


def test_several_requests_are_granted_together_with_one_event(
    client: TestClient, drafted: Drafted, clock: MovedClock, database: Database
) -> None:
    keys = [_ask(client, drafted, known) for known in (drafted.member, drafted.rapporteur)]
    fields = {"statement_ids": keys, "disposition": "adopted", "reason": "Ja.", "closes_at": in_days(clock, 20)}
    page = f"{drafted.page}/stellungnahmen/antworten"
    missing = send(client, drafted.chair, page, {**fields, "closes_at": "", "round": "1"})
    assert missing.status_code == 422
    assert "Ja." in missing.text
    assert send(client, drafted.chair, page, {**fields, "round": "1"}).status_code == 303
    with database.read() as session:
        assert len(session.exec(select(Event).where(Event.type == EventType.ROUND_EXTENDED)).all()) == 1


def test_the_page_asks_for_the_reason(client: TestClient, drafted: Drafted) -> None:
    page = f"{drafted.page}/stellungnahmen"
    sign_in(client, drafted.member)
    assert "Fristverlängerung erbitten" in client.get(page).text
    bare = send(client, drafted.member, page, {"kind": "extension", "round_id": rounds(client, drafted)[0]["id"]})
    assert bare.status_code == 422
    assert "warum Sie mehr Zeit brauchen" in bare.text
    sent = send(client, drafted.member, page, {"kind": "extension", "text": "Der Vorstand tagt später."})
    assert sent.status_code == 303


def test_reminders_follow_the_deadline_across_the_change_of_the_clocks(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    # In 2026 the clocks go forward in the night to 29 March.
    clock.moment = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    opened = open_comments(client, clock, drafted, closes_at="2026-03-27")
    first, later = end_of_day(date(2026, 3, 27)), end_of_day(date(2026, 4, 10))
    assert later - first == timedelta(days=14) - timedelta(hours=1)
    clock.moment = stage_moment(ReminderStage.SEVEN_DAYS, first) + timedelta(minutes=1)
    work(database)
    owing = sorted(known.person_id for known in (drafted.chair, drafted.rapporteur, drafted.member))
    assert told(database, DeadlineKind.COMMENT_ROUND, ReminderStage.SEVEN_DAYS) == owing
    key = _ask(client, drafted, drafted.member)
    assert _answer(client, drafted.chair, key, closes_at="2026-04-10").status_code == 200
    clock.moment = stage_moment(ReminderStage.TWO_DAYS, first) + timedelta(minutes=1)
    work(database)
    assert told(database, DeadlineKind.COMMENT_ROUND, ReminderStage.TWO_DAYS) == []
    clock.moment = first + timedelta(minutes=1)
    work(database)
    with database.read() as session:
        assert session.exec(select(CommentRound.state)).one() == "open"
    clock.moment = stage_moment(ReminderStage.SEVEN_DAYS, later) + timedelta(minutes=1)
    work(database)
    asked_again = told(database, DeadlineKind.COMMENT_ROUND, ReminderStage.SEVEN_DAYS)
    assert len(asked_again) == 2 * len(owing), "who asked for more time has not answered yet"
    clock.moment = later - timedelta(seconds=1)
    path = f"/api/v1/comment-rounds/{opened['id']}/statements"
    assert client.post(path, json={"kind": "agreed"}, headers=drafted.rapporteur.headers).status_code == 201
    clock.moment = later
    assert client.post(path, json={"kind": "agreed"}, headers=drafted.chair.headers).status_code == 409
