"""The Geschäftsstelle's overview of all recommendations: a board, a table, and several moves at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.advance import advance_recommendations
from app.actions.permissions import may, require
from app.clock import now
from app.domain.deadlines import berlin_date, days_left, last_day
from app.domain.permissions import Permission, Scope, capabilities, is_granted
from app.domain.recommendations import RecommendationState
from app.errors import ApplicationError, NotAllowed
from app.forms.base import Input, SearchWords
from app.forms.overview import AdvanceForm
from app.i18n import _, ngettext
from app.queries import overview as queries
from app.queries.overview import OverviewFilter, Sorting, Standing
from app.queries.recommendations import url_of
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.pages import field_errors, render, see_other
from app.wording import blocker_sentence, permission_refused, transition_label

router = APIRouter(prefix="/uebersicht")


class OverviewListing(Input):
    """How the overview is shown and narrowed."""

    view: Literal["board", "table"] = "board"
    body_id: UUID | None = None
    edition_id: UUID | None = None
    field_of_action_id: UUID | None = None
    state: RecommendationState | None = None
    blocked: Literal["yes", "no"] | None = None
    check: Literal["yes"] | None = None
    q: SearchWords | None = None
    sort: Sorting = Sorting.STATE
    direction: Literal["asc", "desc"] = "asc"


class Chosen(Input):
    """Which recommendations are to be advanced."""

    recommendation_ids: list[UUID] = Field(default=[], max_length=200)


@router.get("")
def show_overview(
    request: Request, session: ReadSession, visitor: Member, wanted: Annotated[OverviewListing, Query()]
) -> Response:
    """All recommendations by state."""
    _require_reading(visitor)
    chosen = OverviewFilter(
        body_id=wanted.body_id,
        edition_id=wanted.edition_id,
        field_of_action_id=wanted.field_of_action_id,
        state=wanted.state,
        is_blocked=None if wanted.blocked is None else wanted.blocked == "yes",
        is_called_for_check=wanted.check == "yes",
        q=wanted.q,
    )
    found = queries.list_standings(session, chosen, by=wanted.sort, descending=wanted.direction == "desc")
    return render(
        request,
        "overview/show.html",
        wanted=wanted,
        standings=found,
        columns=_columns(found, wanted),
        choices=queries.overview_choices(session),
        states=list(queries.ALL_STATES),
        may_advance=may(Permission.RECOMMENDATION_ADVANCE, None, visitor.actor),
        example=any(each.recommendation.is_example for each in found),
        **_words(session),
        sort_url=lambda key: _sort_url(wanted, key),
        view_url=lambda view: f"/uebersicht?{_query(wanted, view=view)}",
    )


@router.get("/schritte")
def choose_moves(
    request: Request, session: ReadSession, visitor: Member, wanted: Annotated[Chosen, Query()]
) -> Response:
    """What would happen to the chosen ones; nothing has happened yet."""
    return _confirmation(request, session, visitor, wanted.recommendation_ids)


@router.post("/schritte")
def make_moves(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Make the moves as they were shown, all or none."""
    pairs = [each.partition(":") for each in submitted.many("moves")]
    keys = [UUID(key) for key, _colon, _name in pairs if _is_uuid(key)]
    with attempt(session) as outcome:
        moves = [{"recommendation_id": key, "transition": name} for key, _colon, name in pairs]
        form = submitted.parse(AdvanceForm, moves=moves)
        number = len(advance_recommendations(session, form, actor=visitor.actor))
        notice = ngettext(
            "Eine Empfehlung ist weitergegeben.", "{number} Empfehlungen sind weitergegeben.", number
        ).format(number=number)
        return see_other(request, "/uebersicht?view=table", notice)
    return _confirmation(request, session, visitor, keys, submitted, outcome.error)


def _confirmation(
    request: Request,
    session: Session,
    visitor: Visitor,
    keys: Sequence[UUID],
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    require(Permission.RECOMMENDATION_ADVANCE, None, visitor.actor)
    found = queries.list_standings(session, OverviewFilter(), ids=keys) if keys else []
    ready = [each for each in found if each.can_advance]
    return render(
        request,
        "overview/moves.html",
        status=error.status if error else 200,
        ready=ready,
        waiting=[each for each in found if not each.can_advance],
        adopts=any(each.next_move == "adopt" for each in ready),
        publishes=any(each.next_move == "publish" for each in ready),
        today=berlin_date(now(session)),
        values=submitted.values if submitted else {},
        errors=field_errors(error),
        example=any(each.recommendation.is_example for each in found),
        **_words(session),
    )


def _columns(found: Sequence[Standing], wanted: OverviewListing) -> list[tuple[RecommendationState, list[Standing]]]:
    states = [wanted.state] if wanted.state else queries.ALL_STATES
    return [(state, [each for each in found if each.state is state]) for state in states]


def _require_reading(visitor: Visitor) -> None:
    """Raise NotAllowed for everybody but the Geschäftsstelle and the Prüfung."""
    if not is_granted(Permission.RECORD_READ, capabilities(visitor.actor, Scope())):
        raise NotAllowed(permission_refused(Permission.RECORD_READ))


def _words(session: Session) -> dict[str, Any]:
    moment = now(session)
    return {
        "url_of": url_of,
        "last_day": last_day,
        "days_left": lambda deadline: days_left(deadline, moment),
        "next_label": next_label,
        "blocked_by": lambda each: [blocker_sentence(blocker) for blocker in each.blockers],
        "deadline_labels": DEADLINES,
    }


def next_label(each: Standing) -> str:
    """The next step of a recommendation, as its button says it."""
    match each.state:
        case RecommendationState.GROUP_REVIEW:
            return _("Stellungnahmeverfahren oder Beschlussfassung eröffnen")
        case RecommendationState.COMMENTING:
            return _("Stellungnahmen abwarten")
        case RecommendationState.DORMANT:
            return _("Wieder aufnehmen")
    return transition_label("recommendation", each.next_move) if each.next_move else ""


DEADLINES = {
    queries.DeadlineKind.ROUND: _("Stellungnahmen"),
    queries.DeadlineKind.BALLOT: _("Beschlussfassung"),
    queries.DeadlineKind.DISSENT: _("Sondervoten"),
    queries.DeadlineKind.CO_SIGNATURE: _("Mitzeichnung"),
    queries.DeadlineKind.PUBLICATION: _("Veröffentlichung geplant"),
}


def _query(wanted: OverviewListing, **changed: object) -> str:
    fields = {**wanted.model_dump(mode="json"), **changed}
    return urlencode({name: value for name, value in fields.items() if value is not None})


def _sort_url(wanted: OverviewListing, key: str) -> str:
    is_ascending = wanted.sort == key and wanted.direction == "asc"
    return f"/uebersicht?{_query(wanted, sort=key, direction='desc' if is_ascending else 'asc')}"


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
