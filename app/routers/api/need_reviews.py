"""Whether needs persist, for programs: the counts for everybody, the answers for whose organisations were asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from app.actions import need_reviews as actions
from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.need_reviews import NeedReviewAnswer
from app.errors import NotSignedIn
from app.forms.need_reviews import NeedReviewForm
from app.models.need_reviews import NeedReview
from app.queries import need_reviews as queries
from app.queries import needs, recommendations
from app.routers.api.common import Answer, Listing, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(tags=["need-reviews"])


class NeedReviewShown(Answer):
    """One question to one organisation, as it and the Geschäftsstelle read it."""

    recommendation_id: UUID
    need_id: UUID
    organisation_id: UUID
    months: int
    answer: NeedReviewAnswer
    sentence: str
    publish: bool
    due_on: date
    answered_at: datetime | None
    url: str


class SentenceShown(BaseModel):
    """A sentence its organisation let be published."""

    organisation: str
    answer: NeedReviewAnswer
    sentence: str


class RoundShown(BaseModel):
    """One need in one round: who was asked, what was said, and how many were silent."""

    need_id: UUID
    months: int
    due_on: date
    asked: int
    answered: int
    persists: int
    reduced: int
    met: int
    calls_for_check: bool
    sentences: list[SentenceShown]


class RoundsShown(BaseModel):
    """The rounds, the newest first; there are few, so they come at once."""

    rounds: list[RoundShown]


@router.get("/recommendations/{recommendation_id}/need-reviews", response_model=RoundsShown)
def recommendation_rounds(session: ReadSession, actor: ApiReader, recommendation_id: UUID) -> RoundsShown:
    """What those say whose needs a recommendation answers."""
    recommendation = recommendations.get_recommendation(session, recommendation_id, actor)
    return _rounds(session, actor, recommendation_id=recommendation.id)


@router.get("/needs/{need_id}/need-reviews", response_model=RoundsShown)
def need_rounds(session: ReadSession, actor: ApiReader, need_id: UUID) -> RoundsShown:
    """What those say who stood behind a need."""
    return _rounds(session, actor, need_id=needs.get_need(session, need_id, actor).id)


@router.get("/need-reviews", response_model=None)
def list_need_reviews(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[Listing, Query()]
) -> Response:
    """What the caller's organisations are asked, newest first."""
    if not actor.is_signed_in:
        raise NotSignedIn()
    page = queries.list_reviews(session, actor, limit=wanted.limit, after=wanted.after)
    return listing(request, page, represent, actor)


@router.get("/need-reviews/{review_id}", response_model=NeedReviewShown)
def get_need_review(request: Request, session: ReadSession, actor: ApiReader, review_id: UUID) -> Response:
    """One question to one of the caller's organisations."""
    return answer(request, _shown(session, review_id, actor), actor)


@router.post("/need-reviews/{review_id}/answer", response_model=NeedReviewShown)
def answer_need_review(
    request: Request, session: WriteSession, actor: ApiWriter, review_id: UUID, form: NeedReviewForm
) -> Response:
    """Say whether the need persists, or say it anew."""
    check_if_match(request, _shown(session, review_id, actor))
    actions.answer_need_review(session, review_id, form, actor=actor)
    return answer(request, _shown(session, review_id, actor), actor)


def represent(review: NeedReview) -> NeedReviewShown:
    """The question as it is read by who may."""
    shown = review.model_dump(include=NeedReviewShown.model_fields.keys() - {"url"})
    return NeedReviewShown(**shown, url=f"/empfehlungen/{review.recommendation_id}/wirkung")


def _rounds(session: Session, actor: Actor, **of: UUID) -> RoundsShown:
    today = berlin_date(now(session))
    found = queries.reviewed_needs(session, actor, **of)
    return RoundsShown(
        rounds=[
            RoundShown(
                need_id=each.need_id,
                months=each.months,
                due_on=each.due_on,
                asked=each.counts.asked,
                answered=each.counts.answered,
                persists=each.counts.persists,
                reduced=each.counts.reduced,
                met=each.counts.met,
                calls_for_check=each.due_on < today and each.counts.calls_for_check,
                sentences=[
                    SentenceShown(organisation=said.organisation, answer=said.answer, sentence=said.sentence)
                    for said in each.sentences
                ],
            )
            for each in found
        ]
    )


def _shown(session: Session, review_id: UUID, actor: Actor) -> NeedReviewShown:
    session.flush()
    return represent(queries.get_review(session, review_id, actor))
