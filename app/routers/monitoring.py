"""The public monitoring: goals with their indicators, and apart from it the context."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.documents.charts.series import SeriesChart, series_chart
from app.domain.events import SubjectType
from app.domain.indicators import COURSE_BY_RULE, Course
from app.errors import NotFound
from app.forms.base import Wanted
from app.i18n import _
from app.models.programmes import Edition, FieldOfAction
from app.queries import editions, structure
from app.queries import monitoring as queries
from app.queries.indicators import Series
from app.queries.monitoring import FieldBoard, GoalBranch
from app.queries.need_reviews import ReviewedRecommendation, reviewed_recommendations
from app.routers.deps import Reader, ReadSession, Visitor
from app.routers.follow_offers import ListOffer, list_offer, lists_to_follow
from app.routers.pages import render

router = APIRouter()
BY_READINGS = _(
    "Dieser Liste können Sie nicht folgen: Wie ein Indikator steht, ändert sich mit jedem Wert und jedem Tag. Ohne "
    "diesen Filter geht es; von neuen Werten hören Sie dann auch."
)


class ContextFilter(Wanted):
    """What the context is narrowed to: a field, or the fields of an edition's programme."""

    field_of_action: str | None = Field(default=None, max_length=100)
    edition: str | None = Field(default=None, max_length=40)


class BoardFilter(ContextFilter):
    """What the board is narrowed to."""

    course: Course | None = None


@router.get("/monitoring")
def show_board(
    request: Request, session: ReadSession, visitor: Reader, wanted: Annotated[BoardFilter, Query()]
) -> Response:
    """Goal by goal: its indicators with baseline, reading, target and where they stand."""
    edition, fields = _chosen(session, wanted)
    field_id = field_named(fields, wanted.field_of_action)
    board = queries.board_of(session, visitor.actor, fields, field_of_action_id=field_id, course=wanted.course)
    return render(
        request,
        "monitoring/show.html",
        board=board,
        effects=_effects(session, visitor, field_id),
        charts=charts_of(one for each in board.fields for one in _series_in(each)),
        courses=list(Course),
        rules=COURSE_BY_RULE,
        edition=edition,
        wanted=wanted,
        field_options=[(field.slug, field.name) for field in fields],
        list_offer=_offer(request, session, visitor, SubjectType.GOAL, wanted, field_id),
        example=board.is_example,
    )


@router.get("/monitoring/kontext")
def show_context(
    request: Request, session: ReadSession, visitor: Reader, wanted: Annotated[ContextFilter, Query()]
) -> Response:
    """The state of society by field, which proves no effect of anything."""
    edition, fields = _chosen(session, wanted)
    field_id = field_named(fields, wanted.field_of_action)
    found = queries.context_of(session, visitor.actor, fields, field_of_action_id=field_id)
    return render(
        request,
        "monitoring/context.html",
        found=found,
        charts=charts_of(one for _field, series in found for one in series),
        fields=fields if visitor.actor.is_secretariat else [],
        edition=edition,
        wanted=wanted,
        field_options=[(field.slug, field.name) for field in fields],
        list_offer=_offer(request, session, visitor, SubjectType.INDICATOR, wanted, field_id),
        example=any(one.indicator.is_example for _field, series in found for one in series),
    )


def _chosen(session: Session, wanted: ContextFilter) -> tuple[Edition | None, Sequence[FieldOfAction]]:
    """The edition that is named, and the fields to show: of its programme, else of what is carried on."""
    if not wanted.edition:
        return None, structure.fields_in_order(session, beside=wanted.field_of_action)
    edition = editions.get_edition(session, wanted.edition)
    return edition, structure.fields_of_programme(session, edition.programme_id)


def _offer(
    request: Request,
    session: Session,
    visitor: Visitor,
    noun: SubjectType,
    wanted: ContextFilter,
    field_id: UUID | None,
) -> ListOffer | None:
    """To follow what is shown; nothing happens any more in what one edition looks back on."""
    if wanted.edition:
        return None
    followed = lists_to_follow(noun, field_of_action_id=field_id)
    is_by_course = isinstance(wanted, BoardFilter) and wanted.course is not None
    return list_offer(request, session, visitor.actor, followed, why_not=BY_READINGS if is_by_course else None)


def _effects(session: Session, visitor: Visitor, field_id: UUID | None) -> dict[UUID, list[ReviewedRecommendation]]:
    """By field: whether it helped those whose needs were answered."""
    found: dict[UUID, list[ReviewedRecommendation]] = {}
    for each in reviewed_recommendations(session, visitor.actor, field_of_action_id=field_id):
        found.setdefault(each.recommendation.field_of_action_id, []).append(each)
    return found


def field_named(fields: Sequence[FieldOfAction], slug: str | None) -> UUID | None:
    """The key of the field of that slug; NotFound for an unknown one, None where none is named."""
    if not slug:
        return None
    for field in fields:
        if field.slug == slug:
            return field.id
    raise NotFound()


def charts_of(series: Iterable[Series]) -> dict[UUID, SeriesChart]:
    """By indicator: its picture, where there is something to draw."""
    drawn = ((each.indicator.id, series_chart(each)) for each in series)
    return {key: chart for key, chart in drawn if chart is not None}


def _series_in(board: FieldBoard) -> list[Series]:
    return [*board.without_goal, *(one for branch in board.goals for one in _series_below(branch))]


def _series_below(branch: GoalBranch) -> list[Series]:
    return [*branch.series, *(one for each in branch.below for one in _series_below(each))]
