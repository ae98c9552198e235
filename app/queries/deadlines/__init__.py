"""Deadlines that run or have just ended: which ones there are, and those notifications speak of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, literal, union_all
from sqlmodel import Session

from app.clock import now
from app.domain.deadline_reminders import FORGOTTEN_AFTER, LOOK_AHEAD, DeadlineKind
from app.domain.events import EventType
from app.domain.notifications import PLACES
from app.queries.deadlines.base import SUBJECTS, Deadline
from app.queries.deadlines.standing import Source, sources

__all__ = ["Deadline", "find_deadlines", "list_deadlines"]

_REMINDER = "reminder."
_K = DeadlineKind
_BEGUN_BY: dict[str, tuple[DeadlineKind, ...]] = {
    EventType.ROUND_OPENED: (_K.COMMENT_ROUND,),
    EventType.ROUND_EXTENDED: (_K.COMMENT_ROUND,),
    EventType.BALLOT_OPENED: (_K.BALLOT,),
    EventType.BALLOT_POSTPONED: (_K.BALLOT,),
    EventType.BALLOT_CLOSED: (_K.DISSENTING_OPINION,),
    EventType.CO_SIGNATURE_REQUESTED: (_K.CO_SIGNATURE,),
    EventType.CO_SIGNATURE_REQUESTED_AGAIN: (_K.CO_SIGNATURE,),
    EventType.RESPONSE_ASKED: (_K.RESPONSE,),
    EventType.RESPONSE_REMINDED: (_K.RESPONSE,),
    EventType.MEASURE_PLANNED: (_K.REPORT, _K.MEASURE),
    EventType.MEASURE_CHANGED: (_K.REPORT, _K.MEASURE),
    EventType.MEASURE_SENT_BACK: (_K.REPORT, _K.MEASURE),
    EventType.MEASURE_REOPENED: (_K.REPORT, _K.MEASURE),
    EventType.MEASURE_REPORT_REMINDED: (_K.REPORT,),
    EventType.MEASURE_REPORTED_DONE: (_K.VERIFICATION,),
    EventType.COMMITMENT_MADE: (_K.COMMITMENT,),
    EventType.COMMITMENT_CHANGED: (_K.COMMITMENT,),
    EventType.COMMITMENT_RENEWED: (_K.COMMITMENT,),
    EventType.NEED_REVIEW_ASKED: (_K.NEED_REVIEW,),
    EventType.NEED_REVIEW_REMINDED: (_K.NEED_REVIEW,),
    EventType.INDICATOR_DEFINED: (_K.READING,),
    EventType.INDICATOR_CHANGED: (_K.READING,),
}
"""The events after which a deadline runs for their subject, runs until another day, or is reminded of."""


def list_deadlines(session: Session, moment: datetime) -> list[Deadline]:
    """Every deadline near enough to be reminded of, the next first; two statements, invitations apart."""
    earliest, latest = moment - FORGOTTEN_AFTER, moment + LOOK_AHEAD
    found = _asked_together(session, [(source, source.between(earliest, latest)) for source in sources()])
    return sorted(found, key=lambda deadline: (deadline.due_at, deadline.kind, deadline.subject_id))


def find_deadlines(session: Session, named: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], Deadline]:
    """The deadlines ahead that notifications speak of, for calendars; nothing where none runs (any more).

    A notification is named by its word, an event's or `reminder.<kind>.<stage>`, and its subject; of several, the next
    counts. At most two statements, however many there are.
    """
    wanted: dict[DeadlineKind, dict[UUID, set[str]]] = {}
    for about, subject_id in named:
        for kind in _kinds_of(about):
            wanted.setdefault(kind, {}).setdefault(subject_id, set()).add(about)
    moment = now(session)
    asked = [
        (source, source.rows.where(source.subject.in_(list(wanted[source.kind]))))
        for source in sources()
        if source.kind in wanted
    ]
    found: dict[tuple[str, UUID], Deadline] = {}
    # A subject has one day of each kind.
    for deadline in sorted(_asked_together(session, asked), key=lambda each: each.due_at, reverse=True):
        if deadline.due_at > moment:
            key = deadline.subject_id
            found |= {(about, key): deadline for about in wanted[deadline.kind][key]}
    return found


def _kinds_of(about: str) -> tuple[DeadlineKind, ...]:
    if about.startswith(_REMINDER):
        return (DeadlineKind(about.split(".")[1]),)
    return _BEGUN_BY.get(about, ())


def _asked_together(session: Session, asked: Iterable[tuple[Source, Select[Any]]]) -> list[Deadline]:
    """What these sources find: those that keep a day in one statement, those that keep a moment in another."""
    pairs = sorted(asked, key=lambda pair: pair[0].ends_with_a_day)
    by_kind = {source.kind: source for source, _rows in pairs}
    found = []
    for _day_or_moment, together in groupby(pairs, key=lambda pair: pair[0].ends_with_a_day):
        named = (rows.add_columns(literal(source.kind.value, String)) for source, rows in together)
        for *row, kind in session.connection().execute(union_all(*named)):
            found.append(_deadline(by_kind[DeadlineKind(kind)], row))
    return found


def _deadline(source: Source, row: Sequence[Any]) -> Deadline:
    subject_id, due, since, place_id, body_id, organisation_id = row
    subject_type = SUBJECTS[source.kind]
    return Deadline(
        kind=source.kind,
        subject_type=subject_type,
        subject_id=subject_id,
        place_type=PLACES.get(subject_type, (subject_type, "id"))[0],
        place_id=place_id,
        body_id=body_id,
        due_at=source.moment_of(due),
        since=since,
        organisation_id=organisation_id,
    )
