"""Reads of discussions; they are the body's, whoever else may read what is discussed, and never published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, exists, false, func, or_, true
from sqlalchemy import select as select_many
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.domain.permissions import Permission, Scope, capabilities, is_granted
from app.i18n import _
from app.models.base import UTCDateTime
from app.models.comments import Comment
from app.models.measures import Measure
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.recommendations import Recommendation, Version, VersionBlock
from app.queries import subjects
from app.queries.base import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor, get_visible, page_of
from app.queries.built import built_once, keys_of

THREAD_LIMIT = 50
"""Contributions on the discussion's own page."""

BESIDE_LIMIT = 15
"""Contributions on the page of what is discussed; the rest is a click away."""


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment as a page shows it; `paragraph` is None for one on the whole, or whose block is gone by now."""

    comment: Comment
    author: str
    organisation: str | None
    paragraph: int | None
    answers_to: str | None
    is_own: bool

    @property
    def is_reply(self) -> bool:
        """True for an answer to another comment."""
        return self.comment.parent_id is not None

    @property
    def is_homeless(self) -> bool:
        """True where its block does not live on in the newest version."""
        return self.comment.block_id is not None and self.paragraph is None


@dataclass(frozen=True, slots=True)
class Thread:
    """Part of a discussion: exchanges newest first, each with its replies in the order they came."""

    on_id: UUID
    items: Sequence[ShownComment] = ()
    next: str | None = None
    total: int = 0
    is_readable: bool = False


def visible(actor: Actor) -> ColumnElement[bool]:
    """The comments an actor may read: its bodies' and its own, on what it may read."""
    if not actor.is_signed_in:
        return false()
    on_visible = or_(
        *(
            and_(
                col(Comment.on_type) == subject_type,
                col(Comment.on_id).in_(select(model.id).where(subjects.visible(subject_type, actor))),
            )
            for subject_type, model in subjects.MODELS.items()
        )
    )
    return and_(in_circle(actor), on_visible)


def in_circle(actor: Actor) -> ColumnElement[bool]:
    """Whose comments the actor reads, where it may read what they are on."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    return or_(
        col(Comment.body_id).in_(actor.body_ids),
        col(Comment.author_id) == actor.person_id,
        and_(
            col(Comment.on_type) == SubjectType.MEASURE,
            exists().where(
                and_(
                    col(Measure.id) == Comment.on_id,
                    col(Measure.responsible_organisation_id).in_(actor.acts_for),
                )
            ),
        ),
    )


def thread(session: Session, on_id: UUID, actor: Actor, after: str | None = None, limit: int = THREAD_LIMIT) -> Thread:
    """The discussion on something the actor may read, in one statement; nothing for the public."""
    if not actor.is_signed_in:
        return Thread(on_id)
    place = decode_cursor(after, _place) if after else {}
    asked = {"on_id": on_id, **place, **keys_of(actor)}
    rows: Sequence[Any] = session.exec(_thread(actor, limit, bool(after)), params=asked).all()
    items = [_shown(*row[:5], actor=actor) for row in rows[:limit]]
    return Thread(
        on_id,
        items=items,
        next=_cursor(items[-1].comment) if len(rows) > limit else None,
        total=rows[0][5] if rows else 0,
        is_readable=True,
    )


@built_once
def _thread(actor: Actor, limit: int, is_later: bool) -> Any:
    columns: list[Any] = [Comment, Person, Organisation.name, _paragraph(), _answers_to(), _total(actor)]
    statement = (
        select_many(*columns)
        .outerjoin(Person, col(Comment.author_id) == Person.id)
        .outerjoin(Organisation, col(Comment.organisation_id) == Organisation.id)
        .where(col(Comment.on_id) == bindparam("on_id"), in_circle(actor))
        .order_by(col(Comment.thread_at).desc(), col(Comment.root_id).desc(), col(Comment.created_at), col(Comment.id))
        .limit(limit + 1)
    )
    return statement.where(_behind()) if is_later else statement


def list_comments(
    session: Session, on_id: UUID, actor: Actor, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Comment]:
    """The comments on something the actor may read, newest first."""
    if not actor.is_signed_in:
        return Page([])
    return page_of(
        session, select(Comment).where(Comment.on_id == on_id, in_circle(actor)), Comment, limit=limit, after=after
    )


def get_comment(session: Session, key: UUID, actor: Actor) -> Comment:
    """One comment; NotFound where absent or hidden."""
    comment: Comment = get_visible(session, _one(actor), {"key": key, **keys_of(actor)})
    return comment


@built_once
def _one(actor: Actor) -> SelectOfScalar[Comment]:
    return select(Comment).where(Comment.id == bindparam("key"), visible(actor))


def names_of(session: Session, comments: Sequence[Comment]) -> dict[UUID, str]:
    """Who wrote each comment, as it is shown: name, or former member."""
    keys = {comment.author_id for comment in comments}
    people = session.exec(select(Person).where(col(Person.id).in_(keys))).all() if comments else []
    shown = {person.id: _name(person) for person in people}
    return {comment.id: shown.get(comment.author_id, _name(None)) for comment in comments if comment.author_id}


def may_comment(session: Session, on: subjects.Subject, actor: Actor) -> bool:
    """True where the actor may contribute to the discussion of this thing."""
    return may_on(session, on, actor, Permission.COMMENT_POST)


def may_on(session: Session, on: subjects.Subject, actor: Actor, permission: Permission) -> bool:
    """True where the actor has this permission in the discussion of a thing."""
    if not actor.is_signed_in or not actor.may_write:
        return False
    return may_in(subjects.discussion_scope(session, on), actor, permission)


def may_in(scope: Scope, actor: Actor, permission: Permission = Permission.COMMENT_POST) -> bool:
    """The same where the scope is known."""
    return actor.is_signed_in and actor.may_write and is_granted(permission, capabilities(actor, scope))


def find_comment_on(session: Session, on_id: UUID, key: object, actor: Actor) -> Comment | None:
    """A comment on a thing the actor may read, by its id as sent; None where it is none of these."""
    try:
        wanted = UUID(str(key))
    except ValueError:
        return None
    statement = select(Comment).where(Comment.id == wanted, Comment.on_id == on_id, in_circle(actor))
    return session.exec(statement).one_or_none()


def _paragraph() -> Any:
    """The place of the comment's block in the newest version of its recommendation."""
    return (
        select(VersionBlock.position + 1)
        .join(Version, col(VersionBlock.version_id) == Version.id)
        .join(
            Recommendation,
            and_(
                col(Version.recommendation_id) == Recommendation.id,
                col(Version.number) == col(Recommendation.version),
            ),
        )
        .where(Recommendation.id == Comment.on_id, VersionBlock.block_id == Comment.block_id)
        .correlate(Comment)
        .scalar_subquery()
    )


def _answers_to() -> Any:
    """The organisation a reply answers, where that is not the one that opened the exchange."""
    parent = aliased(Comment)
    return (
        select(Organisation.name)
        .join(parent, col(parent.organisation_id) == Organisation.id)
        .where(parent.id == Comment.parent_id, parent.id != Comment.root_id)
        .correlate(Comment)
        .scalar_subquery()
    )


def _total(actor: Actor) -> Any:
    on_this = col(Comment.on_id) == bindparam("on_id")
    statement = select(func.count()).select_from(Comment).where(on_this, in_circle(actor))
    return statement.correlate(None).scalar_subquery()


def _shown(
    comment: Comment,
    person: Person | None,
    organisation: str | None,
    paragraph: int | None,
    answers_to: str | None,
    *,
    actor: Actor,
) -> ShownComment:
    return ShownComment(
        comment=comment,
        author=_name(person),
        organisation=organisation,
        paragraph=paragraph,
        answers_to=answers_to,
        is_own=comment.author_id == actor.person_id,
    )


def _name(person: Person | None) -> str:
    return person.shown_name if person else _("ehemaliges Mitglied")


def _cursor(comment: Comment) -> str:
    return encode_cursor(
        [comment.thread_at.isoformat(), str(comment.root_id), comment.created_at.isoformat(), str(comment.id)]
    )


def _behind() -> ColumnElement[bool]:
    thread_at: Any = bindparam("last_thread_at", type_=UTCDateTime())
    root_id: Any = bindparam("last_root_id", type_=Uuid())
    created_at: Any = bindparam("last_created_at", type_=UTCDateTime())
    key: Any = bindparam("last_key", type_=Uuid())
    same_thread = and_(col(Comment.thread_at) == thread_at, col(Comment.root_id) == root_id)
    return or_(
        col(Comment.thread_at) < thread_at,
        and_(col(Comment.thread_at) == thread_at, col(Comment.root_id) < root_id),
        and_(same_thread, col(Comment.created_at) > created_at),
        and_(same_thread, col(Comment.created_at) == created_at, col(Comment.id) > key),
    )


def _place(parts: list[str]) -> dict[str, Any]:
    thread_at, created_at = datetime.fromisoformat(parts[0]), datetime.fromisoformat(parts[2])
    if thread_at.tzinfo is None or created_at.tzinfo is None:
        raise ValueError("naive moment")
    return {
        "last_thread_at": thread_at,
        "last_root_id": UUID(parts[1]),
        "last_created_at": created_at,
        "last_key": UUID(parts[3]),
    }
