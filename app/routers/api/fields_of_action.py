"""Fields of action for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.actions import programmes as actions
from app.domain.editions import FieldKind
from app.forms.base import SearchWords
from app.forms.programmes import FieldChange, FieldForm
from app.models.programmes import FieldOfAction
from app.queries import structure
from app.routers.api.common import Answer, Listing, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/fields-of-action", tags=["fields-of-action"])


class FieldAnswer(Answer):
    """A field of action."""

    programme_id: UUID
    name: str
    code: str
    kind: str
    parent_id: UUID | None
    description: str
    slug: str
    url: str = ""


class FieldListing(Listing):
    """The parameters of the list."""

    programme_id: UUID | None = None
    parent_id: UUID | None = None
    kind: FieldKind | None = None
    code: str | None = None
    q: SearchWords | None = None


@router.get("", response_model=None)
def list_fields(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[FieldListing, Query()]
) -> Response:
    """Fields of action, newest first."""
    page = structure.list_fields(
        session,
        programme_id=wanted.programme_id,
        parent_id=wanted.parent_id,
        kind=wanted.kind,
        code=wanted.code,
        q=wanted.q,
        limit=wanted.limit,
        after=wanted.after,
    )
    return listing(request, page, represent, actor)


@router.post("", response_model=FieldAnswer, status_code=201)
def create_field(request: Request, session: WriteSession, actor: ApiWriter, form: FieldForm) -> Response:
    """Add a field of action to a programme."""
    made, is_new = actions.create_field(session, form, actor=actor)
    return answer(request, represent(made), actor, status=201 if is_new else 200)


@router.get("/{key}", response_model=FieldAnswer)
def get_field(request: Request, session: ReadSession, actor: ApiReader, key: UUID) -> Response:
    """One field."""
    return answer(request, represent(structure.get_field(session, key)), actor)


@router.patch("/{key}", response_model=FieldAnswer)
def change_field(request: Request, session: WriteSession, actor: ApiWriter, key: UUID, form: FieldChange) -> Response:
    """Change a field's name, kind or description."""
    check_if_match(request, represent(structure.get_field(session, key)))
    return answer(request, represent(actions.change_field(session, key, form, actor=actor)), actor)


def represent(thing: FieldOfAction) -> FieldAnswer:
    """The field as everybody sees it."""
    shown = FieldAnswer.model_validate(thing)
    shown.url = f"/handlungsfelder/{thing.slug}"
    return shown
