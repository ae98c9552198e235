"""Public pages of the implementation: the overview, its list, and the table of all measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.documents.charts.heat_map import heat_map
from app.documents.charts.status_bars import status_bars, status_csv
from app.documents.charts.timeline import Timeline, nearest, timeline, timeline_csv
from app.documents.measures import measures_table, tracked_table
from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.domain.follows import ListFilter
from app.domain.implementation import STATUS_BY_RULE, AddresseeAnswer, ImplementationStatus
from app.domain.measures import MeasureState
from app.domain.organisations import Level
from app.errors import NotFound
from app.forms.base import SearchWords, Wanted
from app.i18n import _
from app.models.programmes import FieldOfAction, TargetGroup, Topic
from app.queries import implementation as queries
from app.queries import implementation_figures as figures
from app.queries import measures, structure
from app.queries.implementation_figures import Bar
from app.queries.overdue import look_of
from app.routers.deps import Reader, ReadSession
from app.routers.follow_offers import ListOffer, list_offer, lists_to_follow
from app.routers.pages import csv_file, render
from app.wording import label

router = APIRouter()
PAGE_SIZE = 25
BY_THE_CALENDAR = _(
    "Dieser Liste können Sie nicht folgen: Ob etwas überfällig ist, entscheidet der Kalender, ohne dass etwas "
    "geschieht. Ohne diesen Filter geht es. Wer zuständig ist, wird an seine Fristen von selbst erinnert."
)

BY_ADDRESSEES = _(
    "Nach Ebene und Antwort können Sie dieser Liste nicht folgen. Wählen Sie einen Adressaten, ein Handlungsfeld, "
    "einen Stand oder ein Jahr, oder folgen Sie einer Organisation auf ihrer Seite."
)


class Overview(Wanted):
    """What the list of the overview is narrowed to; `page` counts from 1."""

    field_of_action: str | None = Field(default=None, max_length=100)
    topic: str | None = Field(default=None, max_length=100)
    target_group: str | None = Field(default=None, max_length=100)
    status: ImplementationStatus | None = None
    level: Level | None = None
    addressee: UUID | None = None
    answer: AddresseeAnswer | None = None
    year: int | None = Field(default=None, ge=1900, le=2199)
    overdue: bool | None = None
    page: int = Field(default=1, ge=1, le=10_000)


class MeasureListing(Wanted):
    """What the list of measures is narrowed to."""

    q: SearchWords | None = None
    field_of_action: str | None = Field(default=None, max_length=100)
    state: MeasureState | None = None
    responsible: UUID | None = None
    overdue: bool | None = None
    after: str | None = Field(default=None, max_length=500)


class Picture(StrEnum):
    """The pictures of the overview, by the name of their table."""

    FIELDS = "handlungsfelder"
    LEVELS = "ebenen"
    YEARS = "jahre"
    TIMELINE = "zeitplan"


class OneField(Wanted):
    """The field a table is narrowed to."""

    field_of_action: str | None = Field(default=None, max_length=100)


@router.get("/umsetzung")
def show_overview(
    request: Request, session: ReadSession, visitor: Reader, wanted: Annotated[Overview, Query()]
) -> Response:
    """How far the published recommendations are carried out: by field, by level, and one by one."""
    fields = structure.fields_in_order(session, beside=wanted.field_of_action)
    tracked = queries.list_tracked(session, visitor.actor, fields=fields, with_tags=True)
    chosen = _chosen(tracked, fields, wanted)
    found = [one for one in tracked if chosen.takes(one)]
    any_status = replace(chosen, status=None)
    start = (wanted.page - 1) * PAGE_SIZE
    shown = found[start : start + PAGE_SIZE]
    narrowed = _sent(wanted)
    return render(
        request,
        "implementation/overview.html",
        figures=figures.figures_of(tracked),
        pictures=_pictures(tracked, fields),
        heat=heat_map(
            "waermebild",
            _("Handlungsfelder und Stand der Umsetzung"),
            figures.by_field(tracked, fields),
            [field.code for field in fields],
        ),
        timeline=_timeline(session, tracked),
        answers=figures.answers_of(tracked),
        list_offer=_overview_offer(request, session, visitor.actor, chosen),
        found=shown,
        total=len(found),
        wanted=wanted,
        narrowed=bool(narrowed),
        statuses_found=figures.statuses_of(one for one in tracked if any_status.takes(one)),
        status_url=_status_url(narrowed),
        table_url=_with_query("/umsetzung.csv", narrowed),
        next_url=_page_url(narrowed, wanted.page + 1) if start + PAGE_SIZE < len(found) else None,
        first_url=_page_url(narrowed, 1) if wanted.page > 1 else None,
        field_names={field.id: field.name for field in fields},
        field_options=[(field.slug, field.name) for field in fields],
        topic_options=[(each.slug, each.title) for each in figures.topics_of(tracked)],
        target_group_options=[(each.slug, each.name) for each in figures.target_groups_of(tracked)],
        level_options=[(level.value, level_name(level)) for level in Level],
        addressee_options=[(each.id, each.name) for each in figures.addressees_of(tracked)],
        years=[(year, year) for year in figures.years_of(tracked)],
        statuses=figures.STATUSES,
        rules=STATUS_BY_RULE,
        example=any(one.recommendation.is_example for one in tracked),
    )


def _overview_offer(
    request: Request, session: Session, actor: Actor, chosen: queries.TrackedFilter
) -> ListOffer | None:
    if chosen.overdue is not None:
        return list_offer(request, session, actor, (), why_not=BY_THE_CALENDAR)
    if chosen.level is not None or chosen.answer is not None:
        return list_offer(request, session, actor, (), why_not=BY_ADDRESSEES)
    followed = lists_to_follow(
        SubjectType.RECOMMENDATION,
        field_of_action_id=chosen.field_of_action_id,
        topic_id=chosen.topic_id,
        target_group_id=chosen.target_group_id,
        implementation_status=chosen.status,
        organisation_id=chosen.addressee_id,
        year=chosen.year,
    )
    return list_offer(request, session, actor, followed)


@router.get("/umsetzung.csv")
def overview_csv(
    request: Request, session: ReadSession, visitor: Reader, wanted: Annotated[Overview, Query()]
) -> Response:
    """The same recommendations as a table, all of them."""
    fields = structure.fields_in_order(session, beside=wanted.field_of_action)
    tracked = queries.list_tracked(session, visitor.actor, fields=fields, with_tags=True)
    chosen = _chosen(tracked, fields, wanted)
    names = {field.id: field.name for field in fields}
    return csv_file(request, "umsetzung.csv", tracked_table([one for one in tracked if chosen.takes(one)], names))


def _chosen(
    tracked: Sequence[queries.Tracked], fields: Sequence[FieldOfAction], wanted: Overview
) -> queries.TrackedFilter:
    return queries.TrackedFilter(
        field_of_action_id=_field_id(fields, wanted.field_of_action),
        topic_id=_key_named(figures.topics_of(tracked), wanted.topic),
        target_group_id=_key_named(figures.target_groups_of(tracked), wanted.target_group),
        status=wanted.status,
        level=wanted.level,
        addressee_id=wanted.addressee,
        answer=wanted.answer,
        year=wanted.year,
        overdue=wanted.overdue,
    )


@router.get("/umsetzung/{picture}.csv")
def picture_csv(
    request: Request, session: ReadSession, visitor: Reader, picture: Picture, wanted: Annotated[OneField, Query()]
) -> Response:
    """The numbers of a picture as a table."""
    fields = structure.fields_in_order(session, beside=wanted.field_of_action)
    field_id = _field_id(fields, wanted.field_of_action)
    if picture is Picture.TIMELINE:
        found = measures.all_measures(session, visitor.actor, measures.MeasureFilter(field_of_action_id=field_id))
        stones = measures.milestones_of(session, [each.measure.id for each in found])
        return csv_file(request, "zeitplan.csv", timeline_csv(found, stones))
    tracked = [
        one
        for one in queries.list_tracked(session, visitor.actor, fields=fields)
        if field_id in (None, one.recommendation.field_of_action_id)
    ]
    first, bars = _bars(tracked, fields)[picture]
    return csv_file(request, f"{picture.value}.csv", status_csv(first, bars))


def _bars(tracked: Sequence[queries.Tracked], fields: Sequence[FieldOfAction]) -> dict[Picture, tuple[str, list[Bar]]]:
    """By picture: what its first column says, and its bars."""
    levels = figures.by_level(tracked, {level: level_name(level) for level in Level})
    return {
        Picture.FIELDS: (_("Handlungsfeld"), figures.by_field(tracked, fields)),
        Picture.LEVELS: (_("Ebene der Angesprochenen"), [bar for bar in levels if bar.total]),
        Picture.YEARS: (_("Jahr der Veröffentlichung"), figures.by_year(tracked)),
    }


def _pictures(tracked: Sequence[queries.Tracked], fields: Sequence[FieldOfAction]) -> list[dict[str, Any]]:
    """The pictures of the overview with their tables; each number leads to its list."""
    titles = {
        Picture.FIELDS: (_("Nach Handlungsfeld"), "field_of_action"),
        Picture.LEVELS: (_("Nach Ebene der Angesprochenen"), "level"),
        Picture.YEARS: (_("Nach Jahr der Veröffentlichung"), "year"),
    }
    shown = []
    for picture, (first, bars) in _bars(tracked, fields).items():
        title, parameter = titles[picture]
        chart = status_bars(picture.value, title, bars)
        if chart:
            shown.append({"chart": chart, "bars": bars, "first": first, "parameter": parameter, "name": picture.value})
    return shown


def _timeline(session: Session, tracked: Sequence[queries.Tracked]) -> Timeline | None:
    found = nearest(each for one in tracked for each in one.measures)
    stones = measures.milestones_of(session, [each.measure.id for each in found]) if found else {}
    return timeline("zeitplan", _("Maßnahmen im Zeitplan"), found, stones, measures.today(session))


@router.get("/massnahmen")
def list_measures(
    request: Request, session: ReadSession, visitor: Reader, wanted: Annotated[MeasureListing, Query()]
) -> Response:
    """Every measure, newest first."""
    fields = structure.every_field(session)
    chosen = _measure_filter(fields, wanted)
    page = measures.list_measures(session, visitor.actor, chosen, limit=PAGE_SIZE, after=wanted.after)
    look = look_of(session, visitor.actor)
    narrowed = _sent(wanted, "after")
    return render(
        request,
        "measures/list.html",
        found=[measures.listed(measure, look) for measure in page.items],
        total=measures.count_measures(session, visitor.actor, chosen),
        wanted=wanted,
        narrowed=bool(narrowed),
        table_url=_with_query("/massnahmen.csv", narrowed),
        next_url=f"/massnahmen?{urlencode({**narrowed, 'after': page.next})}" if page.next else None,
        first_url=_with_query("/massnahmen", narrowed) if wanted.after else None,
        list_offer=list_offer(
            request,
            session,
            visitor.actor,
            _followable(wanted, chosen),
            why_not=BY_THE_CALENDAR if wanted.overdue is not None else None,
        ),
        states=list(MeasureState),
        field_options=[(field.slug, field.name) for field in fields],
        example=any(measure.is_example for measure in page.items),
    )


def _followable(wanted: MeasureListing, chosen: measures.MeasureFilter) -> list[ListFilter]:
    """The list as it is followed."""
    return lists_to_follow(
        SubjectType.MEASURE,
        field_of_action_id=chosen.field_of_action_id,
        organisation_id=wanted.responsible,
        state=wanted.state,
        q=wanted.q,
    )


@router.get("/massnahmen.csv")
def measures_csv(
    request: Request, session: ReadSession, visitor: Reader, wanted: Annotated[MeasureListing, Query()]
) -> Response:
    """The same measures as a table."""
    chosen = _measure_filter(structure.every_field(session), wanted)
    found = measures.all_measures(session, visitor.actor, chosen)
    contributors = measures.contributors_of(session, [each.measure.id for each in found])
    return csv_file(request, "massnahmen.csv", measures_table(found, contributors))


def level_name(level: Level) -> str:
    """The level as a heading."""
    return label(level)


def _measure_filter(fields: Sequence[FieldOfAction], wanted: MeasureListing) -> measures.MeasureFilter:
    return measures.MeasureFilter(
        field_of_action_id=_field_id(fields, wanted.field_of_action),
        state=wanted.state,
        responsible_organisation_id=wanted.responsible,
        overdue=wanted.overdue,
        q=wanted.q,
    )


def _field_id(fields: Sequence[FieldOfAction], slug: str | None) -> UUID | None:
    return _key_named(fields, slug)


def _key_named(things: Iterable[FieldOfAction | Topic | TargetGroup], slug: str | None) -> UUID | None:
    """The key of the one of that slug; NotFound for an unknown one, None where none is named."""
    if not slug:
        return None
    for each in things:
        if each.slug == slug:
            return each.id
    raise NotFound()


def _sent(wanted: Wanted, *without: str) -> dict[str, Any]:
    sent = wanted.model_dump(mode="json", exclude_none=True, exclude={"page", *without})
    return {
        name: str(value).lower() if isinstance(value, bool) else value for name, value in sent.items() if value != ""
    }


def _page_url(narrowed: dict[str, Any], page: int) -> str:
    return _with_query("/umsetzung", {**narrowed, **({"page": page} if page > 1 else {})}) + "#liste"


def _status_url(narrowed: dict[str, Any]) -> str:
    """What the word of a status is appended to: the list as it is narrowed, and to that status."""
    others = {name: value for name, value in narrowed.items() if name != "status"}
    return f"/umsetzung?{urlencode({**others, 'status': ''})}"


def _with_query(path: str, asked: dict[str, Any]) -> str:
    return f"{path}?{urlencode(asked)}" if asked else path
