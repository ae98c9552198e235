"""Attaching a file, taking it away, and blacking it out; what lies on the disk is safe before its row is written."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.consultations import require_open
from app.actions.creations import find_already_created
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.redaction import redact_texts_of
from app.clock import now
from app.domain.actors import Actor
from app.domain.attachments import PICTURES
from app.domain.events import EventType, SubjectType
from app.domain.permissions import Permission
from app.errors import Conflict, FieldError, Invalid, NotFound
from app.files import Staged, folder_of
from app.forms.attachments import AttachmentRemoval, SentAttachment
from app.i18n import _
from app.models.attachments import Attachment
from app.models.base import new_id
from app.models.consultations import CommentRound, Statement
from app.queries import attachments as queries
from app.queries.base import get_for_update

MOST_ON_ONE = 20
"""Files on one thing; a dossier of more belongs behind a link."""


def attach(
    session: Session, on_type: SubjectType, on_id: UUID, form: SentAttachment, staged: Staged, *, actor: Actor
) -> tuple[Attachment, bool]:
    """Attach a file to a thing; the flag is False where this very sending stood already.

    To a statement only whoever made it adds files, and only while its round takes statements.
    """
    subject = queries.get_subject(session, on_type, on_id, actor, for_update=True)
    scope = queries.scope_on(session, subject)
    if isinstance(subject, Statement):
        require(Permission.STATEMENT_ATTACH, scope, actor)
    else:
        require(Permission.ATTACHMENT_ADD, scope, actor)
    earlier = find_already_created(session, Attachment, form, actor=actor)
    if earlier:
        return earlier, False
    if isinstance(subject, Statement):
        require_open(session, session.get_one(CommentRound, subject.round_id))
    return keep_attachment(session, subject, form, staged, body_id=scope.body_id, actor=actor), True


def keep_attachment(
    session: Session,
    subject: queries.Subject,
    form: SentAttachment,
    staged: Staged,
    *,
    body_id: UUID | None,
    actor: Actor,
) -> Attachment:
    """Write the row and put the content in its place; the caller holds the thing and has asked who may.

    Is the transaction undone, the content lies alone, and the worker takes it away.
    """
    if form.kind in PICTURES and not form.alt_text:
        message = _("Bitte beschreiben Sie das Bild für Menschen, die es nicht sehen.")
        raise Invalid(FieldError("alt_text", message))
    if len(queries.attachments_on(session, [subject.id]).get(subject.id, ())) >= MOST_ON_ONE:
        raise Conflict(_("Hier liegen schon {number} Dateien, mehr sind es nicht.").format(number=MOST_ON_ONE))
    moment = now(session)
    made = Attachment(
        id=form.id or new_id(moment),
        created_at=moment,
        on_type=type(subject).subject_type,
        on_id=subject.id,
        body_id=body_id,
        name=form.name,
        kind=form.kind,
        size=form.size,
        digest=form.digest,
        alt_text=form.alt_text,
        author_id=actor.person_id,
        organisation_id=actor.organisation_id,
        seat_id=actor.seat_id,
        is_example=subject.is_example,
    )
    data = {
        "on_type": made.on_type.value,
        "on_id": str(made.on_id),
        "kind": made.kind.value,
        "size": made.size,
        "digest": made.digest,
    }
    record_creation(session, EventType.ATTACHMENT_ADDED, made, actor=actor, data=data)
    session.flush()
    staged.keep()
    return made


def remove_attachment(session: Session, key: UUID, form: AttachmentRemoval, *, actor: Actor) -> Attachment:
    """Take a file away: its author may, and the Geschäftsstelle with a reason; twice is NotFound.

    With `redact` its content goes for good, its name with it, and the record says so.
    """
    found = get_for_update(session, Attachment, key, queries.visible(actor))
    require(Permission.ATTACHMENT_REMOVE, found, actor)
    is_author = found.author_id is not None and found.author_id == actor.person_id
    if not is_author and not form.reason:
        raise Invalid(FieldError("reason", _("Bitte begründen Sie, warum die Datei entfernt wird.")))
    if found.on_type is SubjectType.STATEMENT and not actor.is_secretariat:
        statement = session.get_one(Statement, found.on_id)
        require_open(session, session.get_one(CommentRound, statement.round_id))
    found.removed_at = now(session)
    session.add(found)
    record(session, EventType.ATTACHMENT_REMOVED, found, actor=actor, reason=form.reason)
    if form.redact:
        redact_attachment(session, found.id, reason=form.reason or "", actor=actor)
    return found


def redact_attachment(session: Session, key: UUID, *, reason: str, actor: Actor) -> Attachment:
    """Black a file out: nobody opens it again, its name and words go, and the worker removes what lies on the disk."""
    require(Permission.RECORD_REDACT, None, actor)
    found = get_for_update(session, Attachment, key)
    if found.redacted_at is not None:
        raise NotFound()
    redact_texts_of(session, found, reason=reason, actor=actor)
    moment = now(session)
    found.redacted_at = moment
    found.removed_at = found.removed_at or moment
    session.add(found)
    record(session, EventType.ATTACHMENT_REDACTED, found, actor=actor, reason=reason, data={"digest": found.digest})
    return found


def forget_lost_files(session: Session) -> int:
    """Remove from the disk what no row speaks of (any more), once it is old; the worker's task."""
    return folder_of(session).remove_all_but(queries.digests_in_use(session))
