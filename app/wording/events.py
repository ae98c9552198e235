"""What an event says in the history of a thing: a short German fact, made when it is shown."""

from __future__ import annotations

from app.domain.events import EventType

SENTENCES: dict[EventType, str] = {}


def event_sentence(event_type: EventType) -> str:
    """The fact in a few German words, without the doer."""
    return SENTENCES.get(event_type, event_type.value)
