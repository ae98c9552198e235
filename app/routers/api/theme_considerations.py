"""What a recommendation says about each cross-cutting theme, for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session
from starlette.responses import Response

from app.actions import theme_considerations as actions
from app.domain.actors import Actor
from app.domain.theme_considerations import ThemeRelevance
from app.errors import NotFound
from app.forms.theme_considerations import ThemeConsiderationForm
from app.models.programmes import CrossCuttingTheme
from app.queries import recommendations, structure
from app.queries import theme_considerations as queries
from app.queries.base import Page
from app.routers.api.common import Listing, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/recommendations/{recommendation_id}/theme-considerations", tags=["theme-considerations"])


class ThemeConsiderationAnswer(BaseModel):
    """A theme and what is said about it; `relevance` is null and `text` empty where nothing is stated."""

    model_config = ConfigDict(from_attributes=True)

    theme_id: UUID
    theme: str
    relevance: ThemeRelevance | None
    text: str
    url: str


@router.get("", response_model=None)
def list_theme_considerations(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    recommendation_id: UUID,
    wanted: Annotated[Listing, Query()],
) -> Response:
    """Every theme, newest first, with what is said about it; empty for who may not read it yet."""
    recommendation = recommendations.get_recommendation(session, recommendation_id, actor)
    stated = {each.theme_id: each for each in queries.considerations_of(session, recommendation, actor)}
    page = structure.list_named(session, CrossCuttingTheme, limit=wanted.limit, after=wanted.after)
    shown: Page[CrossCuttingTheme] = page if stated else Page([])
    return listing(request, shown, lambda theme: represent(stated[theme.id]), actor)


@router.get("/{theme_id}", response_model=ThemeConsiderationAnswer)
def get_theme_consideration(
    request: Request, session: ReadSession, actor: ApiReader, recommendation_id: UUID, theme_id: UUID
) -> Response:
    """What is said about one theme."""
    return answer(request, _shown(session, recommendation_id, theme_id, actor), actor)


@router.put("/{theme_id}", response_model=ThemeConsiderationAnswer)
def state_theme_consideration(
    request: Request,
    session: WriteSession,
    actor: ApiWriter,
    recommendation_id: UUID,
    theme_id: UUID,
    form: ThemeConsiderationForm,
) -> Response:
    """Say how a theme is considered, or why it isn't relevant; `If-Match` with its tag refuses a stale write."""
    check_if_match(request, _shown(session, recommendation_id, theme_id, actor))
    actions.state_consideration(session, recommendation_id, theme_id, form, actor=actor)
    return answer(request, _shown(session, recommendation_id, theme_id, actor), actor)


def represent(consideration: queries.Consideration) -> ThemeConsiderationAnswer:
    """One theme as the caller sees it."""
    return ThemeConsiderationAnswer.model_validate(consideration)


def _shown(session: Session, recommendation_id: UUID, theme_id: UUID, actor: Actor) -> ThemeConsiderationAnswer:
    session.flush()
    recommendation = recommendations.get_recommendation(session, recommendation_id, actor)
    for each in queries.considerations_of(session, recommendation, actor):
        if each.theme_id == theme_id:
            return represent(each)
    raise NotFound()
