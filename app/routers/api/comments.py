"""Discussions and evidence for programs: on needs, proposals, recommendations and measures alike."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import comments as actions
from app.actions.evidence import add_evidence
from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.errors import FieldError, Invalid
from app.forms.base import Input
from app.forms.comments import CommentForm
from app.forms.contributions import EvidenceForm
from app.i18n import _
from app.models.comments import Comment
from app.queries import comments as queries
from app.queries import subjects
from app.queries.base import Page
from app.queries.evidence import list_evidence
from app.routers.api.common import Listing, StatefulAnswer, TransitionAnswer, answer, listing
from app.routers.api.contributions import EvidenceAnswer
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession
from app.wording import transition_label

router = APIRouter(tags=["comments"])

Noun = Literal["needs", "proposals", "recommendations", "measures"]
_TYPES: dict[str, SubjectType] = {
    "needs": SubjectType.NEED,
    "proposals": SubjectType.PROPOSAL,
    "recommendations": SubjectType.RECOMMENDATION,
    "measures": SubjectType.MEASURE,
}


class CommentAnswer(StatefulAnswer):
    """A contribution to a discussion; a withdrawn one keeps its place without its text."""

    on_type: str
    on_id: UUID
    parent_id: UUID | None
    block_id: UUID | None
    version: int | None
    stance: str | None
    text: str | None
    author: str
    organisation_id: UUID | None
    withdrawn_at: datetime | None


class CommentTransition(Input):
    """The one move of a comment."""

    transition: str


@router.get("/{noun}/{on_id}/comments", response_model=None)
def list_comments(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    noun: Noun,
    on_id: UUID,
    wanted: Annotated[Listing, Query()],
) -> Response:
    """The discussion of a thing, newest first; empty for those outside its body."""
    subjects.get_subject(session, _TYPES[noun], on_id, actor)
    page = queries.list_comments(session, on_id, actor, limit=wanted.limit, after=wanted.after)
    names = queries.names_of(session, page.items)
    return listing(request, page, lambda comment: represent(comment, names, actor), actor)


@router.post("/{noun}/{on_id}/comments", response_model=CommentAnswer, status_code=201)
def post_comment(
    request: Request, session: WriteSession, actor: ApiWriter, noun: Noun, on_id: UUID, form: CommentForm
) -> Response:
    """Contribute to the discussion, or reply to a comment."""
    comment, is_new = actions.post_comment(session, _TYPES[noun], on_id, form, actor=actor)
    return answer(request, _shown(session, comment, actor), actor, status=201 if is_new else 200)


@router.get("/comments/{comment_id}", response_model=CommentAnswer)
def get_comment(request: Request, session: ReadSession, actor: ApiReader, comment_id: UUID) -> Response:
    """One comment."""
    return answer(request, _shown(session, queries.get_comment(session, comment_id, actor), actor), actor)


@router.post("/comments/{comment_id}/transitions", response_model=CommentAnswer)
def transition_comment(
    request: Request, session: WriteSession, actor: ApiWriter, comment_id: UUID, form: CommentTransition
) -> Response:
    """Withdraw one's own comment."""
    queries.get_comment(session, comment_id, actor)
    if form.transition != "withdraw":
        raise Invalid(FieldError("transition", _("Diesen Schritt gibt es nicht.")))
    comment = actions.withdraw_comment(session, comment_id, actor=actor)
    return answer(request, _shown(session, comment, actor), actor)


@router.get("/{noun}/{on_id}/evidence", response_model=None)
def list_evidence_of(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    noun: Noun,
    on_id: UUID,
    wanted: Annotated[Listing, Query()],
) -> Response:
    """The sources given for a thing, newest first."""
    subject = subjects.get_subject(session, _TYPES[noun], on_id, actor)
    page = list_evidence(session, subject, actor, limit=wanted.limit, after=wanted.after)
    return listing(request, page, EvidenceAnswer.model_validate, actor)


@router.post("/{noun}/{on_id}/evidence", response_model=EvidenceAnswer, status_code=201)
def post_evidence(
    request: Request, session: WriteSession, actor: ApiWriter, noun: Noun, on_id: UUID, form: EvidenceForm
) -> Response:
    """Name a source for a thing."""
    evidence, is_new = add_evidence(session, _TYPES[noun], on_id, form, actor=actor)
    return answer(request, EvidenceAnswer.model_validate(evidence), actor, status=201 if is_new else 200)


def represent(comment: Comment, names: dict[UUID, str], actor: Actor) -> CommentAnswer:
    """The comment as the caller sees it."""
    is_withdrawn = comment.withdrawn_at is not None
    may_withdraw = actor.may_write and comment.author_id == actor.person_id and not is_withdrawn
    move = TransitionAnswer(
        name="withdraw",
        label=transition_label("comment", "withdraw"),
        needs=[],
        reason_required=False,
        blocked_by=None,
    )
    return CommentAnswer(
        id=comment.id,
        created_at=comment.created_at,
        state="withdrawn" if is_withdrawn else "posted",
        transitions=[move] if may_withdraw else [],
        url=f"/kommentare/{comment.on_type.value}/{comment.on_id}#kommentar-{comment.id}",
        on_type=comment.on_type.value,
        on_id=comment.on_id,
        parent_id=comment.parent_id,
        block_id=comment.block_id,
        version=comment.version_number,
        stance=comment.stance.value if comment.stance else None,
        text=None if is_withdrawn else comment.text,
        author=names.get(comment.id, ""),
        organisation_id=comment.organisation_id,
        withdrawn_at=comment.withdrawn_at,
    )


def _shown(session: Session, comment: Comment, actor: Actor) -> CommentAnswer:
    session.flush()
    return represent(comment, queries.names_of(session, Page([comment]).items), actor)
