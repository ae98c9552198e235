"""Mails that ask an organisation for the reports on its measures: one to each mailbox for all that is owed."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.mail import send_mail
from app.clock import now
from app.domain.deadlines import berlin_date, start_of_day
from app.models.measures import Measure
from app.models.organisations import Organisation
from app.models.outbox import OutgoingMail
from app.queries.contact_addresses import contacts_of
from app.queries.report_links import first_owed

ASKED = "report_asked"
TEMPLATES = frozenset({ASKED})
"""What it says is asked for when it leaves: the link is signed then, and a replaced one is sent to nobody."""


def ask_for_report(session: Session, measure: Measure) -> None:
    """Ask at every mailbox of who answers for the measure, for all its reports at once; each mailbox once a day."""
    thread = f"report.{measure.responsible_organisation_id}"
    contacts = contacts_of(session, [measure.responsible_organisation_id])
    asked_today = _asked_today(session, thread)
    for contact in contacts.get(measure.responsible_organisation_id, []):
        if contact.address not in asked_today:
            send_mail(
                session,
                address=contact.address,
                template=ASKED,
                data={"measure_id": str(measure.id)},
                thread_id=thread,
            )


def ask_for_report_on(session: Session, measure_id: UUID) -> None:
    """The same for a measure that is not loaded."""
    ask_for_report(session, session.get_one(Measure, measure_id))


def ask_for_owed_reports(session: Session, organisation: Organisation) -> None:
    """Ask at a new mailbox for what the organisation owes now."""
    measure = first_owed(session, organisation.id) if organisation.contact_address else None
    if measure is not None:
        ask_for_report(session, measure)


def _asked_today(session: Session, thread: str) -> set[str]:
    begin = start_of_day(berlin_date(now(session)))
    statement = select(OutgoingMail.address).where(
        OutgoingMail.thread_id == thread, OutgoingMail.template == ASKED, col(OutgoingMail.created_at) >= begin
    )
    return set(session.exec(statement).all())
