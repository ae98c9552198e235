"""Blacking out a recorded text: the text goes, its digest and everything that was decided stay."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.drafts import redact_in_drafts
from app.actions.permissions import require
from app.actions.record import record
from app.clock import now
from app.domain.actors import Actor
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.errors import FieldError, Invalid, NotFound
from app.i18n import _
from app.models.base import Recorded
from app.models.recommendations import Recommendation, Version
from app.models.record import Event, RecordText
from app.queries.base import get_for_update
from app.queries.record import subject_model

REDACTED = _("[geschwärzt]")


def redact_text(session: Session, text_id: UUID, *, reason: str, actor: Actor) -> Recorded:
    """Empty one kept text and write that onto the history of the object it belongs to; returns the object."""
    require(Permission.RECORD_REDACT, None, actor)
    if not reason.strip():
        raise Invalid(FieldError("reason", _("Bitte begründen Sie die Schwärzung.")))
    text = get_for_update(session, RecordText, text_id)
    if text.redacted_at is not None:
        raise Invalid(FieldError("text_id", _("Dieser Text ist schon geschwärzt.")))
    subject = _subject_of(session, text)
    former = text.text
    text.text = text.salt = None
    text.redacted_at = now(session)
    if text.field in type(subject).recorded_texts and getattr(subject, text.field) == former:
        setattr(subject, text.field, REDACTED)
    if isinstance(subject, Recommendation) and former:
        redact_in_drafts(session, subject.id, former, REDACTED)
    if hasattr(subject, "search_text"):
        subject.search_text = ""
    data = {"text_ids": [str(text.id)], "field": text.field, "owner_id": str(text.owner_id)}
    record(session, EventType.TEXT_REDACTED, subject, actor=actor, reason=reason, data=data)
    return subject


def redact_texts_of(session: Session, subject: Recorded, *, reason: str, actor: Actor) -> None:
    """The same for every text an object's own events vouch for and that is still there."""
    statement = (
        select(RecordText.id)
        .join(Event, col(Event.id) == RecordText.owner_id)
        .where(
            Event.subject_id == subject.id,
            col(RecordText.field).in_(type(subject).recorded_texts),
            col(RecordText.redacted_at).is_(None),
        )
        .order_by(col(RecordText.id))
    )
    for text_id in session.exec(statement).all():
        redact_text(session, text_id, reason=reason, actor=actor)


def _subject_of(session: Session, text: RecordText) -> Recorded:
    if text.owner_type == "version":
        version = session.get_one(Version, text.owner_id)
        return get_for_update(session, Recommendation, version.recommendation_id)
    event = session.get(Event, text.owner_id)
    if event is None:
        raise NotFound()
    return get_for_update(session, subject_model(event.subject_type), event.subject_id)
