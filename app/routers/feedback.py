"""The form every page leads to, open to everybody, and its list for the Geschäftsstelle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.actions import feedback as actions
from app.actions.permissions import require
from app.domain.accounts import own_path
from app.domain.permissions import Permission
from app.errors import ApplicationError
from app.forms.base import Input
from app.forms.feedback import FeedbackForm
from app.i18n import _
from app.models.base import new_id
from app.queries import feedback as queries
from app.routers.deps import (
    AnybodyWriting,
    Member,
    Reader,
    ReadSession,
    SubmittedForm,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.pages import field_errors, list_addresses, render, see_other, with_pause
from app.routers.sign_in import address_of

router = APIRouter()
PAGE_SIZE = 25
ANSWER_WITHIN = timedelta(days=30)


class FeedbackPage(Input):
    """About which page the reader writes."""

    page: str | None = Field(default=None, max_length=2_000)


class FeedbackListing(Input):
    """Where in the list the reader is."""

    after: str | None = Field(default=None, max_length=500)


@router.get("/feedback")
def show_form(request: Request, _visitor: Reader, wanted: Annotated[FeedbackPage, Query()]) -> Response:
    """The form; it asks for no name."""
    about = (own_path(wanted.page) or "")[:300]
    return _form(request, {"id": str(new_id()), "page": "" if about == "/feedback" else about})


@router.post("/feedback")
def give_feedback(
    request: Request, session: WriteSession, _visitor: AnybodyWriting, submitted: SubmittedForm
) -> Response:
    """Keep what was written; whoever writes too often finds the text still there."""
    with attempt(session) as outcome:
        form = submitted.parse(FeedbackForm)
        actions.give_feedback(session, form, address=address_of(request))
        return see_other(request, "/feedback/danke")
    return _form(request, submitted.values, outcome.error)


@router.get("/feedback/danke")
def show_thanks(request: Request, _visitor: Reader) -> Response:
    """What happens next."""
    return render(request, "feedback/thanks.html")


@router.get("/verwaltung/feedback")
def list_feedback(
    request: Request, session: ReadSession, visitor: Member, wanted: Annotated[FeedbackListing, Query()]
) -> Response:
    """What readers wrote, newest first, with the day an answer is due."""
    require(Permission.FEEDBACK_READ, None, visitor.actor)
    page = queries.list_feedback(session, limit=PAGE_SIZE, after=wanted.after)
    return render(
        request,
        "feedback/list.html",
        page=page,
        answer_within=ANSWER_WITHIN,
        **list_addresses(request, page.next),
    )


@router.post("/verwaltung/feedback/{key}/erledigt")
def settle_feedback(request: Request, session: WriteSession, visitor: Writer, key: UUID) -> Response:
    """Delete what is dealt with."""
    actions.settle_feedback(session, key, actor=visitor.actor)
    return see_other(request, "/verwaltung/feedback", _("Die Rückmeldung ist erledigt und gelöscht."))


def _form(request: Request, values: Mapping[str, object], error: ApplicationError | None = None) -> Response:
    response = render(
        request,
        "feedback/form.html",
        status=error.status if error else 200,
        values=values,
        errors=field_errors(error),
    )
    return with_pause(response, error)
