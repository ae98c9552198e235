"""The pages behind the signed link by which an organisation answers a round without an account.

The link alone says for whom one answers; who is signed in doesn't matter. Opening it changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import statement_links as actions
from app.clock import now
from app.documents.statement_links import ANSWER
from app.domain.consultations import StatementKind
from app.domain.deadlines import days_left, last_day
from app.errors import ApplicationError
from app.forms.attachments import AttachmentForm
from app.forms.consultations import ChosenStatement, LinkedStatementForm
from app.models.base import new_id
from app.queries import consultations, recommendations
from app.queries import statement_links as queries
from app.queries.attachments import attachments_on
from app.queries.statement_links import Followed
from app.routers.attachments import file_of
from app.routers.consultation_views import quoted
from app.routers.deps import AnonymousForm, ReadSession, Submitted, SubmittedForm, WriteSession, attempt, settings_of
from app.routers.pages import field_errors, render, see_other, with_pause
from app.routers.sign_in import address_of
from app.routers.uploads import ACCEPTED, Uploaded
from app.security import signed_keys

router = APIRouter()


@router.get("/stellungnahme/{word}")
def show_link(request: Request, session: ReadSession, word: str) -> Response:
    """The pinned version, its questions, and what was already sent by this link."""
    return _page(request, session, word)


@router.post("/stellungnahme/{word}", dependencies=[AnonymousForm])
def answer_by_link(
    request: Request, upload: Uploaded, session: WriteSession, submitted: SubmittedForm, word: str
) -> Response:
    """Answer by a text, a file, or one click."""
    followed = _followed(request, session, word)
    if followed is None:
        return _unknown(request)
    with attempt(session) as outcome:
        form = submitted.parse(LinkedStatementForm)
        attached = upload.with_words(AttachmentForm(alt_text=form.alt_text)) if upload.is_chosen else None
        actions.post_statement_by_link(session, followed.link.id, form, address=address_of(request), attached=attached)
        return see_other(request, f"/stellungnahme/{word}?gesendet={form.kind.value}#gesendet")
    return _page(request, session, word, submitted, outcome.error)


@router.post("/stellungnahme/{word}/zurueckziehen", dependencies=[AnonymousForm])
def withdraw_by_link(request: Request, session: WriteSession, submitted: SubmittedForm, word: str) -> Response:
    """Take back one of the answers that were sent by this link."""
    followed = _followed(request, session, word)
    if followed is None:
        return _unknown(request)
    with attempt(session) as outcome:
        chosen = submitted.parse(ChosenStatement)
        actions.withdraw_statement_by_link(session, followed.link.id, chosen.statement_id)
        return see_other(request, f"/stellungnahme/{word}?zurueckgezogen=ja#bisher")
    return _page(request, session, word, None, outcome.error)


@router.get("/stellungnahme/{word}/anlagen/{attachment_id}")
def open_sent_file(request: Request, session: ReadSession, word: str, attachment_id: UUID) -> Response:
    """A file that was sent by this link."""
    followed = _followed(request, session, word)
    if followed is None or followed.link.revoked_at is not None:
        return _unknown(request)
    return file_of(request, queries.get_sent_file(session, followed.link.id, attachment_id))


def _followed(request: Request, session: Session, word: str) -> Followed | None:
    keys = signed_keys(settings_of(request), ANSWER, word)
    return queries.follow(session, keys[0]) if len(keys) == 1 else None


def _unknown(request: Request) -> Response:
    response = render(request, "statement_links/unknown.html", status=404)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(
    request: Request,
    session: Session,
    word: str,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    followed = _followed(request, session, word)
    if followed is None:
        return _unknown(request)
    text = None
    questions = []
    if followed.is_open:
        text = recommendations.get_version(session, followed.recommendation, followed.round.version)
        questions = list(consultations.list_questions(session, [followed.round.id]))
    sent = queries.list_sent(session, followed.link.id) if followed.link.revoked_at is None else []
    blocks = list(text.blocks) if text else []
    values: Mapping[str, object] = submitted.values if submitted else {}
    response = render(
        request,
        "statement_links/show.html",
        status=error.status if error else 200 if followed.is_open else 410,
        followed=followed,
        word=word,
        text=text,
        blocks=blocks,
        questions=questions,
        numbers={block.id: number for number, block in enumerate(blocks, start=1)},
        block_options=[(str(block.id), quoted(number, block)) for number, block in enumerate(blocks, start=1)],
        question_options=[(str(each.id), each.text) for each in questions],
        sent=sent,
        files=attachments_on(session, [each.id for each in sent]),
        asked_about={
            "block_id": request.query_params.get("absatz", ""),
            "question_id": request.query_params.get("frage", ""),
        },
        just_withdrawn=request.query_params.get("zurueckgezogen") == "ja",
        just_sent=_kind(request.query_params.get("gesendet", "")),
        until=last_day(followed.round.closes_at),
        days=days_left(followed.round.closes_at, now(session)),
        values=values,
        errors=field_errors(error),
        new_id=lambda: str(new_id()),
        accepted=ACCEPTED,
        example=followed.recommendation.is_example,
    )
    # Its address is told to no other site (the policy of every page); nothing of it is kept on the way.
    response.headers["Cache-Control"] = "no-store"
    return with_pause(response, error)


def _kind(text: str) -> StatementKind | None:
    return StatementKind(text) if text in set(StatementKind) else None
