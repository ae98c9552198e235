"""Reads of recommendations; who may see one is decided here, once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, true
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.co_signatures import CoSignatureState
from app.domain.consultations import Audience, RoundState
from app.domain.recommendations import PUBLIC_STATES
from app.models.co_signatures import CoSignature
from app.models.consultations import CommentRound, RoundOrganisation
from app.models.recommendations import Recommendation


def visible(actor: Actor) -> ColumnElement[bool]:
    """The recommendations an actor may read in some version (process.md, section 2).

    Published ones are everybody's; before, they are the body's, of the organisations asked to co-sign,
    and of the audience of an open round, who see the pinned version.
    """
    recommendation = Recommendation
    published = col(recommendation.state).in_(PUBLIC_STATES)
    if actor.is_secretariat or actor.is_auditor:
        return true()
    if not actor.is_signed_in:
        return or_(published, _in_open_round(col(CommentRound.audience) == Audience.PUBLIC))
    asked_to_sign = exists().where(
        and_(
            col(CoSignature.recommendation_id) == recommendation.id,
            col(CoSignature.organisation_id).in_(actor.acts_for),
            col(CoSignature.state) != CoSignatureState.WITHDRAWN,
        )
    )
    asked_to_comment = _in_open_round(
        or_(
            col(CommentRound.audience).in_([Audience.PUBLIC, Audience.PARTICIPANTS]),
            exists().where(
                and_(
                    col(RoundOrganisation.round_id) == CommentRound.id,
                    col(RoundOrganisation.organisation_id).in_(actor.acts_for),
                )
            ),
        )
    )
    return or_(published, col(recommendation.body_id).in_(actor.body_ids), asked_to_sign, asked_to_comment)


def is_published() -> ColumnElement[bool]:
    """What everybody may read."""
    return col(Recommendation.state).in_(PUBLIC_STATES)


def _in_open_round(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        and_(
            col(CommentRound.recommendation_id) == Recommendation.id,
            col(CommentRound.state) == RoundState.OPEN,
            condition,
        )
    )


def find_recommendation(session: Session, key: UUID, actor: Actor) -> Recommendation | None:
    """One recommendation, or None where absent or hidden."""
    return session.exec(select(Recommendation).where(Recommendation.id == key, visible(actor))).one_or_none()
