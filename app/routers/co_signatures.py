"""The page of a recommendation's co-signatures: asking for one, and answering in an organisation's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import co_signatures as actions
from app.clock import now
from app.domain.actors import Actor
from app.domain.co_signatures import ANSWERS, BINDING_KINDS, WITHHELD, CoSignatureKind, CoSignatureState
from app.domain.deadlines import berlin_date
from app.errors import ApplicationError, NotFound
from app.forms.co_signatures import AnswerForm, CoSignatureForm, CoSignatureTransition
from app.i18n import _
from app.models.base import new_id
from app.models.co_signatures import CoSignature
from app.models.recommendations import Recommendation
from app.queries import co_signatures as queries
from app.queries import decisions, organisations, recommendations
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.pages import field_errors, render, see_other
from app.routers.recommendation_tabs import tabs_of
from app.wording import label
from app.wording.co_signatures import ANSWER_MEANINGS, KIND_MEANINGS

router = APIRouter(prefix="/empfehlungen/{key}/mitzeichnung")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """One co-signature as its row and form need it."""

    asked: CoSignature
    may_answer: bool
    may_lift: bool
    may_withdraw: bool
    answers: Sequence[queries.AnswerGiven]
    is_blocking: bool
    days: int | None
    values: Mapping[str, Any]
    errors: Mapping[str, str]


@router.get("")
def show_co_signatures(request: Request, session: ReadSession, visitor: Member, key: str) -> Response:
    """The co-signatures the reader may see, its own to answer first."""
    return _page(request, session, visitor, key)


@router.post("")
def request_co_signature(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Ask an organisation to sign."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(CoSignatureForm)
        actions.request_co_signature(session, recommendation.id, form, actor=visitor.actor)
        return see_other(request, _url(recommendation), _("Die Organisation ist gebeten und erhält eine Nachricht."))
    return _page(request, session, visitor, key, submitted, outcome.error)


@router.post("/{co_signature_id}/antwort")
def answer_co_signature(
    request: Request,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    key: str,
    co_signature_id: UUID,
) -> Response:
    """Answer in the organisation's name, or change the answer."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(AnswerForm)
        actions.answer_co_signature(session, co_signature_id, form, actor=visitor.actor)
        return see_other(request, _url(recommendation), _("Ihre Antwort ist festgehalten."))
    return _page(request, session, visitor, key, submitted, outcome.error, co_signature_id)


@router.post("/{co_signature_id}/transitions")
def transition_co_signature(
    request: Request,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    key: str,
    co_signature_id: UUID,
) -> Response:
    """Withdraw a request, or say that a condition is met or a reservation settled."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(CoSignatureTransition)
        actions.transition_co_signature(session, co_signature_id, form, actor=visitor.actor)
        return see_other(request, _url(recommendation), _("Der Schritt ist vermerkt."))
    return _page(request, session, visitor, key, submitted, outcome.error, co_signature_id)


def _url(recommendation: Recommendation) -> str:
    return f"{recommendations.url_of(recommendation)}/mitzeichnung"


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: str,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
    refused_id: UUID | None = None,
) -> Response:
    actor = visitor.actor
    recommendation = recommendations.get_recommendation(session, key, actor)
    found = queries.list_co_signatures(session, recommendation.id, actor)
    is_inside = recommendations.reads_inside(recommendation, actor)
    if not found and not is_inside:
        raise NotFound()
    may_request = actions.may_request(recommendation, actor)
    typed = submitted.values if submitted else {}
    answers = queries.answers_of(session, [asked.id for asked in found])
    errors = field_errors(error)
    rows = [
        _row(
            session,
            asked,
            recommendation,
            actor,
            answers[asked.id],
            *((typed, errors) if asked.id == refused_id else ({}, {})),
        )
        for asked in found
    ]
    asks = submitted is not None and refused_id is None
    return render(
        request,
        "co_signatures/show.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        tabs=tabs_of(recommendation, actor),
        tab="co_signatures",
        decision=decisions.decision_of(session, recommendation, actor),
        rows=rows,
        own=[row for row in rows if row.may_answer],
        base=_url(recommendation),
        is_inside=is_inside,
        may_request=may_request,
        organisation_options=_organisation_options(session) if may_request else [],
        kind_options=[(kind.value, label(kind), KIND_MEANINGS[kind]) for kind in CoSignatureKind],
        answer_options=[(answer.value, label(answer), ANSWER_MEANINGS[answer]) for answer in ANSWERS],
        new_id=str(typed.get("id") or new_id()) if asks else str(new_id()),
        values=typed if asks else {},
        request_errors=errors if asks else {},
        errors=errors,
        example=recommendation.is_example,
    )


def _row(
    session: Session,
    asked: CoSignature,
    recommendation: Recommendation,
    actor: Actor,
    answers: Sequence[queries.AnswerGiven],
    typed: Mapping[str, Any],
    errors: Mapping[str, str],
) -> AskedRow:
    moves = {offer.name for offer in actions.co_signature_offers(asked, recommendation, actor)}
    is_waiting = asked.state is CoSignatureState.REQUESTED
    standing = {} if is_waiting else {"answer": asked.state.value, "reason": asked.reason}
    return AskedRow(
        asked=asked,
        may_answer=CoSignatureState.GIVEN.value in moves,
        may_lift="lift" in moves,
        may_withdraw="withdraw" in moves,
        answers=answers,
        is_blocking=is_waiting or (asked.state in WITHHELD and asked.kind in BINDING_KINDS),
        days=(asked.due_on - berlin_date(now(session))).days if asked.due_on and is_waiting else None,
        values=typed or standing,
        errors=errors,
    )


def _organisation_options(session: Session) -> list[tuple[str, str]]:
    return [(str(each.id), each.name) for each in organisations.list_active(session)]
