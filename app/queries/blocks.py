"""Reads of single blocks of recommendations: which ones a proposal can have gone into, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.recommendations import WRITING_STATES
from app.models.proposals import Proposal
from app.models.recommendations import Recommendation, RecommendationProposal, Version, VersionBlock
from app.models.record import RecordText
from app.queries import recommendations


@dataclass(frozen=True, slots=True)
class BlockChoice:
    """A block of the newest version of a recommendation; `number` is its paragraph there."""

    block_id: UUID
    recommendation_title: str
    number: int
    text: str


def find_blocks(session: Session, keys: Iterable[UUID], actor: Actor) -> dict[UUID, UUID]:
    """The recommendation each of these blocks stands in, as far as they exist and the actor reads its newest text."""
    statement = (
        select(VersionBlock.block_id, Version.recommendation_id)
        .join(Version, col(VersionBlock.version_id) == Version.id)
        .join(Recommendation, col(Version.recommendation_id) == Recommendation.id)
        .where(col(VersionBlock.block_id).in_(list(keys)), recommendations.visible_whole(actor))
        .distinct()
    )
    return dict(list(session.exec(statement)))


def list_blocks_to_choose(session: Session, proposal: Proposal, actor: Actor, *, limit: int = 300) -> list[BlockChoice]:
    """The blocks a proposal may have gone into: of its body's recommendations in writing, and of those linked to it."""
    is_linked = col(Recommendation.id).in_(
        select(RecommendationProposal.recommendation_id).where(RecommendationProposal.proposal_id == proposal.id)
    )
    in_writing = and_(
        col(Recommendation.body_id) == proposal.body_id, col(Recommendation.state).in_(sorted(WRITING_STATES))
    )
    statement = (
        select(VersionBlock.block_id, Recommendation.id, Recommendation.title, RecordText.text)
        .join(Version, col(VersionBlock.version_id) == Version.id)
        .join(
            Recommendation,
            and_(
                col(Version.recommendation_id) == Recommendation.id,
                col(Version.number) == col(Recommendation.version),
            ),
        )
        .join(RecordText, col(VersionBlock.text_id) == RecordText.id)
        .where(or_(is_linked, in_writing), recommendations.visible_whole(actor))
        .order_by(col(Recommendation.created_at).desc(), col(Recommendation.id), col(VersionBlock.position))
        .limit(limit)
    )
    found: list[BlockChoice] = []
    numbers: dict[UUID, int] = {}
    for block_id, recommendation_id, title, text in session.exec(statement).all():
        numbers[recommendation_id] = numbers.get(recommendation_id, 0) + 1
        found.append(BlockChoice(block_id, title, numbers[recommendation_id], text or ""))
    return found
