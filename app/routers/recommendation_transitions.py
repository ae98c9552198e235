"""The moves of a recommendation as forms; a refused one stands open again on its page."""

from __future__ import annotations

import re
from datetime import datetime

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.recommendation_transitions import transition_recommendation
from app.domain.deadlines import BERLIN
from app.errors import FieldError, Invalid
from app.forms.recommendation_transitions import RecommendationTransition
from app.i18n import _
from app.models.recommendations import Recommendation
from app.queries import recommendations
from app.queries.versions import blocks_of_number
from app.routers.deps import Submitted, SubmittedForm, Writer, WriteSession, attempt
from app.routers.pages import see_other
from app.routers.recommendations import show

router = APIRouter()
_ON_A_BLOCK = re.compile(r"Absatz\s+(?P<number>\d{1,4})\s*:\s*(?P<text>.*)", re.IGNORECASE)

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
        form = parse(submitted, _questions(session, submitted, recommendation))
        moved = transition_recommendation(session, recommendation.id, form, actor=visitor.actor)
        session.flush()
        notice = NOTICES.get(form.transition, _("Der Schritt ist vermerkt."))
        return see_other(request, recommendations.url_of(moved), notice)
    return show(request, session, visitor, key, submitted, outcome.error)


def parse(submitted: Submitted, questions: list[dict[str, object]] | None = None) -> RecommendationTransition:
    """The form as a move; a local time is one of Berlin."""
    fixed: dict[str, object] = {} if questions is None else {"questions": questions}
    if submitted.text("publish_at"):
        fixed["publish_at"] = _in_berlin(submitted.text("publish_at"))
    return submitted.parse(RecommendationTransition, lists=("organisation_ids", "successor_ids"), **fixed)


def _questions(
    session: Session, submitted: Submitted, recommendation: Recommendation
) -> list[dict[str, object]] | None:
    """The questions, one a line; „Absatz 3: …“ asks about that block of the newest version."""
    if "questions" not in submitted.values:
        return None
    lines = [line.strip() for line in submitted.text("questions").splitlines() if line.strip()]
    if not any(_ON_A_BLOCK.match(line) for line in lines):
        return [{"text": line} for line in lines]
    blocks = blocks_of_number(session, recommendation, recommendation.version)
    asked: list[dict[str, object]] = []
    for line in lines:
        named = _ON_A_BLOCK.match(line)
        if named is None:
            asked.append({"text": line})
            continue
        number = int(named["number"])
        if not 1 <= number <= len(blocks):
            message = _("Einen Absatz {number} gibt es in der neuesten Fassung nicht.").format(number=number)
            raise Invalid(FieldError("questions", message))
        if not named["text"]:
            message = _("Bitte schreiben Sie hinter „Absatz {number}:“, was Sie fragen.").format(number=number)
            raise Invalid(FieldError("questions", message))
        asked.append({"text": named["text"], "block_id": blocks[number - 1].id})
    return asked


def _in_berlin(text: str) -> object:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.replace(tzinfo=BERLIN) if moment.tzinfo is None else moment
