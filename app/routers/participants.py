"""Taking over participants from a table: choose, look at the preview, confirm."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.actions import participants as actions
from app.actions.permissions import require
from app.domain.permissions import Permission
from app.errors import ApplicationError, FieldError, Invalid
from app.forms.participants import dump_rows, load_rows, participants_of
from app.forms.tables import read_table
from app.i18n import _, ngettext
from app.routers.deps import (
    Member,
    MemberAsking,
    ReadSession,
    SubmittedForm,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.pages import field_errors, render, see_other

router = APIRouter(prefix="/verwaltung/beteiligte-einlesen")


@router.get("")
def choose_table(request: Request, visitor: Member) -> Response:
    """The form for a table, with what it must look like."""
    require(Permission.ORGANISATION_MANAGE, None, visitor.actor)
    return _choose(request)


@router.post("")
def preview(request: Request, session: ReadSession, visitor: MemberAsking, submitted: SubmittedForm) -> Response:
    """What the table would change, row by row; nothing is written."""
    require(Permission.ORGANISATION_MANAGE, None, visitor.actor)
    try:
        file = submitted.file("file")
        if file is None:
            raise Invalid(FieldError("file", _("Bitte wählen Sie eine Datei.")))
        table = participants_of(read_table(file.filename or "", file.file.read()))
    except Invalid as error:
        return _choose(request, error)
    plan = actions.plan_participants(session, table, actor=visitor.actor)
    return render(
        request,
        "participants/preview.html",
        status=422 if plan.errors else 200,
        plan=plan,
        rows="" if plan.errors else dump_rows(table.rows),
        file_name=file.filename,
    )


@router.post("/uebernehmen")
def confirm(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Write what the preview showed, all of it or nothing; sent twice it is done once."""
    require(Permission.ORGANISATION_MANAGE, None, visitor.actor)
    with attempt(session) as outcome:
        table = load_rows(submitted.text("rows"))
        invite = submitted.text("invite") == "true"
        done = actions.import_participants(session, table, invite=invite, actor=visitor.actor)
        organisations, people = done.new_organisations, done.new_people
        said = _("Übernommen: {organisations}, {people}.").format(
            organisations=ngettext("{number} Organisation", "{number} Organisationen", organisations).format(
                number=organisations
            ),
            people=ngettext("{number} Person", "{number} Personen", people).format(number=people),
        )
        return see_other(request, "/verwaltung/organisationen", said)
    return _choose(request, outcome.error)


def _choose(request: Request, error: ApplicationError | None = None) -> Response:
    return render(
        request,
        "participants/choose.html",
        status=error.status if error else 200,
        errors=field_errors(error),
    )
