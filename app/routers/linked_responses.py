"""The page behind the link by which an addressee answers without an account.

The link alone says for whom one answers; who is signed in doesn't matter. Opening it changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.response_links import answer_by_link as answer_response_by_link
from app.clock import now
from app.documents.response_links import ANSWER
from app.domain.deadlines import days_left, end_of_day
from app.domain.text.blocks import BlockPart
from app.errors import ApplicationError
from app.forms.responses import GIVEN_ANSWERS, LinkedResponseAnswer
from app.queries.recommendations import url_of
from app.queries.response_links import AskedResponse, follow
from app.queries.versions import blocks_of_number
from app.routers.deps import AnonymousForm, ReadSession, Submitted, SubmittedForm, WriteSession, attempt, settings_of
from app.routers.pages import field_errors, render, see_other, with_pause
from app.routers.sign_in import address_of
from app.security import signed_keys

router = APIRouter()


@router.get("/rueckmeldung/{word}")
def show_question(request: Request, session: ReadSession, word: str) -> Response:
    """What is recommended, what the organisation has answered so far, and the form."""
    return _page(request, session, word)


@router.post("/rueckmeldung/{word}", dependencies=[AnonymousForm])
def answer_by_link(request: Request, session: WriteSession, submitted: SubmittedForm, word: str) -> Response:
    """Answer, or change the answer; a refused one stands in the form again."""
    keys = _keys(request, word)
    if keys is None:
        return unknown_link(request)
    with attempt(session) as outcome:
        answer_response_by_link(session, *keys, submitted.parse(LinkedResponseAnswer), address=address_of(request))
        return see_other(request, f"/rueckmeldung/{word}?gesendet=1")
    return _page(request, session, word, submitted, outcome.error)


def unknown_link(request: Request) -> Response:
    """The page for a link we never made, or that was cut off on its way."""
    response = render(request, "response_links/unknown.html", status=404)
    response.headers["Cache-Control"] = "no-store"
    return response


def _keys(request: Request, word: str) -> tuple[UUID, UUID] | None:
    keys = signed_keys(settings_of(request), ANSWER, word)
    return (keys[0], keys[1]) if len(keys) == 2 else None


def _page(
    request: Request,
    session: Session,
    word: str,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    keys = _keys(request, word)
    asked = follow(session, *keys) if keys else None
    if asked is None:
        return unknown_link(request)
    response = render(
        request,
        "response_links/show.html",
        status=error.status if error else 200 if asked.is_open else 410,
        asked=asked,
        url=url_of(asked.recommendation),
        blocks=_recommended(session, asked) if asked.is_open else [],
        answers=GIVEN_ANSWERS,
        days=days_left(end_of_day(asked.response.due_on), now(session)) if asked.response.due_on else None,
        just_sent="gesendet" in request.query_params,
        values=_values(asked, submitted),
        errors=field_errors(error),
        example=asked.recommendation.is_example,
    )
    # Its address is told to no other site (the policy of every page); nothing of it is kept on the way.
    response.headers["Cache-Control"] = "no-store"
    return with_pause(response, error)


def _recommended(session: Session, asked: AskedResponse) -> list[object]:
    number = asked.recommendation.adopted_version or 0
    blocks = blocks_of_number(session, asked.recommendation, number)
    return [block for block in blocks if block.part is BlockPart.RECOMMENDATION]


def _values(asked: AskedResponse, submitted: Submitted | None) -> Mapping[str, object]:
    if submitted:
        return submitted.values
    given = asked.response
    return {"answer": given.answer, "reason": given.reason} if given.answered_at else {}
