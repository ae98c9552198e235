"""Stellungnahmeverfahren for programs: rounds, statements and their dispositions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import statements as actions
from app.actions.moves import offers
from app.actions.recommendation_transitions import transition_recommendation
from app.clock import now
from app.domain.actors import Actor
from app.domain.consultations import ROUND, STATEMENT, Audience, Disposition, RoundState, StatementKind, StatementState
from app.domain.permissions import capabilities
from app.errors import FieldError, Invalid
from app.forms.attachments import AttachmentForm
from app.forms.consultations import (
    BulkDispositionForm,
    DispositionForm,
    OpenStatementForm,
    RoundTransition,
    StatementForm,
    StatementTransition,
)
from app.forms.recommendation_transitions import RecommendationTransition
from app.i18n import _
from app.models.consultations import CommentRound, RoundQuestion, Statement
from app.queries import consultations as queries
from app.queries import recommendations
from app.queries.base import Page
from app.queries.scopes import scope_of
from app.routers.api.common import Listing, StatefulAnswer, answer, check_if_match, listing, multipart, transitions_of
from app.routers.deps import ApiReader, ApiWriter, ReadSession, SubmittedForm, WriteSession
from app.routers.sign_in import address_of
from app.routers.uploads import Uploaded

router = APIRouter(tags=["consultations"])
_KEY = {"type": "string", "format": "uuid"}
_SENT_AS_FILE = multipart(
    kind={"type": "string", "enum": ["statement", "extension"], "default": "statement"},
    text={"type": "string", "maxLength": 20_000},
    alt_text={"type": "string", "maxLength": 500},
    block_id=_KEY,
    question_id=_KEY,
    publish={"type": "boolean", "default": False},
    seat_id=_KEY,
    id=_KEY,
)


class QuestionAnswer(BaseModel):
    """A question the round asks; a statement answers it by its id."""

    id: UUID
    text: str
    block_id: UUID | None


class RoundAnswer(StatefulAnswer):
    """A round as its readers see it; whom it asks by name is told inside the body."""

    recommendation_id: UUID
    number: int
    version: int
    audience: Audience
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    closing_reason: str | None
    questions: list[QuestionAnswer] = Field(default_factory=list)
    statements: dict[str, int] = Field(default_factory=dict)


class StatementAnswer(StatefulAnswer):
    """A statement as its readers see it; who wrote it is never told, the organisation is."""

    recommendation_id: UUID
    round_id: UUID
    kind: StatementKind
    text: str
    block_id: UUID | None
    question_id: UUID | None
    organisation_id: UUID | None
    publish: bool
    disposition: Disposition | None
    disposition_reason: str | None
    disposed_at: datetime | None


class StatementList(BaseModel):
    """Several statements, as a list answers them."""

    items: list[StatementAnswer]
    next: str | None


class StatementListing(Listing):
    """The parameters of a list of statements."""

    state: StatementState | None = None
    kind: StatementKind | None = None
    disposition: Disposition | None = None
    organisation_id: UUID | None = None
    block_id: UUID | None = None


@router.get("/recommendations/{recommendation_id}/comment-rounds", response_model=None)
def list_comment_rounds(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    recommendation_id: UUID,
    wanted: Annotated[Listing, Query()],
) -> Response:
    """The rounds on a recommendation, newest first."""
    recommendations.get_recommendation(session, recommendation_id, actor)
    page = queries.page_of_rounds(session, recommendation_id, actor, limit=wanted.limit, after=wanted.after)
    shown = {each.id: each for each in represent_rounds(session, page.items, actor)}
    return listing(request, page, lambda item: shown[item.id], actor)


@router.get("/comment-rounds/{round_id}", response_model=RoundAnswer)
def get_comment_round(request: Request, session: ReadSession, actor: ApiReader, round_id: UUID) -> Response:
    """One round."""
    found = queries.get_round(session, round_id, actor)
    return answer(request, represent_rounds(session, [found], actor)[0], actor)


@router.post("/comment-rounds/{round_id}/transitions", response_model=RoundAnswer)
def move_comment_round(
    request: Request, session: WriteSession, actor: ApiWriter, round_id: UUID, form: RoundTransition
) -> Response:
    """Close a round before its time: the same as `close_comments` of its recommendation."""
    found = queries.get_round(session, round_id, actor)
    if form.transition != "close":
        raise Invalid(FieldError("transition", _("Diesen Schritt gibt es nicht.")))
    closing = RecommendationTransition(transition="close_comments", reason=form.reason)
    transition_recommendation(session, found.recommendation_id, closing, actor=actor)
    session.flush()
    return answer(request, represent_rounds(session, [queries.get_round(session, round_id, actor)], actor)[0], actor)


@router.get("/comment-rounds/{round_id}/statements", response_model=None)
def list_statements(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    round_id: UUID,
    wanted: Annotated[StatementListing, Query()],
) -> Response:
    """The statements of a round the caller may read, newest first."""
    queries.get_round(session, round_id, actor)
    chosen = queries.StatementFilter(
        round_id=round_id,
        state=wanted.state,
        kind=wanted.kind,
        disposition=wanted.disposition,
        organisation_id=wanted.organisation_id,
        block_id=wanted.block_id,
    )
    page = queries.list_statements(session, actor, chosen, limit=wanted.limit, after=wanted.after)
    return listing(request, page, lambda each: represent(each, actor), actor)


@router.post("/comment-rounds/{round_id}/statements", response_model=StatementAnswer, status_code=201)
def post_statement(
    request: Request, session: WriteSession, actor: ApiWriter, round_id: UUID, form: StatementForm
) -> Response:
    """Answer a round, by a text or by one click."""
    made, is_new = actions.post_statement(session, round_id, form, actor=actor)
    return answer(request, represent(made, actor), actor, status=201 if is_new else 200)


@router.post(
    "/comment-rounds/{round_id}/statement-files",
    response_model=StatementAnswer,
    status_code=201,
    openapi_extra=_SENT_AS_FILE,
)
def post_statement_file(
    request: Request,
    upload: Uploaded,
    session: WriteSession,
    actor: ApiWriter,
    submitted: SubmittedForm,
    round_id: UUID,
) -> Response:
    """Answer a round by a file, with a text or without one; it is found among the attachments of the statement."""
    words, others = submitted.apart("alt_text")
    attached = upload.with_words(words.parse(AttachmentForm))
    form = others.parse(StatementForm)
    made, is_new = actions.post_statement(session, round_id, form, actor=actor, attached=attached)
    return answer(request, represent(made, actor), actor, status=201 if is_new else 200)


@router.post("/comment-rounds/{round_id}/open-statements", status_code=202)
def post_open_statement(request: Request, session: WriteSession, round_id: UUID, form: OpenStatementForm) -> Response:
    """Answer a public round without a token; the name given is kept for the body and never published."""
    actions.post_open_statement(session, round_id, form, address=address_of(request))
    return Response(status_code=202)


@router.post("/recommendations/{recommendation_id}/dispositions", response_model=StatementList)
def dispose_statements(
    request: Request, session: WriteSession, actor: ApiWriter, recommendation_id: UUID, form: BulkDispositionForm
) -> Response:
    """Say of several statements at once what became of them, with one reason; all or none."""
    recommendations.get_recommendation(session, recommendation_id, actor)
    done = actions.dispose_statements(session, recommendation_id, form, actor=actor)
    return listing(request, Page(done), lambda each: represent(each, actor), actor)


@router.get("/statements/{statement_id}", response_model=StatementAnswer)
def get_statement(request: Request, session: ReadSession, actor: ApiReader, statement_id: UUID) -> Response:
    """One statement."""
    return answer(request, represent(queries.get_statement(session, statement_id, actor), actor), actor)


@router.post("/statements/{statement_id}/disposition", response_model=StatementAnswer)
def dispose_statement(
    request: Request, session: WriteSession, actor: ApiWriter, statement_id: UUID, form: DispositionForm
) -> Response:
    """Say what became of a statement, and why."""
    check_if_match(request, represent(queries.get_statement(session, statement_id, actor), actor))
    statement = actions.dispose_statement(session, statement_id, form, actor=actor)
    return answer(request, represent(statement, actor), actor)


@router.post("/statements/{statement_id}/transitions", response_model=StatementAnswer)
def move_statement(
    request: Request, session: WriteSession, actor: ApiWriter, statement_id: UUID, form: StatementTransition
) -> Response:
    """Make a move: take it back, or say what became of it."""
    statement = actions.transition_statement(session, statement_id, form, actor=actor)
    return answer(request, represent(statement, actor), actor)


def represent_rounds(session: Session, rounds: Sequence[CommentRound], actor: Actor) -> list[RoundAnswer]:
    """The rounds as the caller sees them, in two statements."""
    keys = [each.id for each in rounds]
    questions: dict[UUID, list[RoundQuestion]] = {}
    for question in queries.list_questions(session, keys):
        questions.setdefault(question.round_id, []).append(question)
    counts = queries.count_statements(session, keys)
    shown = []
    for each in rounds:
        state = queries.effective_state(each, now(session))
        made = RoundAnswer.model_validate({**each.model_dump(), "state": state})
        made.url = f"/empfehlungen/{each.recommendation_id}/stellungnahmen?round={each.number}"
        if state is RoundState.CLOSED:
            made.closed_at = each.closed_at or each.closes_at
        elif actor.may_write:
            made.transitions = transitions_of("comment_round", ROUND.offers(state, capabilities(actor, scope_of(each))))
        made.questions = [QuestionAnswer(id=q.id, text=q.text, block_id=q.block_id) for q in questions.get(each.id, [])]
        made.statements = _numbers([count for count in counts if count.round_id == each.id])
        shown.append(made)
    return shown


def represent(statement: Statement, actor: Actor) -> StatementAnswer:
    """The statement as the caller sees it; the reason of a disposition is for the body and the author."""
    made = StatementAnswer.model_validate(statement)
    made.url = f"/empfehlungen/{statement.recommendation_id}/stellungnahmen#stellungnahme-{statement.id}"
    made.transitions = transitions_of("statement", offers(statement, STATEMENT, actor))
    if not queries.reads_reason(statement, actor):
        made.disposition_reason = None
    return made


def _numbers(counts: Sequence[queries.StatementCount]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for count in counts:
        for word in (count.kind.value, count.disposition.value if count.disposition else "open"):
            numbers[word] = numbers.get(word, 0) + count.number
    numbers["all"] = sum(count.number for count in counts)
    return numbers
