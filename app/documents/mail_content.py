"""What one mail says at the moment it is handed over, and what travels with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.config import Settings
from app.models.outbox import OutgoingMail


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """One entry for a reader's calendar."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MailContent:
    """What a template is given, and what the mail carries besides: the way to end it, its thread, calendar files."""

    data: Mapping[str, Any]
    unsubscribe_path: str | None = None
    thread_id: str | None = None
    calendar: Sequence[CalendarFile] = ()


Making = Callable[[Session, OutgoingMail, Settings], MailContent | None]
"""Makes what a mail says when it leaves; None where nothing is left to say."""
