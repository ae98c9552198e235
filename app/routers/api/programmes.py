"""Programmes for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.actions import programmes as actions
from app.forms.base import SearchWords
from app.forms.programmes import ProgrammeChange, ProgrammeForm
from app.models.programmes import Programme
from app.queries import programmes
from app.routers.api.common import Answer, Listing, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/programmes", tags=["programmes"])


class ProgrammeAnswer(Answer):
    """A programme."""

    title: str
    description: str
    legal_basis: str
    url: str = "/programm"


class ProgrammeListing(Listing):
    """The parameters of the list."""

    q: SearchWords | None = None


@router.get("", response_model=None)
def list_programmes(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[ProgrammeListing, Query()]
) -> Response:
    """Programmes, newest first."""
    page = programmes.list_programmes(session, q=wanted.q, limit=wanted.limit, after=wanted.after)
    return listing(request, page, represent, actor)


@router.post("", response_model=ProgrammeAnswer, status_code=201)
def create_programme(request: Request, session: WriteSession, actor: ApiWriter, form: ProgrammeForm) -> Response:
    """Set up a programme."""
    made, is_new = actions.create_programme(session, form, actor=actor)
    return answer(request, represent(made), actor, status=201 if is_new else 200)


@router.get("/{key}", response_model=ProgrammeAnswer)
def get_programme(request: Request, session: ReadSession, actor: ApiReader, key: UUID) -> Response:
    """One programme."""
    return answer(request, represent(programmes.get_programme(session, key)), actor)


@router.patch("/{key}", response_model=ProgrammeAnswer)
def change_programme(
    request: Request, session: WriteSession, actor: ApiWriter, key: UUID, form: ProgrammeChange
) -> Response:
    """Change what a programme says about itself."""
    check_if_match(request, represent(programmes.get_programme(session, key)))
    return answer(request, represent(actions.change_programme(session, key, form, actor=actor)), actor)


def represent(programme: Programme) -> ProgrammeAnswer:
    """The programme as everybody sees it."""
    return ProgrammeAnswer.model_validate(programme)
