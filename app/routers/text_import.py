"""Taking a text over from a file into the editor; it is not saved by that, and nothing that was typed is lost."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.domain.text import plain_form
from app.errors import FieldError, Invalid
from app.forms.text_files import MAXIMUM_FILE, ReadText, read_text_file, taken_over
from app.i18n import _, ngettext
from app.models.recommendations import Recommendation
from app.queries.drafts import find_draft
from app.queries.versions import VersionText
from app.routers.deps import Member, MemberAsking, ReadSession, Submitted, SubmittedForm, Visitor
from app.routers.drafts import values_to_write
from app.routers.edited_text import submitted_values
from app.routers.editor_page import open_text, show_editor
from app.routers.pages import field_errors, render
from app.routers.text_saving import base_of

router = APIRouter()


@router.get("/empfehlungen/{key}/einlesen")
def choose_file(request: Request, session: ReadSession, visitor: Member, key: str) -> Response:
    """A page that takes a file and nothing else: what was typed is kept as a draft before one comes here."""
    recommendation, newest = open_text(session, visitor, key)
    return _choose(request, session, visitor, recommendation, newest)


@router.post("/empfehlungen/{key}/einlesen")
def read_file(
    request: Request, session: ReadSession, visitor: MemberAsking, submitted: SubmittedForm, key: str
) -> Response:
    """The editor with the text of the file behind, or in place of, what stood there; refused, with what stood there.

    What stood there comes with the form of the editor; of the page that takes the file alone, from the draft.
    """
    recommendation, newest = open_text(session, visitor, key)
    comes_alone = "base_version" not in submitted.values
    if comes_alone:
        values = values_to_write(recommendation, newest, find_draft(session, recommendation.id, visitor.actor))
    else:
        values = submitted_values(submitted, newest.blocks)
        values.pop("replaces", None)
    try:
        known = newest.blocks if comes_alone else base_of(session, recommendation, submitted).blocks
        read = read_sent(submitted)
        present = values["blocks"]
        if present is None:
            field = "form" if comes_alone else "text"
            raise Invalid(FieldError(field, _("Bitte bringen Sie zuerst den Text in eine lesbare Form.")))
        replaces = submitted.text("replaces") == "true"
        blocks = taken_over(read.blocks, present, present or known, replaces=replaces)
    except Invalid as error:
        if comes_alone:
            return _choose(request, session, visitor, recommendation, newest, submitted, error)
        return show_editor(request, session, visitor, recommendation, newest, values, error, is_changed=True)
    shown = {**values, "blocks": blocks, "text": plain_form(blocks, all_parts=True)}
    return show_editor(
        request,
        session,
        visitor,
        recommendation,
        newest,
        shown,
        imported=_said(read),
        left_out=", ".join(read.left_out),
    )


def read_sent(submitted: Submitted) -> ReadText:
    """The text of the file that was sent; Invalid where there is none or it can't be read."""
    file = submitted.file("file")
    if file is None:
        raise Invalid(FieldError("file", _("Bitte wählen Sie eine Datei.")))
    return read_text_file(file.filename or "", file.file.read(MAXIMUM_FILE + 1))


def _said(read: ReadText) -> str:
    number = len(read.blocks)
    count = ngettext("{number} Absatz", "{number} Absätze", number).format(number=number)
    return _("Aus „{name}“ eingelesen: {count}. Gespeichert ist noch nichts.").format(name=read.name, count=count)


def _choose(
    request: Request,
    session: Session,
    visitor: Visitor,
    recommendation: Recommendation,
    newest: VersionText,
    submitted: Submitted | None = None,
    error: Invalid | None = None,
) -> Response:
    draft = find_draft(session, recommendation.id, visitor.actor)
    return render(
        request,
        "recommendations/choose_file.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        newest=newest,
        draft=draft,
        replaces=submitted is not None and submitted.text("replaces") == "true",
        errors=field_errors(error),
        example=recommendation.is_example,
    )
