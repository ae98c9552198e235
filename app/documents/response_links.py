"""Links by which addressees answer without an account: where each leads, and what their mails say on leaving."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.clock import now
from app.config import Settings
from app.documents.calendars import deadline_file
from app.documents.mail_content import MailContent
from app.domain.contact_addresses import mark_of
from app.domain.deadline_reminders import DeadlineKind
from app.domain.deadlines import end_of_day, is_over
from app.domain.implementation import AddresseeAnswer
from app.models.outbox import OutgoingMail
from app.queries.recommendations import url_of
from app.queries.response_links import follow
from app.security import sign_keys
from app.wording.dates import german_date

ANSWER = "response-answer"
"""What the word of such a link is good for."""


def answer_path(settings: Settings, response_id: UUID, address: str) -> str:
    """Where the link for a mailbox leads; only we can make it."""
    return f"/rueckmeldung/{sign_keys(settings, ANSWER, [response_id, mark_of(response_id, address)])}"


def link_mail(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent | None:
    """The question with its link; None once it was answered, is no longer asked, or the mailbox was replaced."""
    response_id = UUID(mail.data["response_id"])
    asked = follow(session, response_id, mark_of(response_id, mail.address))
    if asked is None or not asked.is_open or asked.response.answer is not AddresseeAnswer.PENDING:
        return None
    due_on = asked.response.due_on
    content: dict[str, Any] = {
        "organisation": asked.organisation.name,
        "title": asked.recommendation.title,
        "reference": asked.recommendation.reference,
        "url": url_of(asked.recommendation),
        "until": german_date(due_on),
        "path": answer_path(settings, response_id, mail.address),
    }
    if due_on is None:
        return MailContent(content)
    moment, due_at = now(session), end_of_day(due_on)
    content["is_over"] = is_over(due_at, moment)
    page = f"{url_of(asked.recommendation)}/umsetzung"
    entry = deadline_file(settings, DeadlineKind.RESPONSE, response_id, due_at=due_at, made_at=moment, path=page)
    return MailContent(content, calendar=[] if content["is_over"] else [entry])
