"""Writing the text of a recommendation and saving it as the next version; who is late goes on in `text_merging`."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.domain.text import Block
from app.errors import Conflict, StaleVersion
from app.forms.versions import VersionForm
from app.i18n import _
from app.models.drafts import Draft
from app.models.recommendations import Recommendation
from app.queries import recommendations as queries
from app.queries.drafts import find_draft
from app.queries.versions import VersionText
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.drafts import keep_refused, values_to_write
from app.routers.edited_text import block_inputs, blocks_of, stored_blocks, submitted_values
from app.routers.editor_page import open_text, show_editor
from app.routers.pages import render, see_other
from app.routers.text_merging import Mine, Three, bring_together
from app.routers.text_saving import base_of, save, settle, version_form

router = APIRouter()


@router.get("/empfehlungen/{key}/bearbeiten")
def edit_text(request: Request, session: ReadSession, visitor: Member, key: str) -> Response:
    """The reader's own draft to go on with, or else the newest text; one left behind by the state, to be copied."""
    try:
        recommendation, newest = open_text(session, visitor, key)
    except Conflict as error:
        return _show_left(request, session, visitor, key, error)
    draft = find_draft(session, recommendation.id, visitor.actor)
    values = values_to_write(recommendation, newest, draft)
    return show_editor(request, session, visitor, recommendation, newest, values, draft=draft)


@router.post("/empfehlungen/{key}/bearbeiten")
def save_text(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str) -> Response:
    """Save it as the next version, or show what stands in the way with the text as it was written."""
    try:
        recommendation, newest = open_text(session, visitor, key)
    except Conflict as error:
        return _show_refused(request, session, visitor, submitted, key, error)
    draft = find_draft(session, recommendation.id, visitor.actor)
    with attempt(session) as outcome:
        base = base_of(session, recommendation, submitted)
        form = version_form(submitted, block_inputs(submitted, _known_blocks(base, draft)))
        if _is_unchanged(form, newest):
            settle(session, recommendation, submitted, visitor)
            return see_other(request, queries.url_of(recommendation), _("Es hat sich nichts geändert."))
        number = save(session, recommendation, form, submitted, visitor)
        return see_other(request, queries.url_of(recommendation), _("Fassung {n} ist gespeichert.").format(n=number))
    recommendation, newest = open_text(session, visitor, key)
    values = submitted_values(submitted, newest.blocks)
    kept = keep_refused(session, recommendation, submitted, visitor)
    if kept is not None:
        values["revision"] = kept.revision
    if isinstance(outcome.error, StaleVersion):
        base = base_of(session, recommendation, submitted)
        mine = Mine(values, blocks_of(block_inputs(submitted, _known_blocks(base, draft))))
        return bring_together(request, session, visitor, recommendation, Three(base, mine, newest))
    return show_editor(request, session, visitor, recommendation, newest, values, outcome.error)


def _known_blocks(base: VersionText, draft: Draft | None) -> tuple[Block, ...]:
    """Whose ids a plain text can go on with: its base's, or the draft's it was written on."""
    if draft is not None and draft.blocks is not None and draft.base_version == base.number:
        return blocks_of(stored_blocks(draft.blocks))
    return base.blocks


def _is_unchanged(form: VersionForm, newest: VersionText) -> bool:
    stored = [(each.id, each.part, each.kind, each.number, each.text) for each in newest.blocks]
    sent = [(each.id, each.part, each.kind, each.number, each.text) for each in form.blocks]
    same_addressees = {each.id for each in newest.addressees} == set(form.addressee_ids or [])
    is_same_text = form.base_version == newest.number and sent == stored and form.title == newest.title
    return is_same_text and same_addressees and all(each.sources is None for each in form.blocks)


def _show_left(request: Request, session: Session, visitor: Visitor, key: str, error: Conflict) -> Response:
    """The text is no longer changed in this state: the draft that was left, to be copied or thrown away."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    draft = find_draft(session, recommendation.id, visitor.actor)
    if draft is None:
        raise error
    newest = queries.get_version(session, recommendation, recommendation.version)
    text = values_to_write(recommendation, newest, draft)["text"]
    return _refused_text(request, recommendation, error, text, status=200)


def _show_refused(
    request: Request, session: Session, visitor: Visitor, submitted: Submitted, key: str, error: Conflict
) -> Response:
    """The text is no longer changed in this state: what was written is kept as a draft and shown, to be copied."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    keep_refused(session, recommendation, submitted, visitor)
    newest = queries.get_version(session, recommendation, recommendation.version)
    text = submitted_values(submitted, newest.blocks)["text"]
    return _refused_text(request, recommendation, error, text, status=error.status)


def _refused_text(
    request: Request, recommendation: Recommendation, error: Conflict, text: str, *, status: int
) -> Response:
    return render(
        request,
        "recommendations/refused_text.html",
        status=status,
        recommendation=recommendation,
        detail=error.detail,
        text=text,
        example=recommendation.is_example,
    )
