"""The moves of a recommendation as forms; a refused one stands open again on its page."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.actions.recommendation_transitions import transition_recommendation
from app.domain.deadlines import BERLIN
from app.forms.recommendation_transitions import RecommendationTransition
from app.i18n import _
from app.queries import recommendations
from app.routers.deps import Submitted, SubmittedForm, Writer, WriteSession, attempt
from app.routers.pages import see_other
from app.routers.recommendations import show

router = APIRouter()

NOTICES = {
    "start_review": _("Die Empfehlung ist jetzt in der Beratung; alle Organisationen mit Sitz sind eingeladen."),
    "open_comments": _("Das Stellungnahmeverfahren ist eröffnet. Die Befragten bekommen eine E-Mail."),
    "close_comments": _("Das Stellungnahmeverfahren ist geschlossen."),
    "call_decision": _("Die Beschlussfassung ist eröffnet."),
    "repeat_decision": _("Die Beschlussfassung läuft neu."),
    "adopt": _("Die Verabschiedung ist eingetragen."),
    "publish": _("Die Veröffentlichung ist vermerkt."),
    "unschedule": _("Die geplante Veröffentlichung ist zurückgenommen."),
}


@router.post("/empfehlungen/{key}/transitions")
def move_recommendation(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Make a move with what it needs."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    with attempt(session) as outcome:
        form = parse(submitted)
        moved = transition_recommendation(session, recommendation.id, form, actor=visitor.actor)
        session.flush()
        notice = NOTICES.get(form.transition, _("Der Schritt ist vermerkt."))
        return see_other(request, recommendations.url_of(moved), notice)
    return show(request, session, visitor, key, submitted, outcome.error)


def parse(submitted: Submitted) -> RecommendationTransition:
    """The form as a move: questions one a line, and a local time is one of Berlin."""
    fixed: dict[str, object] = {}
    if "questions" in submitted.values:
        lines = submitted.text("questions").splitlines()
        fixed["questions"] = [{"text": line.strip()} for line in lines if line.strip()]
    if submitted.text("publish_at"):
        fixed["publish_at"] = _in_berlin(submitted.text("publish_at"))
    return submitted.parse(RecommendationTransition, lists=("organisation_ids", "successor_ids"), **fixed)


def _in_berlin(text: str) -> object:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.replace(tzinfo=BERLIN) if moment.tzinfo is None else moment
