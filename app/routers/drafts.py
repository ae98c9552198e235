"""Keeping an unsaved text as its author's private draft, by itself while typing or by a button, and discarding it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from app.actions.drafts import discard_draft, keep_draft
from app.domain.recommendations import WRITING_STATES
from app.domain.text import plain_form
from app.errors import ApplicationError, Conflict, FieldError, Invalid
from app.forms.drafts import DraftForm
from app.i18n import _
from app.models.base import new_id
from app.models.drafts import Draft
from app.models.recommendations import Recommendation
from app.queries import recommendations as queries
from app.queries.versions import VersionText
from app.routers.deps import Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.edited_text import (
    Values,
    block_inputs_as_typed,
    blocks_of,
    read_plain,
    sources_in,
    stored_blocks,
    submitted_values,
)
from app.routers.editor_page import REVISED_STATES, open_text, show_editor
from app.routers.pages import see_other
from app.wording.dates import german_datetime

router = APIRouter()
_READ_FILE = "read_file"
"""The step behind the button that keeps the draft and goes on to choose a file."""


@router.post("/empfehlungen/{key}/entwurf")
def keep(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str) -> Response:
    """Keep what stands in the editor; the script is answered in JSON, a person led back to the editor."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    is_script = "application/json" in request.headers.get("accept", "")
    with attempt(session) as outcome:
        draft = keep_draft(session, recommendation, draft_form(submitted), actor=visitor.actor)
        if is_script:
            kept = {"revision": draft.revision, "kept_at": german_datetime(draft.updated_at)}
            return JSONResponse(kept)
        onward = "einlesen" if submitted.text("step") == _READ_FILE else "bearbeiten"
        url = f"{queries.url_of(recommendation)}/{onward}"
        return see_other(request, url, _("Ihr Entwurf ist gesichert. Nur Sie lesen ihn."))
    assert outcome.error is not None
    if is_script:
        return _refused(outcome.error)
    recommendation, newest = open_text(session, visitor, key)
    values = submitted_values(submitted, newest.blocks)
    return show_editor(request, session, visitor, recommendation, newest, values, outcome.error)


@router.post("/empfehlungen/{key}/entwurf/verwerfen")
def discard(request: Request, session: WriteSession, visitor: Writer, key: str) -> Response:
    """Throw the draft away and, while the text is still written, begin again with the newest."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    discard_draft(session, recommendation, actor=visitor.actor)
    page = "/bearbeiten" if recommendation.state in WRITING_STATES | REVISED_STATES else ""
    return see_other(request, f"{queries.url_of(recommendation)}{page}", _("Ihr Entwurf ist verworfen."))


def draft_form(submitted: Submitted) -> DraftForm:
    """The draft in a form of the editor; Invalid where it can't be kept."""
    names = DraftForm.model_fields.keys() - {"blocks", "text"}
    values = {name: value for name, value in submitted.values.items() if name in names}
    blocks = block_inputs_as_typed(submitted)
    text = submitted.text("text") if blocks is None else None
    return Submitted(submitted.data, values).parse(
        DraftForm, lists=("addressee_ids",), writer_id=submitted.text("id"), blocks=blocks, text=text
    )


def values_to_write(recommendation: Recommendation, newest: VersionText, draft: Draft | None) -> Values:
    """What the editor opens with: the reader's own draft to go on with, or else the newest text."""
    values: Values = {
        "id": str(new_id()),
        "base_version": recommendation.version,
        "title": newest.title,
        "blocks": newest.blocks,
        "sources": {},
        "text": plain_form(newest.blocks, all_parts=True),
        "addressee_ids": [str(each.id) for each in newest.addressees],
    }
    return values | _values_of(draft, newest) if draft else values


def _values_of(draft: Draft, newest: VersionText) -> Values:
    kept = stored_blocks(draft.blocks or ())
    blocks = blocks_of(kept) if draft.blocks is not None else read_plain(draft.text or "", newest.blocks)
    fields = {name: "" if value is None else value for name, value in draft.fields.items()}
    return {
        **fields,
        "editorial": "true" if draft.fields.get("editorial") else "",
        "base_version": draft.base_version,
        "revision": draft.revision,
        "title": draft.title,
        "blocks": blocks,
        "sources": sources_in(kept),
        "text": draft.text if draft.text is not None else plain_form(blocks or (), all_parts=True),
    }


def keep_refused(
    session: Session, recommendation: Recommendation, submitted: Submitted, visitor: Visitor
) -> Draft | None:
    """Keep a text that could not be saved; None where it can't be kept either, or another page has gone on since."""
    try:
        return keep_draft(session, recommendation, draft_form(submitted), actor=visitor.actor)
    except (Invalid, Conflict):
        return None


def writer_of(submitted: Submitted) -> UUID | None:
    """The page that sends: the id its form carries."""
    try:
        return UUID(submitted.text("id"))
    except ValueError:
        return None


def revision_of(submitted: Submitted) -> int:
    """The revision of the draft that the page saw last."""
    sent = submitted.text("revision")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0


def _refused(error: ApplicationError) -> Response:
    errors = error.errors if isinstance(error, Invalid) else (FieldError("form", error.detail),)
    told = {"detail": " ".join(each.message for each in errors), "revision": error.fields.get("revision")}
    return JSONResponse(told, status_code=error.status)
