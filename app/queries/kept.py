"""Answers that are kept for as long as nothing has changed: neither in the database nor by the clock.

    @kept
    def list_tasks(session: Session, actor: Actor) -> list[Task]: ...

Asked again by the same actor, with the same arguments, while the database is in the very state in which the answer
was found, such a function gives it once more. Which state that is, each request learns with who its reader is, in the
same statement, so that an answer is never older than the request, in whichever process somebody wrote.

Kept is what a page shows, never who asks: sign-in, seats and roles are read at every request, and the actor they make
is part of the key. Whoever is not signed in, calls by a token or writes is given nothing kept.

An answer is shared: nobody changes it, and no id for a form lies in it. Of the clock it may depend by what
`_next_turn` knows, the moments at which rounds and ballots close and the day in Berlin, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from app.db import state_name
from app.domain.deadlines import berlin_date, end_of_day
from app.models.ballots import Ballot
from app.models.base import UTCDateTime
from app.models.consultations import CommentRound

A = TypeVar("A")
P = ParamSpec("P")
_KEPT_AT_MOST = 256
"""Answers of one state; the next state forgets them all."""

_ANSWERS = "kept answers"


@dataclass(frozen=True, slots=True)
class _Answers:
    """What was answered in one state of the database, between two turns of the clock."""

    state: Hashable
    since: datetime
    until: datetime
    found: dict[Hashable, Any] = field(default_factory=dict)

    def hold_in(self, state: Hashable, moment: datetime) -> bool:
        """True where an answer found now would be the same."""
        return self.state == state and self.since <= moment < self.until


def kept(ask: Callable[Concatenate[Session, P], A]) -> Callable[Concatenate[Session, P], A]:
    """Let a reading session be given the answer another one found; every argument is hashable."""

    @wraps(ask)
    def asked(session: Session, /, *arguments: P.args, **named: P.kwargs) -> A:
        answers: _Answers | None = session.info.get(_ANSWERS)
        if answers is None:
            return ask(session, *arguments, **named)
        key = (ask, arguments, tuple(named.items()))
        if key in answers.found:
            known: A = answers.found[key]
            return known
        answer = ask(session, *arguments, **named)
        if len(answers.found) < _KEPT_AT_MOST:
            answers.found[key] = answer
        return answer

    return asked


@cache
def standing(dialect: str) -> tuple[Any, ...]:
    """What the statement that finds the reader asks beside: the state's name, and what closes next."""
    return state_name(dialect), *_NEXT_CLOSINGS


def note_standing(session: Session, found: Sequence[Any], moment: datetime) -> None:
    """Let the session be given what is kept of this state; `found` is the answer to `standing` at the moment."""
    shelf = session.info["kept"]
    state, closings = (found[0], session.connection().info.get("file")), found[1:]
    newest: _Answers | None = shelf.get("newest")
    if newest is None or not newest.hold_in(state, moment):
        newest = shelf["newest"] = _Answers(state, moment, _next_turn(moment, closings))
    session.info[_ANSWERS] = newest


def _next_turn(moment: datetime, closings: Sequence[datetime | None]) -> datetime:
    """The next moment at which the clock alone changes what a page says."""
    return min([end_of_day(berlin_date(moment)), *(each for each in closings if each is not None)])


_MOMENT: Any = bindparam("moment", type_=UTCDateTime())
_NEXT_CLOSINGS: Any = tuple(
    select(func.min(column)).where(column > _MOMENT).scalar_subquery()
    for column in (col(CommentRound.closes_at), col(Ballot.closes_at), col(Ballot.dissent_until))
)
