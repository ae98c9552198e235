"""Attached files for programs: on needs, proposals, recommendations, measures and statements alike."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.actions import attachments as actions
from app.actions.permissions import may
from app.domain.actors import Actor
from app.domain.attachments import AttachmentKind
from app.domain.events import SubjectType
from app.domain.permissions import Permission
from app.errors import FieldError, Invalid
from app.forms.attachments import AttachmentForm, AttachmentRemoval
from app.i18n import _
from app.models.attachments import Attachment
from app.queries import attachments as queries
from app.routers.api.common import (
    Answer,
    Listing,
    TransitionAnswer,
    TransitionInput,
    answer,
    listing,
    multipart,
)
from app.routers.attachments import file_of
from app.routers.deps import ApiReader, ApiWriter, ReadSession, SubmittedForm, WriteSession
from app.routers.uploads import Uploaded
from app.wording import transition_label

router = APIRouter(tags=["attachments"])

Noun = Literal["needs", "proposals", "recommendations", "measures", "statements"]
_TYPES: dict[str, SubjectType] = {
    "needs": SubjectType.NEED,
    "proposals": SubjectType.PROPOSAL,
    "recommendations": SubjectType.RECOMMENDATION,
    "measures": SubjectType.MEASURE,
    "statements": SubjectType.STATEMENT,
}
_SENT = multipart(alt_text={"type": "string", "maxLength": 500}, id={"type": "string", "format": "uuid"})


class AttachmentAnswer(Answer):
    """A file; `digest` is the SHA-256 of its content, `content_url` where it is read. Who attached it is never told."""

    on_type: SubjectType
    on_id: UUID
    name: str
    kind: AttachmentKind
    size: int
    digest: str
    alt_text: str
    organisation_id: UUID | None
    content_url: str = ""
    url: str = ""
    transitions: list[TransitionAnswer] = Field(default=[])


class AttachmentTransition(TransitionInput):
    """The one move of a file: `remove`; `redact` takes its content away, too."""

    redact: bool = False


@router.get("/{noun}/{on_id}/attachments", response_model=None)
def list_attachments(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    noun: Noun,
    on_id: UUID,
    wanted: Annotated[Listing, Query()],
) -> Response:
    """The files on a thing that the caller may open, newest first."""
    queries.get_subject(session, _TYPES[noun], on_id, actor)
    page = queries.page_of_attachments(session, on_id, actor, limit=wanted.limit, after=wanted.after)
    return listing(request, page, lambda each: represent(each, actor), actor)


@router.post("/{noun}/{on_id}/attachments", response_model=AttachmentAnswer, status_code=201, openapi_extra=_SENT)
def attach(
    request: Request,
    upload: Uploaded,
    session: WriteSession,
    actor: ApiWriter,
    submitted: SubmittedForm,
    noun: Noun,
    on_id: UUID,
) -> Response:
    """Attach a file, sent as multipart/form-data; a picture needs `alt_text`."""
    form, staged = upload.with_words(submitted.parse(AttachmentForm))
    made, is_new = actions.attach(session, _TYPES[noun], on_id, form, staged, actor=actor)
    return answer(request, represent(made, actor), actor, status=201 if is_new else 200)


@router.get("/attachments/{attachment_id}", response_model=AttachmentAnswer)
def get_attachment(request: Request, session: ReadSession, actor: ApiReader, attachment_id: UUID) -> Response:
    """What is known of one file."""
    return answer(request, represent(queries.get_attachment(session, attachment_id, actor), actor), actor)


@router.get("/attachments/{attachment_id}/content", response_model=None)
def get_content(request: Request, session: ReadSession, actor: ApiReader, attachment_id: UUID) -> Response:
    """The file itself."""
    return file_of(request, queries.get_attachment(session, attachment_id, actor))


@router.post("/attachments/{attachment_id}/transitions", response_model=None, status_code=204)
def move_attachment(
    session: WriteSession, actor: ApiWriter, attachment_id: UUID, form: AttachmentTransition
) -> Response:
    """Take a file away; afterwards it is not found any more."""
    queries.get_attachment(session, attachment_id, actor)
    if form.transition != "remove":
        raise Invalid(FieldError("transition", _("Diesen Schritt gibt es nicht.")))
    removal = AttachmentRemoval(reason=form.reason, redact=form.redact)
    actions.remove_attachment(session, attachment_id, removal, actor=actor)
    return Response(status_code=204)


def represent(found: Attachment, actor: Actor) -> AttachmentAnswer:
    """The file as the caller sees it."""
    made = AttachmentAnswer.model_validate(found)
    made.content_url = f"/api/v1/attachments/{found.id}/content"
    made.url = f"/anlagen/{found.id}"
    if may(Permission.ATTACHMENT_REMOVE, found, actor):
        made.transitions = [
            TransitionAnswer(
                name="remove",
                label=transition_label("attachment", "remove"),
                needs=[],
                reason_required=found.author_id != actor.person_id,
                blocked_by=None,
            )
        ]
    return made
