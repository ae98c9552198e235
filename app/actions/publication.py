"""Publishing an adopted recommendation, now or at a time set before; nothing of it is public earlier."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app.actions.measures import start_tracking
from app.actions.moves import move
from app.actions.needs import answer_linked_needs
from app.actions.record import record
from app.actions.responses import ask_addressees
from app.clock import now
from app.domain.actors import SYSTEM_ACTOR, Actor
from app.domain.events import EventType
from app.domain.recommendations import RECOMMENDATION, RecommendationState, not_scheduled
from app.errors import FieldError, Invalid, MoveBlocked
from app.i18n import _
from app.models.recommendations import Recommendation
from app.queries.base import get_for_update
from app.queries.recommendation_facts import facts_of
from app.wording import blocker_sentence


def publish_recommendation(
    session: Session,
    recommendation: Recommendation,
    *,
    actor: Actor,
    reason: str | None = None,
    effective_at: datetime | None = None,
) -> Recommendation:
    """Open it to everybody, answer its linked needs and ask its addressees, all in this transaction.

    The caller holds the recommendation's row.
    """
    recommendation.publish_at = None
    recommendation.published_at = now(session)
    move(
        session,
        recommendation,
        RECOMMENDATION,
        "publish",
        actor=actor,
        facts=facts_of(session, recommendation),
        reason=reason,
        version=recommendation.adopted_version,
        data={"reference": recommendation.reference},
        effective_at=effective_at,
    )
    session.flush()
    answer_linked_needs(session, recommendation, actor=SYSTEM_ACTOR)
    ask_addressees(session, recommendation, actor=SYSTEM_ACTOR)
    start_tracking(session, recommendation)
    return recommendation


def schedule_publication(
    session: Session, recommendation: Recommendation, publish_at: datetime, *, actor: Actor
) -> Recommendation:
    """Set the time the worker publishes it; MoveBlocked where one is set already."""
    blocker = not_scheduled(facts_of(session, recommendation))
    if blocker:
        raise MoveBlocked([blocker_sentence(blocker)])
    if publish_at <= now(session):
        raise Invalid(FieldError("publish_at", _("Der Zeitpunkt der Veröffentlichung muss in der Zukunft liegen.")))
    recommendation.publish_at = publish_at
    session.add(recommendation)
    record(
        session,
        EventType.RECOMMENDATION_PUBLICATION_SCHEDULED,
        recommendation,
        actor=actor,
        data={"publish_at": publish_at.isoformat()},
        version=recommendation.adopted_version,
    )
    return recommendation


def publish_if_due(session: Session, recommendation: Recommendation) -> bool:
    """Publish what was scheduled and whose time has come; the caller holds the recommendation's row."""
    publish_at = recommendation.publish_at
    if recommendation.state is not RecommendationState.ADOPTED or publish_at is None or publish_at > now(session):
        return False
    publish_recommendation(session, recommendation, actor=SYSTEM_ACTOR, effective_at=publish_at)
    return True


def publish_due(session: Session) -> int:
    """Publish everything whose time has come; the worker's task. Returns how many."""
    due = select(Recommendation.id).where(
        Recommendation.state == RecommendationState.ADOPTED, col(Recommendation.publish_at) <= now(session)
    )
    published = 0
    for key in sorted(session.exec(due).all()):
        published += publish_if_due(session, get_for_update(session, Recommendation, key))
    return published
