"""Links for organisations without an account, for programs; only who may open a round sees or makes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import statement_links as actions
from app.actions.permissions import require
from app.config import Settings
from app.documents.statement_links import path_of
from app.domain.permissions import Permission
from app.errors import FieldError, Invalid
from app.forms.consultations import StatementLinkForm
from app.i18n import _
from app.models.consultations import StatementLink
from app.queries import consultations
from app.queries import statement_links as queries
from app.routers.api.common import Answer, Listing, TransitionInput, answer, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession, settings_of

router = APIRouter(tags=["consultations"])


class StatementLinkAnswer(Answer):
    """A link; `url` is what is passed on, and null once it was revoked."""

    round_id: UUID
    organisation_id: UUID
    address: str
    revoked_at: datetime | None
    url: str | None = None


@router.get("/comment-rounds/{round_id}/links", response_model=None)
def list_links(
    request: Request, session: ReadSession, actor: ApiReader, round_id: UUID, wanted: Annotated[Listing, Query()]
) -> Response:
    """The links of a round that open something, newest first."""
    found = consultations.get_round(session, round_id, actor)
    require(Permission.RECOMMENDATION_CONSULT, found, actor)
    settings = settings_of(request)
    page = queries.page_of_open_links(session, found.id, limit=wanted.limit, after=wanted.after)
    return listing(request, page, lambda link: represent(link, settings), actor)


@router.post("/comment-rounds/{round_id}/links", response_model=StatementLinkAnswer, status_code=201)
def make_link(
    request: Request, session: WriteSession, actor: ApiWriter, round_id: UUID, form: StatementLinkForm
) -> Response:
    """Make the link of an organisation the round asks; with an address it is mailed there."""
    link, is_new = actions.make_statement_link(session, round_id, form, actor=actor)
    return answer(request, represent(link, settings_of(request)), actor, status=201 if is_new else 200)


@router.post("/comment-rounds/{round_id}/links/{link_id}/transitions", response_model=StatementLinkAnswer)
def move_link(
    request: Request, session: WriteSession, actor: ApiWriter, round_id: UUID, link_id: UUID, form: TransitionInput
) -> Response:
    """Take a link back: `revoke`."""
    _require_round(session, round_id, actor)
    if form.transition != "revoke":
        raise Invalid(FieldError("transition", _("Diesen Schritt gibt es nicht.")))
    link = actions.revoke_statement_link(session, link_id, actor=actor)
    return answer(request, represent(link, settings_of(request)), actor)


def represent(link: StatementLink, settings: Settings) -> StatementLinkAnswer:
    """The link as it is passed on."""
    made = StatementLinkAnswer.model_validate(link)
    made.url = f"{settings.base_url}{path_of(settings, link)}" if link.revoked_at is None else None
    return made


def _require_round(session: Session, round_id: UUID, actor: ApiReader) -> None:
    require(Permission.RECOMMENDATION_CONSULT, consultations.get_round(session, round_id, actor), actor)
