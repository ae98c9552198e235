"""Telling persons what happened: rows written set-based, with the event; never mail, never one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, bindparam, case, event, func, literal, or_, select, union_all
from sqlmodel import Session, col

from app.db import count_inserted, insert_selected
from app.domain.actors import ActorKind
from app.domain.events import EventType, SubjectType
from app.domain.notifications import OWN_PLACES, PLACES, RULES, Circle, Urgency, is_told
from app.models.ballots import Ballot, SeatPosition
from app.models.base import Recorded
from app.models.comments import Comment
from app.models.notifications import Notification
from app.models.people import Person
from app.models.record import Event
from app.queries.circles import BODY, PLACE, RECOMMENDATION, SUBJECT, Scene, is_handed_in, persons_in
from app.queries.follows import is_muted_by
from app.queries.persons import Ids, takes_part

_UNTOLD = "untold events"
_NOBODY = UUID(int=0)
_TASK = 0
_RANKS = {Urgency.TASK: _TASK, Urgency.NEWS: 1}
_COLUMNS = Notification.__table__.c  # type: ignore[attr-defined]
_OCCASION: Any = bindparam("occasion", type_=_COLUMNS.occasion_id.type)
_HAPPENED: Any = bindparam("happened", type_=_COLUMNS.happened_at.type)
_DOER: Any = bindparam("doer", type_=_COLUMNS.person_id.type)


@dataclass(frozen=True, slots=True)
class _Untold:
    """An event of this transaction that somebody is to be told of, and the place where it is read."""

    event: Event
    place_type: SubjectType
    place_id: UUID


def remember(session: Session, entry: Event, subject: Recorded) -> None:
    """Keep an event in mind, so that who is to know is told when the transaction is committed."""
    if not is_told(entry.type, by_person=entry.actor_kind is ActorKind.PERSON):
        return
    place_type, place_id = _place_of(session, entry.type, subject)
    session.info.setdefault(_UNTOLD, []).append(_Untold(entry, place_type, place_id))


def tell(session: Session) -> None:
    """Tell of all events of this transaction nobody was told of yet, each in one statement for all persons."""
    untold: list[_Untold] = session.info.pop(_UNTOLD, [])
    if not untold:
        return
    session.flush()
    connection = session.connection()
    for each in _told_once(untold):
        statement = _telling(connection.dialect.name, each.event.type, each.place_type)
        connection.execute(statement, _keys_of(each))


def forget(session: Session) -> None:
    """What was rolled back did not happen."""
    session.info.pop(_UNTOLD, None)


def notify(
    session: Session,
    *,
    occasion_id: UUID,
    about: str,
    urgency: Urgency,
    subject_type: SubjectType,
    subject_id: UUID,
    place_type: SubjectType,
    place_id: UUID,
    body_id: UUID | None,
    happened_at: datetime,
    persons: Ids,
    doer_id: UUID | None = None,
) -> int:
    """Tell these persons (a selection of their ids) of one occasion in one statement; how many were told.

    Who did it and who takes no part (any more) is left out; of news, who muted the place, too. Nobody is told twice.
    """
    session.flush()
    found = persons.subquery()
    rows = _rows(
        select(found.c[0].label("person_id")).distinct().subquery(),
        occasion_id=occasion_id,
        about=about,
        urgency=urgency,
        subject_type=subject_type,
        subject_id=subject_id,
        place_type=place_type,
        place_id=place_id,
        body_id=body_id,
        happened_at=happened_at,
    )
    if urgency is Urgency.NEWS:
        rows = rows.where(~is_muted_by(Person.id, place_type, place_id))
    connection = session.connection()
    statement = insert_selected(connection.dialect.name, Notification, rows)
    return count_inserted(connection, connection.execute(statement, {_DOER.key: doer_id or _NOBODY}))


@cache
def _telling(dialect: str, event_type: EventType, place_type: SubjectType) -> Any:
    """The statement that tells of an event of this type; built once, it is asked with the keys of each."""
    rule = RULES[event_type]
    subject_type = SubjectType(event_type.value.split(".", 1)[0])
    scene = Scene(subject_type=subject_type, place_type=place_type, is_within=rule.within)
    named = union_all(*(part for urgency, circles in rule.circles for part in _named(urgency, circles, scene)))
    found = named.subquery()
    most = select(found.c.person_id, func.min(found.c.rank).label("rank")).group_by(found.c.person_id)
    told = most.subquery()
    has_task = told.c.rank == _TASK
    rows = _rows(
        told,
        occasion_id=_OCCASION,
        about=event_type.value,
        urgency=case((has_task, Urgency.TASK.value), else_=Urgency.NEWS.value),
        subject_type=subject_type,
        subject_id=SUBJECT,
        place_type=place_type,
        place_id=PLACE,
        body_id=scene.body_id,
        happened_at=_HAPPENED,
    )
    wanted = or_(has_task, ~is_muted_by(Person.id, place_type, PLACE))
    return insert_selected(dialect, Notification, rows.where(is_handed_in(scene), wanted))


def _named(urgency: Urgency, circles: Iterable[Circle], scene: Scene) -> Iterator[Select[Any]]:
    for circle in sorted(circles):
        persons = persons_in(circle, scene).subquery()
        yield select(persons.c[0].label("person_id"), literal(_RANKS[urgency]).label("rank"))


def _rows(told: FromClause, **values: Any) -> Select[Any]:
    """A row for each of these persons who takes part and didn't do it."""
    filled = (
        (value if isinstance(value, ColumnElement) else literal(value, _COLUMNS[name].type)).label(name)
        for name, value in values.items()
    )
    is_doer = col(Person.id) == _DOER
    return (
        select(told.c.person_id, *filled).join(Person, col(Person.id) == told.c.person_id).where(takes_part(), ~is_doer)
    )


def _told_once(untold: list[_Untold]) -> list[_Untold]:
    """Without those that a later one of the same kind and thing says as well."""
    last = {(each.event.type, each.event.subject_id): each for each in untold}
    return [
        each
        for each in untold
        if not RULES[each.event.type].once or last[each.event.type, each.event.subject_id] is each
    ]


def _keys_of(untold: _Untold) -> dict[str, Any]:
    entry = untold.event
    return {
        _OCCASION.key: entry.id,
        _HAPPENED.key: entry.effective_at or entry.created_at,
        _DOER.key: entry.person_id or _NOBODY,
        SUBJECT.key: entry.subject_id,
        PLACE.key: untold.place_id,
        BODY.key: entry.body_id,
        RECOMMENDATION.key: entry.recommendation_id,
    }


def _place_of(session: Session, event_type: EventType, subject: Recorded) -> tuple[SubjectType, UUID]:
    if isinstance(subject, Comment):
        return subject.on_type, subject.on_id
    if isinstance(subject, SeatPosition):
        return SubjectType.RECOMMENDATION, session.get_one(Ballot, subject.ballot_id).recommendation_id
    noun = type(subject).subject_type
    place_type, field = OWN_PLACES.get(event_type) or PLACES.get(noun, (noun, "id"))
    return place_type, getattr(subject, field)


event.listen(Session, "before_commit", tell)
event.listen(Session, "after_rollback", forget)
