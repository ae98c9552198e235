"""Links by which organisations report on their measures without an account: where each leads, what its mail says."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.config import Settings
from app.documents.mail_content import MailContent
from app.domain.contact_addresses import mark_of
from app.models.outbox import OutgoingMail
from app.queries.report_links import follow
from app.security import sign_keys
from app.wording.dates import german_date

REPORT = "progress-report"
"""What the word of such a link is good for."""


def report_path(settings: Settings, measure_id: UUID, address: str) -> str:
    """Where the link for a mailbox leads; only we can make it."""
    return f"/sachstand/{sign_keys(settings, REPORT, [measure_id, mark_of(measure_id, address)])}"


def link_mail(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent | None:
    """All that is owed, with the link; None once everything is reported, or the mailbox was replaced."""
    measure_id = UUID(mail.data["measure_id"])
    asked = follow(session, measure_id, mark_of(measure_id, mail.address))
    if asked is None or not asked.is_open:
        return None
    return MailContent(
        {
            "organisation": asked.organisation.name,
            "measures": [
                {
                    "title": each.measure.title,
                    "url": f"/massnahmen/{each.measure.id}",
                    "until": german_date(each.measure.report_due_on),
                    "is_over": each.listed.is_overdue,
                    "is_asked_back": bool(each.question),
                }
                for each in asked.owed
            ],
            "path": report_path(settings, measure_id, mail.address),
        }
    )
