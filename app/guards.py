"""Promises every session keeps: no new state without its event, no change to what is recorded or frozen."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from app.models.base import Recorded, Stateful
from app.models.implementation_reports import ImplementationReportFile
from app.models.recommendations import Version, VersionAddressee, VersionBlock
from app.models.record import Event

_IMMUTABLE = (Event, Version, VersionBlock, VersionAddressee, ImplementationReportFile)


class PromiseBroken(AssertionError):
    """The application tried what it promised never to do: a mistake in the code, not in an input."""


def watch(session_class: type[Session]) -> None:
    """Check every flush of the sessions of this class."""
    event.listen(session_class, "before_flush", _check)


def _check(session: Session, _context: Any, _instances: Any) -> None:
    if session.info.get("read_only") and (session.new or session.dirty or session.deleted):
        raise PromiseBroken("a reading session was asked to write")
    for thing in (*session.dirty, *session.deleted):
        if isinstance(thing, _IMMUTABLE) and session.is_modified(thing):
            raise PromiseBroken(f"{type(thing).__name__} is never edited")
    for thing in session.deleted:
        if isinstance(thing, (*_IMMUTABLE, Recorded)):
            raise PromiseBroken(f"{type(thing).__name__} is never deleted")
    events = [thing for thing in session.new if isinstance(thing, Event)]
    recorded = {(found.subject_id, found.to_state) for found in events}
    subjects = {found.subject_id for found in events}
    for thing in session.new:
        if isinstance(thing, Recorded) and thing.id not in subjects:
            raise PromiseBroken(f"{type(thing).__name__} was made without an event")
    for thing in session.dirty:
        if isinstance(thing, Stateful) and _state_changed(thing):
            state = str(thing.state)  # type: ignore[attr-defined]
            if (thing.id, state) not in recorded:
                raise PromiseBroken(f"{type(thing).__name__} became {state} without an event")


def _state_changed(thing: Stateful) -> bool:
    return bool(inspect(thing).attrs["state"].history.has_changes())
