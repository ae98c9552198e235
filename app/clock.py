"""The time of a session: injected, so that tests and the example programme move it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.orm import Session

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's time in UTC."""
    return datetime.now(UTC)


def now(session: Session) -> datetime:
    """The session's time in UTC; every write of one request may call it as often as it likes."""
    clock: Clock = session.info.get("clock", system_clock)
    return clock()
