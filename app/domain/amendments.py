"""Änderungsvorschläge: filed on the blocks of one version, ended by a disposition, or withdrawn by their author."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.recommendations import RecommendationState
from app.domain.workflow import Transition, Workflow

FILING_STATES: Final = frozenset(
    {RecommendationState.GROUP_REVIEW, RecommendationState.COMMENTING, RecommendationState.EVALUATION}
)
"""Only while the body reviews, comments or evaluates a draft can its text be amended."""


class AmendmentState(StrEnum):
    """Whether an amendment still waits for its disposition."""

    OPEN = "open"
    DISPOSED = "disposed"
    WITHDRAWN = "withdrawn"


AMENDMENT = Workflow(
    "amendment",
    AmendmentState,
    Transition(
        name="dispose",
        sources=frozenset({AmendmentState.OPEN}),
        target=AmendmentState.DISPOSED,
        permission=Permission.AMENDMENT_DISPOSE,
        event=EventType.AMENDMENT_DISPOSED,
        reason_required=True,
        needs=("disposition",),
        takes=("base_version", "decisions", "by_hand", "seat_id"),
    ),
    Transition(
        name="withdraw",
        sources=frozenset({AmendmentState.OPEN}),
        target=AmendmentState.WITHDRAWN,
        permission=Permission.AMENDMENT_WITHDRAW,
        event=EventType.AMENDMENT_WITHDRAWN,
    ),
)
