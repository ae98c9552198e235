"""One forum of the plan of 2012 while it is told: its content and what was made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

COORDINATION = "aktionsplan-1"
"""Who coordinates the plan; measures are verified by the other person of the Geschäftsstelle."""

VERIFIER = "aktionsplan-2"
REPORTER = "aktionsplan-4"
"""Who posted the needs, and says after three years whether they persist."""


@dataclass
class Forum:
    """One forum, with the keys of what it made: seats by person, goals and indicators by title."""

    content: dict[str, Any]
    field_id: UUID
    body_id: UUID
    seats: dict[str, UUID] = field(default_factory=dict)
    goals: dict[str, UUID] = field(default_factory=dict)
    indicators: dict[str, UUID] = field(default_factory=dict)
    need_id: UUID | None = None
    recommendation_id: UUID | None = None

    @property
    def operative(self) -> list[dict[str, Any]]:
        """Its operative goals, each with what is done and measured."""
        return [each for above in self.content["ziele"] for each in above["operativ"]]

    @property
    def name(self) -> str:
        """What its recommendation is known by among the example's names."""
        return f"DF{self.content['nummer']}"
