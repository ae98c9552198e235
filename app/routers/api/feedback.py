"""What readers write about the site, for programs: anybody sends, the Geschäftsstelle reads."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.actions import feedback as actions
from app.actions.permissions import require
from app.domain.actors import PUBLIC_ACTOR
from app.domain.permissions import Permission
from app.forms.feedback import FeedbackForm
from app.models.feedback import Feedback
from app.queries import feedback as queries
from app.routers.api.common import Answer, Listing, answer, listing
from app.routers.deps import ApiReader, ReadSession, WriteSession
from app.routers.sign_in import address_of

router = APIRouter(prefix="/feedback", tags=["feedback"])


class FeedbackAnswer(Answer):
    """A reader's words about a page."""

    text: str
    rating: int | None
    page: str
    contact: str


class FeedbackListing(Listing):
    """The parameters of the list."""

    rating: int | None = None
    page: str | None = None


@router.post("", response_model=FeedbackAnswer, status_code=201)
def give_feedback(request: Request, session: WriteSession, form: FeedbackForm) -> Response:
    """Say something about the site; no sign-in, a few times an hour."""
    made, is_new = actions.give_feedback(session, form, address=address_of(request))
    return answer(request, represent(made), PUBLIC_ACTOR, status=201 if is_new else 200)


@router.get("", response_model=None)
def list_feedback(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[FeedbackListing, Query()]
) -> Response:
    """What readers wrote, newest first; for the Geschäftsstelle."""
    require(Permission.FEEDBACK_READ, None, actor)
    page = queries.list_feedback(
        session, rating=wanted.rating, page=wanted.page, limit=wanted.limit, after=wanted.after
    )
    return listing(request, page, represent, actor)


def represent(feedback: Feedback) -> FeedbackAnswer:
    """The words as they were sent."""
    return FeedbackAnswer.model_validate(feedback)
