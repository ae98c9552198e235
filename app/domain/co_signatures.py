"""Co-signatures: Mitzeichnung, Einvernehmen and Benehmen, their states and moves."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.recommendations import RecommendationState
from app.domain.workflow import Transition, Workflow


class CoSignatureKind(StrEnum):
    """What is asked: to co-sign, to consent, or to be heard."""

    CO_SIGN = "co_sign"
    AGREEMENT = "agreement"
    HEARING = "hearing"


ANSWER_DAYS: Final = 28
"""How long an organisation is given to answer where no day is named: four weeks."""

BINDING_KINDS = frozenset({CoSignatureKind.CO_SIGN, CoSignatureKind.AGREEMENT})
"""A condition, reservation or refusal of these blocks `endorse`; a hearing needs only an answer."""


class CoSignatureState(StrEnum):
    """Where a co-signature stands."""

    REQUESTED = "requested"
    GIVEN = "given"
    CONDITIONAL = "conditional"
    RESERVED = "reserved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


ANSWERS = (
    CoSignatureState.GIVEN,
    CoSignatureState.CONDITIONAL,
    CoSignatureState.RESERVED,
    CoSignatureState.REFUSED,
)
OPEN_FOR_ANSWERS = frozenset(
    {
        RecommendationState.DRAFT,
        RecommendationState.GROUP_REVIEW,
        RecommendationState.COMMENTING,
        RecommendationState.EVALUATION,
        RecommendationState.GROUP_DECISION,
        RecommendationState.LEAD_REVIEW,
    }
)
"""Until `endorse` an organisation may be asked and may change its answer."""

WITHHELD = frozenset({CoSignatureState.CONDITIONAL, CoSignatureState.RESERVED, CoSignatureState.REFUSED})
_CHANGEABLE = frozenset({CoSignatureState.REQUESTED, *ANSWERS})


def due_again(due_on: date | None, requested_on: date, today: date) -> date:
    """Until when an organisation is asked anew: as many days as it had the first time."""
    return today + (due_on - requested_on if due_on else timedelta(days=ANSWER_DAYS))


def _answer(state: CoSignatureState, event: EventType, *, reason_required: bool = True) -> Transition:
    return Transition(
        name=state.value,
        sources=_CHANGEABLE,
        target=state,
        permission=Permission.CO_SIGNATURE_ANSWER,
        event=event,
        reason_required=reason_required,
    )


CO_SIGNATURE = Workflow(
    "co_signature",
    CoSignatureState,
    _answer(CoSignatureState.GIVEN, EventType.CO_SIGNATURE_GIVEN, reason_required=False),
    _answer(CoSignatureState.CONDITIONAL, EventType.CO_SIGNATURE_CONDITIONAL),
    _answer(CoSignatureState.RESERVED, EventType.CO_SIGNATURE_RESERVED),
    _answer(CoSignatureState.REFUSED, EventType.CO_SIGNATURE_REFUSED),
    Transition(
        name="lift",
        sources=frozenset({CoSignatureState.CONDITIONAL, CoSignatureState.RESERVED}),
        target=CoSignatureState.GIVEN,
        permission=Permission.CO_SIGNATURE_ANSWER,
        event=EventType.CO_SIGNATURE_LIFTED,
        reason_required=True,
    ),
    Transition(
        name="withdraw",
        sources=_CHANGEABLE,
        target=CoSignatureState.WITHDRAWN,
        permission=Permission.CO_SIGNATURE_REQUEST,
        event=EventType.CO_SIGNATURE_WITHDRAWN,
        reason_required=True,
    ),
    Transition(
        name="request_again",
        sources=frozenset(ANSWERS),
        target=CoSignatureState.REQUESTED,
        permission=Permission.CO_SIGNATURE_RESET,
        event=EventType.CO_SIGNATURE_REQUESTED_AGAIN,
    ),
)
"""`lift` says that a condition is met or a reservation settled, and why.

`request_again` follows from `revise` and `return_to_draft`; no person makes it.
"""
