"""Ballots at the door of the API: who votes, who sees what, and what comes out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.ballots import close_due_ballots
from app.db import Database
from app.domain.actors import ActorKind, MembershipRole
from app.domain.events import EventType
from app.domain.notifications import Urgency
from app.domain.recommendations import RecommendationState
from app.models.ballots import SeatPosition
from app.models.record import Event
from app.queries.record import verify_record
from tests.conftest import MovedClock
from tests.factories import World
from tests.telling import notifications_of, told_of
from tests.voting import assemble

COUNTS = ("entitled", "cast", "agree", "agree_with_reservation", "object", "abstain", "recused", "denominator")


def test_a_ballot_pins_version_electorate_and_rules(client: TestClient, world: World, clock: MovedClock) -> None:
    held = assemble(world, client, 2, groups=("Länder", "Verbände"), threshold_percent=66)
    world.member(held.body, voting=False)
    world.member(held.body, MembershipRole.ADVISOR)
    world.seat(held.body)
    deputy_only = world.member(held.body, MembershipRole.DEPUTY)
    held.open()
    late = world.member(held.body)
    with world.database.write() as session:
        session.get_one(type(held.body), held.body.id).rules = {"threshold_percent": 90}
    ballot = held.read(held.chair).json()
    assert ballot["version"] == 1
    assert ballot["state"] == "open"
    assert (ballot["rules"]["threshold_percent"], ballot["rules"]["quorum_percent"]) == (66, 50)
    assert ballot["turnout"]["entitled"] == 3
    assert held.vote(late, "agree").status_code == 403
    assert held.vote(deputy_only, "agree").status_code == 403
    closes = clock.moment.replace(hour=23, minute=0, second=0, microsecond=0) + timedelta(days=14)
    assert ballot["closes_at"] == closes.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_closing_time_before_the_minimum_is_refused(client: TestClient, world: World, clock: MovedClock) -> None:
    from app.errors import Invalid

    held = assemble(world, client)
    with pytest.raises(Invalid):
        held.open(clock.moment + timedelta(days=13))
    assert held.open(clock.moment + timedelta(days=14))


def test_who_votes_for_which_seat(client: TestClient, world: World) -> None:
    held = assemble(world, client)
    other_body = assemble(world, client)
    held.open()
    member, neighbour = held.members[0], held.members[1]
    staff = world.member(held.body, MembershipRole.STAFF, seat_id=member.seat_id)
    assert held.vote(neighbour, "agree", seat_id=member.seat_id).status_code == 403
    assert held.vote(staff, "agree").status_code == 403
    assert held.vote(world.secretariat(), "agree", seat_id=member.seat_id).status_code == 403
    assert held.vote(other_body.chair, "agree").status_code == 404
    unsigned = held.client.put(f"{held.path}/position", json={"seat_id": str(member.seat_id), "position": "agree"})
    assert unsigned.status_code == 401
    with world.database.read() as session:
        assert session.exec(select(SeatPosition)).all() == []
    assert held.vote(member, "agree").status_code == 200


@pytest.mark.parametrize("position", ["agree_with_reservation", "object", "recused"])
def test_a_reason_is_needed_unless_agreeing_or_abstaining(client: TestClient, world: World, position: str) -> None:
    held = assemble(world, client, 1)
    held.open()
    refused = held.vote(held.chair, position, reason="  ")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "reason"
    assert held.read(held.chair).json()["positions"] == []
    assert held.vote(held.chair, position, reason="Befangen.").status_code == 200
    assert held.vote(held.members[0], "abstain").status_code == 200
    assert held.vote(held.chair, "yes").status_code == 422


def test_every_change_is_kept_and_the_members_position_counts(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1)
    held.open()
    member = held.members[0]
    deputy = world.member(held.body, MembershipRole.DEPUTY, seat_id=member.seat_id)
    held.vote(deputy, "object", reason="Zu teuer.", alternative="Die Länder könnten …")
    (own,) = held.read(member).json()["positions"]
    assert (own["position"], own["is_deputy"], own["deputy"]) == ("object", True, None)
    held.vote(member, "agree")
    changed = held.vote(member, "agree_with_reservation", reason="Kosten offen.").json()
    (own,) = changed["positions"]
    assert (own["position"], own["is_deputy"]) == ("agree_with_reservation", False)
    assert own["deputy"]["position"] == "object"
    said = [(each["position"], each["is_deputy"], each["reason"]) for each in own["history"]]
    assert said == [
        ("object", True, "Zu teuer."),
        ("agree", False, ""),
        ("agree_with_reservation", False, "Kosten offen."),
    ]
    held.vote(held.chair, "agree")
    closed = held.close().json()
    assert {name: closed["result"][name] for name in COUNTS} == {
        "entitled": 2,
        "cast": 2,
        "agree": 1,
        "agree_with_reservation": 1,
        "object": 0,
        "abstain": 0,
        "recused": 0,
        "denominator": 2,
    }
    with world.database.read() as session:
        assert list(verify_record(session)) == []


def test_positions_are_ones_own_until_the_close_then_the_bodys_and_never_the_publics(
    client: TestClient, world: World
) -> None:
    held = assemble(world, client, 2, groups=("Länder", "Verbände", "Verbände"))
    held.open()
    observer = world.member(held.body, MembershipRole.OBSERVER, voting=False)
    secretariat, auditor = world.secretariat(), world.person()
    held.all_vote("agree", "object", "")
    during = held.read(held.members[0]).json()
    assert [each["position"] for each in during["positions"]] == ["object"]
    assert during["turnout"]["taken"] == 2
    assert during["running"] is None
    assert during["result"] is None
    assert held.read(observer).json()["positions"] == []
    running = held.read(secretariat).json()
    assert running["positions"] == []
    assert running["turnout"]["taken"] == 2
    assert running["turnout"]["silent_seat_ids"] == [str(held.members[1].seat_id)]
    assert held.read(auditor).status_code == 404
    assert held.read().status_code == 404
    events = client.get("/api/v1/events?subject_type=position", headers=secretariat.headers).json()["items"]
    assert events == []
    held.vote(held.members[1], "abstain")
    held.close()
    after = held.read(observer).json()
    assert {each["position"] for each in after["positions"]} == {"agree", "object", "abstain"}
    assert all(each["history"] == [] for each in after["positions"])
    assert held.read().status_code == 404
    held.set_state(RecommendationState.PUBLISHED, adopted_version=1)
    public = held.read().json()
    assert public["positions"] == []
    assert public["turnout"] is None
    assert public["transitions"] == []
    assert public["result"]["cast"] == 3
    groups = {each["group"]: (each["agree"], each["object"]) for each in public["result"]["by_group"]}
    assert groups == {"Länder": (1, 0), "Verbände": (0, 1)}


def test_the_clock_closes_and_the_next_write_records(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    held = assemble(world, client)
    held.open()
    held.all_vote("agree", "agree", "agree", "object")
    closes_at = held.stored().closes_at
    clock.moment = closes_at - timedelta(seconds=1)
    assert held.vote(held.members[0], "abstain").status_code == 200
    held.vote(held.members[0], "agree")
    clock.moment = closes_at
    refused = held.vote(held.members[0], "abstain")
    assert refused.status_code == 409
    assert refused.json()["type"] == "/api/problems/closed"
    seen = held.read(held.members[0]).json()
    assert seen["state"] == "closed"
    assert seen["result"]["agree"] == 3
    assert seen["result"]["carried"] is False
    assert held.stored().state == "open"
    with database.write() as session:
        assert close_due_ballots(session) == 1
        assert close_due_ballots(session) == 0
    stored = held.stored()
    assert stored.closed_at == closes_at
    assert stored.dissent_until == closes_at + timedelta(days=14, hours=-1)  # the clocks go forward on 29 March
    assert stored.result is not None
    assert stored.result["agree"] == 3
    event = _closing(database)
    assert (event.actor_kind, event.effective_at) == (ActorKind.SYSTEM, closes_at)
    again = held.read(held.members[0]).json()
    assert {name: again[name] for name in seen if name != "transitions"} == {
        name: seen[name] for name in seen if name != "transitions"
    }


def test_an_early_close_needs_every_position(client: TestClient, world: World, database: Database) -> None:
    held = assemble(world, client, 2)
    held.open()
    held.all_vote("agree", "agree", "")
    refused = held.close()
    assert refused.status_code == 409
    name = world_name(world, held.members[1].organisation_id)
    assert name in refused.json()["detail"]
    assert held.stored().state == "open"
    held.vote(held.members[1], "recused", reason="Betroffen.")
    assert held.close(held.members[0]).status_code == 403
    closed = held.close(reason="Alle haben sich geäußert.")
    assert closed.status_code == 200, closed.text
    result = closed.json()["result"]
    assert (result["entitled"], result["cast"], result["recused"], result["carried"]) == (3, 2, 1, True)
    assert closed.json()["result_with_recused"]["recused"] == 0
    assert held.vote(held.members[0], "abstain").status_code == 409
    assert held.close().status_code == 409
    assert _closing(database).actor_kind == ActorKind.PERSON


def test_a_ballot_is_void_only_with_a_reason_and_before_anything_was_built_on_it(
    client: TestClient, world: World
) -> None:
    held = assemble(world, client)
    held.open()
    path = f"{held.path}/transitions"
    assert client.post(path, json={"transition": "void"}, headers=held.chair.headers).status_code == 422
    sent = {"transition": "void", "reason": "Falsche Fassung."}
    assert client.post(path, json=sent, headers=held.members[0].headers).status_code == 403
    held.set_state(RecommendationState.LEAD_REVIEW)
    assert client.post(path, json=sent, headers=held.chair.headers).status_code == 409
    assert held.stored().state == "open"
    held.set_state(RecommendationState.GROUP_DECISION)
    voided = client.post(path, json=sent, headers=held.chair.headers)
    assert voided.json()["state"] == "void"
    assert voided.json()["result"] is None
    assert voided.json()["transitions"] == []
    assert held.vote(held.members[0], "agree").status_code == 409


def test_a_repeated_ballot_counts_nobody_who_stays_silent(client: TestClient, world: World) -> None:
    held = assemble(world, client)
    first = held.open()
    held.all_vote("agree", "agree", "agree", "agree")
    held.client.post(
        f"{held.path}/transitions",
        json={"transition": "void", "reason": "Falsche Fassung."},
        headers=held.chair.headers,
    )
    held.open()
    ballot = held.read(held.chair).json()
    assert ballot["former_ballot_id"] == str(first)
    assert ballot["number"] == 2
    assert ballot["turnout"]["taken"] == 0
    listed = client.get(
        f"/api/v1/recommendations/{held.recommendation_id}/ballots", headers=held.members[0].headers
    ).json()["items"]
    assert [each["number"] for each in listed] == [2, 1]


def test_a_stale_condition_is_refused(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1)
    held.open()
    member = held.members[0]
    tag = held.read(member).headers["etag"]
    first = held.vote(member, "agree", headers={"If-Match": tag})
    assert first.status_code == 200
    stale = held.vote(member, "object", reason="Doch nicht.", headers={"If-Match": tag})
    assert stale.status_code == 412
    assert [each["position"] for each in held.read(member).json()["positions"]] == ["agree"]
    fresh = held.vote(member, "object", reason="Doch nicht.", headers={"If-Match": first.headers["etag"]})
    assert fresh.status_code == 200


def test_the_electorate_is_told_that_it_is_its_turn(client: TestClient, world: World, database: Database) -> None:
    held = assemble(world, client, 2)
    deputy = world.member(held.body, MembershipRole.DEPUTY, seat_id=held.members[0].seat_id)
    observer = world.member(held.body, MembershipRole.OBSERVER, voting=False)
    held.open()
    told = told_of(database, EventType.BALLOT_OPENED)
    assert told.pop(observer.person_id) is Urgency.NEWS
    assert told == {each.person_id: Urgency.TASK for each in (*held.voters, deputy)}
    assert {each.place_id for each in notifications_of(database, EventType.BALLOT_OPENED)} == {held.recommendation_id}


def _closing(database: Database) -> Event:
    with database.read() as session:
        return session.exec(select(Event).where(Event.type == EventType.BALLOT_CLOSED)).one()


def world_name(world: World, organisation_id: object) -> str:
    from app.models.organisations import Organisation

    with world.database.read() as session:
        return session.get_one(Organisation, organisation_id).name
