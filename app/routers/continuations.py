"""The page on which the Geschäftsstelle says how an edition goes on with what was published and is unfinished."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import continuations as actions
from app.actions.permissions import require
from app.domain.continuations import ContinuationChoice
from app.domain.editions import EditionState
from app.domain.permissions import Permission
from app.errors import ApplicationError
from app.forms.continuations import ContinuationForm
from app.i18n import _
from app.queries import continuations as queries
from app.queries import editions
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.pages import field_errors, render, see_other
from app.wording import label

router = APIRouter(prefix="/verwaltung/programm/ausgaben/{code}/fortschreibung")
_NOTICES = {
    ContinuationChoice.CARRY_OVER: _("Vermerkt: Die Empfehlung gilt unverändert weiter."),
    ContinuationChoice.REVISE: _("Der Entwurf ist angelegt; er beginnt mit dem verabschiedeten Text."),
    ContinuationChoice.CLOSE: _("Vermerkt: Die Empfehlung ist abgeschlossen."),
}
_MEANINGS = {
    ContinuationChoice.CARRY_OVER: _("Der Text bleibt, wie er ist; die Umsetzung läuft weiter."),
    ContinuationChoice.REVISE: _("Ein neuer Entwurf im selben Gremium, mit Text, Bedarfen und Adressaten von heute."),
    ContinuationChoice.CLOSE: _("Veröffentlichtes bleibt nachlesbar, Unfertiges wird eingestellt. Mit Begründung."),
}


@router.get("")
def show_continuations(request: Request, session: ReadSession, visitor: Member, code: str) -> Response:
    """Every recommendation the edition goes on with, and what is chosen for it."""
    return _page(request, session, visitor, code)


@router.post("")
def continue_recommendation(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, code: str
) -> Response:
    """Choose for one of them."""
    edition = editions.get_edition(session, code)
    with attempt(session) as outcome:
        form = submitted.parse(ContinuationForm)
        actions.continue_recommendation(session, edition.id, form, actor=visitor.actor)
        url = f"/verwaltung/programm/ausgaben/{code}/fortschreibung"
        return see_other(request, url, _NOTICES[form.choice])
    return _page(request, session, visitor, code, submitted, outcome.error)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    code: str,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    require(Permission.PROGRAMME_MANAGE, None, visitor.actor)
    edition = editions.get_edition(session, code)
    pending = queries.list_pending(session, edition)
    return render(
        request,
        "editions/continuations.html",
        status=error.status if error else 200,
        edition=edition,
        published=[each for each in pending if not each.is_unfinished],
        unfinished=[each for each in pending if each.is_unfinished],
        left=sum(1 for each in pending if each.continuation is None),
        is_open=edition.state is EditionState.OPEN,
        options={each: (each.value, label(each), _MEANINGS[each]) for each in ContinuationChoice},
        submitted=submitted.values if submitted else {},
        errors=field_errors(error),
        example=any(each.recommendation.is_example for each in pending),
    )
