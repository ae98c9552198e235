"""What a person can do in a discussion. Comments stand beside each other: two at once both stand, none is lost."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, select

from app.actions.creations import find_already_created
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.speaking import speaking_in
from app.clock import now
from app.domain.actors import Actor
from app.domain.bodies import BodyState
from app.domain.events import EventType, SubjectType
from app.domain.permissions import Permission, Scope
from app.errors import Conflict, FieldError, Invalid
from app.forms.comments import CommentForm
from app.i18n import _
from app.models.base import new_id
from app.models.comments import Comment
from app.models.measures import Measure
from app.models.recommendations import Recommendation, Version, VersionBlock
from app.queries import comments, subjects
from app.queries.base import get_for_update


def post_comment(
    session: Session, on_type: SubjectType, on_id: UUID, form: CommentForm, *, actor: Actor
) -> tuple[Comment, bool]:
    """Contribute to the discussion of a thing or reply to a comment; the flag is False where it stood already."""
    subject = subjects.get_subject(session, on_type, on_id, actor)
    scope = subjects.discussion_scope(session, subject)
    require(Permission.COMMENT_POST, scope, actor)
    earlier = find_already_created(session, Comment, form, actor=actor)
    if earlier:
        return earlier, False
    _require_open(subject)
    speaker = speaking_in(actor, scope.body_id, form.seat_id) if scope.body_id else actor
    parent = _parent(session, on_id, form)
    version = _version_of_block(session, subject, form)
    moment = now(session)
    key = form.id or new_id(moment)
    comment = Comment(
        id=key,
        created_at=moment,
        on_type=on_type,
        on_id=on_id,
        body_id=scope.body_id,
        parent_id=parent.id if parent else None,
        root_id=parent.root_id if parent else key,
        thread_at=parent.thread_at if parent else moment,
        block_id=form.block_id,
        version_number=version,
        stance=form.stance,
        text=form.text,
        author_id=actor.person_id,
        organisation_id=speaker.organisation_id,
        seat_id=speaker.seat_id,
        is_example=subject.is_example,
    )
    data = {"on_type": on_type.value, "on_id": str(on_id)}
    if form.block_id:
        data["block_id"] = str(form.block_id)
    if parent:
        data["parent_id"] = str(parent.id)
    record_creation(session, EventType.COMMENT_POSTED, comment, actor=speaker, data=data, version=version)
    return comment, True


def withdraw_comment(session: Session, key: UUID, *, actor: Actor) -> Comment:
    """Take back one's own comment: its place stays, its text is no longer shown; twice changes nothing."""
    comment = get_for_update(session, Comment, key, comments.visible(actor))
    require(Permission.COMMENT_WITHDRAW, Scope(author_id=comment.author_id), actor)
    if comment.withdrawn_at is None:
        comment.withdrawn_at = now(session)
        session.add(comment)
        record(session, EventType.COMMENT_WITHDRAWN, comment, actor=actor)
    return comment


def _require_open(subject: subjects.Subject) -> None:
    if isinstance(subject, Measure) or subject.body is None:
        return
    if subject.body.state is BodyState.CLOSED:
        raise Conflict(_("Das Gremium hat seine Arbeit beendet; die Diskussion ist abgeschlossen."))


def _parent(session: Session, on_id: UUID, form: CommentForm) -> Comment | None:
    if form.parent_id is None:
        return None
    found = session.exec(select(Comment).where(Comment.id == form.parent_id, Comment.on_id == on_id)).one_or_none()
    if found is None:
        raise Invalid(FieldError("parent_id", _("Den Beitrag, auf den Sie antworten, gibt es hier nicht.")))
    return found


def _version_of_block(session: Session, subject: subjects.Subject, form: CommentForm) -> int | None:
    """The version a comment on a block names: the newest, in which the block must stand."""
    if form.block_id is None:
        return None
    if isinstance(subject, Recommendation):
        statement = (
            select(Version.number)
            .where(Version.recommendation_id == subject.id, Version.number == subject.version)
            .where(VersionBlock.version_id == Version.id, VersionBlock.block_id == form.block_id)
        )
        found = session.exec(statement).one_or_none()
        if found is not None:
            return found
    raise Invalid(FieldError("block_id", _("Diesen Absatz gibt es in der neuesten Fassung nicht.")))
