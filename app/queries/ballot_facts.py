"""What the guards of a recommendation ask of its newest ballot, for one or for many."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.clock import now
from app.domain.ballots import BallotState, dissent_deadline, effective_state
from app.domain.consensus import RulesOfProcedure, is_dissent_awaited
from app.domain.deadlines import is_over
from app.domain.recommendations import BallotFacts
from app.models.ballots import Ballot
from app.queries.ballots import SeatInBallot, outcome_of, seats_of


def ballot_facts(session: Session, recommendation_ids: Collection[UUID]) -> dict[UUID, BallotFacts]:
    """What the guards ask of each recommendation's newest ballot; at most two statements for however many."""
    statement = (
        select(Ballot)
        .where(col(Ballot.recommendation_id).in_(recommendation_ids), col(Ballot.is_history).is_(False))
        .order_by(col(Ballot.number))
    )
    newest = {ballot.recommendation_id: ballot for ballot in session.exec(statement)} if recommendation_ids else {}
    moment = now(session)
    running = [ballot.id for ballot in newest.values() if _needs_seats(ballot, moment)]
    seats = seats_of(session, running)
    return {key: _facts(ballot, seats.get(ballot.id, []), moment) for key, ballot in newest.items()}


def _needs_seats(ballot: Ballot, moment: datetime) -> bool:
    if ballot.state is BallotState.OPEN:
        return True
    return ballot.dissent_until is not None and not is_over(ballot.dissent_until, moment)


def _facts(ballot: Ballot, seats: Sequence[SeatInBallot], moment: datetime) -> BallotFacts:
    state = effective_state(ballot.state, ballot.closes_at, moment)
    if state is not BallotState.CLOSED:
        return BallotFacts(is_open=state is BallotState.OPEN, is_void=state is BallotState.VOID)
    rules = RulesOfProcedure.from_mapping(ballot.rules)
    result = outcome_of(ballot, seats, moment)
    dissent_until = dissent_deadline(ballot.closed_at or ballot.closes_at, rules.dissent_days)
    awaited = tuple(seat.organisation_name for seat in seats if _is_awaited(seat))
    return BallotFacts(
        quorum_met=bool(result and result.quorum_met),
        carried=bool(result and result.carried),
        more_yes_than_no=bool(result and result.more_yes_than_no),
        dissent_is_over=is_over(dissent_until, moment),
        seats_awaited_for_dissent=awaited,
    )


def _is_awaited(seat: SeatInBallot) -> bool:
    return is_dissent_awaited(seat.position) and not seat.has_dissented and not seat.has_waived
