"""Mail is written in the transaction of its cause; the worker hands it over later."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.clock import now
from app.models.base import new_id
from app.models.outbox import OutgoingMail


def send_mail(
    session: Session, *, address: str, subject: str, text: str, person_id: UUID | None = None
) -> OutgoingMail:
    """Put one mail into the outbox; it leaves only if this transaction is committed.

    The text names links and never confidential content.
    """
    moment = now(session)
    key = new_id(moment)
    mail = OutgoingMail(
        id=key,
        created_at=moment,
        person_id=person_id,
        address=address,
        subject=subject,
        text=text,
        message_id=f"<{key}@dialogforum>",
        due_at=moment,
    )
    session.add(mail)
    return mail


def link_to(session: Session, path: str) -> str:
    """The whole address of a page of this installation, for a mail."""
    return f"{session.info['base_url']}{path}"
