"""What mails about reuses say when they are handed over, with the links that only we can make."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.clock import now
from app.config import Settings
from app.documents.mail_content import MailContent
from app.models.outbox import OutgoingMail
from app.models.recommendations import Recommendation
from app.queries import reuses as queries
from app.queries.recommendations import url_of
from app.security import sign_keys

CONFIRM, KEEP = "reuse-confirm", "reuse-keep"
"""What the word of a link is good for."""


def confirm_path(settings: Settings, key: UUID) -> str:
    """Where a mailbox confirms what was sent in its name."""
    return f"/nachnutzung/bestaetigen/{sign_keys(settings, CONFIRM, [key])}"


def keep_path(settings: Settings, key: UUID) -> str:
    """Where a mailbox says whether it still is so."""
    return f"/nachnutzung/stand/{sign_keys(settings, KEEP, [key])}"


def confirmation(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent | None:
    """The question whether what was sent is the mailbox's; None once it was confirmed or deleted."""
    request = queries.find_request(session, UUID(str(mail.data.get("request_id"))), now(session))
    if request is None:
        return None
    recommendation = session.get_one(Recommendation, request.recommendation_id)
    return MailContent(
        {
            "name": request.content.get("name", ""),
            "title": recommendation.title,
            "url": url_of(recommendation),
            "path": confirm_path(settings, request.id),
        }
    )


def question(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent | None:
    """The yearly question whether it still is so; None once the entry no longer stands."""
    entry = queries.find_kept(session, UUID(str(mail.data.get("reuse_id"))))
    if entry is None:
        return None
    recommendation = session.get_one(Recommendation, entry.recommendation_id)
    return MailContent(
        {
            "name": entry.name,
            "since_on": entry.since_on,
            "title": recommendation.title,
            "url": url_of(recommendation),
            "path": keep_path(settings, entry.id),
        }
    )
