"""Bodies and their seats: kinds, states and moves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.workflow import Blocker, Transition, Workflow


class BodyKind(StrEnum):
    """What kind of body it is."""

    WORKING_GROUP = "working_group"
    SUBGROUP = "subgroup"
    STEERING_GROUP = "steering_group"
    DIALOGUE_FORUM = "dialogue_forum"
    ADVISORY_COUNCIL = "advisory_council"


class BodyState(StrEnum):
    """Where a body stands."""

    PLANNED = "planned"
    ACTIVE = "active"
    DORMANT = "dormant"
    CLOSED = "closed"


class SeatState(StrEnum):
    """Where the filling of a seat stands."""

    OFFERED = "offered"
    NOMINATED = "nominated"
    FILLED = "filled"
    DECLINED = "declined"
    VACANT = "vacant"


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFacts:
    """What a body still works on."""

    undecided: int = 0
    """Recommendations that are neither adopted nor ended, resting ones too."""


def nothing_is_open(facts: BodyFacts) -> Blocker | None:
    """No recommendation is on its way, and with it no round and no ballot."""
    return Blocker("body_busy", {"count": facts.undecided}) if facts.undecided else None


BODY = Workflow(
    "body",
    BodyState,
    Transition(
        name="activate",
        sources=frozenset({BodyState.PLANNED}),
        target=BodyState.ACTIVE,
        permission=Permission.BODY_MANAGE,
        event=EventType.BODY_ACTIVATED,
    ),
    Transition(
        name="pause",
        sources=frozenset({BodyState.ACTIVE}),
        target=BodyState.DORMANT,
        permission=Permission.BODY_MANAGE,
        event=EventType.BODY_PAUSED,
        reason_required=True,
    ),
    Transition(
        name="resume",
        sources=frozenset({BodyState.DORMANT}),
        target=BodyState.ACTIVE,
        permission=Permission.BODY_MANAGE,
        event=EventType.BODY_RESUMED,
    ),
    Transition(
        name="close",
        sources=frozenset({BodyState.ACTIVE, BodyState.DORMANT}),
        target=BodyState.CLOSED,
        permission=Permission.BODY_MANAGE,
        event=EventType.BODY_CLOSED,
        reason_required=True,
        guards=(nothing_is_open,),
    ),
)

SEAT = Workflow(
    "seat",
    SeatState,
    Transition(
        name="nominate",
        sources=frozenset({SeatState.OFFERED, SeatState.VACANT}),
        target=SeatState.NOMINATED,
        permission=Permission.SEAT_NOMINATE,
        event=EventType.SEAT_NOMINATED,
    ),
    Transition(
        name="decline",
        sources=frozenset({SeatState.OFFERED}),
        target=SeatState.DECLINED,
        permission=Permission.SEAT_NOMINATE,
        event=EventType.SEAT_DECLINED,
        reason_required=True,
    ),
    Transition(
        name="fill",
        sources=frozenset(SeatState),
        target=SeatState.FILLED,
        permission=Permission.SEAT_FILLED_BY_SYSTEM,
        event=EventType.SEAT_FILLED,
    ),
    Transition(
        name="vacate",
        sources=frozenset({SeatState.FILLED}),
        target=SeatState.VACANT,
        permission=Permission.SEAT_FILLED_BY_SYSTEM,
        event=EventType.SEAT_VACATED,
    ),
)
"""`fill` and `vacate` follow from memberships; no person makes them."""
