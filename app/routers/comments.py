"""Pages of discussions and evidence: reading on, writing, replying, taking back; the same for every noun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import comments as actions
from app.actions.evidence import add_evidence
from app.actions.permissions import require
from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.domain.needs import EvidenceKind
from app.domain.permissions import Permission, Scope
from app.errors import ApplicationError
from app.forms.comments import CommentForm
from app.forms.contributions import EvidenceForm
from app.forms.filters import PageFilter
from app.i18n import _
from app.models.base import new_id
from app.queries import choices, subjects
from app.queries import comments as queries
from app.queries.kept import kept
from app.routers.deps import (
    Member,
    ReadSession,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.pages import field_errors, render, see_other

router = APIRouter()
Noun = Literal["need", "proposal", "recommendation", "measure"]


class ReplyFilter(PageFilter):
    """Where the reader came from."""

    back: str | None = None
    block_id: UUID | None = None


@router.get("/kommentare/{comment_id}/antworten")
def open_reply(
    request: Request, session: ReadSession, visitor: Member, comment_id: UUID, wanted: Annotated[ReplyFilter, Query()]
) -> Response:
    """The form for a reply, with what it answers."""
    comment = queries.get_comment(session, comment_id, visitor.actor)
    values = {"id": str(new_id()), "parent_id": str(comment.id)}
    return _form(request, session, visitor, comment.on_type, comment.on_id, values, wanted.back)


@router.get("/kommentare/{comment_id}/zurueckziehen")
def ask_to_withdraw(
    request: Request, session: ReadSession, visitor: Member, comment_id: UUID, wanted: Annotated[ReplyFilter, Query()]
) -> Response:
    """Ask once more before a comment is taken back."""
    comment = queries.get_comment(session, comment_id, visitor.actor)
    require(Permission.COMMENT_WITHDRAW, Scope(author_id=comment.author_id), visitor.actor)
    subject = subjects.get_subject(session, comment.on_type, comment.on_id, visitor.actor)
    return render(
        request,
        "comments/withdraw.html",
        comment=comment,
        subject=subject,
        back=_safe(wanted.back, subject),
        example=comment.is_example,
    )


@router.post("/kommentare/{comment_id}/zurueckziehen")
def withdraw_comment(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, comment_id: UUID
) -> Response:
    """Take back one's own comment."""
    comment = actions.withdraw_comment(session, comment_id, actor=visitor.actor)
    subject = subjects.get_subject(session, comment.on_type, comment.on_id, visitor.actor)
    back = _safe(submitted.text("back"), subject)
    return see_other(request, f"{back}#kommentar-{comment.id}", _("Ihr Beitrag ist zurückgezogen."))


@router.get("/kommentare/{on_type}/{on_id}")
def show_discussion(
    request: Request,
    session: ReadSession,
    visitor: Member,
    on_type: Noun,
    on_id: UUID,
    wanted: Annotated[PageFilter, Query()],
) -> Response:
    """A part of the discussion of a thing, 50 comments at a time."""
    shown = _discussion(session, visitor.actor, SubjectType(on_type), on_id, wanted.after)
    return render(request, "comments/page.html", is_later_part=wanted.after is not None, kept=shown)


@kept
def _discussion(session: Session, actor: Actor, on_type: SubjectType, on_id: UUID, after: str | None) -> dict[str, Any]:
    subject = subjects.get_subject(session, on_type, on_id, actor)
    scope = subjects.discussion_scope(session, subject)
    may_write = queries.may_in(scope, actor)
    return {
        "subject": subject,
        "on_type": on_type.value,
        "thread": queries.thread(session, on_id, actor, after=after),
        "comment_action": f"/kommentare/{on_type.value}/{on_id}" if may_write else None,
        "comment_seats": choices.seats_to_choose(session, actor, scope.body_id) if may_write else [],
        "back": subjects.url_of(subject),
        "example": subject.is_example,
    }


@router.get("/kommentare/{on_type}/{on_id}/neu")
def open_comment(
    request: Request,
    session: ReadSession,
    visitor: Member,
    on_type: Noun,
    on_id: UUID,
    wanted: Annotated[ReplyFilter, Query()],
) -> Response:
    """The form for a comment, where named on a block of a recommendation."""
    values = {"id": str(new_id()), **({"block_id": str(wanted.block_id)} if wanted.block_id else {})}
    return _form(request, session, visitor, SubjectType(on_type), on_id, values, wanted.back)


@router.post("/kommentare/{on_type}/{on_id}")
def post_comment(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, on_type: Noun, on_id: UUID
) -> Response:
    """Contribute to the discussion; what is refused comes back with its text."""
    noun, back = SubjectType(on_type), str(submitted.values.pop("back", ""))
    with attempt(session) as outcome:
        form = submitted.parse(CommentForm)
        comment, _is_new = actions.post_comment(session, noun, on_id, form, actor=visitor.actor)
        place = back if _is_ours(back) else subjects.url_of(subjects.get_subject(session, noun, on_id, visitor.actor))
        return see_other(
            request, f"{place.split('#')[0]}#kommentar-{comment.id}", _("Ihr Beitrag steht in der Diskussion.")
        )
    return _form(request, session, visitor, noun, on_id, submitted.values, back, outcome.error)


@router.get("/belege/{on_type}/{on_id}")
def open_evidence(request: Request, session: ReadSession, visitor: Member, on_type: Noun, on_id: UUID) -> Response:
    """The form for a source."""
    return _evidence_form(request, session, visitor, on_type, on_id, {"id": str(new_id())})


@router.post("/belege/{on_type}/{on_id}")
def post_evidence(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, on_type: Noun, on_id: UUID
) -> Response:
    """Name a source for a thing."""
    subject = subjects.get_subject(session, SubjectType(on_type), on_id, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(EvidenceForm)
        add_evidence(session, SubjectType(on_type), on_id, form, actor=visitor.actor)
        return see_other(request, f"{subjects.url_of(subject)}#belege", _("Der Beleg ist gespeichert."))
    return _evidence_form(request, session, visitor, on_type, on_id, submitted.values, outcome.error)


def _form(
    request: Request,
    session: Session,
    visitor: Visitor,
    on_type: SubjectType,
    on_id: UUID,
    values: Mapping[str, object],
    back: str | None,
    error: ApplicationError | None = None,
) -> Response:
    actor = visitor.actor
    subject = subjects.get_subject(session, on_type, on_id, actor)
    scope = subjects.discussion_scope(session, subject)
    require(Permission.COMMENT_POST, scope, actor)
    parent = queries.find_comment_on(session, on_id, values.get("parent_id"), actor)
    return render(
        request,
        "comments/form.html",
        status=error.status if error else 200,
        subject=subject,
        parent=parent,
        parent_author=queries.names_of(session, [parent]).get(parent.id, "") if parent else "",
        values=values,
        errors=field_errors(error),
        action=f"/kommentare/{on_type.value}/{on_id}",
        seats=choices.seats_to_choose(session, actor, scope.body_id),
        back=_safe(back, subject),
        example=subject.is_example,
    )


def _evidence_form(
    request: Request,
    session: Session,
    visitor: Visitor,
    on_type: str,
    on_id: UUID,
    values: Mapping[str, object],
    error: ApplicationError | None = None,
) -> Response:
    subject = subjects.get_subject(session, SubjectType(on_type), on_id, visitor.actor)
    require(Permission.EVIDENCE_ADD, subjects.discussion_scope(session, subject), visitor.actor)
    is_public = on_type == "measure"
    return render(
        request,
        "evidence/form.html",
        status=error.status if error else 200,
        subject=subject,
        values=values,
        errors=field_errors(error),
        kinds=list(EvidenceKind),
        action=f"/belege/{on_type}/{on_id}",
        back=subjects.url_of(subject),
        later=_("Den Beleg mit der Maßnahme, ohne Ihren Namen.") if is_public else _("Nichts: Belege bleiben intern."),
        example=subject.is_example,
    )


def _safe(back: str | None, subject: subjects.Subject) -> str:
    """A way back within these pages: the one sent, or the thing's own page."""
    return back.split("#")[0] if back and _is_ours(back) else subjects.url_of(subject)


def _is_ours(address: str) -> bool:
    return address.startswith("/") and not address.startswith(("//", "/\\"))
