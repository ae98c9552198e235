"""Deadlines close by themselves at their moment, when the clock is put forward or back and while no worker runs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.domain.actors import ActorKind
from app.domain.ballots import BallotState
from app.domain.consultations import RoundState
from app.domain.events import EventType
from app.domain.recommendations import RecommendationState
from app.models.accounts import OneTimeLink
from app.models.ballots import Ballot
from app.models.consultations import CommentRound
from app.models.recommendations import Recommendation
from app.models.record import Event
from tests.conftest import MovedClock
from tests.drafting import draft
from tests.factories import World
from tests.moving import make_move
from tests.reminding import look_after, work
from tests.voting import assemble

SECOND = timedelta(seconds=1)
DOWN = timedelta(days=3)

# The day opened, the last day, and the moment it is over: 24:00 in Berlin. Clocks change on 29 March and 25 October.
PERIODS = [
    (date(2026, 3, 2), date(2026, 3, 20), datetime(2026, 3, 20, 23, tzinfo=UTC)),
    (date(2026, 3, 11), date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
    (date(2026, 3, 11), date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),
    (date(2026, 10, 7), date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC)),
    (date(2026, 10, 7), date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
]
EACH_PERIOD = pytest.mark.parametrize(("opened_on", "last_day", "over_at"), PERIODS)


def _stand_at(clock: MovedClock, day: date) -> None:
    clock.moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def _closing(session: Session, subject_id: Any, event_type: EventType) -> Event:
    return session.exec(select(Event).where(Event.subject_id == subject_id, Event.type == event_type)).one()


@EACH_PERIOD
def test_a_round_takes_statements_to_the_last_second_of_its_day(
    client: TestClient, world: World, clock: MovedClock, opened_on: date, last_day: date, over_at: datetime
) -> None:
    _stand_at(clock, opened_on)
    drafted = draft(client, world)
    make_move(client, drafted, drafted.rapporteur, "start_review")
    asked = {"audience": "body", "closes_at": last_day.isoformat()}
    make_move(client, drafted, drafted.chair, "open_comments", **asked)
    opened = client.get(f"{drafted.path}/comment-rounds", headers=drafted.chair.headers).json()["items"][0]
    path = f"/api/v1/comment-rounds/{opened['id']}/statements"

    clock.moment = over_at - SECOND
    work(world.database)
    assert client.post(path, json={"kind": "agreed"}, headers=drafted.member.headers).status_code == 201
    clock.moment = over_at
    refused = client.post(path, json={"kind": "agreed"}, headers=drafted.chair.headers)
    assert refused.status_code == 409, refused.text
    assert client.get(drafted.path, headers=drafted.chair.headers).json()["state"] == "evaluation"

    clock.moment = over_at + DOWN
    work(world.database)
    with world.database.read() as session:
        found = session.exec(select(CommentRound)).one()
        assert (found.state, found.closed_at) == (RoundState.CLOSED, over_at)
        event = _closing(session, found.id, EventType.ROUND_CLOSED)
        assert (event.actor_kind, event.effective_at) == (ActorKind.SYSTEM, over_at)
        assert session.get_one(Recommendation, found.recommendation_id).state is RecommendationState.EVALUATION


@EACH_PERIOD
def test_a_ballot_takes_positions_and_dissent_to_the_last_second(
    client: TestClient, world: World, clock: MovedClock, opened_on: date, last_day: date, over_at: datetime
) -> None:
    _stand_at(clock, opened_on)
    assembly = assemble(world, client, 3)
    key = assembly.open(over_at)

    clock.moment = over_at - SECOND
    work(world.database)
    assert assembly.vote(assembly.chair, "agree").status_code == 200
    assert assembly.vote(assembly.members[0], "object", reason="Weil.").status_code == 200
    clock.moment = over_at
    assert assembly.vote(assembly.members[1], "agree").status_code == 409
    assert assembly.read(assembly.chair).json()["state"] == "closed"

    clock.moment = over_at + DOWN
    work(world.database)
    with world.database.read() as session:
        ballot = session.get_one(Ballot, key)
        assert (ballot.state, ballot.closed_at) == (BallotState.CLOSED, over_at)
        assert ballot.result is not None
        assert (ballot.result["cast"], ballot.result["entitled"]) == (2, 4)
        event = _closing(session, key, EventType.BALLOT_CLOSED)
        assert (event.actor_kind, event.effective_at) == (ActorKind.SYSTEM, over_at)
        dissent_until = ballot.dissent_until
    # Fourteen calendar days on, at the same hour in Berlin.
    changed = {date(2026, 3, 20): -1, date(2026, 3, 28): -1, date(2026, 10, 24): 1}.get(last_day, 0)
    assert dissent_until == over_at + timedelta(days=14, hours=changed)
    assert dissent_until is not None
    clock.moment = dissent_until - SECOND
    assert assembly.dissent(assembly.members[0]).status_code == 201
    clock.moment = dissent_until
    assert assembly.dissent(assembly.members[2]).status_code == 409


@pytest.mark.parametrize(("last_day", "over_at"), [period[1:] for period in PERIODS])
def test_the_offer_of_a_seat_ends_with_its_day(
    client: TestClient, world: World, clock: MovedClock, last_day: date, over_at: datetime
) -> None:
    """An offer lasts 21 days; it was made so many before."""
    _stand_at(clock, last_day - timedelta(days=21))
    body = world.body()
    secretariat = look_after(world, body)
    sent = {"organisation_id": str(world.organisation()), "voting": True}
    seat = client.post(f"/api/v1/bodies/{body.id}/seats", json=sent, headers=secretariat.headers).json()
    asked = {"name": "Erika Amt", "email": "amt@verband.example"}
    offered = client.post(f"/api/v1/seats/{seat['id']}/nomination", json=asked, headers=secretariat.headers)
    assert offered.status_code == 200, offered.text
    with world.database.read() as session:
        assert session.exec(select(OneTimeLink)).one().expires_at == over_at
