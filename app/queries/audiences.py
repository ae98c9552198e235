"""Whom an open Stellungnahmeverfahren asks: one condition, wherever a pinned version is shown."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col

from app.domain.actors import Actor
from app.domain.consultations import Audience, RoundState
from app.models.consultations import CommentRound, RoundOrganisation


def in_audience(actor: Actor, moment: datetime | None = None) -> ColumnElement[bool]:
    """The open rounds whose audience the actor belongs to; with a moment, the clock closes them too."""
    asked = col(CommentRound.audience) == Audience.PUBLIC
    if actor.is_signed_in:
        asked = or_(
            col(CommentRound.audience).in_([Audience.PUBLIC, Audience.PARTICIPANTS]),
            exists().where(
                and_(
                    col(RoundOrganisation.round_id) == CommentRound.id,
                    col(RoundOrganisation.organisation_id).in_(actor.acts_for),
                )
            ),
        )
    is_open = col(CommentRound.state) == RoundState.OPEN
    if moment is not None:
        is_open = and_(is_open, col(CommentRound.closes_at) > moment)
    return and_(is_open, asked)
