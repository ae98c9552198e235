"""Mail is written in the transaction of its cause; the worker renders it and hands it over later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session

from app.clock import now
from app.domain.delivery import precedence_of
from app.models.base import new_id
from app.models.outbox import OutgoingMail


def send_mail(
    session: Session,
    *,
    address: str,
    template: str,
    data: Mapping[str, Any] | None = None,
    person_id: UUID | None = None,
    thread_id: str | None = None,
) -> OutgoingMail:
    """Put one mail into the outbox; it leaves only if this transaction is committed.

    `template` names a file of `templates/mails/`, which `data` (JSON: words, numbers, paths) fills when the mail is
    handed over. It names links and never confidential content. `thread_id` names what mails belong together by.
    """
    moment = now(session)
    key = new_id(moment)
    mail = OutgoingMail(
        id=key,
        created_at=moment,
        person_id=person_id,
        address=address,
        template=template,
        data=dict(data or {}),
        message_id=f"<{key}@{host_of(session.info['base_url'])}>",
        thread_id=thread_id,
        precedence=precedence_of(template),
        due_at=moment,
    )
    session.add(mail)
    return mail


def host_of(base_url: str) -> str:
    """The name of this installation's host, as it stands in every Message-ID."""
    return urlsplit(base_url).hostname or "localhost"
