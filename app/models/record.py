"""The record: events in one hash chain an object, and the texts they vouch for, which alone can be redacted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from app.domain.actors import ActorKind
from app.domain.events import EventType, SubjectType
from app.domain.record import canonical_json, canonical_time
from app.models.base import Table, moment_field, word_field


class Event(Table, table=True):
    """A fact about one object; never changed, never deleted (a trigger refuses both).

    `hashed` is the canonical form as stored text; `data` holds ids and words, never a free text.
    `body_id` and `recommendation_id` place the event where its readers look for it.
    """

    __table_args__ = (
        UniqueConstraint("subject_id", "sequence"),
        Index(None, "recommendation_id", "created_at"),
        Index(None, "body_id", "created_at"),
        Index(None, "created_at", "id"),
    )

    subject_type: SubjectType = word_field(SubjectType)
    subject_id: UUID
    sequence: int
    type: EventType = word_field(EventType)
    actor_kind: ActorKind = word_field(ActorKind)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    seat_id: UUID | None = Field(default=None, foreign_key="seat.id")
    from_state: str | None = None
    to_state: str | None = None
    version_number: int | None = None
    body_id: UUID | None = None
    recommendation_id: UUID | None = None
    effective_at: datetime | None = moment_field(default=None)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    hashed: str = ""
    previous_hash: str = Field(max_length=64)
    hash: str = Field(default="", max_length=64)


def hashed_form(event: Event, text_digests: Mapping[str, str]) -> str:
    """The canonical form of an event: ids, words and times as stored, and the digest of each free text by field."""
    ids = (event.person_id, event.organisation_id, event.seat_id)
    person_id, organisation_id, seat_id = (str(key) if key else None for key in ids)
    content: dict[str, object] = {
        "id": str(event.id),
        "subject_type": event.subject_type.value,
        "subject_id": str(event.subject_id),
        "sequence": event.sequence,
        "type": event.type.value,
        "at": canonical_time(event.created_at),
        "actor": {
            "kind": event.actor_kind.value,
            "person_id": person_id,
            "organisation_id": organisation_id,
            "seat_id": seat_id,
        },
        "from": event.from_state,
        "to": event.to_state,
        "version": event.version_number,
        "effective_at": canonical_time(event.effective_at) if event.effective_at else None,
        "data": event.data,
        "texts": dict(text_digests),
    }
    return canonical_json(content)


class RecordText(Table, table=True):
    """One free text of an event or version with its salt; redacting empties both and keeps the digest."""

    __tablename__ = "record_text"
    __table_args__ = (Index(None, "owner_id", "field"),)

    owner_type: str = Field(max_length=20)
    owner_id: UUID
    field: str = Field(max_length=80)
    salt: str | None = Field(default=None, max_length=64)
    text: str | None = None
    digest: str = Field(max_length=64)
    redacted_at: datetime | None = moment_field(default=None)


class Creation(Table, table=True):
    """Which input made the object of this id: a form or call sent twice makes one."""

    person_id: UUID | None = None
    digest: str = Field(max_length=64)
