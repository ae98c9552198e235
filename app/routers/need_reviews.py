"""Did it help? The counts beside a recommendation, and the answers of the reader's organisations."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import need_reviews as actions
from app.clock import now
from app.domain.deadlines import berlin_date
from app.domain.need_reviews import REVIEW_DAYS, ROUND_MONTHS
from app.errors import ApplicationError
from app.forms.need_reviews import NeedReviewForm
from app.i18n import _
from app.queries import need_reviews as queries
from app.routers.deps import Reader, ReadSession, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.pages import field_errors, render, see_other
from app.routers.recommendation_tabs import tabs_of
from app.routers.responses import published

router = APIRouter()


@router.get("/empfehlungen/{key}/wirkung")
def show_effect(request: Request, session: ReadSession, visitor: Reader, key: str) -> Response:
    """What those say whose needs the recommendation answers."""
    return _page(request, session, visitor, key)


@router.post("/empfehlungen/{key}/wirkung/{review_id}")
def answer_need_review(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str, review_id: UUID
) -> Response:
    """Answer for one of the reader's organisations; a refused answer stands open again."""
    published(session, key, visitor)
    with attempt(session) as outcome:
        actions.answer_need_review(session, review_id, submitted.parse(NeedReviewForm), actor=visitor.actor)
        return see_other(request, f"/empfehlungen/{key}/wirkung", _("Ihre Antwort ist gezählt."))
    return _page(request, session, visitor, key, review_id, submitted.values, outcome.error)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: str,
    opened: UUID | None = None,
    values: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    recommendation = published(session, key, visitor)
    today = berlin_date(now(session))
    found = queries.reviewed_needs(session, visitor.actor, recommendation_id=recommendation.id)
    return render(
        request,
        "need_reviews/effect.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        key=recommendation.reference or recommendation.id,
        tab="effect",
        tabs=tabs_of(recommendation, visitor.actor),
        rounds=[
            (months, [each for each in found if each.months == months])
            for months in reversed(ROUND_MONTHS)
            if any(each.months == months for each in found)
        ],
        months=ROUND_MONTHS,
        days=REVIEW_DAYS,
        today=today,
        own=queries.own_reviews(session, recommendation, visitor.actor, today),
        is_called_for_check=visitor.actor.is_secretariat
        and recommendation.id in queries.called_for_check(session, today),
        opened=opened,
        values=values or {},
        errors=field_errors(error),
        example=recommendation.is_example,
    )
