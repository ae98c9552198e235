"""Reads of unsaved texts: a person finds its own, nobody else's."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import Actor
from app.models.drafts import Draft


def own_draft(recommendation_id: UUID, actor: Actor) -> SelectOfScalar[Draft]:
    """The question for what the actor wrote of a recommendation and has not saved."""
    return select(Draft).where(
        col(Draft.recommendation_id) == recommendation_id, col(Draft.person_id) == actor.person_id
    )


def find_draft(session: Session, recommendation_id: UUID, actor: Actor) -> Draft | None:
    """What the actor wrote of a recommendation and has not saved."""
    return session.exec(own_draft(recommendation_id, actor)).one_or_none()
