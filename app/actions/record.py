"""The one writer of events: each in the transaction of its change, chained to the object's last."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.actions.follows import follow_by_taking_part
from app.actions.notifications import remember
from app.clock import now
from app.domain.actors import Actor
from app.domain.events import EventType, is_about
from app.domain.record import chained_hash, salted_digest
from app.models.base import Recorded, new_id
from app.models.record import Event, RecordText, hashed_form


def record(
    session: Session,
    event_type: EventType,
    subject: Recorded,
    *,
    actor: Actor,
    reason: str | None = None,
    texts: Mapping[str, str] | None = None,
    data: Mapping[str, object] | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
    version: int | None = None,
    effective_at: datetime | None = None,
) -> Event:
    """Write one event onto the subject's chain and move the subject's head; whom it concerns is told with the commit.

    `texts` are free texts the event vouches for (the subject's recorded fields among them), `data` ids and
    words only. Raises ValueError where the event is not one of this subject.
    """
    if not is_about(event_type, type(subject).subject_type):
        raise ValueError(f"{event_type} is no event of {type(subject).__name__}")
    moment = now(session)
    event_id = new_id(moment)
    kept = _keep_texts(session, event_id, {**(texts or {}), **({"reason": reason} if reason else {})})
    entry = Event(
        id=event_id,
        created_at=moment,
        subject_type=type(subject).subject_type,
        subject_id=subject.id,
        sequence=subject.sequence + 1,
        type=event_type,
        actor_kind=actor.kind,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        seat_id=actor.seat_id,
        from_state=from_state,
        to_state=to_state,
        version_number=version,
        effective_at=effective_at,
        body_id=_place(subject, "body_id"),
        recommendation_id=_place(subject, "recommendation_id"),
        data=dict(data or {}),
        previous_hash=subject.head_hash,
    )
    entry.hashed = hashed_form(entry, kept)
    entry.hash = chained_hash(entry.previous_hash, entry.hashed)
    subject.sequence, subject.head_hash = entry.sequence, entry.hash
    session.add(entry)
    follow_by_taking_part(session, event_type, subject, actor=actor)
    remember(session, entry, subject)
    return entry


def record_creation(
    session: Session,
    event_type: EventType,
    subject: Recorded,
    *,
    actor: Actor,
    data: Mapping[str, object] | None = None,
    texts: Mapping[str, str] | None = None,
    version: int | None = None,
) -> Event:
    """Add a new object together with the first event of its chain, which vouches for its recorded texts."""
    session.add(subject)
    own = {name: getattr(subject, name) for name in type(subject).recorded_texts if getattr(subject, name)}
    state = getattr(subject, "state", None)
    return record(
        session,
        event_type,
        subject,
        actor=actor,
        texts={**own, **(texts or {})},
        data=data,
        to_state=None if state is None else str(state),
        version=version,
    )


def keep_text(session: Session, owner_type: str, owner_id: UUID, field: str, text: str) -> RecordText:
    """Store a text with a fresh salt beside the record; the digest goes into the hashed form."""
    salt = secrets.token_hex(16)
    kept = RecordText(
        created_at=now(session),
        owner_type=owner_type,
        owner_id=owner_id,
        field=field,
        salt=salt,
        text=text,
        digest=salted_digest(salt, text),
    )
    session.add(kept)
    return kept


def _keep_texts(session: Session, event_id: UUID, texts: Mapping[str, str]) -> dict[str, str]:
    return {field: keep_text(session, "event", event_id, field, text).digest for field, text in texts.items()}


def _place(subject: Recorded, name: str) -> UUID | None:
    if name == f"{type(subject).subject_type.value}_id":
        return subject.id
    value = getattr(subject, name, None)
    return value if isinstance(value, UUID) else None
