"""Co-signatures for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import co_signatures as actions
from app.domain.actors import Actor
from app.domain.events import EventType
from app.forms.co_signatures import AnswerForm, CoSignatureForm, CoSignatureTransition
from app.models.co_signatures import CoSignature
from app.models.recommendations import Recommendation
from app.queries import co_signatures as queries
from app.queries import recommendations
from app.routers.api.common import Listing, StatefulAnswer, answer, check_if_match, listing, transitions_of
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(tags=["co-signatures"])


class AnswerGiven(BaseModel):
    """One entry of a co-signature's history: what happened, when, to which version, and why."""

    type: EventType
    at: datetime
    version: int | None
    reason: str


class CoSignatureAnswer(StatefulAnswer):
    """A co-signature as its readers see it; it names the version it is about."""

    recommendation_id: UUID
    organisation_id: UUID
    kind: str
    scope: str
    version: int
    due_on: date | None
    reason: str
    requested_at: datetime
    answered_at: datetime | None
    history: list[AnswerGiven] = Field(default_factory=list)


@router.get("/recommendations/{recommendation_id}/co-signatures", response_model=None)
def list_co_signatures(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    recommendation_id: UUID,
    wanted: Annotated[Listing, Query()],
) -> Response:
    """The co-signatures of a recommendation the caller may see, newest first."""
    recommendation = recommendations.get_recommendation(session, recommendation_id, actor)
    page = queries.page_of_co_signatures(session, recommendation.id, actor, limit=wanted.limit, after=wanted.after)
    answers = queries.answers_of(session, [asked.id for asked in page.items])
    return listing(request, page, lambda asked: represent(asked, recommendation, actor, answers[asked.id]), actor)


@router.post("/recommendations/{recommendation_id}/co-signatures", response_model=CoSignatureAnswer, status_code=201)
def request_co_signature(
    request: Request, session: WriteSession, actor: ApiWriter, recommendation_id: UUID, form: CoSignatureForm
) -> Response:
    """Ask an organisation to co-sign, to consent, or to be heard."""
    asked, is_new = actions.request_co_signature(session, recommendation_id, form, actor=actor)
    return answer(request, _shown(session, asked.id, actor), actor, status=201 if is_new else 200)


@router.get("/co-signatures/{co_signature_id}", response_model=CoSignatureAnswer)
def get_co_signature(request: Request, session: ReadSession, actor: ApiReader, co_signature_id: UUID) -> Response:
    """One co-signature."""
    return answer(request, _shown(session, co_signature_id, actor), actor)


@router.post("/co-signatures/{co_signature_id}/answer", response_model=CoSignatureAnswer)
def answer_co_signature(
    request: Request, session: WriteSession, actor: ApiWriter, co_signature_id: UUID, form: AnswerForm
) -> Response:
    """Answer in the organisation's name; `If-Match` refuses a stale write."""
    check_if_match(request, _shown(session, co_signature_id, actor))
    actions.answer_co_signature(session, co_signature_id, form, actor=actor)
    return answer(request, _shown(session, co_signature_id, actor), actor)


@router.post("/co-signatures/{co_signature_id}/transitions", response_model=CoSignatureAnswer)
def transition_co_signature(
    request: Request,
    session: WriteSession,
    actor: ApiWriter,
    co_signature_id: UUID,
    form: CoSignatureTransition,
) -> Response:
    """Make a move."""
    asked = actions.transition_co_signature(session, co_signature_id, form, actor=actor)
    session.flush()
    recommendation = session.get_one(Recommendation, asked.recommendation_id)
    answers = queries.answers_of(session, [asked.id])[asked.id]
    return answer(request, represent(asked, recommendation, actor, answers), actor)


def represent(
    asked: CoSignature, recommendation: Recommendation, actor: Actor, answers: Sequence[queries.AnswerGiven]
) -> CoSignatureAnswer:
    """The co-signature as the caller sees it, with when it was asked and every answer since."""
    shown = CoSignatureAnswer.model_validate(asked)
    shown.url = f"/empfehlungen/{recommendation.reference or recommendation.id}/mitzeichnung"
    shown.history = [AnswerGiven.model_validate(each, from_attributes=True) for each in answers]
    shown.transitions = transitions_of("co_signature", actions.co_signature_offers(asked, recommendation, actor))
    return shown


def _shown(session: Session, key: UUID, actor: Actor) -> CoSignatureAnswer:
    session.flush()
    asked = queries.get_co_signature(session, key, actor)
    recommendation = session.get_one(Recommendation, asked.recommendation_id)
    return represent(asked, recommendation, actor, queries.answers_of(session, [asked.id])[asked.id])
