"""Forms that change something say which state of it they were opened with: no one's words are overwritten unseen."""

from __future__ import annotations

import hashlib

from markupsafe import Markup
from sqlmodel import Session

from app.db import hold
from app.errors import Overtaken
from app.models.base import Recorded, Table
from app.routers.deps import OPENED_WITH_FIELD, Submitted


def opened_with(thing: Table | None) -> Markup:
    """The hidden field of a form that changes the thing; nothing for one that makes a new thing."""
    if thing is None:
        return Markup()
    return Markup('<input type="hidden" name="{}" value="{}">').format(OPENED_WITH_FIELD, _state_of(thing))


def refuse_overtaken(session: Session, submitted: Submitted, thing: Table, *texts: str) -> None:
    """Overtaken where the thing was changed since its form was opened; of `texts` it shows what they say now."""
    hold(session, f"form {thing.id}")
    session.refresh(thing)
    if submitted.opened_with in ("", _state_of(thing)):
        return
    now = {name: str(getattr(thing, name) or "") for name in texts}
    raise Overtaken({name: text for name, text in now.items() if text and text != _plain(submitted.text(name))})


def _state_of(thing: Table) -> str:
    """What has a history is told apart by its sequence, what has none by its content."""
    if isinstance(thing, Recorded):
        return str(thing.sequence)
    return hashlib.sha256(repr(sorted(thing.model_dump().items())).encode()).hexdigest()[:16]


def _plain(text: str) -> str:
    """As it would be kept: browsers send line ends of their own."""
    return text.replace("\r\n", "\n").strip()
