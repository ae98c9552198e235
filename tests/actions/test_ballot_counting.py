"""Whatever is said, changed and closed in whatever order, what comes out is what the rules count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session
from starlette.testclient import TestClient

from app.actions.ballots import close_due_ballots, transition_ballot, void_open_ballot
from app.actions.positions import take_position
from app.db import Database
from app.domain.actors import SYSTEM_ACTOR, MembershipRole
from app.domain.ballots import BallotState, result_of, result_with_recused
from app.domain.consensus import (
    DecisionRule,
    Position,
    RulesOfProcedure,
    Vote,
    count,
    count_without_recusals,
    counted_position,
)
from app.errors import Closed, Conflict
from app.forms.ballots import BallotTransition, PositionForm
from app.models.ballots import Ballot
from app.models.bodies import Body
from app.models.recommendations import Recommendation
from app.queries.ballots import view_of
from app.queries.record import verify_record
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.voting import Assembly, assemble

GROUPS = ("Länder", "Länder", "Verbände", None)
SAYS = st.tuples(st.integers(0, 3), st.booleans(), st.sampled_from(Position))
STEPS = st.lists(st.one_of(SAYS, st.sampled_from(["close", "wait"])), max_size=12)
RULES = st.builds(
    RulesOfProcedure,
    decision_rule=st.sampled_from(DecisionRule),
    threshold_percent=st.sampled_from([50, 66, 75, 99]),
    quorum_percent=st.sampled_from([0, 50, 75]),
)


@dataclass
class Model:
    """What a ballot should know: each seat's two positions, and whether it is over."""

    is_over: bool = False
    said: dict[tuple[int, bool], Position] = field(default_factory=dict)

    def counted(self) -> list[Position | None]:
        """The position of each seat that counts."""
        return [counted_position(self.said.get((seat, False)), self.said.get((seat, True))) for seat in range(4)]

    def votes(self) -> list[Vote]:
        """The votes as the rules count them."""
        return [Vote(group, said) for group, said in zip(GROUPS, self.counted(), strict=True) if said]


def test_every_course_of_a_ballot_counts_as_the_rules_say(
    client: TestClient, world: World, database: Database, clock: MovedClock
) -> None:
    held = assemble(world, client, 3, groups=GROUPS)
    deputies = [world.member(held.body, MembershipRole.DEPUTY, seat_id=known.seat_id) for known in held.voters]

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=STEPS, rules=RULES)
    def course(steps: list[object], rules: RulesOfProcedure) -> None:
        _open(held, database, rules)
        model = Model()
        for step in steps:
            _step(held, deputies, database, clock, model, step)
        clock.advance(days=30)
        with database.write() as session:
            close_due_ballots(session)
        _compare(held, database, model, rules)

    course()
    with database.read() as session:
        assert list(verify_record(session)) == []


def _open(held: Assembly, database: Database, rules: RulesOfProcedure) -> None:
    with database.write() as session:
        recommendation = session.get_one(Recommendation, held.recommendation_id)
        void_open_ballot(session, recommendation, reason="Nächster Lauf.", actor=SYSTEM_ACTOR)
        session.get_one(Body, held.body.id).rules = dict(rules.as_mapping())
    held.open()


def _step(
    held: Assembly, deputies: list[Known], database: Database, clock: MovedClock, model: Model, step: object
) -> None:
    if step == "wait":
        clock.advance(days=5)
        model.is_over = model.is_over or clock.moment >= held.stored().closes_at
        return
    with database.write() as session:
        if step == "close":
            _close(held, session, model)
        else:
            seat, is_deputy, position = step  # type: ignore[misc]
            known = deputies[seat] if is_deputy else held.voters[seat]
            form = PositionForm(seat_id=known.seat_id, position=position, reason="Weil.")
            try:
                take_position(session, held.ballot_id, form, actor=held.world.actor(known, session))
            except Closed:
                assert model.is_over
                session.rollback()
            else:
                assert not model.is_over
                model.said[seat, is_deputy] = position


def _close(held: Assembly, session: Session, model: Model) -> None:
    actor = held.world.actor(held.chair, session)
    try:
        transition_ballot(session, held.ballot_id, BallotTransition(transition="close"), actor=actor)
    except Conflict:
        assert model.is_over or None in model.counted()
        session.rollback()
    else:
        assert not model.is_over
        assert None not in model.counted()
        model.is_over = True


def _compare(held: Assembly, database: Database, model: Model, rules: RulesOfProcedure) -> None:
    expected = count(model.votes(), GROUPS, rules)
    ballot: Ballot = held.stored()
    assert ballot.state is BallotState.CLOSED
    assert ballot.result == expected.as_mapping()
    assert ballot.closed_at is not None
    assert ballot.dissent_until is not None
    assert ballot.dissent_until - ballot.closed_at in (
        timedelta(days=14),
        timedelta(days=14, hours=1),
        timedelta(days=13, hours=23),
    )
    assert result_of(ballot.result, rules) == expected
    assert result_with_recused(ballot.result, rules) == count_without_recusals(model.votes(), GROUPS, rules)
    with database.read() as session:
        view = view_of(session, ballot, held.world.actor(held.chair, session))
        assert view.result == expected
        assert [seat.position for seat in view.seats if seat.counted] == [
            seat.position for seat in view.seats if seat.position
        ]
        assert len(view.silent) == expected.silent
