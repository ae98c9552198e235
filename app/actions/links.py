"""What a recommendation is linked with: needs, proposals, themes, target groups, questions. Not its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, SQLModel, select

from app.models.needs import Need
from app.models.programmes import CrossCuttingTheme, GuidingQuestion, TargetGroup
from app.models.proposals import Proposal
from app.models.recommendations import (
    Recommendation,
    RecommendationNeed,
    RecommendationProposal,
    RecommendationQuestion,
    RecommendationTargetGroup,
    RecommendationTheme,
)


@dataclass(frozen=True, slots=True)
class Link:
    """One field of a form that links a recommendation with other things."""

    table: type[Any]
    column: str
    model: type[SQLModel]


LINKS: dict[str, Link] = {
    "need_ids": Link(RecommendationNeed, "need_id", Need),
    "proposal_ids": Link(RecommendationProposal, "proposal_id", Proposal),
    "guiding_question_ids": Link(RecommendationQuestion, "question_id", GuidingQuestion),
    "cross_cutting_theme_ids": Link(RecommendationTheme, "theme_id", CrossCuttingTheme),
    "target_group_ids": Link(RecommendationTargetGroup, "target_group_id", TargetGroup),
}


def linked_ids(session: Session, recommendation: Recommendation, field: str) -> set[UUID]:
    """What the recommendation is linked with now."""
    link = LINKS[field]
    statement = select(getattr(link.table, link.column)).where(link.table.recommendation_id == recommendation.id)
    return set(session.exec(statement))


def add_links(session: Session, recommendation: Recommendation, field: str, keys: Iterable[UUID]) -> None:
    """Link what is not linked yet."""
    link = LINKS[field]
    session.add_all(link.table(recommendation_id=recommendation.id, **{link.column: key}) for key in keys)


def change_links(
    session: Session, recommendation: Recommendation, field: str, keys: Sequence[UUID], keep: set[UUID]
) -> dict[str, list[str]]:
    """Link exactly these and what is to be kept; answers what came and went, for the event."""
    link = LINKS[field]
    present, wanted = linked_ids(session, recommendation, field), {*keys}
    gone = present - wanted - keep
    if gone:
        column = getattr(link.table, link.column)
        rows = select(link.table).where(link.table.recommendation_id == recommendation.id, column.in_(gone))
        for row in session.exec(rows):
            session.delete(row)
    came = wanted - present
    add_links(session, recommendation, field, came)
    changes = {"added": sorted(map(str, came)), "removed": sorted(map(str, gone))}
    return {name: found for name, found in changes.items() if found}


def link_needs_and_proposals(
    session: Session, recommendation: Recommendation, *, need_ids: Iterable[UUID], proposal_ids: Iterable[UUID]
) -> None:
    """Link the needs and proposals a text names as its sources, where they are not linked yet."""
    for field, keys in (("need_ids", set(need_ids)), ("proposal_ids", set(proposal_ids))):
        if keys:
            add_links(session, recommendation, field, keys - linked_ids(session, recommendation, field))
