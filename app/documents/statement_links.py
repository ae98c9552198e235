"""Links by which organisations without an account answer: where each leads, and what their mails say on leaving."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.statement_link_mails import ANSWERED, REMINDED
from app.clock import now
from app.config import Settings
from app.documents.calendars import deadline_file
from app.documents.mail_content import MailContent
from app.domain.deadline_reminders import DeadlineKind
from app.domain.deadlines import is_over as is_past
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
    """The link with its end as it is now; None once it was revoked, or the round closed before its time.

    When the round is over only that is said, to who was reminded, and what became of a statement.
    """
    followed = follow(session, UUID(mail.data["link_id"]))
    if followed is None or followed.link.revoked_at is not None:
        return None
    moment, due_at = now(session), followed.round.closes_at
    is_over = is_past(due_at, moment)
    if not followed.is_open and mail.template != ANSWERED and not (is_over and mail.template == REMINDED):
        return None
    content = {
        "organisation": followed.organisation.name,
        "until": german_deadline(due_at),
        "path": path_of(settings, followed.link),
        "is_over": is_over,
    }
    entry = deadline_file(settings, DeadlineKind.COMMENT_ROUND, followed.round.id, due_at=due_at, made_at=moment)
    return MailContent(content, calendar=[entry] if followed.is_open and mail.template != ANSWERED else [])
