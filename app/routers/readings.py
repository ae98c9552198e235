"""Readings: entering one, correcting one, and taking a series over from a table with a preview first."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import readings as actions
from app.actions.permissions import require
from app.domain.numbers import DecimalMark
from app.domain.permissions import Permission
from app.errors import ApplicationError, FieldError, Invalid
from app.forms.indicators import ReadingCorrection, ReadingForm
from app.forms.readings import dump_readings, load_readings, readings_of
from app.forms.tables import read_table
from app.i18n import _, ngettext
from app.models.base import new_id
from app.models.indicators import Indicator
from app.queries import indicators as queries
from app.routers.deps import Member, MemberAsking, ReadSession, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.indicators import show
from app.routers.pages import field_errors, render, see_other
from app.wording import options
from app.wording.numbers import german

router = APIRouter(prefix="/indikatoren/{indicator_id}/werte")


@router.post("")
def add_reading(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, indicator_id: UUID
) -> Response:
    """Enter a value."""
    queries.get_indicator(session, indicator_id, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(ReadingForm)
        actions.add_reading(session, indicator_id, form, actor=visitor.actor)
        return see_other(request, f"/indikatoren/{indicator_id}#werte", _("Der Wert ist eingetragen."))
    return show(request, session, visitor, indicator_id, submitted.values, outcome.error)


@router.get("/einlesen")
def choose_table(request: Request, session: ReadSession, visitor: Member, indicator_id: UUID) -> Response:
    """The form for a table, with what it must look like."""
    return _choose(request, _managed(session, visitor, indicator_id))


@router.post("/einlesen")
def preview(
    request: Request, session: ReadSession, visitor: MemberAsking, submitted: SubmittedForm, indicator_id: UUID
) -> Response:
    """What the table would enter, row by row; nothing is written."""
    indicator = _managed(session, visitor, indicator_id)
    try:
        file = submitted.file("file")
        if file is None:
            raise Invalid(FieldError("file", _("Bitte wählen Sie eine Datei.")))
        mark = (
            DecimalMark(submitted.text("decimal_mark")) if submitted.text("decimal_mark") in set(DecimalMark) else None
        )
        table = readings_of(read_table(file.filename or "", file.file.read()), mark)
    except Invalid as error:
        return _choose(request, indicator, error)
    plan = actions.plan_series(session, indicator, table, actor=visitor.actor)
    return render(
        request,
        "indicators/preview.html",
        status=422 if plan.errors else 200,
        indicator=indicator,
        plan=plan,
        rows="" if plan.errors else dump_readings(table.rows),
        file_name=file.filename,
        example=indicator.is_example,
    )


@router.post("/uebernehmen")
def confirm(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, indicator_id: UUID
) -> Response:
    """Enter what the preview showed, all of it or nothing; sent twice it is done once."""
    indicator = _managed(session, visitor, indicator_id)
    with attempt(session) as outcome:
        table = load_readings(submitted.text("rows"))
        new = actions.import_series(session, indicator_id, table, actor=visitor.actor).new
        said = ngettext("{number} Wert ist eingetragen.", "{number} Werte sind eingetragen.", new).format(number=new)
        return see_other(request, f"/indikatoren/{indicator_id}#werte", said)
    return _choose(request, queries.get_indicator(session, indicator.id, visitor.actor), outcome.error)


@router.get("/{reading_id}/berichtigen")
def begin_correction(
    request: Request, session: ReadSession, visitor: Member, indicator_id: UUID, reading_id: UUID
) -> Response:
    """The form for a better value."""
    return _correct(request, session, visitor, indicator_id, reading_id)


@router.post("/{reading_id}/berichtigen")
def correct_reading(
    request: Request,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    indicator_id: UUID,
    reading_id: UUID,
) -> Response:
    """Enter the better value; the former one stays in the history."""
    queries.get_indicator(session, indicator_id, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(ReadingCorrection)
        actions.correct_reading(session, indicator_id, reading_id, form, actor=visitor.actor)
        return see_other(request, f"/indikatoren/{indicator_id}#werte", _("Der Wert ist berichtigt."))
    return _correct(request, session, visitor, indicator_id, reading_id, submitted.values, outcome.error)


def _correct(
    request: Request,
    session: Session,
    visitor: Visitor,
    indicator_id: UUID,
    reading_id: UUID,
    values: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    indicator = _managed(session, visitor, indicator_id)
    reading = queries.get_reading(session, indicator, reading_id)
    standing = {
        "id": str(new_id()),
        "value": german(reading.value),
        "decimal_mark": DecimalMark.COMMA.value,
        "source": reading.source,
        "provisional": "true" if reading.provisional else "",
    }
    return render(
        request,
        "indicators/correct.html",
        status=error.status if error else 200,
        indicator=indicator,
        reading=reading,
        values=standing if values is None else values,
        mark_options=options(list(DecimalMark)),
        errors=field_errors(error),
        example=indicator.is_example,
    )


def _choose(request: Request, indicator: Indicator, error: ApplicationError | None = None) -> Response:
    return render(
        request,
        "indicators/choose.html",
        status=error.status if error else 200,
        indicator=indicator,
        categories=queries.categories_of(indicator),
        mark_options=options(list(DecimalMark)),
        errors=field_errors(error),
        example=indicator.is_example,
    )


def _managed(session: Session, visitor: Visitor, indicator_id: UUID) -> Indicator:
    indicator = queries.get_indicator(session, indicator_id, visitor.actor)
    require(Permission.INDICATOR_MANAGE, queries.scope_of_indicator(indicator), visitor.actor)
    return indicator
