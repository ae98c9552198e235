"""Counting attempts to sign in, to get mail or to send without an account, in the database: all workers agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import ceil

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.clock import now
from app.db import hold
from app.domain.accounts import AttemptKind, Limit, limits_of_links
from app.errors import TooMany
from app.i18n import _
from app.models.accounts import Attempt
from app.queries.accounts import blocked_until
from app.security import digest_of

_KEPT = timedelta(days=1)


def note_attempt(session: Session, kind: AttemptKind, limits: Sequence[Limit]) -> int | None:
    """Count an attempt before it is made; the seconds to wait where it is refused, and then nothing is counted."""
    for name in sorted(limit.key for limit in limits):
        hold(session, f"{kind}:{name}")
    until = blocked_until(session, kind, limits)
    if until is not None:
        return max(1, ceil((until - now(session)).total_seconds()))
    session.add_all(Attempt(created_at=now(session), kind=kind.value, key=digest_of(limit.key)) for limit in limits)
    return None


def note_linked_form(session: Session, address: str) -> None:
    """Count a form sent by a mailed link; TooMany where this network sends very many within an hour."""
    wait = note_attempt(session, AttemptKind.LINK, limits_of_links(address))
    if wait is not None:
        raise TooMany(
            wait,
            _(
                "Von Ihrem Anschluss kam in kurzer Zeit sehr viel. Es wurde nichts gesendet. Ihre Angaben stehen noch "
                "im Formular; senden Sie es bitte in etwa {minutes} Minuten noch einmal."
            ).format(minutes=max(1, round(wait / 60))),
        )


def forgive_attempts(session: Session, kind: AttemptKind, keys: Sequence[str]) -> None:
    """Forget what was counted for the keys: their owner has shown who it is."""
    digests = [digest_of(key) for key in keys]
    session.connection().execute(delete(Attempt).where(col(Attempt.kind) == kind.value, col(Attempt.key).in_(digests)))


def take_back_attempt(session: Session, kind: AttemptKind, key: str) -> None:
    """Uncount the last attempt of a key: it was none, the password was right."""
    last = (
        select(Attempt.id)
        .where(Attempt.kind == kind.value, Attempt.key == digest_of(key))
        .order_by(col(Attempt.created_at).desc())
        .limit(1)
    )
    session.connection().execute(delete(Attempt).where(col(Attempt.id) == session.exec(last).first()))


def forget_old_attempts(session: Session) -> int:
    """Drop what no limit looks at any more; returns how many. The worker calls it now and then."""
    old = delete(Attempt).where(col(Attempt.created_at) < now(session) - _KEPT)
    return session.connection().execute(old).rowcount
