"""Takes a real consultation into the needs of a body: all of it or nothing, and twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.record import record_creation
from app.clock import now
from app.domain.actors import IMPORT_ACTOR
from app.domain.bodies import BodyState
from app.domain.events import EventType
from app.domain.needs import NeedState
from app.domain.sorting import search_key, sort_key
from app.errors import Conflict, NotFound
from app.forms.statement_file import SourceStatement
from app.i18n import _
from app.models.base import new_id
from app.models.bodies import Body
from app.models.needs import Need

BATCH = 500
REASON_DECLINED = "Moderation der Quelle: abgelehnt"
"""A fact of the source, kept as it is in every language."""


def import_statements(
    session: Session,
    slug: str,
    statements: Sequence[SourceStatement],
    *,
    on_progress: Callable[[int], None] = lambda _count: None,
) -> int:
    """Make a need of every statement the body doesn't have yet; how many those were.

    `on_progress` hears how many statements were dealt with since it was last called. Raises NotFound for an
    unknown body, Conflict for one that has ended.
    """
    body = _body(session, slug)
    known = _known_keys(session, body.id)
    fresh = [statement for statement in statements if _source_key(body.id, statement) not in known]
    on_progress(len(statements) - len(fresh))
    remaining = iter(fresh)
    while batch := list(islice(remaining, BATCH)):
        for statement in batch:
            _add(session, body, statement)
        session.flush()
        session.expunge_all()
        session.add(body)
        on_progress(len(batch))
    return len(fresh)


def _body(session: Session, slug: str) -> Body:
    """The body, locked, so that of two imports at once the second sees what the first made."""
    body = session.exec(select(Body).where(Body.slug == slug).with_for_update()).one_or_none()
    if body is None:
        raise NotFound(_("Ein Gremium „{slug}“ gibt es nicht. Es wurde nichts eingelesen.").format(slug=slug))
    if body.state is BodyState.CLOSED:
        raise Conflict(
            _("Das Gremium „{slug}“ hat seine Arbeit beendet. Es wurde nichts eingelesen.").format(slug=slug)
        )
    return body


def _known_keys(session: Session, body_id: UUID) -> set[str | None]:
    prefix = col(Need.source_key).startswith(f"{body_id}:")
    return set(session.exec(select(Need.source_key).where(prefix)).all())


def _source_key(body_id: UUID, statement: SourceStatement) -> str:
    """Known by body, timestamp and comment-id, also after it was forwarded to another body."""
    return f"{body_id}:{statement.timestamp}:{statement.comment_id}"


def _add(session: Session, body: Body, statement: SourceStatement) -> None:
    moment = now(session)
    title = statement.title
    need = Need(
        id=new_id(moment),
        created_at=moment,
        body_id=body.id,
        title=title,
        description=statement.text,
        search_text=search_key(title, statement.text),
        sort_key=sort_key(title),
        state=NeedState.DECLINED if statement.is_declined else NeedState.SUBMITTED,
        submitted_at=statement.said_at,
        source_key=_source_key(body.id, statement),
        source_author=statement.author_id,
        is_example=body.is_example,
    )
    record_creation(
        session,
        EventType.NEED_IMPORTED,
        need,
        actor=IMPORT_ACTOR,
        texts={"reason": REASON_DECLINED} if statement.is_declined else None,
        data={"body_id": str(body.id), "timestamp": statement.timestamp, "comment_id": statement.comment_id},
    )
