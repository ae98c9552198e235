"""Goals: strategic ones and the operative ones that hang on them; agreed and revised by a decision that is named."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.workflow import Blocker, Transition, Workflow


class GoalKind(StrEnum):
    """What is to be reached in the end, and what can be checked on the way."""

    STRATEGIC = "strategic"
    OPERATIVE = "operative"


class GoalState(StrEnum):
    """Where a goal stands; a revised one holds in its new wording."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REVISED = "revised"
    DROPPED = "dropped"


BINDING = frozenset({GoalState.AGREED, GoalState.REVISED})
"""A goal that holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalFacts:
    """What the guards of a goal ask."""

    parent_is_dropped: bool = False
    parent_is_proposed: bool = False
    binding_operative: int = 0


def strategic_goal_holds(facts: GoalFacts) -> Blocker | None:
    """An operative goal is agreed under a strategic one that is agreed itself."""
    if facts.parent_is_dropped:
        return Blocker("parent_goal_dropped")
    return Blocker("parent_goal_proposed") if facts.parent_is_proposed else None


def no_operative_goal_holds(facts: GoalFacts) -> Blocker | None:
    """A strategic goal is dropped after the operative ones that hang on it."""
    return Blocker("operative_goals_hold", {"count": facts.binding_operative}) if facts.binding_operative else None


_DECISION = ("decided_on", "decision_reference")

GOAL = Workflow(
    "goal",
    GoalState,
    Transition(
        name="agree",
        sources=frozenset({GoalState.PROPOSED}),
        target=GoalState.AGREED,
        permission=Permission.GOAL_AGREE,
        event=EventType.GOAL_AGREED,
        needs=_DECISION,
        guards=(strategic_goal_holds,),
    ),
    Transition(
        name="revise",
        sources=BINDING,
        target=GoalState.REVISED,
        permission=Permission.GOAL_AGREE,
        event=EventType.GOAL_REVISED,
        needs=_DECISION,
        takes=("title", "description"),
    ),
    Transition(
        name="drop",
        sources=frozenset({GoalState.PROPOSED, *BINDING}),
        target=GoalState.DROPPED,
        permission=Permission.GOAL_AGREE,
        event=EventType.GOAL_DROPPED,
        reason_required=True,
        guards=(no_operative_goal_holds,),
    ),
)
