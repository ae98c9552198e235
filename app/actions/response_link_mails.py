"""Mails that ask an addressee for its answer: at publication, at a new mailbox, and before and at the deadline."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from app.actions.mail import send_mail
from app.domain.implementation import AddresseeAnswer
from app.models.organisations import Organisation
from app.models.responses import AddresseeResponse
from app.queries.contact_addresses import contacts_of
from app.queries.response_links import list_unanswered

ASKED = "response_asked"
REMINDED = "response_reminder"
TEMPLATES = frozenset({ASKED, REMINDED})
"""What they say is asked for when they leave: the link is signed then, and a replaced one is sent to nobody."""


def mail_questions(session: Session, responses: Sequence[AddresseeResponse], template: str = ASKED) -> None:
    """Write to every mailbox of each addressee; nothing where there is none. One statement however many there are."""
    contacts = contacts_of(session, {each.organisation_id for each in responses})
    for response in responses:
        for contact in contacts.get(response.organisation_id, []):
            send_mail(
                session,
                address=contact.address,
                template=template,
                data={"response_id": str(response.id)},
                thread_id=f"response.{response.id}",
            )


def mail_open_questions(session: Session, organisation: Organisation) -> None:
    """Ask at a new mailbox what the organisation has not answered yet."""
    if organisation.contact_address:
        mail_questions(session, list_unanswered(session, organisation))


def remind_addressee(session: Session, response_id: UUID) -> None:
    """Remind the mailboxes of an addressee that has not answered."""
    response = session.get_one(AddresseeResponse, response_id)
    if response.answer is AddresseeAnswer.PENDING:
        mail_questions(session, [response], REMINDED)
