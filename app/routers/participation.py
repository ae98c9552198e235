"""Who was asked and who answered: the proof of a recommendation, and the consultations open now."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import invitations as actions
from app.actions.permissions import may
from app.clock import now
from app.domain.deadlines import berlin_date, days_left, last_day
from app.domain.events import SubjectType
from app.domain.organisations import ParticipationClass
from app.domain.permissions import Permission
from app.domain.recommendations import BEFORE_ADOPTION
from app.errors import ApplicationError
from app.forms.consultations import InvitationForm
from app.i18n import _
from app.models.base import new_id
from app.queries import consultations, organisations, recommendations
from app.queries import participation as queries
from app.routers.deps import (
    Reader,
    ReadSession,
    Submitted,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.follow_offers import list_offer, lists_to_follow
from app.routers.pages import field_errors, render, see_other
from app.routers.recommendation_tabs import tabs_of

router = APIRouter()


@router.get("/beteiligung")
def list_consultations(request: Request, session: ReadSession, visitor: Reader) -> Response:
    """The consultations open now: public ones for everybody, and those that ask the reader; one's own answers."""
    actor = visitor.actor
    moment = now(session)
    found = consultations.list_open_rounds(session, actor)
    return render(
        request,
        "consultations/open.html",
        rounds=[(each, title, days_left(each.closes_at, moment)) for each, title in found],
        answered=consultations.answered_rounds(session, [each.id for each, _title in found], actor),
        own=consultations.list_own_statements(session, actor) if actor.is_signed_in else [],
        last_day=last_day,
        list_offer=list_offer(request, session, actor, lists_to_follow(SubjectType.COMMENT_ROUND)),
        example=any(each.is_example for each, _title in found),
    )


@router.get("/empfehlungen/{key}/beteiligung")
def show_participation(request: Request, session: ReadSession, visitor: Reader, key: str) -> Response:
    """The proof of participation of one recommendation."""
    return _page(request, session, visitor, key)


@router.post("/empfehlungen/{key}/beteiligung")
def record_invitation(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Enter an invitation that was made elsewhere."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(InvitationForm)
        actions.record_invitation(session, recommendation.id, form, actor=visitor.actor)
        url = f"{recommendations.url_of(recommendation)}/beteiligung"
        return see_other(request, url, _("Die Einladung ist eingetragen."))
    return _page(request, session, visitor, key, submitted, outcome.error)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: str,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    queries.require_readable(recommendation, visitor.actor)
    may_record = recommendation.state in BEFORE_ADOPTION and may(
        Permission.INVITATION_RECORD, recommendation, visitor.actor
    )
    return render(
        request,
        "consultations/participation.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        tab="participation",
        tabs=tabs_of(recommendation, visitor.actor),
        participation=queries.participation_of(session, recommendation),
        reads_references=queries.reads_references(recommendation, visitor.actor),
        classes=list(ParticipationClass),
        may_record=may_record,
        organisations=[(each.id, each.name) for each in organisations.list_active(session)] if may_record else [],
        today=berlin_date(now(session)),
        submitted=submitted.values if submitted else {},
        errors=field_errors(error),
        new_id=str(new_id()),
        address=recommendations.url_of(recommendation),
        example=recommendation.is_example,
    )
