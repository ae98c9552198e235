"""Deadlines that run or have just ended: which ones there are, and those notifications speak of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.clock import now
from app.domain.deadline_reminders import FORGOTTEN_AFTER, LOOK_AHEAD, DeadlineKind
from app.domain.events import EventType, SubjectType
from app.queries.deadlines.base import SUBJECTS, Deadline
from app.queries.deadlines.standing import Source, sources

__all__ = ["Deadline", "find_deadlines", "list_deadlines"]

_REMINDER = "reminder."
_BEGUN_BY: dict[EventType, DeadlineKind] = {
    EventType.ROUND_OPENED: DeadlineKind.COMMENT_ROUND,
    EventType.BALLOT_OPENED: DeadlineKind.BALLOT,
    EventType.BALLOT_CLOSED: DeadlineKind.DISSENTING_OPINION,
    EventType.CO_SIGNATURE_REQUESTED: DeadlineKind.CO_SIGNATURE,
    EventType.CO_SIGNATURE_REQUESTED_AGAIN: DeadlineKind.CO_SIGNATURE,
    EventType.RESPONSE_ASKED: DeadlineKind.RESPONSE,
    EventType.MEASURE_PLANNED: DeadlineKind.REPORT,
    EventType.MEASURE_REPORTED_DONE: DeadlineKind.VERIFICATION,
}
"""The events after which a deadline runs for their subject."""


def list_deadlines(session: Session, moment: datetime) -> list[Deadline]:
    """Every deadline near enough to be reminded of, the next first; one statement a kind, invitations apart."""
    earliest, latest = moment - FORGOTTEN_AFTER, moment + LOOK_AHEAD
    found = []
    for source in sources():
        rows = session.connection().execute(source.between(earliest, latest))
        found += [_deadline(source, row) for row in rows]
    return sorted(found, key=lambda deadline: (deadline.due_at, deadline.kind, deadline.subject_id))


def find_deadlines(session: Session, named: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], Deadline]:
    """The deadlines ahead that notifications speak of, for calendars; nothing where none runs (any more).

    A notification is named by its word, an event's or `reminder.<kind>.<stage>`, and its subject. One statement for
    each source of the kinds among them, however many there are.
    """
    wanted: dict[DeadlineKind, set[tuple[str, UUID]]] = {}
    for about, subject_id in named:
        kind = _kind_of(about)
        if kind is not None:
            wanted.setdefault(kind, set()).add((about, subject_id))
    moment = now(session)
    found: dict[tuple[str, UUID], Deadline] = {}
    for source in sources():
        of_kind = wanted.get(source.kind)
        if not of_kind:
            continue
        rows = source.rows.where(source.subject.in_({subject_id for _about, subject_id in of_kind}))
        # A subject has one day of each source.
        ahead = {row[0]: _deadline(source, row) for row in session.connection().execute(rows)}
        for about, subject_id in of_kind:
            deadline = ahead.get(subject_id)
            earlier = found.get((about, subject_id))
            if deadline and deadline.due_at > moment and (earlier is None or deadline.due_at < earlier.due_at):
                found[about, subject_id] = deadline
    return found


def _kind_of(about: str) -> DeadlineKind | None:
    if about.startswith(_REMINDER):
        return DeadlineKind(about.split(".")[1])
    return _BEGUN_BY.get(EventType(about))


def _deadline(source: Source, row: Any) -> Deadline:
    subject_id, due, since, place_id, body_id = row
    is_of_measure = SUBJECTS[source.kind] is SubjectType.MEASURE
    return Deadline(
        kind=source.kind,
        subject_type=SUBJECTS[source.kind],
        subject_id=subject_id,
        place_type=SubjectType.MEASURE if is_of_measure else SubjectType.RECOMMENDATION,
        place_id=place_id,
        body_id=body_id,
        due_at=source.moment_of(due),
        since=since,
    )
