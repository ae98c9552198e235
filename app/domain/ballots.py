"""Ballots: their states and moves; the counting stands in `consensus`."""

from __future__ import annotations

from enum import StrEnum

from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.workflow import Transition, Workflow


class BallotState(StrEnum):
    """Whether a ballot takes positions, is counted, or doesn't count."""

    OPEN = "open"
    CLOSED = "closed"
    VOID = "void"


BALLOT = Workflow(
    "ballot",
    BallotState,
    Transition(
        name="close",
        sources=frozenset({BallotState.OPEN}),
        target=BallotState.CLOSED,
        permission=Permission.BALLOT_MANAGE,
        event=EventType.BALLOT_CLOSED,
        reason_required=True,
    ),
    Transition(
        name="void",
        sources=frozenset({BallotState.OPEN, BallotState.CLOSED}),
        target=BallotState.VOID,
        permission=Permission.BALLOT_MANAGE,
        event=EventType.BALLOT_VOIDED,
        reason_required=True,
    ),
)
