"""What fills a mail at the moment it is handed over: what was kept for it, or what its reader may see by then."""

from __future__ import annotations

from sqlmodel import Session

from app.actions.digests import DIGEST as NOTIFICATIONS
from app.actions.subscriptions import CONFIRMATION, DIGEST
from app.config import Settings
from app.documents import digests, subscription_mails
from app.documents.mail_content import MailContent, Making
from app.models.outbox import OutgoingMail

_MADE_WHEN_SENT: dict[str, Making] = {
    NOTIFICATIONS: digests.digest,
    CONFIRMATION: subscription_mails.confirmation,
    DIGEST: subscription_mails.digest,
}
"""Templates whose content is asked for when the mail leaves; all others say what was kept for them."""


def content_of(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent | None:
    """What the mail says now; None where nothing is left to say."""
    making = _MADE_WHEN_SENT.get(mail.template)
    return making(session, mail, settings) if making else MailContent(mail.data)
