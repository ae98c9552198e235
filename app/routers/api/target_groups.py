"""Target groups for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.actions import programmes as actions
from app.forms.base import SearchWords
from app.forms.programmes import NameChange, NameForm
from app.models.programmes import TargetGroup
from app.queries import structure
from app.routers.api.common import Answer, Listing, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/target-groups", tags=["target-groups"])


class TargetGroupAnswer(Answer):
    """A target group."""

    name: str
    slug: str
    url: str = ""


class TargetGroupListing(Listing):
    """The parameters of the list."""

    q: SearchWords | None = None


@router.get("", response_model=None)
def list_target_groups(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[TargetGroupListing, Query()]
) -> Response:
    """Target groups, newest first."""
    page = structure.list_named(session, TargetGroup, q=wanted.q, limit=wanted.limit, after=wanted.after)
    return listing(request, page, represent, actor)


@router.post("", response_model=TargetGroupAnswer, status_code=201)
def create_target_group(request: Request, session: WriteSession, actor: ApiWriter, form: NameForm) -> Response:
    """Add a target group."""
    made, is_new = actions.create_target_group(session, form, actor=actor)
    return answer(request, represent(made), actor, status=201 if is_new else 200)


@router.get("/{key}", response_model=TargetGroupAnswer)
def get_target_group(request: Request, session: ReadSession, actor: ApiReader, key: UUID) -> Response:
    """One target group."""
    return answer(request, represent(structure.get_named(session, TargetGroup, key)), actor)


@router.patch("/{key}", response_model=TargetGroupAnswer)
def change_target_group(
    request: Request, session: WriteSession, actor: ApiWriter, key: UUID, form: NameChange
) -> Response:
    """Rename a target group."""
    check_if_match(request, represent(structure.get_named(session, TargetGroup, key)))
    return answer(request, represent(actions.change_target_group(session, key, form, actor=actor)), actor)


def represent(thing: TargetGroup) -> TargetGroupAnswer:
    """The target group as everybody sees it."""
    shown = TargetGroupAnswer.model_validate(thing)
    shown.url = f"/zielgruppen/{thing.slug}"
    return shown
