"""Cross-cutting themes for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.actions import programmes as actions
from app.forms.base import SearchWords
from app.forms.programmes import NameChange, NameForm
from app.models.programmes import CrossCuttingTheme
from app.queries import structure
from app.routers.api.common import Answer, Listing, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/cross-cutting-themes", tags=["cross-cutting-themes"])


class ThemeAnswer(Answer):
    """A cross-cutting theme."""

    name: str
    slug: str
    url: str = ""


class ThemeListing(Listing):
    """The parameters of the list."""

    q: SearchWords | None = None


@router.get("", response_model=None)
def list_themes(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[ThemeListing, Query()]
) -> Response:
    """Cross-cutting themes, newest first."""
    page = structure.list_named(session, CrossCuttingTheme, q=wanted.q, limit=wanted.limit, after=wanted.after)
    return listing(request, page, represent, actor)


@router.post("", response_model=ThemeAnswer, status_code=201)
def create_theme(request: Request, session: WriteSession, actor: ApiWriter, form: NameForm) -> Response:
    """Add a cross-cutting theme."""
    made, is_new = actions.create_theme(session, form, actor=actor)
    return answer(request, represent(made), actor, status=201 if is_new else 200)


@router.get("/{key}", response_model=ThemeAnswer)
def get_theme(request: Request, session: ReadSession, actor: ApiReader, key: UUID) -> Response:
    """One theme."""
    return answer(request, represent(structure.get_named(session, CrossCuttingTheme, key)), actor)


@router.patch("/{key}", response_model=ThemeAnswer)
def change_theme(request: Request, session: WriteSession, actor: ApiWriter, key: UUID, form: NameChange) -> Response:
    """Rename a cross-cutting theme."""
    check_if_match(request, represent(structure.get_named(session, CrossCuttingTheme, key)))
    return answer(request, represent(actions.change_theme(session, key, form, actor=actor)), actor)


def represent(thing: CrossCuttingTheme) -> ThemeAnswer:
    """The theme as everybody sees it."""
    shown = ThemeAnswer.model_validate(thing)
    shown.url = f"/querschnittsthemen/{thing.slug}"
    return shown
