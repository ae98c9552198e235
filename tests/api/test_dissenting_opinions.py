"""Sondervoten at the door of the API: who files, until when, and what adoption waits for."""

from __future__ import annotations

from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.actions.ballots import close_due_ballots
from app.db import Database
from app.domain.actors import MembershipRole
from app.domain.events import EventType
from app.domain.recommendations import BallotFacts, RecommendationState
from app.models.ballots import Ballot, DissentingOpinion
from app.models.base import new_id
from app.models.recommendations import Recommendation
from app.models.record import Event
from app.queries.ballot_facts import ballot_facts
from app.queries.decisions import decision_of
from app.queries.record import verify_record
from tests.browsing import StatementCounter
from tests.conftest import MovedClock
from tests.drafting import count_rows
from tests.factories import World
from tests.voting import Assembly, assemble


def facts(held: Assembly, session: Session) -> BallotFacts:
    return ballot_facts(session, [held.recommendation_id])[held.recommendation_id]


def test_who_did_not_plainly_agree_files_from_the_opening_on(client: TestClient, world: World) -> None:
    held = assemble(world, client, 4)
    outsider = assemble(world, client).chair
    held.open()
    agreeing, reserving, objecting, abstaining, silent = held.voters
    held.all_vote("agree", "agree_with_reservation", "object", "abstain", "")
    advisor = world.member(held.body, MembershipRole.ADVISOR)
    staff = world.member(held.body, MembershipRole.STAFF, seat_id=silent.seat_id)
    assert held.dissent(agreeing).status_code == 409
    assert held.dissent(advisor).status_code == 403
    assert held.dissent(staff).status_code == 403
    assert held.dissent(world.secretariat()).status_code == 403
    assert held.dissent(outsider).status_code == 404
    assert held.dissent(objecting, seat_id=str(silent.seat_id)).status_code == 403
    assert count_rows(world.database, DissentingOpinion) == 0
    for known in (reserving, objecting, abstaining, silent):
        filed = held.dissent(known)
        assert filed.status_code == 201, filed.text
        assert (filed.json()["version"], filed.json()["seat_id"]) == (1, str(known.seat_id))
    deputy = world.member(held.body, MembershipRole.DEPUTY, seat_id=objecting.seat_id)
    assert held.dissent(deputy).status_code == 201


def test_a_seat_that_filed_does_not_plainly_agree_any_more(client: TestClient, world: World) -> None:
    held = assemble(world, client, 2)
    held.open()
    held.all_vote("", "object", "")
    dissenting = held.members[0]
    deputy = world.member(held.body, MembershipRole.DEPUTY, seat_id=dissenting.seat_id)
    assert held.dissent(dissenting).status_code == 201
    before = count_rows(world.database, Event)
    for known in (dissenting, deputy):
        refused = held.vote(known, "agree")
        assert refused.status_code == 409, refused.text
        assert "Zustimmung mit Vorbehalt" in refused.json()["detail"]
    assert held.read(dissenting).json()["positions"][0]["position"] == "object"
    assert count_rows(world.database, Event) == before
    assert held.vote(dissenting, "agree_with_reservation", reason="Mit dem Sondervotum.").status_code == 200
    assert held.vote(held.members[1], "agree").status_code == 200
    held.client.post(
        f"{held.path}/transitions", json={"transition": "void", "reason": "Neu."}, headers=held.chair.headers
    )
    held.open()
    assert held.vote(dissenting, "agree").status_code == 200


def test_a_dissent_names_block_wording_and_co_signers(client: TestClient, world: World) -> None:
    held = assemble(world, client, 3)
    other = assemble(world, client, 1)
    held.open()
    held.all_vote("agree", "object", "object", "object")
    held.close()
    first, second, third = held.members
    for wrong in (held.chair.seat_id, first.seat_id, other.chair.seat_id, new_id()):
        refused = held.dissent(first, co_signer_seat_ids=[str(wrong)])
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "co_signer_seat_ids"
    assert held.dissent(first, block_id=str(other.block_ids[0])).json()["errors"][0]["field"] == "block_id"
    assert held.dissent(first, text=" ").status_code == 422
    sent = {
        "id": str(new_id()),
        "block_id": str(held.block_ids[2]),
        "alternative": "Der Bund sollte zahlen.",
        "co_signer_seat_ids": [str(third.seat_id), str(second.seat_id), str(third.seat_id)],
    }
    filed = held.dissent(first, **sent)
    assert filed.status_code == 201, filed.text
    again = held.dissent(first, **sent)
    assert (again.status_code, again.json()) == (200, filed.json())
    assert held.dissent(first, **{**sent, "alternative": "Anders."}).status_code == 409
    assert set(filed.json()["co_signer_seat_ids"]) == {str(second.seat_id), str(third.seat_id)}
    listed = client.get(f"{held.path}/dissenting-opinions", headers=held.chair.headers).json()["items"]
    assert listed == [filed.json()]
    assert client.get(f"{held.path}/dissenting-opinions").status_code == 404
    with world.database.read() as session:
        recommendation = session.get_one(Recommendation, held.recommendation_id)
        (shown,) = decision_of(session, recommendation, world.actor(first, session)).dissents
        assert (shown.paragraph, len(shown.co_signers)) == (3, 2)
        assert list(verify_record(session)) == []


def test_adoption_waits_until_all_have_filed_or_waived_or_the_time_is_over(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    held = assemble(world, client, 5, dissent_days=3)
    held.open()
    held.all_vote("agree", "object", "agree_with_reservation", "abstain", "recused", "")
    clock.advance(days=15)
    with world.database.read() as session:
        assert len(facts(held, session).seats_awaited_for_dissent) == 4
    objecting, reserving, abstaining, recused, silent = held.members
    assert held.dissent(objecting, co_signer_seat_ids=[str(reserving.seat_id)]).status_code == 201
    assert held.waive(abstaining).status_code == 200
    assert held.waive(abstaining).status_code == 200
    assert held.waive(held.chair).status_code == 409
    assert held.dissent(abstaining).status_code == 409
    with world.database.read() as session:
        found = facts(held, session)
        waivers = session.exec(select(Event).where(Event.type == EventType.BALLOT_DISSENT_WAIVED)).all()
    assert len(found.seats_awaited_for_dissent) == 1
    assert len(waivers) == 1
    assert found.dissent_is_over is False
    assert held.dissent(recused).status_code == 201
    until = held.stored().dissent_until
    assert until is not None
    clock.moment = until
    assert held.dissent(silent).status_code == 409
    assert held.waive(silent).status_code == 409
    with world.database.read() as session:
        assert facts(held, session).dissent_is_over is True


def test_nobody_files_on_what_is_void_or_back_in_its_draft(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1)
    held.open()
    held.client.post(
        f"{held.path}/transitions", json={"transition": "void", "reason": "Irrtum."}, headers=held.chair.headers
    )
    assert held.dissent(held.members[0]).status_code == 409
    assert held.waive(held.members[0]).status_code == 409
    assert count_rows(world.database, DissentingOpinion) == 0


def test_the_decision_of_a_published_recommendation_is_one_statement(
    client: TestClient, world: World, statements: StatementCounter, clock: MovedClock, database: Database
) -> None:
    from app.domain.actors import PUBLIC_ACTOR

    held = assemble(world, client, 6)
    held.open()
    held.all_vote("agree", "object", "object", "agree", "agree", "agree", "agree")
    clock.advance(days=15)
    with database.write() as session:
        close_due_ballots(session)
    for known in held.members[:2]:
        assert held.dissent(known, co_signer_seat_ids=[str(held.members[1 - held.members.index(known)].seat_id)])
    stranger = world.person()
    for state, opinions, has_ballot in (
        (RecommendationState.GROUP_DECISION, 0, False),
        (RecommendationState.LEAD_REVIEW, 2, False),
        (RecommendationState.PUBLISHED, 2, True),
    ):
        held.set_state(state, adopted_version=1)
        with world.database.read() as session:
            recommendation = session.get_one(Recommendation, held.recommendation_id)
            with statements:
                found = decision_of(session, recommendation, PUBLIC_ACTOR)
            assert statements.count == 1
            assert (len(found.dissents), found.ballot is not None) == (opinions, has_ballot)
            assert found == decision_of(session, recommendation, world.actor(stranger, session))
    assert found.ballot is not None
    assert found.ballot.seats == ()
    assert found.ballot.electorate == ()


def test_facts_of_many_take_two_statements(client: TestClient, world: World, statements: StatementCounter) -> None:
    held = [assemble(world, client, 2) for _number in range(4)]
    for each in held:
        each.open()
    with world.database.read() as session, statements:
        found = ballot_facts(session, [each.recommendation_id for each in held])
    assert statements.count == 2
    assert all(each.is_open for each in found.values())


def test_a_named_seat_takes_its_name_away_until_the_period_ends(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    held = assemble(world, client, 3)
    held.open()
    held.all_vote("agree", "object", "abstain", "")
    filing, named, other = held.members
    opinion = held.dissent(filing, co_signer_seat_ids=[str(named.seat_id), str(other.seat_id)]).json()

    def decline(known: object, seat: object) -> int:
        path = f"{held.path}/dissenting-opinions/{opinion['id']}/decline"
        sent = {"seat_id": str(seat.seat_id)}  # type: ignore[attr-defined]
        status: int = client.post(path, json=sent, headers=known.headers).status_code  # type: ignore[attr-defined]
        return status

    assert decline(filing, named) == 403
    assert decline(held.chair, held.chair) == 409
    assert decline(filing, filing) == 409
    assert decline(named, named) == 200
    assert decline(named, named) == 409
    listed = client.get(f"{held.path}/dissenting-opinions", headers=filing.headers).json()["items"]
    assert listed[0]["co_signer_seat_ids"] == [str(other.seat_id)]
    clock.advance(days=15)
    with world.database.write() as session:
        close_due_ballots(session)
    with world.database.read() as session:
        assert len(facts(held, session).seats_awaited_for_dissent) == 1, "it has to file or waive by itself again"
        events = session.exec(select(Event).where(Event.type == EventType.DISSENT_CO_SIGNATURE_DECLINED)).all()
        assert [each.data for each in events] == [{"seat_id": str(named.seat_id)}]
        assert list(verify_record(session)) == []
    clock.advance(days=15)
    assert decline(other, other) == 409
    listed = client.get(f"{held.path}/dissenting-opinions", headers=filing.headers).json()["items"]
    assert listed[0]["co_signer_seat_ids"] == [str(other.seat_id)]


def test_the_wording_it_proposes_stands_beside_the_adopted_one(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1)
    held.open()
    held.all_vote("agree", "object")
    block = str(held.block_ids[1])
    instead = "Die Länder sollten Übergangsklassen erproben."
    assert held.dissent(held.members[0], block_id=block, alternative=instead).status_code == 201
    with world.database.read() as session:
        recommendation = session.get_one(Recommendation, held.recommendation_id)
        found = decision_of(session, recommendation, world.actor(held.chair, session)).dissents[0]
        assert found.adopted == "Die Länder sollten Übergangsklassen einrichten."
        assert [span.text for span in found.comparison if span.kind == "insert"] == ["erproben"]
    held.save_version("Die Länder sollten Übergangsklassen prüfen.")
    with world.database.write() as session:
        recommendation = session.get_one(Recommendation, held.recommendation_id)
        session.get_one(Ballot, held.ballot_id).is_history = True
        session.flush()
        found = decision_of(session, recommendation, world.actor(held.chair, session)).dissents[0]
        assert (found.adopted, found.comparison) == (None, ()), "an earlier version's wording is not shown on"


def test_the_recommendation_says_that_one_exists(client: TestClient, world: World) -> None:
    held = assemble(world, client, 2)
    held.open()
    held.all_vote("agree", "object", "agree")
    path = f"/api/v1/recommendations/{held.recommendation_id}"
    assert client.get(path, headers=held.chair.headers).json()["dissenting_opinions"] == 0
    held.dissent(held.members[0])
    assert client.get(path, headers=held.chair.headers).json()["dissenting_opinions"] == 1
    held.set_state(RecommendationState.PUBLISHED, adopted_version=1)
    listed = client.get("/api/v1/recommendations").json()["items"]
    assert [each["dissenting_opinions"] for each in listed] == [1]
