"""What a person can do with a need, and what publishing a recommendation does with those it answers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from app.actions.contributions import (
    TAG_FIELDS,
    change_text,
    check_tags,
    common_values,
    lock,
    require_active,
    set_tags,
    speaking_as_author,
    target_of_merge,
)
from app.actions.creations import find_already_created
from app.actions.moves import decide, move
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.speaking import speaking_in
from app.clock import now
from app.domain.actors import SYSTEM_ACTOR, Actor
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.needs import NEED, NeedState
from app.domain.permissions import Permission
from app.errors import Conflict, FieldError, Invalid
from app.forms.needs import NeedChange, NeedForm, NeedTransition
from app.i18n import _
from app.models.bodies import Body
from app.models.comments import Comment
from app.models.needs import Need
from app.models.recommendations import Recommendation
from app.queries import bodies, needs, recommendations
from app.queries.base import get_for_update
from app.queries.scopes import scope_of


def post_need(session: Session, form: NeedForm, *, actor: Actor) -> tuple[Need, bool]:
    """Post a need to a body; it stays a draft until submitted. The flag is False where it stood already."""
    body = bodies.get_body(session, form.body_id, actor)
    require(Permission.NEED_POST, body, actor)
    earlier = find_already_created(session, Need, form, actor=actor)
    if earlier:
        return earlier, False
    require_active(body)
    speaker = speaking_in(actor, body.id, form.seat_id)
    check_tags(session, form)
    need = Need(**common_values(session, form, body, actor, speaker))
    record_creation(session, EventType.NEED_POSTED, need, actor=speaker, data={"body_id": str(body.id)})
    session.flush()
    set_tags(session, need, {name: getattr(form, name) for name in TAG_FIELDS})
    return need, True


def edit_need(session: Session, key: UUID, form: NeedChange, *, actor: Actor) -> Need:
    """Change a draft; what is submitted stays as it was submitted."""
    need = get_for_update(session, Need, key, needs.visible(actor))
    require(Permission.NEED_EDIT, need, actor)
    if need.state is not NeedState.DRAFT:
        raise Conflict(_("Ein eingereichter Bedarf wird nicht mehr geändert. Schreiben Sie einen Kommentar dazu."))
    check_tags(session, form)
    texts = change_text(need, form)
    if "topic_id" in form.model_fields_set:
        need.topic_id = form.topic_id
    if form.visibility is not None:
        need.visibility = form.visibility
    set_tags(session, need, {name: getattr(form, name) for name in TAG_FIELDS})
    session.add(need)
    record(session, EventType.NEED_EDITED, need, actor=speaking_as_author(need, actor), texts=texts)
    return need


def transition_need(session: Session, key: UUID, form: NeedTransition, *, actor: Actor) -> Need:
    """Make a move of the need's table with what it needs."""
    merges = form.transition == "merge"
    need, target = lock(session, Need, key, actor, form.target_id if merges else None)
    scope = scope_of(need)
    decide(need, NEED, form.transition, actor=actor, reason=form.reason, scope=scope)
    data, texts = _carry_out(session, need, form, target, actor)
    speaker = speaking_as_author(need, actor) if form.transition in {"submit", "withdraw"} else actor
    move(
        session,
        need,
        NEED,
        form.transition,
        actor=speaker,
        reason=form.reason,
        scope=scope,
        data=data,
        texts=texts,
    )
    return need


def answer_linked_needs(session: Session, recommendation: Recommendation, *, actor: Actor = SYSTEM_ACTOR) -> list[Need]:
    """Answer every accepted need the recommendation is linked with, a merged one through its target."""
    answered = [need for need in needs.list_linked(session, recommendation.id) if need.state is NeedState.ACCEPTED]
    for need in answered:
        need.answered_by_id = recommendation.id
        move(session, need, NEED, "answer", actor=actor, data={"recommendation_id": str(recommendation.id)})
    return answered


def needs_left_as_they_are(session: Session, recommendation: Recommendation) -> list[Need]:
    """The linked needs that publishing will not answer, for the page before it; merged ones as their target."""
    linked = needs.list_linked(session, recommendation.id, for_update=False)
    return [need for need in linked if need.state is not NeedState.ACCEPTED]


def _carry_out(
    session: Session, need: Need, form: NeedTransition, target: Need | None, actor: Actor
) -> tuple[dict[str, object], dict[str, str]]:
    """Set what the move needs; the data and texts its event vouches for."""
    match form.transition:
        case "submit":
            need.submitted_at = now(session)
        case "merge":
            need.merged_into_id = target_of_merge(need, target, form.target_id).id
            return {"target_id": str(need.merged_into_id)}, {}
        case "forward":
            return _forward(session, need, form, actor), {}
        case "defer":
            need.resubmit_on = _day_to_look_again(session, form)
            return {"resubmit_on": need.resubmit_on.isoformat()}, {}
        case "answer":
            return _answer(session, need, form, actor)
        case "reopen":
            need.merged_into_id = need.resubmit_on = need.answer = need.answered_by_id = None
    return {}, {}


def _forward(session: Session, need: Need, form: NeedTransition, actor: Actor) -> dict[str, object]:
    body = _body_to_forward_to(session, need, form, actor)
    former, need.body_id = need.body_id, body.id
    discussion = update(Comment).where(col(Comment.on_id) == need.id).values(body_id=body.id)
    session.connection().execute(discussion)
    return {"from_body_id": str(former), "body_id": str(body.id)}


def _body_to_forward_to(session: Session, need: Need, form: NeedTransition, actor: Actor) -> Body:
    if form.body_id is None or form.body_id == need.body_id:
        raise Invalid(FieldError("body_id", _("Bitte wählen Sie ein anderes Gremium.")))
    body = bodies.find_body(session, form.body_id, actor)
    if body is None:
        raise Invalid(FieldError("body_id", _("Dieses Gremium gibt es nicht.")))
    require_active(body)
    return body


def _day_to_look_again(session: Session, form: NeedTransition) -> date:
    if form.resubmit_on is None:
        raise Invalid(FieldError("resubmit_on", _("Bitte nennen Sie den Tag der Wiedervorlage.")))
    if form.resubmit_on <= berlin_date(now(session)):
        raise Invalid(FieldError("resubmit_on", _("Der Tag der Wiedervorlage muss in der Zukunft liegen.")))
    return form.resubmit_on


def _answer(
    session: Session, need: Need, form: NeedTransition, actor: Actor
) -> tuple[dict[str, object], dict[str, str]]:
    if form.recommendation_id is None and not form.answer:
        raise Invalid(FieldError("answer", _("Bitte begründen Sie die Antwort oder nennen Sie die Empfehlung.")))
    need.answer = form.answer
    if form.recommendation_id is None:
        return {}, {"answer": form.answer or ""}
    recommendation = recommendations.find_recommendation(session, form.recommendation_id, actor)
    if recommendation is None:
        raise Invalid(FieldError("recommendation_id", _("Diese Empfehlung gibt es nicht.")))
    need.answered_by_id = recommendation.id
    texts = {"answer": form.answer} if form.answer else {}
    return {"recommendation_id": str(recommendation.id)}, texts
