"""Reads of how the programme goes on with its recommendations: the Geschäftsstelle's, but for what is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.domain.continuations import IN_FORCE, UNFINISHED, ContinuationChoice, choices_for
from app.models.continuations import Continuation
from app.models.programmes import Edition
from app.models.recommendations import Recommendation
from app.queries.base import DEFAULT_LIMIT, Page, page_of


@dataclass(frozen=True, slots=True)
class Pending:
    """A recommendation an edition goes on with, what was chosen for it, and what can be."""

    recommendation: Recommendation
    continuation: Continuation | None

    @property
    def choices(self) -> tuple[ContinuationChoice, ...]:
        """What is left to choose: nothing more once a revision was opened or an end was made."""
        chosen = self.continuation.choice if self.continuation else None
        if chosen not in (None, ContinuationChoice.CARRY_OVER):
            return ()
        return tuple(each for each in choices_for(self.recommendation.state) if each is not chosen)

    @property
    def is_unfinished(self) -> bool:
        """Whether it is still being written."""
        return self.recommendation.state in UNFINISHED


def find_continuation(session: Session, edition_id: UUID, recommendation_id: UUID) -> Continuation | None:
    """What was chosen for one recommendation in an edition."""
    statement = select(Continuation).where(
        Continuation.edition_id == edition_id, Continuation.recommendation_id == recommendation_id
    )
    return session.exec(statement).one_or_none()


def page_of_continuations(
    session: Session, edition: Edition, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Continuation]:
    """What was chosen for an edition, newest first. The caller has checked who asks."""
    statement = select(Continuation).where(Continuation.edition_id == edition.id)
    return page_of(session, statement, Continuation, limit=limit, after=after)


def list_pending(session: Session, edition: Edition) -> list[Pending]:
    """Everything an edition goes on with: what earlier ones published and what is chosen or unfinished in this one.

    One statement. The caller has checked who asks.
    """
    chosen = and_(col(Continuation.recommendation_id) == Recommendation.id, col(Continuation.edition_id) == edition.id)
    published = and_(col(Recommendation.state).in_(sorted(IN_FORCE)), col(Recommendation.edition_id) != edition.id)
    unfinished = and_(col(Recommendation.state).in_(sorted(UNFINISHED)), col(Recommendation.edition_id) == edition.id)
    columns: list[Any] = [Recommendation, Continuation]
    statement = (
        select(*columns)
        .join(Edition, col(Edition.id) == Recommendation.edition_id)
        .outerjoin(Continuation, chosen)
        .options(joinedload(Recommendation.body), joinedload(Recommendation.edition))  # type: ignore[arg-type]
        .where(
            Edition.programme_id == edition.programme_id,
            or_(published, unfinished, col(Continuation.id).is_not(None)),
        )
        .order_by(col(Recommendation.reference).nulls_last(), col(Recommendation.created_at), col(Recommendation.id))
    )
    return [Pending(*row) for row in session.exec(statement).unique().all()]
