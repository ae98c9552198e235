"""Writing the text of a recommendation; who saved too late sees both texts and loses nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.permissions import require
from app.actions.recommendation_transitions import transition_recommendation
from app.actions.versions import post_version
from app.domain.permissions import Permission
from app.domain.recommendations import WRITING_STATES, RecommendationState
from app.domain.text import (
    Merge,
    MergeOutcome,
    merge_blocks,
    plain_form,
)
from app.errors import ApplicationError, Conflict, FieldError, Invalid, StaleVersion
from app.forms.recommendation_transitions import RecommendationTransition
from app.forms.versions import VersionForm
from app.i18n import _
from app.models.base import new_id
from app.models.recommendations import Recommendation
from app.queries import organisations
from app.queries import recommendations as queries
from app.queries.choices import seats_to_choose
from app.queries.versions import VersionText
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.edited_text import block_inputs, blocks_of, shown_blocks, shown_text
from app.routers.pages import field_errors, render, see_other
from app.wording import label

router = APIRouter()
REVISED_STATES = frozenset({RecommendationState.LEAD_REVIEW, RecommendationState.STEERING_DECISION})
"""Here the text is changed only by `revise`, with a reason and a new ballot."""


@dataclass(frozen=True, slots=True)
class StaleText:
    """What the editor shows whose base is no longer the newest: both texts, and one proposed from them."""

    theirs: VersionText
    mine: str
    theirs_text: str
    merge: Merge


@router.get("/empfehlungen/{key}/bearbeiten")
def edit_text(request: Request, session: ReadSession, visitor: Member, key: str) -> Response:
    """The newest text to write on."""
    recommendation, newest = _open(session, visitor, key)
    values: dict[str, Any] = {
        "id": str(new_id()),
        "base_version": recommendation.version,
        "title": newest.title,
        "blocks": newest.blocks,
        "text": plain_form(newest.blocks, all_parts=True),
        "addressee_ids": [str(each.id) for each in newest.addressees],
    }
    return _editor(request, session, visitor, recommendation, newest, values)


@router.post("/empfehlungen/{key}/bearbeiten")
def save_text(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str) -> Response:
    """Save it as the next version, or show what stands in the way with the text as it was written."""
    recommendation, newest = _open(session, visitor, key)
    stale: StaleText | None = None
    with attempt(session) as outcome:
        base = _base(session, recommendation, submitted)
        form = _form(submitted, base)
        if _is_unchanged(form, newest):
            return see_other(request, queries.url_of(recommendation), _("Es hat sich nichts geändert."))
        number = _save(session, recommendation, form, submitted, visitor)
        return see_other(request, queries.url_of(recommendation), _("Fassung {n} ist gespeichert.").format(n=number))
    recommendation, newest = _open(session, visitor, key)
    blocks = shown_blocks(submitted, newest.blocks)
    values: dict[str, Any] = {
        **submitted.values,
        "blocks": blocks,
        "text": shown_text(submitted, blocks),
        "addressee_ids": submitted.many("addressee_ids"),
    }
    if isinstance(outcome.error, StaleVersion):
        stale, values = _brought_together(session, recommendation, newest, submitted)
    return _editor(request, session, visitor, recommendation, newest, values, outcome.error, stale)


def _open(session: Session, visitor: Visitor, key: str) -> tuple[Recommendation, VersionText]:
    """The recommendation and its newest text, for who may write it in this state."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    needed = Permission.RECOMMENDATION_DRAFT
    if recommendation.state in REVISED_STATES:
        needed = Permission.RECOMMENDATION_ADVANCE
    require(needed, recommendation, visitor.actor)
    if recommendation.state not in WRITING_STATES | REVISED_STATES:
        raise Conflict(
            _("Im Stand „{state}“ wird der Text nicht mehr geändert.").format(state=label(recommendation.state))
        )
    return recommendation, queries.get_version(session, recommendation, recommendation.version)


def _base(session: Session, recommendation: Recommendation, submitted: Submitted) -> VersionText:
    """The version the writer began with."""
    sent = submitted.text("base_version")
    if not sent.isdecimal() or not 0 <= int(sent) <= recommendation.version:
        raise Invalid(FieldError("form", _("Die Ausgangsfassung fehlt. Bitte öffnen Sie den Text neu.")))
    return queries.get_version(session, recommendation, int(sent))


def _form(submitted: Submitted, base: VersionText) -> VersionForm:
    """What is saved: the plain text as blocks that keep the ids of their base."""
    if not submitted.text("title").strip():
        raise Invalid(FieldError("title", _("Bitte geben Sie einen Titel an.")))
    blocks = block_inputs(submitted, base.blocks)
    values = {name: value for name, value in submitted.values.items() if name not in ("text", "reason")}
    return Submitted(submitted.data, values).parse(
        VersionForm,
        lists=("addressee_ids",),
        blocks=blocks,
        **({} if "addressee_ids" in values else {"addressee_ids": []}),
    )


def _is_unchanged(form: VersionForm, newest: VersionText) -> bool:
    stored = [(each.id, each.part, each.kind, each.number, each.text) for each in newest.blocks]
    sent = [(each.id, each.part, each.kind, each.number, each.text) for each in form.blocks]
    same_addressees = {each.id for each in newest.addressees} == set(form.addressee_ids or [])
    return form.base_version == newest.number and sent == stored and form.title == newest.title and same_addressees


def _save(
    session: Session, recommendation: Recommendation, form: VersionForm, submitted: Submitted, visitor: Visitor
) -> int:
    """Save in the way the state allows: as the next version, or by `revise`."""
    if recommendation.state not in REVISED_STATES:
        return post_version(session, recommendation.id, form, actor=visitor.actor)[0].number
    move = RecommendationTransition(transition="revise", reason=submitted.text("reason") or None, version=form)
    return transition_recommendation(session, recommendation.id, move, actor=visitor.actor).version


def _brought_together(
    session: Session, recommendation: Recommendation, newest: VersionText, submitted: Submitted
) -> tuple[StaleText, dict[str, Any]]:
    """Both texts, and as the new input what both changed apart; where both changed one block, mine stands."""
    base = _base(session, recommendation, submitted)
    mine = blocks_of(block_inputs(submitted, base.blocks))
    merge = merge_blocks(base.blocks, mine, newest.blocks)
    decisions = {each.id: each.mine or each.theirs for each in merge.conflicts}
    mine_ids, base_ids = set(submitted.many("addressee_ids")), {str(each.id) for each in base.addressees}
    theirs_ids = {str(each.id) for each in newest.addressees}
    sent_title = " ".join(submitted.text("title").split())
    values: dict[str, Any] = {
        **submitted.values,
        "id": str(new_id()),
        "base_version": newest.number,
        "title": newest.title if sent_title == base.title else sent_title,
        "blocks": merge.result(decisions),
        "text": plain_form(merge.result(decisions), all_parts=True),
        "addressee_ids": sorted((theirs_ids | (mine_ids - base_ids)) - (base_ids - mine_ids)),
    }
    stale = StaleText(newest, plain_form(mine), plain_form(newest.blocks), merge)
    return stale, values


def _editor(
    request: Request,
    session: Session,
    visitor: Visitor,
    recommendation: Recommendation,
    newest: VersionText,
    values: dict[str, Any],
    error: ApplicationError | None = None,
    stale: StaleText | None = None,
) -> Response:
    chosen = {UUID(each) for each in values["addressee_ids"] if _is_uuid(each)}
    offered = list(organisations.list_active(session))
    return render(
        request,
        "recommendations/edit.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        newest=newest,
        values=values,
        errors={} if stale else field_errors(error),
        stale=stale,
        conflict=MergeOutcome.CONFLICT,
        organisations=sorted(offered, key=lambda each: each.id not in chosen),
        seats=seats_to_choose(session, visitor.actor, recommendation.body_id),
        is_revision=recommendation.state in REVISED_STATES,
        example=recommendation.is_example,
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
