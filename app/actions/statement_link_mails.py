"""Mails to organisations that answer by a link: with it, before the end, when the end moves, when they are answered."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.mail import send_mail
from app.models.consultations import Statement, StatementLink
from app.queries import statement_links as queries

INVITED = "statement_link"
REMINDED = "statement_link_reminder"
EXTENDED = "statement_link_extended"
ANSWERED = "statement_link_answered"
TEMPLATES = frozenset({INVITED, REMINDED, EXTENDED, ANSWERED})
"""What they say is asked for when they leave: the link is signed then, and a revoked one is sent to nobody."""


def mail_link(session: Session, link: StatementLink, template: str) -> None:
    """Write to where the link was sent; nothing where somebody passes it on by hand."""
    if link.address:
        data = {"link_id": str(link.id)}
        send_mail(session, address=link.address, template=template, data=data, thread_id=f"statement_link.{link.id}")


def remind_by_mail(session: Session, round_id: UUID) -> None:
    """Remind every organisation that has a link and has not answered."""
    for link in queries.list_unanswered(session, round_id):
        mail_link(session, link, REMINDED)


def tell_of_extension(session: Session, round_id: UUID) -> None:
    """Say that there is more time, to all who have a link."""
    for link in queries.list_open_links(session, round_id):
        mail_link(session, link, EXTENDED)


def tell_of_answer(session: Session, statement: Statement) -> None:
    """Say that a statement sent by a link was answered."""
    if statement.link_id is None:
        return
    link = session.get_one(StatementLink, statement.link_id)
    if link.revoked_at is None:
        mail_link(session, link, ANSWERED)
