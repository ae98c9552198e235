"""The forms that say how a recommendation considers each cross-cutting theme; they stand on its page."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.actions.theme_considerations import state_consideration
from app.forms.theme_considerations import ThemeConsiderationForm
from app.i18n import _
from app.queries import recommendations
from app.routers.deps import SubmittedForm, Writer, WriteSession, attempt
from app.routers.pages import see_other
from app.routers.recommendations import show

router = APIRouter()


@router.post("/empfehlungen/{key}/querschnittsthemen/{theme_id}")
def state_theme(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str, theme_id: UUID
) -> Response:
    """Say how the theme is considered, or why it isn't relevant."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(ThemeConsiderationForm)
        state_consideration(session, recommendation.id, theme_id, form, actor=visitor.actor)
        url = f"{recommendations.url_of(recommendation)}#querschnittspruefung"
        return see_other(request, url, _("Ihre Angabe zum Querschnittsthema ist gespeichert."))
    return show(request, session, visitor, key, submitted, outcome.error, theme_id=theme_id)
