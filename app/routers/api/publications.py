"""Publications for programs."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import publications as actions
from app.forms.base import SearchWords
from app.forms.publications import PublicationChange, PublicationForm, PublicationWithdrawal
from app.models.publications import Publication
from app.queries import publications as queries
from app.queries.implementation_reports import reports_by_publication
from app.routers.api.common import Answer, Listing, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/publications", tags=["publications"])


class PublicationAnswer(Answer):
    """A publication; `url` is its page here, `link` where it can be read, or it is an Umsetzungsbericht of ours."""

    title: str
    author: str
    published_on: date
    summary: str
    link: str | None
    field_of_action_id: UUID | None
    edition_id: UUID | None
    implementation_report_id: UUID | None
    url: str


_SAID = set(PublicationAnswer.model_fields) - {"link", "implementation_report_id", "url"}


class PublicationListing(Listing):
    """The parameters of the list."""

    field_of_action_id: UUID | None = None
    edition_id: UUID | None = None
    year: int | None = None
    q: SearchWords | None = None


@router.get("", response_model=None)
def list_publications(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[PublicationListing, Query()]
) -> Response:
    """Publications, the latest day first."""
    chosen = queries.PublicationFilter(**wanted.model_dump(exclude={"limit", "after"}))
    page = queries.list_publications(session, chosen, limit=wanted.limit, after=wanted.after)
    reports = reports_by_publication(session, [each.id for each in page.items])
    return listing(request, page, lambda entry: represent(entry, reports.get(entry.id)), actor)


@router.post("", response_model=PublicationAnswer, status_code=201)
def enter_publication(request: Request, session: WriteSession, actor: ApiWriter, form: PublicationForm) -> Response:
    """Enter what appeared."""
    made, is_new = actions.enter_publication(session, form, actor=actor)
    return answer(request, represent(made), actor, status=201 if is_new else 200)


@router.get("/{key}", response_model=PublicationAnswer)
def get_publication(request: Request, session: ReadSession, actor: ApiReader, key: UUID) -> Response:
    """One publication."""
    return answer(request, _shown(session, key), actor)


@router.patch("/{key}", response_model=PublicationAnswer)
def change_publication(
    request: Request, session: WriteSession, actor: ApiWriter, key: UUID, form: PublicationChange
) -> Response:
    """Change an entry."""
    check_if_match(request, _shown(session, key))
    actions.change_publication(session, key, form, actor=actor)
    return answer(request, _shown(session, key), actor)


@router.post("/{key}/withdrawal", status_code=204)
def withdraw_publication(session: WriteSession, actor: ApiWriter, key: UUID, form: PublicationWithdrawal) -> Response:
    """Take an entry back, with a reason."""
    actions.withdraw_publication(session, key, form, actor=actor)
    return Response(status_code=204)


def represent(entry: Publication, report_id: UUID | None = None) -> PublicationAnswer:
    """The publication as everybody sees it."""
    return PublicationAnswer(
        **entry.model_dump(include=_SAID),
        link=entry.url,
        implementation_report_id=report_id,
        url=f"/publikationen/{entry.id}",
    )


def _shown(session: Session, key: UUID) -> PublicationAnswer:
    session.flush()
    entry = queries.get_publication(session, key)
    return represent(entry, reports_by_publication(session, [key]).get(key))
