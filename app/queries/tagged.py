"""What belongs to a topic, theme, target group or guiding question: only what the reader may see of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.domain.actors import Actor
from app.models.needs import Need
from app.models.programmes import CrossCuttingTheme, GuidingQuestion, TargetGroup, Topic
from app.models.proposals import Proposal
from app.models.recommendations import Recommendation
from app.queries import needs, proposals, recommendations
from app.queries.base import Page
from app.queries.published import dissent_counts

Tagging = Topic | CrossCuttingTheme | TargetGroup | GuidingQuestion


@dataclass(frozen=True, slots=True)
class Tagged:
    """The newest of each noun; `dissents` are the Sondervoten that stand with the recommendations."""

    recommendations: Page[Recommendation]
    dissents: dict[UUID, int]
    needs: Page[Need]
    proposals: Page[Proposal]

    @property
    def is_example(self) -> bool:
        """True where one of them is made up."""
        everything = (*self.recommendations.items, *self.needs.items, *self.proposals.items)
        return any(each.is_example for each in everything)


def list_tagged(session: Session, tag: Tagging, actor: Actor, *, limit: int) -> Tagged:
    """What the actor may see of it, newest first; the public gets what is published, in four statements."""
    own, others = _filters(tag)
    chosen = recommendations.RecommendationFilter(**own, published_only=not actor.is_signed_in)
    found = recommendations.list_recommendations(session, actor, chosen, limit=limit)
    return Tagged(
        recommendations=found,
        dissents=dissent_counts(session, [each.id for each in found.items if each.published_at]),
        needs=needs.list_needs(session, actor, needs.NeedFilter(**others), limit=limit),
        proposals=proposals.list_proposals(session, actor, proposals.ProposalFilter(**others), limit=limit),
    )


def _filters(tag: Tagging) -> tuple[dict[str, Any], dict[str, Any]]:
    """How lists of recommendations, and those of needs and proposals, are narrowed to it."""
    match tag:
        case Topic():
            return {"topic_id": tag.id}, {"topic_id": tag.id}
        case CrossCuttingTheme():
            return {"theme_id": tag.id}, {"cross_cutting_theme_ids": [tag.id]}
        case TargetGroup():
            return {"target_group_id": tag.id}, {"target_group_ids": [tag.id]}
        case GuidingQuestion():
            return {"guiding_question_id": tag.id}, {"guiding_question_ids": [tag.id]}
