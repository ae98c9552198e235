"""The annex table of a field and of an edition: as a page, CSV and ODS, and read in again with a preview first."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import annex as actions
from app.actions.annex import StepOutcome
from app.actions.permissions import require
from app.documents.annex import annex_csv, annex_ods
from app.documents.charts.timeline import Milestones, timeline, timeline_csv
from app.domain.numbers import DecimalMark
from app.domain.permissions import Permission
from app.errors import ApplicationError, FieldError, Invalid
from app.forms.annex import COLUMNS, SHOWN, annex_of_table, dump_annex, load_annex
from app.forms.base import Wanted
from app.forms.tables import read_table
from app.i18n import _
from app.queries import editions, structure
from app.queries.annex import AnnexGoal, annex_of
from app.queries.measures import ListedMeasure, listed
from app.queries.overdue import Look, look_of
from app.routers.deps import (
    Member,
    MemberAsking,
    Reader,
    ReadSession,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.pages import csv_file, field_errors, render, saved_file, see_other
from app.wording import options

router = APIRouter()
_ADMINISTRATION = "/verwaltung/massnahmentabelle-einlesen"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"


class EditionTable(Wanted):
    """The field an edition's table is narrowed to."""

    field_of_action: str | None = Field(default=None, max_length=100)


@router.get("/handlungsfelder/{slug}/massnahmentabelle")
def show_of_field(request: Request, session: ReadSession, visitor: Reader, slug: str) -> Response:
    """The table of a field."""
    field = structure.get_field(session, slug)
    branches = annex_of(session, visitor.actor, field_of_action=field.id)
    address = f"/handlungsfelder/{field.slug}"
    return _show(
        request,
        session,
        visitor,
        branches,
        title=field.name,
        address=address,
        trail=("Handlungsfelder", "/handlungsfelder"),
    )


@router.get("/handlungsfelder/{slug}/massnahmentabelle.csv")
def field_csv(request: Request, session: ReadSession, visitor: Reader, slug: str) -> Response:
    """The same as CSV."""
    field = structure.get_field(session, slug)
    branches = annex_of(session, visitor.actor, field_of_action=field.id)
    return csv_file(request, f"massnahmentabelle-{field.slug}.csv", annex_csv(branches))


@router.get("/handlungsfelder/{slug}/massnahmentabelle.ods")
def field_ods(request: Request, session: ReadSession, visitor: Reader, slug: str) -> Response:
    """The same as ODS."""
    field = structure.get_field(session, slug)
    branches = annex_of(session, visitor.actor, field_of_action=field.id)
    return saved_file(request, f"massnahmentabelle-{field.slug}.ods", annex_ods(field.name, branches), _ODS)


@router.get("/ausgaben/{code}/massnahmentabelle")
def show_of_edition(
    request: Request, session: ReadSession, visitor: Reader, code: str, wanted: Annotated[EditionTable, Query()]
) -> Response:
    """The table of an edition, of all its fields or one."""
    edition, branches = _of_edition(session, visitor, code, wanted)
    address = f"/ausgaben/{edition.code}"
    return _show(
        request, session, visitor, branches, title=edition.title, address=address, trail=("Programm", "/programm")
    )


@router.get("/ausgaben/{code}/massnahmentabelle.csv")
def edition_csv(
    request: Request, session: ReadSession, visitor: Reader, code: str, wanted: Annotated[EditionTable, Query()]
) -> Response:
    """The same as CSV."""
    edition, branches = _of_edition(session, visitor, code, wanted)
    return csv_file(request, f"massnahmentabelle-{edition.code}.csv", annex_csv(branches))


@router.get("/ausgaben/{code}/massnahmentabelle.ods")
def edition_ods(
    request: Request, session: ReadSession, visitor: Reader, code: str, wanted: Annotated[EditionTable, Query()]
) -> Response:
    """The same as ODS."""
    edition, branches = _of_edition(session, visitor, code, wanted)
    return saved_file(request, f"massnahmentabelle-{edition.code}.ods", annex_ods(edition.title, branches), _ODS)


@router.get("/handlungsfelder/{slug}/zeitplan.csv")
def field_timeline_csv(request: Request, session: ReadSession, visitor: Reader, slug: str) -> Response:
    """The measures of a field's table in time."""
    field = structure.get_field(session, slug)
    return _timeline_file(request, session, visitor, annex_of(session, visitor.actor, field_of_action=field.id))


@router.get("/ausgaben/{code}/zeitplan.csv")
def edition_timeline_csv(
    request: Request, session: ReadSession, visitor: Reader, code: str, wanted: Annotated[EditionTable, Query()]
) -> Response:
    """The measures of an edition's table in time."""
    _edition, branches = _of_edition(session, visitor, code, wanted)
    return _timeline_file(request, session, visitor, branches)


@router.get(_ADMINISTRATION)
def choose_table(request: Request, visitor: Member) -> Response:
    """The form for a table, with what it must look like."""
    require(Permission.PROGRAMME_MANAGE, None, visitor.actor)
    return _choose(request)


@router.post(_ADMINISTRATION)
def preview(request: Request, session: ReadSession, visitor: MemberAsking, submitted: SubmittedForm) -> Response:
    """What the table would change, thing by thing; nothing is written."""
    require(Permission.PROGRAMME_MANAGE, None, visitor.actor)
    try:
        file = submitted.file("file")
        if file is None:
            raise Invalid(FieldError("file", _("Bitte wählen Sie eine Datei.")))
        sent = submitted.text("decimal_mark")
        mark = DecimalMark(sent) if sent in set(DecimalMark) else None
        table = annex_of_table(read_table(file.filename or "", file.file.read()), mark)
    except Invalid as error:
        return _choose(request, error)
    plan = actions.plan_annex(session, table, actor=visitor.actor)
    return render(
        request,
        "annex/preview.html",
        status=422 if plan.errors else 200,
        plan=plan,
        outcomes=StepOutcome,
        rows="" if plan.errors else dump_annex(table),
        file_name=file.filename,
    )


@router.post(f"{_ADMINISTRATION}/uebernehmen")
def confirm(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Do what the preview showed, all of it or nothing; sent twice it is done once."""
    require(Permission.PROGRAMME_MANAGE, None, visitor.actor)
    with attempt(session) as outcome:
        plan = actions.import_annex(session, load_annex(submitted.text("rows")), actor=visitor.actor)
        made = sum(step.outcome is StepOutcome.NEW for step in plan.steps)
        changed = sum(step.outcome is StepOutcome.CHANGED for step in plan.steps)
        said = _("Übernommen: {made} neu, {changed} geändert.").format(made=made, changed=changed)
        return see_other(request, "/monitoring", said)
    return _choose(request, outcome.error)


def _of_edition(session: Session, visitor: Visitor, code: str, wanted: EditionTable) -> tuple[Any, list[AnnexGoal]]:
    edition = editions.get_edition(session, code)
    branches = annex_of(session, visitor.actor, edition_id=edition.id, field_of_action=wanted.field_of_action)
    return edition, branches


def _in_time(branches: list[AnnexGoal], look: Look) -> tuple[list[ListedMeasure], Milestones]:
    entries = [entry for branch in branches for entry in branch.measures]
    return [listed(entry.measure, look) for entry in entries], {entry.measure.id: entry.milestones for entry in entries}


def _timeline_file(request: Request, session: Session, visitor: Visitor, branches: list[AnnexGoal]) -> Response:
    shown, milestones = _in_time(branches, look_of(session, visitor.actor))
    return csv_file(request, "zeitplan.csv", timeline_csv(shown, milestones))


def _show(
    request: Request,
    session: Session,
    visitor: Visitor,
    branches: list[AnnexGoal],
    *,
    title: str,
    address: str,
    trail: tuple[str, str],
) -> Response:
    look = look_of(session, visitor.actor)
    entries = [entry for branch in branches for entry in branch.measures]
    shown, milestones = _in_time(branches, look)
    return render(
        request,
        "annex/show.html",
        branches=branches,
        title=title,
        address=address,
        trail=trail,
        query=f"?{request.url.query}" if request.url.query else "",
        timeline=timeline("zeitplan", _("Maßnahmen im Zeitplan"), shown, milestones, look.day),
        may_import=visitor.actor.is_secretariat,
        example=any(branch.goal is not None and branch.goal.is_example for branch in branches)
        or any(entry.measure.is_example for entry in entries),
    )


def _choose(request: Request, error: ApplicationError | None = None) -> Response:
    return render(
        request,
        "annex/choose.html",
        status=error.status if error else 200,
        columns=[(titles[0], name in SHOWN) for name, titles in COLUMNS.items()],
        mark_options=options(list(DecimalMark)),
        errors=field_errors(error),
    )
