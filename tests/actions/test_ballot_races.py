"""Two at once: votes for one seat, votes against the close, one opinion sent twice, an undone ballot carried on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlmodel import select
from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from app.models.ballots import BallotSeat, DissentingOpinion, SeatPosition
from app.models.base import new_id
from app.models.record import Event
from app.queries.ballots import count_seats, seats_of
from app.queries.record import verify_record
from tests.drafting import count_rows
from tests.factories import World
from tests.voting import Assembly, assemble


def at_once(*calls: Callable[[], Any]) -> Sequence[int]:
    """Make the calls at the same moment; their statuses in order."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> int:
        barrier.wait()
        return int(call().status_code)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_positions_for_one_seat_leave_one_and_both_in_its_history(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1)
    held.open()
    member = held.members[0]
    statuses = at_once(
        lambda: held.vote(member, "agree"),
        lambda: held.vote(member, "object", reason="Zu teuer."),
    )
    assert statuses == [200, 200]
    (own,) = held.read(member).json()["positions"]
    said = [each["position"] for each in own["history"]]
    assert sorted(said) == ["agree", "object"]
    assert own["position"] == said[-1]
    assert count_rows(world.database, SeatPosition) == 1
    _is_whole(world)


def test_member_and_deputy_at_once_stand_apart_and_the_members_counts(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1)
    member = held.members[0]
    deputy = world.member(held.body, MembershipRole.DEPUTY, seat_id=member.seat_id)
    held.open()
    statuses = at_once(
        lambda: held.vote(deputy, "object", reason="Zu teuer."),
        lambda: held.vote(member, "agree"),
    )
    assert statuses == [200, 200]
    (own,) = held.read(member).json()["positions"]
    assert (own["position"], own["deputy"]["position"], len(own["history"])) == ("agree", "object", 2)
    _is_whole(world)


def test_of_two_on_the_same_tag_one_is_refused(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1)
    held.open()
    member = held.members[0]
    headers = {"If-Match": held.read(member).headers["etag"]}
    statuses = at_once(
        lambda: held.vote(member, "agree", headers=headers),
        lambda: held.vote(member, "abstain", headers=headers),
    )
    assert sorted(statuses) == [200, 412]
    (own,) = held.read(member).json()["positions"]
    assert len(own["history"]) == 1


def test_a_vote_against_the_close_is_counted_or_refused(client: TestClient, world: World) -> None:
    for _time in range(4):
        held = assemble(world, client, 1)
        held.open()
        held.all_vote("agree", "agree")
        member = held.members[0]
        voted, closed = at_once(
            lambda held=held, member=member: held.vote(member, "object", reason="Doch nicht."),  # type: ignore[misc]
            lambda held=held: held.close(),  # type: ignore[misc]
        )
        assert closed == 200
        assert voted in (200, 409)
        result = held.read(member).json()["result"]
        assert result["object"] == (1 if voted == 200 else 0)
        _result_is_that_of_the_positions(held)
    _is_whole(world)


def test_two_closings_make_one_event(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1)
    held.open()
    held.all_vote("agree", "agree")
    assert sorted(at_once(held.close, held.close)) == [200, 409]
    with world.database.read() as session:
        assert len(session.exec(select(Event).where(Event.type == "ballot.closed")).all()) == 1


def test_one_opinion_sent_twice_at_once_is_one(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1)
    held.open()
    key = str(new_id())
    member = held.members[0]
    statuses = at_once(lambda: held.dissent(member, id=key), lambda: held.dissent(member, id=key))
    assert sorted(statuses) == [200, 201]
    assert count_rows(world.database, DissentingOpinion) == 1


def test_a_ballot_is_carried_on_or_void_never_both(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1)
    held.open()
    held.all_vote("agree", "agree")
    held.close()
    headers = held.chair.headers
    carried, voided = at_once(
        lambda: client.post(
            f"/api/v1/recommendations/{held.recommendation_id}/transitions",
            json={"transition": "carry"},
            headers=headers,
        ),
        lambda: client.post(
            f"{held.path}/transitions", json={"transition": "void", "reason": "Irrtum."}, headers=headers
        ),
    )
    assert sorted([carried, voided]) == [200, 409]


def _result_is_that_of_the_positions(held: Assembly) -> None:
    from app.domain.consensus import RulesOfProcedure

    with held.world.database.read() as session:
        seats = seats_of(session, [held.ballot_id])[held.ballot_id]
        assert len(session.exec(select(BallotSeat).where(BallotSeat.ballot_id == held.ballot_id)).all()) == len(seats)
    stored = held.stored()
    assert stored.result == count_seats(seats, RulesOfProcedure.from_mapping(stored.rules)).as_mapping()


def _is_whole(world: World) -> None:
    with world.database.read() as session:
        assert list(verify_record(session)) == []
