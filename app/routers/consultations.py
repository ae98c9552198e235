"""Pages of Stellungnahmeverfahren: answering, reading beside the text, evaluating."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import statements as actions
from app.actions.permissions import may
from app.clock import now
from app.domain.actors import WRITING_ROLES, Actor
from app.domain.consultations import Audience, Disposition, RoundState, StatementKind, StatementState
from app.domain.deadlines import days_left, last_day
from app.domain.permissions import Permission
from app.domain.recommendations import PUBLIC_STATES
from app.domain.text import Block
from app.errors import ApplicationError, FieldError, Invalid, NotSignedIn
from app.forms.attachments import AttachmentForm
from app.forms.base import Input
from app.forms.consultations import (
    BulkDispositionForm,
    ChosenStatement,
    OpenStatementForm,
    StatementForm,
    StatementTransition,
)
from app.i18n import _, ngettext
from app.models.base import new_id
from app.models.consultations import CommentRound, RoundQuestion, Statement
from app.models.recommendations import Recommendation
from app.queries import consultations as queries
from app.queries import recommendations
from app.queries.versions import blocks_of_number
from app.routers.consultation_views import quoted, round_number, views_of
from app.routers.deps import (
    AnybodyWriting,
    Reader,
    ReadSession,
    Submitted,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.pages import field_errors, render, see_other, with_pause
from app.routers.recommendation_tabs import tabs_of
from app.routers.uploads import ACCEPTED, Uploaded

router = APIRouter()
BESIDE_THE_TEXT = 200
EVALUATED_AT_ONCE = 25


class StatementListing(Input):
    """Which round is shown and how; filters narrow the evaluation."""

    round: int | None = None
    view: str | None = None
    state: StatementState | None = None
    kind: StatementKind | None = None
    organisation_id: UUID | None = None
    block_id: UUID | None = None
    question_id: UUID | None = None
    disposition: Disposition | None = None
    after: str | None = None
    sent: str | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """A block of the text with what was said about it."""

    number: int
    block: Block
    begins_part: bool
    statements: Sequence[Statement]
    questions: Sequence[RoundQuestion]


@router.get("/empfehlungen/{key}/stellungnahmen")
def show_consultation(
    request: Request, session: ReadSession, visitor: Reader, key: str, wanted: Annotated[StatementListing, Query()]
) -> Response:
    """The rounds on a recommendation: to answer, to read, to evaluate."""
    return _page(request, session, visitor, key, wanted)


@router.post("/empfehlungen/{key}/stellungnahmen")
def post_statement(
    request: Request,
    upload: Uploaded,
    session: WriteSession,
    visitor: AnybodyWriting,
    submitted: SubmittedForm,
    key: str,
) -> Response:
    """Answer a round, by a text, a file or one click; in a public one also without an account, by a text."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    address = f"{recommendations.url_of(recommendation)}/stellungnahmen"
    with attempt(session) as outcome:
        round_id = _round_id(session, submitted, recommendation, visitor)
        _round, sent = submitted.apart("round_id")
        if submitted.text("kind") == StatementKind.EXTENSION.value and not submitted.text("text").strip():
            raise Invalid(FieldError("extension", _("Bitte sagen Sie, warum Sie mehr Zeit brauchen und wie viel.")))
        if not visitor.actor.is_signed_in:
            if "author_name" not in sent.values:
                raise NotSignedIn()
            client = request.client.host if request.client else ""
            actions.post_open_statement(session, round_id, sent.parse(OpenStatementForm), address=client)
            return see_other(request, f"{address}?sent=ja#gesendet")
        words, said = sent.apart("alt_text")
        attached = upload.with_words(words.parse(AttachmentForm)) if upload.is_chosen else None
        form = said.parse(StatementForm)
        made, _is_new = actions.post_statement(session, round_id, form, actor=visitor.actor, attached=attached)
        return see_other(request, f"{address}#antworten", _thanks(made.kind))
    page = _page(request, session, visitor, key, StatementListing(), submitted, outcome.error)
    return with_pause(page, outcome.error)


@router.post("/empfehlungen/{key}/stellungnahmen/zurueckziehen")
def withdraw_statement(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Take one's own statement back while it isn't answered."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(ChosenStatement)
        withdrawal = StatementTransition(transition="withdraw")
        actions.transition_statement(session, form.statement_id, withdrawal, actor=visitor.actor)
        url = f"{recommendations.url_of(recommendation)}/stellungnahmen#antworten"
        return see_other(request, url, _("Die Stellungnahme ist zurückgezogen."))
    return _page(request, session, visitor, key, StatementListing(), submitted, outcome.error)


@router.post("/empfehlungen/{key}/stellungnahmen/antworten")
def dispose_statements(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Say what became of one or several statements; their authors are told."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    listing = StatementListing(view="evaluation", round=round_number(submitted.text("round")))
    with attempt(session) as outcome:
        fields = {name: value for name, value in submitted.values.items() if name not in {"round", "query"}}
        form = Submitted(submitted.data, fields).parse(BulkDispositionForm, lists=("statement_ids",))
        done = actions.dispose_statements(session, recommendation.id, form, actor=visitor.actor)
        query = submitted.text("query") or "view=evaluation"
        number = len(done)
        notice = ngettext(
            "Die Stellungnahme ist beantwortet.", "{number} Stellungnahmen sind beantwortet.", number
        ).format(number=number)
        return see_other(request, f"{recommendations.url_of(recommendation)}/stellungnahmen?{query}", notice)
    return _page(request, session, visitor, key, listing, submitted, outcome.error)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: str,
    wanted: StatementListing,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    rounds = queries.list_rounds(session, recommendation.id, visitor.actor)
    chosen = _chosen(rounds, wanted, submitted)
    is_inside = queries.reads_inside(visitor.actor, recommendation.body_id)
    context: dict[str, Any] = {"round": None}
    if chosen is not None:
        context = _round(session, recommendation, chosen, wanted, visitor, is_inside=is_inside)
    return render(
        request,
        "consultations/show.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        tab="statements",
        tabs=tabs_of(recommendation, visitor.actor),
        rounds=rounds,
        wanted=wanted,
        is_inside=is_inside,
        is_public=recommendation.state in PUBLIC_STATES,
        last_day=last_day,
        submitted=submitted.values if submitted else {},
        chosen_ids=submitted.many("statement_ids") if submitted else [],
        errors=field_errors(error),
        new_id=lambda: str(new_id()),
        accepted=ACCEPTED,
        example=recommendation.is_example,
        address=f"{recommendations.url_of(recommendation)}/stellungnahmen",
        **context,
    )


def _round(
    session: Session,
    recommendation: Recommendation,
    chosen: CommentRound,
    wanted: StatementListing,
    visitor: Visitor,
    *,
    is_inside: bool,
) -> dict[str, Any]:
    """Everything the page says about one round."""
    actor = visitor.actor
    moment = now(session)
    is_open = queries.effective_state(chosen, moment) is RoundState.OPEN
    is_public = recommendation.state in PUBLIC_STATES
    is_readable = is_inside or is_open or (is_public and chosen.version == recommendation.adopted_version)
    blocks = blocks_of_number(session, recommendation, chosen.version) if is_readable else ()
    numbers = {block.id: number for number, block in enumerate(blocks, start=1)}
    evaluates = is_inside and wanted.view == "evaluation"
    page = (
        _statements(session, chosen, wanted, actor, evaluates=evaluates) if _has_statements(actor, is_public) else None
    )
    items = page.items if page else []
    questions = queries.list_questions(session, [chosen.id])
    return {
        "round": chosen,
        "is_open": is_open,
        "days": days_left(chosen.closes_at, moment),
        "questions": questions,
        "question_options": [(str(each.id), each.text) for each in questions],
        "asked": {each.id: each.text for each in questions},
        "views": views_of(recommendation, chosen, actor),
        "view": "evaluation" if evaluates else "read",
        "counts": _counts(queries.count_statements(session, [chosen.id])) if is_inside or is_public else None,
        "rows": [] if evaluates else _beside(blocks, items, questions),
        "numbers": numbers,
        "block_options": [(str(block.id), quoted(number, block)) for number, block in enumerate(blocks, start=1)],
        "on_whole": [each for each in items if each.block_id not in numbers],
        "own": [each for each in items if _is_own(each, actor)],
        "page": page,
        "evaluates": evaluates,
        "may_dispose": may(Permission.STATEMENT_DISPOSE, recommendation, actor),
        "may_extend": is_open and may(Permission.RECOMMENDATION_CONSULT, recommendation, actor),
        "may_answer": is_open and _may_answer(session, chosen, actor),
        "seat_options": _seat_options(session, chosen, actor) if is_open else [],
        "organisation_options": _organisation_options(session, chosen) if evaluates else [],
        "is_anonymous": is_open and not actor.is_signed_in and chosen.audience is Audience.PUBLIC,
        "is_own": lambda statement: _is_own(statement, actor),
        "reads_reason": lambda statement: queries.reads_reason(statement, actor),
        "query": _query(wanted),
        "dispositions": list(Disposition),
        "kinds": list(StatementKind),
        "states": list(StatementState),
    }


def _has_statements(actor: Actor, is_public: bool) -> bool:
    return actor.is_signed_in or is_public


def _statements(
    session: Session, chosen: CommentRound, wanted: StatementListing, actor: Actor, *, evaluates: bool
) -> Any:
    if not evaluates:
        listing = queries.StatementFilter(round_id=chosen.id)
        return queries.list_statements(session, actor, listing, limit=BESIDE_THE_TEXT)
    listing = queries.StatementFilter(
        round_id=chosen.id,
        state=wanted.state,
        kind=wanted.kind,
        organisation_id=wanted.organisation_id,
        block_id=wanted.block_id,
        disposition=wanted.disposition,
    )
    return queries.list_statements(session, actor, listing, limit=EVALUATED_AT_ONCE, after=wanted.after)


def _beside(
    blocks: Sequence[Block], statements: Sequence[Statement], questions: Sequence[RoundQuestion]
) -> list[Beside]:
    rows = []
    for number, block in enumerate(blocks, start=1):
        begins = number == 1 or blocks[number - 2].part is not block.part
        said = [each for each in statements if each.block_id == block.id]
        asked = [each for each in questions if each.block_id == block.id]
        rows.append(Beside(number, block, begins, said, asked))
    return rows


def _may_answer(session: Session, chosen: CommentRound, actor: Actor) -> bool:
    if not actor.is_signed_in or not actor.may_write:
        return False
    return bool(actor.seats_in(chosen.body_id, WRITING_ROLES) or actions.organisations_asked(session, chosen, actor))


def _seat_options(session: Session, chosen: CommentRound, actor: Actor) -> list[tuple[str, str]]:
    """The seats to choose from, where the reader has several in the body."""
    held = actor.seats_in(chosen.body_id, WRITING_ROLES)
    if len(held) < 2:
        return []
    names = queries.organisation_names(session, [each.organisation_id for each in held])
    return [(str(each.seat_id), names[each.organisation_id]) for each in held]


def _organisation_options(session: Session, chosen: CommentRound) -> list[tuple[str, str]]:
    return [(str(each.id), each.name) for each in queries.list_answering(session, chosen.id)]


def _is_own(statement: Statement, actor: Actor) -> bool:
    if not actor.is_signed_in:
        return False
    held = {seat.seat_id for seat in actor.seats}
    return statement.author_id == actor.person_id or statement.seat_id in held


def _counts(counts: Sequence[queries.StatementCount]) -> dict[str, Any]:
    by_kind: dict[StatementKind, int] = {}
    by_disposition: dict[Disposition | None, int] = {}
    for count in counts:
        by_kind[count.kind] = by_kind.get(count.kind, 0) + count.number
        by_disposition[count.disposition] = by_disposition.get(count.disposition, 0) + count.number
    return {
        "all": sum(by_kind.values()),
        "by_kind": by_kind,
        "by_disposition": by_disposition,
        "open": by_disposition.get(None, 0),
    }


def _chosen(
    rounds: Sequence[CommentRound], wanted: StatementListing, submitted: Submitted | None
) -> CommentRound | None:
    round_id = submitted.text("round_id") if submitted else ""
    for each in rounds:
        if str(each.id) == round_id or each.number == wanted.round:
            return each
    return rounds[0] if rounds else None


def _round_id(session: Session, submitted: Submitted, recommendation: Recommendation, visitor: Visitor) -> UUID:
    """The round the form answers: the one it names, else the newest."""
    rounds = queries.list_rounds(session, recommendation.id, visitor.actor)
    found = _chosen(rounds, StatementListing(), submitted)
    return found.id if found else UUID(int=0)


def _query(wanted: StatementListing) -> str:
    return urlencode(
        {name: str(value) for name, value in wanted if value is not None and name not in {"after", "sent"}}
    )


def _thanks(kind: StatementKind) -> str:
    return _THANKS[kind]


_THANKS: Mapping[StatementKind, str] = {
    StatementKind.STATEMENT: _("Ihre Stellungnahme ist eingegangen. Sie erfahren per E-Mail, was daraus wird."),
    StatementKind.AGREED: _("Danke. Vermerkt ist: keine Einwände."),
    StatementKind.NO_COMMENT: _("Danke. Vermerkt ist: Fehlanzeige."),
    StatementKind.EXTENSION: _("Ihre Bitte um Fristverlängerung ist eingegangen; die Leitung antwortet Ihnen."),
}
