"""What lists, the start page and the feeds show of published recommendations; drafts never come into it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import defer, joinedload
from sqlmodel import Session, col, select

from app.domain.text.blocks import Block, BlockPart
from app.models.ballots import DissentingOpinion
from app.models.recommendations import Recommendation, Version, VersionBlock
from app.models.record import RecordText
from app.queries.decisions import Dissent, dissents_of_many
from app.queries.recommendations import is_published


@dataclass(slots=True)
class Dispatch:
    """One entry of a feed: what is recommended, and what was said against it."""

    recommendation: Recommendation
    updated_at: datetime
    blocks: list[Block] = field(default_factory=list)
    dissents: tuple[Dissent, ...] = ()


def dissent_counts(session: Session, recommendation_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many Sondervoten stand with each, also those of earlier ballots; those without any are left out."""
    if not recommendation_ids:
        return {}
    statement = (
        select(DissentingOpinion.recommendation_id, func.count())
        .where(col(DissentingOpinion.recommendation_id).in_(recommendation_ids))
        .group_by(col(DissentingOpinion.recommendation_id))
    )
    return dict(session.exec(statement).all())


def list_dispatches(session: Session, *, field_id: UUID | None = None, limit: int = 50) -> list[Dispatch]:
    """The newest published recommendations with their words and Sondervoten; three statements."""
    statement = (
        select(Recommendation)
        .options(
            joinedload(Recommendation.body),  # type: ignore[arg-type]
            joinedload(Recommendation.field_of_action),  # type: ignore[arg-type]
            defer(Recommendation.search_text),  # type: ignore[arg-type]
        )
        .where(is_published())
        .order_by(col(Recommendation.state_since).desc(), col(Recommendation.id).desc())
        .limit(limit)
    )
    if field_id is not None:
        statement = statement.where(Recommendation.field_of_action_id == field_id)
    found = {each.id: Dispatch(each, each.state_since) for each in session.exec(statement).all()}
    if found:
        _add_words(session, found)
        for key, dissents in dissents_of_many(session, list(found)).items():
            found[key].dissents = dissents
    return list(found.values())


def _add_words(session: Session, found: dict[UUID, Dispatch]) -> None:
    statement = (
        select(Version.recommendation_id, VersionBlock, RecordText.text)
        .join(Recommendation, col(Recommendation.id) == Version.recommendation_id)
        .join(VersionBlock, col(VersionBlock.version_id) == Version.id)
        .join(RecordText, col(RecordText.id) == VersionBlock.text_id)
        .where(
            col(Version.recommendation_id).in_(found),
            col(Version.number) == Recommendation.adopted_version,
            col(VersionBlock.part) == BlockPart.RECOMMENDATION,
        )
        .order_by(col(VersionBlock.position))
    )
    for key, stored, text in session.exec(statement).all():
        found[key].blocks.append(
            Block(id=stored.block_id, part=stored.part, kind=stored.kind, number=stored.number, text=text or "")
        )
