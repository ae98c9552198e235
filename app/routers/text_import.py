"""Taking a text over from a file into the editor; it is not saved by that, and nothing that was typed is lost."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.text import parse_plain_form, plain_form
from app.errors import FieldError, Invalid
from app.forms.text_files import append_blocks, read_text_file
from app.i18n import _, ngettext
from app.models.base import new_id
from app.routers.deps import MemberAsking, ReadSession, SubmittedForm
from app.routers.edited_text import submitted_values
from app.routers.editor_page import open_text, show_editor
from app.routers.text_saving import base_of

router = APIRouter()


@router.post("/empfehlungen/{key}/einlesen")
def read_file(
    request: Request, session: ReadSession, visitor: MemberAsking, submitted: SubmittedForm, key: str
) -> Response:
    """The editor with the text of the file behind, or in place of, what stood there; refused, with what stood there."""
    recommendation, newest = open_text(session, visitor, key)
    values = submitted_values(submitted, newest.blocks)
    values.pop("replaces", None)
    try:
        base = base_of(session, recommendation, submitted)
        file = submitted.file("file")
        if file is None:
            raise Invalid(FieldError("file", _("Bitte wählen Sie eine Datei.")))
        read = read_text_file(file.filename or "", file.file.read())
        present = values["blocks"]
        if present is None:
            raise Invalid(FieldError("text", _("Bitte bringen Sie zuerst den Text in eine lesbare Form.")))
        if submitted.text("replaces") == "true":
            # Who takes a text out, writes on elsewhere and brings it back keeps the blocks that are still to be known.
            blocks = parse_plain_form(plain_form(read), present or base.blocks, new_id=new_id)
        else:
            blocks = append_blocks(present, read)
    except Invalid as error:
        return show_editor(request, session, visitor, recommendation, newest, values, error, is_changed=True)
    said = ngettext("{number} Absatz", "{number} Absätze", len(read)).format(number=len(read))
    imported = _("Aus „{name}“ eingelesen: {count}. Gespeichert ist noch nichts.").format(
        name=file.filename, count=said
    )
    shown = {**values, "blocks": blocks, "text": plain_form(blocks, all_parts=True)}
    return show_editor(
        request,
        session,
        visitor,
        recommendation,
        newest,
        shown,
        imported=imported.format(name=file.filename, count=said),
    )
