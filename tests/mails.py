"""Mails as their readers get them: rendered as the worker would at this moment."""

from __future__ import annotations

import re
from email.message import EmailMessage

from icalendar import Calendar, Event
from sqlmodel import select

from app.db import Database
from app.documents.mails import render_mail
from app.models.outbox import OutgoingMail


def message_of(database: Database, mail: OutgoingMail) -> EmailMessage:
    """The mail as it would be handed over now."""
    with database.read() as session:
        message = render_mail(session, session.get_one(OutgoingMail, mail.id), database.settings)
    assert message is not None, "nothing is left to say"
    return message


def subject_of(database: Database, mail: OutgoingMail) -> str:
    """What stands in the list of mails."""
    return str(message_of(database, mail)["Subject"])


def text_of(database: Database, mail: OutgoingMail) -> str:
    """The plain text, where every link is whole."""
    part = message_of(database, mail).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(database: Database, mail: OutgoingMail) -> str:
    """The HTML."""
    part = message_of(database, mail).get_body(("html",))
    assert part is not None
    return str(part.get_content())


def links_of(database: Database, mail: OutgoingMail) -> list[str]:
    """The paths of the links in the text that lead to this installation."""
    return re.findall(rf"{re.escape(database.settings.base_url)}(/\S*)", text_of(database, mail))


def list_mails(database: Database) -> list[OutgoingMail]:
    """Every mail of the outbox, oldest first."""
    with database.read() as session:
        return list(session.exec(select(OutgoingMail).order_by(OutgoingMail.created_at, OutgoingMail.id)).all())


def entries_of(message: EmailMessage) -> list[tuple[str, Event]]:
    """The calendar files by name, each with its one entry."""
    found = []
    for file in message.iter_attachments():
        (event,) = Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")
        found.append((str(file.get_filename()), event))
    return found
