"""Guiding questions for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.actions import programmes as actions
from app.forms.base import SearchWords
from app.forms.programmes import QuestionChange, QuestionForm
from app.models.programmes import GuidingQuestion
from app.queries import structure
from app.routers.api.common import Answer, Listing, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/guiding-questions", tags=["guiding-questions"])


class QuestionAnswer(Answer):
    """A guiding question."""

    title: str
    topic_id: UUID | None
    body_id: UUID | None
    slug: str
    url: str = ""


class QuestionListing(Listing):
    """The parameters of the list."""

    topic_id: UUID | None = None
    body_id: UUID | None = None
    q: SearchWords | None = None


@router.get("", response_model=None)
def list_questions(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[QuestionListing, Query()]
) -> Response:
    """Guiding questions the caller may read, newest first."""
    page = structure.list_questions(
        session,
        actor,
        topic_id=wanted.topic_id,
        body_id=wanted.body_id,
        q=wanted.q,
        limit=wanted.limit,
        after=wanted.after,
    )
    return listing(request, page, represent, actor)


@router.post("", response_model=QuestionAnswer, status_code=201)
def create_question(request: Request, session: WriteSession, actor: ApiWriter, form: QuestionForm) -> Response:
    """Ask a guiding question of a topic, a body, or everybody."""
    made, is_new = actions.create_question(session, form, actor=actor)
    return answer(request, represent(made), actor, status=201 if is_new else 200)


@router.get("/{key}", response_model=QuestionAnswer)
def get_question(request: Request, session: ReadSession, actor: ApiReader, key: UUID) -> Response:
    """One guiding question."""
    return answer(request, represent(structure.get_question(session, key, actor)), actor)


@router.patch("/{key}", response_model=QuestionAnswer)
def change_question(
    request: Request, session: WriteSession, actor: ApiWriter, key: UUID, form: QuestionChange
) -> Response:
    """Change a guiding question."""
    check_if_match(request, represent(structure.get_question(session, key, actor)))
    return answer(request, represent(actions.change_question(session, key, form, actor=actor)), actor)


def represent(thing: GuidingQuestion) -> QuestionAnswer:
    """The guiding question as everybody sees it."""
    shown = QuestionAnswer.model_validate(thing)
    shown.url = f"/leitfragen/{thing.slug}"
    return shown
