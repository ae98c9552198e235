"""What an organisation has to do with the implementation: its measures, reports, answers and promises on one page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.queries import measures
from app.queries.commitments import commitments_of
from app.queries.need_reviews import open_reviews
from app.queries.owed_reports import with_reports
from app.queries.responses import open_responses
from app.routers.deps import Member, ReadSession
from app.routers.pages import render

router = APIRouter()


@router.get("/meine-massnahmen")
def show_own_measures(request: Request, session: ReadSession, visitor: Member) -> Response:
    """What the reader's organisations answer for, contribute to, promised and are asked; the next due first."""
    actor = visitor.actor
    today = measures.today(session)
    own = with_reports(session, measures.measures_in_charge(session, actor), actor)
    helping = measures.measures_contributed_to(session, actor)
    promised = commitments_of(session, actor)
    asked = open_responses(session, actor)
    reviews = open_reviews(session, actor, today)
    return render(
        request,
        "measures/mine.html",
        measures=own,
        due=[each for each in own if each.is_due],
        helping=helping,
        commitments=promised,
        responses=asked,
        reviews=reviews,
        today=today,
        example=any(
            each.is_example
            for each in (
                *(one.measure for one in own),
                *(one.measure for one in helping),
                *promised,
                *(one.recommendation for one in asked if one.recommendation),
            )
        ),
    )
