"""Links by which organisations without an account answer: where each leads, and what their mails say on leaving."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.statement_link_mails import ANSWERED
from app.config import Settings
from app.documents.mail_content import MailContent
from app.models.consultations import StatementLink
from app.models.outbox import OutgoingMail
from app.queries.statement_links import follow
from app.security import sign_keys
from app.wording.dates import german_deadline

ANSWER = "statement-link"
"""What the word of such a link is good for."""


def path_of(settings: Settings, link: StatementLink) -> str:
    """Where the link leads; only we can make it, and it holds no secret of its own."""
    return f"/stellungnahme/{sign_keys(settings, ANSWER, [link.id])}"


def link_mail(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent | None:
    """The link with its end as it is now; None once it was revoked, or is over for all but the answer."""
    followed = follow(session, UUID(mail.data["link_id"]))
    if followed is None or followed.link.revoked_at is not None:
        return None
    if not followed.is_open and mail.template != ANSWERED:
        return None
    return MailContent(
        {
            "organisation": followed.organisation.name,
            "until": german_deadline(followed.round.closes_at),
            "path": path_of(settings, followed.link),
        }
    )
