"""One recommendation while its story is told: who leads, who writes, and its moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.actions.recommendation_transitions import transition_recommendation
from app.demo.stage import Stage
from app.forms.recommendation_transitions import RecommendationTransition


@dataclass
class Telling:
    """One recommendation while its story is told."""

    stage: Stage
    body_id: UUID
    field: dict[str, Any]
    content: dict[str, Any]
    recommendation_id: UUID

    @property
    def chair(self) -> str:
        """The organisation whose seat leads the body."""
        return str(self.field["arbeitsgruppe"]["sitze"][0]["organisation"])

    @property
    def rapporteur(self) -> str:
        """The organisation whose seat writes."""
        return str(self.field["arbeitsgruppe"]["sitze"][1]["organisation"])

    def move(self, name: str, organisation: str | None = None, **needs: Any) -> None:
        """A move by the holder of a seat, or by the Geschäftsstelle."""
        form = RecommendationTransition(transition=name, **needs)
        if organisation is None:
            with self.stage.acting() as (session, actor):
                transition_recommendation(session, self.recommendation_id, form, actor=actor)
            return
        with self.stage.database.write() as session:
            actor = self.stage.holder(session, self.body_id, organisation)
            transition_recommendation(session, self.recommendation_id, form, actor=actor)
