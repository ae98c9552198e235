"""What fills a mail at the moment it is handed over: what was kept for it, or what its reader may see by then."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions.digests import DIGEST as NOTIFICATIONS
from app.actions.mail import host_of
from app.actions.need_review_mails import TEMPLATES as ABOUT_NEEDS
from app.actions.report_link_mails import TEMPLATES as ABOUT_REPORTS
from app.actions.response_link_mails import TEMPLATES as ABOUT_RESPONSES
from app.actions.reuses import CONFIRMATION as REUSE_CONFIRMATION
from app.actions.reuses import QUESTION as REUSE_QUESTION
from app.actions.statement_link_mails import TEMPLATES
from app.actions.subscriptions import CONFIRMATION, DIGEST
from app.clock import now
from app.config import Settings
from app.documents import digests, need_review_links, report_links, response_links, reuse_mails, subscription_mails
from app.documents.calendars import calendar_file
from app.documents.mail_content import MailContent, Making
from app.documents.statement_links import link_mail
from app.domain.deadline_reminders import DeadlineKind
from app.models.outbox import OutgoingMail
from app.wording.reminders import deadline_title

_MADE_WHEN_SENT: dict[str, Making] = {
    NOTIFICATIONS: digests.digest,
    CONFIRMATION: subscription_mails.confirmation,
    DIGEST: subscription_mails.digest,
    **dict.fromkeys(TEMPLATES, link_mail),
    REUSE_CONFIRMATION: reuse_mails.confirmation,
    REUSE_QUESTION: reuse_mails.question,
    **dict.fromkeys(ABOUT_NEEDS, need_review_links.link_mail),
    **dict.fromkeys(ABOUT_REPORTS, report_links.link_mail),
    **dict.fromkeys(ABOUT_RESPONSES, response_links.link_mail),
}
"""Templates whose content is asked for when the mail leaves; all others say what was kept for them."""


def content_of(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent | None:
    """What the mail says now; None where nothing is left to say."""
    making = _MADE_WHEN_SENT.get(mail.template)
    return making(session, mail, settings) if making else _kept(session, mail, settings)


def _kept(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent:
    """What was kept for it; until when its link is good (`deadline_at`) travels with it for a calendar."""
    until = mail.data.get("deadline_at")
    if until is None:
        return MailContent(mail.data)
    entry = calendar_file(
        key=f"{mail.thread_id or mail.id}@{host_of(settings.base_url)}",
        title=deadline_title(DeadlineKind.INVITATION),
        due_at=datetime.fromisoformat(until),
        made_at=now(session),
    )
    return MailContent(mail.data, calendar=[entry])
