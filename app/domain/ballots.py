"""Ballots: their states, moves and what blocks one; the counting stands in `consensus`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.consensus import (
    Position,
    Result,
    RulesOfProcedure,
    Vote,
    count,
    count_without_recusals,
)
from app.domain.deadlines import BERLIN, is_over
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.workflow import Blocker, Transition, Workflow


class BallotState(StrEnum):
    """Whether a ballot takes positions, is counted, or doesn't count."""

    OPEN = "open"
    CLOSED = "closed"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotMoveFacts:
    """What the guards of a ballot ask: is its time over, was it put off, who is silent, was it built upon."""

    is_due: bool = False
    is_postponed: bool = False
    seats_without_position: tuple[str, ...] = ()
    is_decision_running: bool = True


def everybody_has_a_position(facts: BallotMoveFacts | None) -> Blocker | None:
    """Before its time a ballot closes only when no entitled seat is silent."""
    if facts is None or facts.is_due or not facts.seats_without_position:
        return None
    return Blocker("seats_without_position", {"organisations": facts.seats_without_position})


def not_postponed_before(facts: BallotMoveFacts | None) -> Blocker | None:
    """The end of a ballot moves once, so that a decision can't be put off again and again."""
    return Blocker("ballot_postponed_before") if facts is not None and facts.is_postponed else None


def nothing_was_built_on_it(facts: BallotMoveFacts | None) -> Blocker | None:
    """A ballot whose outcome was already carried on can't be undone."""
    if facts is None or facts.is_decision_running:
        return None
    return Blocker("ballot_was_carried_on")


BALLOT = Workflow(
    "ballot",
    BallotState,
    Transition(
        name="close",
        sources=frozenset({BallotState.OPEN}),
        target=BallotState.CLOSED,
        permission=Permission.BALLOT_MANAGE,
        event=EventType.BALLOT_CLOSED,
        takes=("reason",),
        guards=(everybody_has_a_position,),
    ),
    Transition(
        name="postpone",
        sources=frozenset({BallotState.OPEN}),
        target=BallotState.OPEN,
        permission=Permission.BALLOT_MANAGE,
        event=EventType.BALLOT_POSTPONED,
        reason_required=True,
        needs=("closes_at",),
        guards=(not_postponed_before,),
    ),
    Transition(
        name="void",
        sources=frozenset({BallotState.OPEN, BallotState.CLOSED}),
        target=BallotState.VOID,
        permission=Permission.BALLOT_MANAGE,
        event=EventType.BALLOT_VOIDED,
        reason_required=True,
        guards=(nothing_was_built_on_it,),
    ),
)


def effective_state(state: BallotState, closes_at: datetime, at: datetime) -> BallotState:
    """The state as readers see it: from the closing moment on a ballot is closed, recorded or not yet."""
    if state is BallotState.OPEN and is_over(closes_at, at):
        return BallotState.CLOSED
    return state


def dissent_deadline(closed_at: datetime, dissent_days: int) -> datetime:
    """The end of the period for dissenting opinions: so many calendar days after the ballot ended."""
    return (closed_at.astimezone(BERLIN) + timedelta(days=dissent_days)).astimezone(closed_at.tzinfo)


def votes_needed_for_quorum(entitled: int, rules: RulesOfProcedure) -> int:
    """How many positions make the quorum while nobody is recused."""
    return rules.quorum_percent * entitled // 100 + 1 if entitled else 0


def result_of(stored: Mapping[str, Any], rules: RulesOfProcedure) -> Result:
    """The result again from its stored counts; counting them anew gives the same."""
    votes, entitled = _votes_of(stored)
    return count(votes, entitled, rules)


def result_with_recused(stored: Mapping[str, Any], rules: RulesOfProcedure) -> Result:
    """What would have come out had the recused seats stayed in quorum and electorate."""
    votes, entitled = _votes_of(stored)
    return count_without_recusals(votes, entitled, rules)


def _votes_of(stored: Mapping[str, Any]) -> tuple[list[Vote], list[str | None]]:
    votes: list[Vote] = []
    entitled: list[str | None] = []
    for tally in stored["by_group"]:
        entitled += [tally["group"]] * int(tally["entitled"])
        for position in Position:
            votes += [Vote(tally["group"], position)] * int(tally[position.value])
    return votes, entitled
