"""A ballot in a meeting: day and place, what is recorded for the seats, and by whom it may be corrected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.ballot_openings import MeetingHeld
from app.domain.actors import MembershipRole
from app.domain.events import EventType, SubjectType
from app.domain.notifications import Urgency
from app.domain.recommendations import RecommendationState as S
from app.models.ballots import SeatPosition
from app.models.record import Event
from app.queries.notifications import list_notifications
from app.queries.record import verify_record
from tests.conftest import MovedClock
from tests.drafting import count_rows
from tests.factories import Known, World
from tests.moving import ballots, in_days, lead_to, try_move
from tests.telling import notifications_of
from tests.voting import Assembly, assemble

MEETING = MeetingHeld(date(2026, 3, 3), "Nürnberg, Saal 2")


def record(held: Assembly, known: Known, seat: Known, position: str, **more: Any) -> Any:
    """Record what a seat said, as somebody."""
    sent = {"seat_id": str(seat.seat_id), "position": position, **more}
    return held.client.put(f"{held.path}/recorded-position", json=sent, headers=known.headers)


@pytest.fixture
def held(client: TestClient, world: World) -> Assembly:
    """A body of four whose ballot is taken in a meeting."""
    made = assemble(world, client, 3)
    made.open(meeting=MEETING)
    return made


def test_it_is_called_with_day_and_place(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    for sent, fields in (
        ({"in_meeting": True}, {"held_on", "place"}),
        ({"in_meeting": True, "held_on": in_days(clock, 1)}, {"place"}),
        ({"held_on": in_days(clock, 1), "place": "Nürnberg"}, {"held_on", "place"}),
        ({"in_meeting": True, "held_on": in_days(clock, 40), "place": "Nürnberg"}, {"held_on"}),
        ({"in_meeting": True, "held_on": in_days(clock, -1), "place": "Nürnberg"}, {"held_on"}),
    ):
        refused = try_move(client, drafted, drafted.chair, "call_decision", **sent)
        assert refused.status_code == 422, sent
        assert {each["field"] for each in refused.json()["errors"]} == fields
    assert ballots(client, drafted) == []
    sent = {"in_meeting": True, "held_on": in_days(clock, 3), "place": "Nürnberg"}
    assert try_move(client, drafted, drafted.chair, "call_decision", **sent).status_code == 200
    found = ballots(client, drafted)[0]
    assert (found["in_meeting"], found["held_on"], found["place"]) == (True, in_days(clock, 3), "Nürnberg")
    assert found["closes_at"] > found["opened_at"]


def test_the_seat_alone_is_told_what_was_recorded_for_it(held: Assembly, world: World) -> None:
    present = held.members[0]
    deputy = world.person()
    world.join(deputy, present.seat_id, MembershipRole.DEPUTY)
    assert record(held, held.chair, present, "agree").status_code == 200
    assert record(held, held.chair, present, "abstain").status_code == 200
    told = notifications_of(world.database, EventType.POSITION_RECORDED)
    assert sorted(each.person_id for each in told) == sorted([present.person_id, deputy.person_id] * 2)
    assert {each.urgency for each in told} == {Urgency.NEWS}
    for known in (present, deputy):
        with world.database.read() as session:
            shown = list_notifications(session, world.actor(known, session)).items
        about = [each for each in shown if each.notification.about == EventType.POSITION_RECORDED]
        assert [each.url for each in about] == [held.page] * 2
        assert "vermerkt" in about[0].text
    assert held.vote(present, "agree").status_code == 200
    assert len(notifications_of(world.database, EventType.POSITION_RECORDED)) == 4


def test_the_leitung_records_and_the_seat_corrects(held: Assembly, world: World) -> None:
    present, other = held.members[0], held.members[1]
    assert record(held, held.chair, present, "agree").status_code == 200
    assert record(held, world.secretariat(), other, "object", reason="Die Kosten.").status_code == 200
    own = held.read(present).json()["positions"]
    assert [(each["position"], each["recorded_by"] is not None) for each in own] == [("agree", True)]
    assert held.vote(present, "abstain").status_code == 200
    own = held.read(present).json()["positions"]
    assert [(each["position"], each["recorded_by"]) for each in own] == [("abstain", None)]
    assert [each["position"] for each in own[0]["history"]] == ["agree", "abstain"]
    late = record(held, held.chair, present, "agree")
    assert late.status_code == 409
    assert "selbst abgegeben" in late.json()["detail"]
    seen = held.read(held.chair).json()
    assert [each["position"] for each in seen["positions"]] == ["object"]
    assert (seen["running"]["object"], seen["running"]["abstain"], seen["running"]["entitled"]) == (1, 1, 4)
    assert held.read(held.members[2]).json()["running"] is None
    with world.database.read() as session:
        assert list(verify_record(session)) == []
        events = session.exec(
            select(Event).where(Event.subject_type == SubjectType.POSITION).order_by(Event.created_at)
        ).all()
        assert [each.data["is_recorded"] for each in events] == [True, True, False]


def test_who_records_is_shown_to_the_body_when_it_is_closed(held: Assembly, clock: MovedClock) -> None:
    record(held, held.chair, held.members[0], "agree")
    clock.advance(days=15)
    shown = {each["seat_id"]: each["recorded_by"] for each in held.read(held.members[2]).json()["positions"]}
    assert shown[str(held.members[0].seat_id)]
    assert record(held, held.chair, held.members[0], "object", reason="Nein.").status_code == 409


def test_the_deputy_who_was_there_speaks_where_the_member_is_silent(held: Assembly, world: World) -> None:
    deputy = world.member(held.body, MembershipRole.DEPUTY, seat_id=held.members[0].seat_id)
    assert record(held, held.chair, held.members[0], "agree", by_deputy=True).status_code == 200
    assert held.read(deputy).json()["positions"][0]["is_deputy"] is True
    assert held.vote(held.members[0], "abstain").status_code == 200
    assert held.read(held.members[0]).json()["positions"][0]["position"] == "abstain"
    assert held.read(held.chair).json()["positions"] == [], "what the member said itself is its own until the end"


def test_what_is_refused_changes_nothing(held: Assembly, client: TestClient, world: World) -> None:
    member, elsewhere = held.members[0], world.member(world.body())
    for known, seat, sent, status in (
        (held.members[1], member, {"position": "agree"}, 403),
        (elsewhere, member, {"position": "agree"}, 404),
        (held.chair, elsewhere, {"position": "agree"}, 422),
        (held.chair, member, {"position": "object"}, 422),
        (held.chair, member, {"position": "vielleicht"}, 422),
        (held.chair, member, {"position": "agree", "person_id": str(member.person_id)}, 422),
    ):
        answer = record(held, known, seat, **sent)
        assert answer.status_code == status, (sent, answer.text)
    assert held.vote(held.chair, "agree", seat_id=member.seat_id).status_code == 403
    assert count_rows(world.database, SeatPosition) == 0
    circulated = assemble(world, client, 1)
    circulated.open()
    refused = record(circulated, circulated.chair, circulated.members[0], "agree")
    assert refused.status_code == 409
    assert "Umlauf" in refused.json()["detail"]
    assert count_rows(world.database, SeatPosition) == 0


def test_a_meeting_shortens_nothing(held: Assembly) -> None:
    assert held.close().status_code == 409
    for voter in held.members:
        record(held, held.chair, voter, "agree")
    held.vote(held.chair, "agree")
    assert held.close().json()["result"]["carried"] is True
    assert held.stored().closes_at - held.stored().opened_at >= timedelta(days=13)
