"""Links that work once: how each is made. What it opens stands with who follows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.clock import now
from app.models.accounts import LinkPurpose, OneTimeLink
from app.models.base import new_id
from app.security import digest_of, new_secret
from app.wording.dates import german_deadline

_PATHS = {
    LinkPurpose.INVITATION: "/einladung/",
    LinkPurpose.PASSWORD: "/passwort/",
    LinkPurpose.NOMINATION: "/benennung/",
}


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link with its path, which nobody can read from the database later."""

    row: OneTimeLink
    path: str

    @property
    def said(self) -> dict[str, str]:
        """What the mail that brings it says of it: where, until when, and that for a calendar."""
        end = self.row.expires_at
        return {"path": self.path, "until": german_deadline(end), "deadline_at": end.isoformat()}


def make_link(session: Session, purpose: LinkPurpose, *, expires_at: datetime, **whose: Any) -> NewLink:
    """One more link; `whose` names its person, or its seat with the address it is sent to."""
    secret = new_secret()
    moment = now(session)
    link = OneTimeLink(
        id=new_id(moment),
        created_at=moment,
        purpose=purpose,
        digest=digest_of(secret),
        expires_at=expires_at,
        **whose,
    )
    session.add(link)
    return NewLink(link, _PATHS[purpose] + secret)
