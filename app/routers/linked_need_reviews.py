"""The page behind the link by which an organisation says without an account whether its needs persist.

The link alone says for whom one answers; who is signed in doesn't matter. Opening it changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.need_reviews import answer_by_link
from app.clock import now
from app.documents.need_review_links import REVIEW
from app.domain.deadlines import berlin_date
from app.errors import ApplicationError
from app.forms.need_reviews import NeedReviewForm
from app.queries.need_reviews import follow
from app.queries.recommendations import url_of
from app.routers.deps import AnonymousForm, ReadSession, SubmittedForm, WriteSession, attempt, settings_of
from app.routers.linked_responses import unknown_link
from app.routers.pages import field_errors, render, see_other, with_pause
from app.routers.sign_in import address_of
from app.security import signed_keys

router = APIRouter()


@router.get("/nachfrage/{word}")
def show_reviews(request: Request, session: ReadSession, word: str) -> Response:
    """Every need the organisation is asked about in the round, each with its form."""
    return _page(request, session, word)


@router.post("/nachfrage/{word}/{review_id}", dependencies=[AnonymousForm])
def answer_review(
    request: Request, session: WriteSession, submitted: SubmittedForm, word: str, review_id: UUID
) -> Response:
    """Answer for one need; a refused answer stands in its form again."""
    link = _link(request, word)
    if link is None:
        return unknown_link(request)
    with attempt(session) as outcome:
        answer_by_link(session, link, review_id, submitted.parse(NeedReviewForm), address=address_of(request))
        return see_other(request, f"/nachfrage/{word}?gesendet={review_id}#bedarf-{review_id}")
    return _page(request, session, word, review_id, submitted.values, outcome.error)


def _link(request: Request, word: str) -> tuple[UUID, UUID] | None:
    keys = signed_keys(settings_of(request), REVIEW, word)
    return (keys[0], keys[1]) if len(keys) == 2 else None


def _page(
    request: Request,
    session: Session,
    word: str,
    opened: UUID | None = None,
    values: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    link = _link(request, word)
    followed = follow(session, *link, berlin_date(now(session))) if link else None
    if followed is None:
        return unknown_link(request)
    recommendation = followed.reviews[0].recommendation
    is_open = followed.speaker_id is not None and any(each.is_open for each in followed.reviews)
    response = render(
        request,
        "need_reviews/link.html",
        status=error.status if error else 200 if is_open else 410,
        followed=followed,
        recommendation=recommendation,
        url=url_of(recommendation),
        is_open=is_open,
        word=word,
        sent=request.query_params.get("gesendet", ""),
        opened=opened,
        values=values or {},
        errors=field_errors(error),
        example=recommendation.is_example,
    )
    # Its address is told to no other site (the policy of every page); nothing of it is kept on the way.
    response.headers["Cache-Control"] = "no-store"
    return with_pause(response, error)
