"""Pages of attached files: opening one, attaching one, taking one away; the same for every noun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import attachments as actions
from app.actions.permissions import may, require
from app.domain.events import SubjectType
from app.domain.permissions import Permission
from app.errors import ApplicationError, NotFound
from app.forms.attachments import AttachmentForm, AttachmentRemoval
from app.i18n import _
from app.models.attachments import Attachment
from app.models.base import new_id
from app.models.consultations import Statement
from app.queries import attachments as queries
from app.routers.deps import (
    Member,
    Reader,
    ReadSession,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.downloads import kept_file
from app.routers.pages import field_errors, render, see_other
from app.routers.uploads import ACCEPTED, Uploaded

router = APIRouter()
Noun = Literal["need", "proposal", "recommendation", "measure", "statement"]


@router.get("/anlagen/{attachment_id}")
def open_attachment(request: Request, session: ReadSession, visitor: Reader, attachment_id: UUID) -> Response:
    """The file, to be saved."""
    return file_of(request, queries.get_attachment(session, attachment_id, visitor.actor))


@router.get("/anlagen/{attachment_id}/entfernen")
def ask_to_remove(request: Request, session: ReadSession, visitor: Member, attachment_id: UUID) -> Response:
    """Ask once more before a file is taken away."""
    return _removal(request, session, visitor, attachment_id, {})


@router.post("/anlagen/{attachment_id}/entfernen")
def remove_attachment(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, attachment_id: UUID
) -> Response:
    """Take a file away, for good where its content is to go, too."""
    with attempt(session) as outcome:
        form = submitted.parse(AttachmentRemoval)
        found = actions.remove_attachment(session, attachment_id, form, actor=visitor.actor)
        subject = queries.get_subject(session, found.on_type, found.on_id, visitor.actor)
        return see_other(request, queries.url_of(subject), _("Die Datei ist entfernt."))
    return _removal(request, session, visitor, attachment_id, submitted.values, outcome.error)


@router.get("/anlagen/{on_type}/{on_id}")
def open_form(request: Request, session: ReadSession, visitor: Member, on_type: Noun, on_id: UUID) -> Response:
    """The form for a file."""
    return _form(request, session, visitor, SubjectType(on_type), on_id, {"id": str(new_id())})


@router.post("/anlagen/{on_type}/{on_id}")
def attach(
    request: Request,
    upload: Uploaded,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    on_type: Noun,
    on_id: UUID,
) -> Response:
    """Attach a file to a thing."""
    noun = SubjectType(on_type)
    with attempt(session) as outcome:
        form, staged = upload.with_words(submitted.parse(AttachmentForm))
        actions.attach(session, noun, on_id, form, staged, actor=visitor.actor)
        subject = queries.get_subject(session, noun, on_id, visitor.actor)
        return see_other(request, queries.url_of(subject), _("Die Datei ist angehängt."))
    return _form(request, session, visitor, noun, on_id, submitted.values, outcome.error)


def file_of(request: Request, found: Attachment) -> Response:
    """The content of a file, never shown as a page of ours: saved, of the kind it was recognised as, and powerless."""
    if found.redacted_at is not None:
        raise NotFound(_("Der Inhalt dieser Datei ist nicht mehr vorhanden."))
    return kept_file(request, digest=found.digest, name=found.name, kind=found.kind, kept_for="private, no-cache")


def _form(
    request: Request,
    session: Session,
    visitor: Visitor,
    on_type: SubjectType,
    on_id: UUID,
    values: Mapping[str, object],
    error: ApplicationError | None = None,
) -> Response:
    subject = queries.get_subject(session, on_type, on_id, visitor.actor)
    is_statement = isinstance(subject, Statement)
    permission = Permission.STATEMENT_ATTACH if is_statement else Permission.ATTACHMENT_ADD
    require(permission, queries.scope_on(session, subject), visitor.actor)
    return render(
        request,
        "attachments/form.html",
        status=error.status if error else 200,
        title=_("Ihre Stellungnahme") if isinstance(subject, Statement) else subject.title,
        values=values,
        errors=field_errors(error),
        accepted=ACCEPTED,
        action=f"/anlagen/{on_type.value}/{on_id}",
        back=queries.url_of(subject),
        later=_LATER[on_type],
        example=subject.is_example,
    )


def _removal(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: UUID,
    values: Mapping[str, object],
    error: ApplicationError | None = None,
) -> Response:
    found = queries.get_attachment(session, key, visitor.actor)
    require(Permission.ATTACHMENT_REMOVE, found, visitor.actor)
    subject = queries.get_subject(session, found.on_type, found.on_id, visitor.actor)
    return render(
        request,
        "attachments/remove.html",
        status=error.status if error else 200,
        attachment=found,
        values=values,
        errors=field_errors(error),
        is_author=found.author_id == visitor.actor.person_id,
        may_redact=may(Permission.RECORD_REDACT, None, visitor.actor),
        back=queries.url_of(subject),
        example=found.is_example,
    )


_LATER = {
    SubjectType.NEED: _("Nichts: Dateien zu einem Bedarf bleiben bei denen, die ihn ganz lesen dürfen."),
    SubjectType.PROPOSAL: _("Nichts: Dateien zu einem Vorschlag bleiben bei denen, die ihn ganz lesen dürfen."),
    SubjectType.RECOMMENDATION: _("Nichts: Dateien zu einer Empfehlung bleiben im Gremium."),
    SubjectType.MEASURE: _("Die Datei steht sofort bei der Maßnahme, öffentlich und ohne Ihren Namen."),
    SubjectType.STATEMENT: _("Die Datei mit der Stellungnahme, wenn diese veröffentlicht wird; nie Ihren Namen."),
}
