"""One edition for the Geschäftsstelle: its order, what moves on, its adoption and publication."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import edition_contents
from app.actions import editions as actions
from app.actions.moves import offers
from app.actions.permissions import require
from app.domain.editions import EDITION, EditionState
from app.domain.permissions import Permission
from app.domain.recommendations import RecommendationState
from app.errors import ApplicationError
from app.forms.editions import EditionChange, EditionMove, EditionTransition
from app.i18n import _
from app.queries import editions as queries
from app.queries import programmes
from app.queries.editions import LEAVING_STATES, MOVABLE_STATES, STANDING_STATES
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.offers import shown_offers
from app.routers.opened_forms import refuse_overtaken
from app.routers.pages import field_errors, render, see_other

router = APIRouter(prefix="/verwaltung/programm/ausgaben")
_LAST = 10_000
_NOTICES = {
    "freeze": _("Der Redaktionsschluss ist gesetzt."),
    "adopt": _("Die Ausgabe ist verabschiedet."),
    "publish": _("Die Ausgabe ist veröffentlicht."),
    "archive": _("Die Ausgabe ist archiviert."),
}


@router.get("/{code}")
def show_edition(request: Request, session: ReadSession, visitor: Member, code: str) -> Response:
    """Everything that stands in the edition, and its next step."""
    return _page(request, session, visitor, code)


@router.post("/{code}")
def change_edition(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, code: str
) -> Response:
    """Give it another title."""
    edition = queries.get_edition(session, code)
    with attempt(session) as outcome:
        refuse_overtaken(session, submitted, edition, "title")
        actions.change_edition(session, edition.id, submitted.parse(EditionChange), actor=visitor.actor)
        return see_other(request, _url(code), _("Der Titel ist gespeichert."))
    return _page(request, session, visitor, code, submitted, outcome.error)


@router.post("/{code}/transitions")
def transition_edition(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, code: str
) -> Response:
    """Make a move; a refused one opens again with what was entered."""
    edition = queries.get_edition(session, code)
    with attempt(session) as outcome:
        form = _transition(submitted)
        actions.transition_edition(session, edition.id, form, actor=visitor.actor)
        return see_other(request, _url(code), _NOTICES.get(form.transition))
    return _page(request, session, visitor, code, submitted, outcome.error)


@router.post("/{code}/verschieben")
def move_recommendation(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, code: str
) -> Response:
    """Put a recommendation into another edition."""
    with attempt(session) as outcome:
        edition_contents.transfer(session, submitted.parse(EditionMove), actor=visitor.actor)
        return see_other(request, _url(code), _("Die Empfehlung steht jetzt in der anderen Ausgabe."))
    return _page(request, session, visitor, code, submitted, outcome.error)


def _transition(submitted: Submitted) -> EditionTransition:
    """The move as the API takes it: places become an order, the next edition's fields become one."""
    own = {name: value for name, value in submitted.values.items() if name in EditionTransition.model_fields}
    fixed: dict[str, Any] = {}
    places = {name.removeprefix("place_"): name for name in submitted.values if name.startswith("place_")}
    if places:
        fixed["recommendation_ids"] = sorted(places, key=lambda key: _place(submitted.text(places[key])))
    elif submitted.text("transition") in {"freeze", "adopt"}:
        fixed["recommendation_ids"] = submitted.many("recommendation_ids")
    following = {name: submitted.text(f"next_{name}").strip() for name in ("code", "title")}
    if any(following.values()):
        fixed["next"] = {name: value for name, value in following.items() if value}
    return Submitted(submitted.data, own).parse(EditionTransition, **fixed)


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else _LAST


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    code: str,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    require(Permission.PROGRAMME_MANAGE, None, visitor.actor)
    edition = queries.get_edition(session, code)
    places = queries.contents_of(session, edition, visitor.actor)
    others = [
        each
        for each in queries.editions_in_order(session)
        if each.programme_id == edition.programme_id and each.id != edition.id
    ]
    presented = [each for each in places if each.recommendation.state is RecommendationState.STEERING_DECISION]
    options = [(str(each.recommendation.id), f"{each.number or ''} {each.recommendation.title}") for each in presented]
    following = programmes.find_open_edition(session, edition.programme_id)
    return render(
        request,
        "editions/manage.html",
        status=error.status if error else 200,
        edition=edition,
        places=places,
        standing=[each for each in places if each.recommendation.state in STANDING_STATES],
        presented=presented,
        presented_options=options,
        sent_ids=submitted.many("recommendation_ids") if submitted else [value for value, _title in options],
        leaving=[each for each in places if each.recommendation.state in LEAVING_STATES],
        movable={each.recommendation.id for each in places if each.recommendation.state in MOVABLE_STATES},
        targets=[(each.id, each.title) for each in others if each.state in {EditionState.OPEN, EditionState.FROZEN}],
        following=following if following and following.id != edition.id else None,
        can_change=edition.state in {EditionState.OPEN, EditionState.FROZEN},
        offers=shown_offers("edition", offers(edition, EDITION, visitor.actor)),
        submitted=submitted.values if submitted else None,
        errors=field_errors(error),
        example=any(each.recommendation.is_example for each in places),
    )


def _url(code: str) -> str:
    return f"/verwaltung/programm/ausgaben/{code}"
