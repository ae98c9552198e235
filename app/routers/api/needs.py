"""Needs for programs."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import needs as actions
from app.actions.moves import offers
from app.actions.support import support
from app.domain.actors import Actor
from app.domain.needs import NEED, NeedState
from app.forms.contributions import SupportForm
from app.forms.needs import NeedChange, NeedForm, NeedTransition
from app.models.needs import Need
from app.queries import needs as queries
from app.queries.contribution_details import Details, details_of
from app.queries.links import LinkKind
from app.routers.api.common import answer, check_if_match, listing, transitions_of
from app.routers.api.contributions import ContributionAnswer, ContributionListing, common_fields
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/needs", tags=["needs"])


class NeedAnswer(ContributionAnswer):
    """A need as its readers see it; `in_progress` is "In Bearbeitung": accepted, with a proposal or draft linked."""

    in_progress: bool = False
    resubmit_on: date | None = None
    answered_by_id: UUID | None = None
    proposal_ids: list[UUID] = Field(default=[])
    source_author: str | None = None


class NeedListing(ContributionListing):
    """The parameters of the list of needs."""

    state: NeedState | None = None


@router.get("", response_model=None)
def list_needs(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[NeedListing, Query()]
) -> Response:
    """The needs the caller may read, newest first unless ordered otherwise."""
    chosen = wanted.chosen(queries.NeedFilter)
    page = queries.list_needs(session, actor, chosen, order=wanted.order, limit=wanted.limit, after=wanted.after)
    details = details_of(session, Need, page.items, actor)
    return listing(request, page, lambda need: represent(need, details[need.id], actor), actor)


@router.post("", response_model=NeedAnswer, status_code=201)
def post_need(request: Request, session: WriteSession, actor: ApiWriter, form: NeedForm) -> Response:
    """Post a need; it is a draft until submitted."""
    need, is_new = actions.post_need(session, form, actor=actor)
    return answer(request, _shown(session, need.id, actor), actor, status=201 if is_new else 200)


@router.get("/{need_id}", response_model=NeedAnswer)
def get_need(request: Request, session: ReadSession, actor: ApiReader, need_id: UUID) -> Response:
    """One need."""
    return answer(request, _shown(session, need_id, actor), actor)


@router.patch("/{need_id}", response_model=NeedAnswer)
def edit_need(request: Request, session: WriteSession, actor: ApiWriter, need_id: UUID, form: NeedChange) -> Response:
    """Change a draft."""
    check_if_match(request, _shown(session, need_id, actor))
    actions.edit_need(session, need_id, form, actor=actor)
    return answer(request, _shown(session, need_id, actor), actor)


@router.post("/{need_id}/transitions", response_model=NeedAnswer)
def transition_need(
    request: Request, session: WriteSession, actor: ApiWriter, need_id: UUID, form: NeedTransition
) -> Response:
    """Make a move."""
    need = actions.transition_need(session, need_id, form, actor=actor)
    session.flush()
    return answer(request, _represented(session, need, actor), actor)


@router.post("/{need_id}/support", response_model=NeedAnswer, status_code=201)
def support_need(
    request: Request, session: WriteSession, actor: ApiWriter, need_id: UUID, form: SupportForm | None = None
) -> Response:
    """Let the caller's organisation stand behind the need; 200 where it did already."""
    _need, is_new = support(session, Need, need_id, form or SupportForm(), actor=actor)
    return answer(request, _shown(session, need_id, actor), actor, status=201 if is_new else 200)


def represent(need: Need, details: Details, actor: Actor) -> NeedAnswer:
    """The need as the caller sees it."""
    fields = common_fields(need, details)
    if details.is_whole:
        fields |= {
            "in_progress": details.in_progress,
            "resubmit_on": need.resubmit_on,
            "answered_by_id": next(iter(details.ids(LinkKind.ANSWERED_BY)), None),
            "source_author": need.source_author,
        }
    return NeedAnswer(
        **fields,
        proposal_ids=details.ids(LinkKind.PROPOSAL),
        url=f"/bedarfe/{need.id}",
        transitions=transitions_of("need", offers(need, NEED, actor)),
    )


def _represented(session: Session, need: Need, actor: Actor) -> NeedAnswer:
    return represent(need, details_of(session, Need, [need], actor)[need.id], actor)


def _shown(session: Session, need_id: UUID, actor: Actor) -> NeedAnswer:
    session.flush()
    return _represented(session, queries.get_need(session, need_id, actor), actor)
