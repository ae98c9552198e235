"""Topics for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.actions import programmes as actions
from app.forms.base import SearchWords
from app.forms.programmes import TopicChange, TopicForm
from app.models.programmes import Topic
from app.queries import structure
from app.routers.api.common import Answer, Listing, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/topics", tags=["topics"])


class TopicAnswer(Answer):
    """A topic in a field of action."""

    title: str
    field_of_action_id: UUID
    year: int | None
    slug: str
    url: str = ""


class TopicListing(Listing):
    """The parameters of the list."""

    field_of_action_id: UUID | None = None
    year: int | None = None
    q: SearchWords | None = None


@router.get("", response_model=None)
def list_topics(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[TopicListing, Query()]
) -> Response:
    """Topics, newest first."""
    page = structure.list_topics(
        session,
        field_of_action_id=wanted.field_of_action_id,
        year=wanted.year,
        q=wanted.q,
        limit=wanted.limit,
        after=wanted.after,
    )
    return listing(request, page, represent, actor)


@router.post("", response_model=TopicAnswer, status_code=201)
def create_topic(request: Request, session: WriteSession, actor: ApiWriter, form: TopicForm) -> Response:
    """Add a topic to a field."""
    made, is_new = actions.create_topic(session, form, actor=actor)
    return answer(request, represent(made), actor, status=201 if is_new else 200)


@router.get("/{key}", response_model=TopicAnswer)
def get_topic(request: Request, session: ReadSession, actor: ApiReader, key: UUID) -> Response:
    """One topic."""
    return answer(request, represent(structure.get_topic(session, key)), actor)


@router.patch("/{key}", response_model=TopicAnswer)
def change_topic(request: Request, session: WriteSession, actor: ApiWriter, key: UUID, form: TopicChange) -> Response:
    """Change a topic."""
    check_if_match(request, represent(structure.get_topic(session, key)))
    return answer(request, represent(actions.change_topic(session, key, form, actor=actor)), actor)


def represent(thing: Topic) -> TopicAnswer:
    """The topic as everybody sees it."""
    shown = TopicAnswer.model_validate(thing)
    shown.url = f"/themen/{thing.slug}"
    return shown
