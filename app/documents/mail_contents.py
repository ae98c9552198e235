"""What fills a mail at the moment it is handed over: what was kept for it, or what its reader may see by then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.config import Settings
from app.models.outbox import OutgoingMail


@dataclass(frozen=True, slots=True)
class MailContent:
    """What a template is given, and what the mail carries besides."""

    data: Mapping[str, Any]
    unsubscribe_path: str | None = None


Making = Callable[[Session, OutgoingMail, Settings], MailContent | None]

_MADE_WHEN_SENT: dict[str, Making] = {}
"""Templates whose content is asked for when the mail leaves; all others say what was kept for them."""


def content_of(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent | None:
    """What the mail says now; None where nothing is left to say."""
    making = _MADE_WHEN_SENT.get(mail.template)
    return making(session, mail, settings) if making else MailContent(mail.data)
