"""What addressees answer, for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from app.actions import responses as actions
from app.actions.permissions import require
from app.documents.response_links import answer_path
from app.domain.actors import Actor
from app.domain.contact_addresses import NO_ADDRESS
from app.domain.permissions import Permission
from app.forms.responses import MemberResponseForm, ResponseAnswer
from app.models.responses import AddresseeResponse
from app.queries import recommendations
from app.queries import responses as queries
from app.queries.contact_addresses import reach_of
from app.routers.api.common import Listing, StatefulAnswer, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession, settings_of

router = APIRouter(tags=["responses"])


class ResponseShown(StatefulAnswer):
    """One addressee's answer; `state` and `answer` are the same word, `pending` is silence."""

    recommendation_id: UUID
    organisation_id: UUID
    is_addressee: bool
    answer: str
    reason: str | None
    source: str | None
    due_on: date | None
    answered_at: datetime | None


class ResponseLink(BaseModel):
    """How an addressee was asked, and the link it answers by without an account."""

    url: str
    addresses: list[str]
    could_be_asked: bool


@router.get("/recommendations/{recommendation_id}/responses", response_model=None)
def list_responses(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    recommendation_id: UUID,
    wanted: Annotated[Listing, Query()],
) -> Response:
    """The answers to one recommendation, silence and those of members of collectives among them."""
    recommendations.get_recommendation(session, recommendation_id, actor)
    page = queries.list_responses(session, actor, recommendation_id, limit=wanted.limit, after=wanted.after)
    return listing(request, page, represent, actor)


@router.post("/recommendations/{recommendation_id}/responses", response_model=ResponseShown, status_code=201)
def add_member_response(
    request: Request, session: WriteSession, actor: ApiWriter, recommendation_id: UUID, form: MemberResponseForm
) -> Response:
    """The own answer of an organisation that belongs to an addressed collective."""
    response, is_new = actions.add_member_response(session, recommendation_id, form, actor=actor)
    return answer(request, _shown(session, response.id, actor), actor, status=201 if is_new else 200)


@router.get("/responses/{response_id}", response_model=ResponseShown)
def get_response(request: Request, session: ReadSession, actor: ApiReader, response_id: UUID) -> Response:
    """One answer."""
    return answer(request, _shown(session, response_id, actor), actor)


@router.get("/responses/{response_id}/link", response_model=ResponseLink)
def get_response_link(request: Request, session: ReadSession, actor: ApiReader, response_id: UUID) -> ResponseLink:
    """The link by which the organisation answers without an account; for the Geschäftsstelle."""
    response = queries.get_response(session, response_id, actor)
    require(Permission.ORGANISATION_MANAGE, None, actor)
    settings = settings_of(request)
    reach = reach_of(session, [response.organisation_id])[response.organisation_id]
    addresses = [contact.address for contact in reach.contacts]
    path = answer_path(settings, response.id, addresses[0] if addresses else NO_ADDRESS)
    return ResponseLink(url=f"{settings.base_url}{path}", addresses=addresses, could_be_asked=reach.could_be_asked)


@router.post("/responses/{response_id}/answer", response_model=ResponseShown)
def answer_response(
    request: Request, session: WriteSession, actor: ApiWriter, response_id: UUID, form: ResponseAnswer
) -> Response:
    """Answer for an addressee, or change its answer."""
    check_if_match(request, _shown(session, response_id, actor))
    actions.answer_response(session, response_id, form, actor=actor)
    return answer(request, _shown(session, response_id, actor), actor)


def represent(response: AddresseeResponse) -> ResponseShown:
    """The answer as every reader sees it."""
    recommendation = response.recommendation
    key = (recommendation.reference if recommendation else None) or response.recommendation_id
    return ResponseShown(
        id=response.id,
        created_at=response.created_at,
        state=response.answer.value,
        url=f"/empfehlungen/{key}/umsetzung",
        recommendation_id=response.recommendation_id,
        organisation_id=response.organisation_id,
        is_addressee=response.is_addressee,
        answer=response.answer.value,
        reason=response.reason or None,
        source=response.source or None,
        due_on=response.due_on,
        answered_at=response.answered_at,
    )


def _shown(session: Session, response_id: UUID, actor: Actor) -> ResponseShown:
    session.flush()
    return represent(queries.get_response(session, response_id, actor))
