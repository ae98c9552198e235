"""What a person can do with a need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, SQLModel, col, select

from app.actions.creations import find_already_created
from app.actions.moves import decide, move
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.speaking import speaking_in
from app.clock import now
from app.domain.actors import Actor
from app.domain.bodies import BodyState
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.needs import NEED, NeedState
from app.domain.permissions import Permission
from app.domain.sorting import search_key
from app.errors import Conflict, FieldError, Invalid
from app.forms.needs import NeedChange, NeedForm, NeedTransition
from app.i18n import _
from app.models.base import new_id
from app.models.bodies import Body
from app.models.needs import Need, NeedQuestion, NeedReader, NeedTargetGroup, NeedTheme
from app.models.people import Person
from app.models.programmes import CrossCuttingTheme, GuidingQuestion, TargetGroup, Topic
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
    check_references(
        session,
        ("topic_id", Topic, [form.topic_id] if form.topic_id else []),
        ("guiding_question_ids", GuidingQuestion, form.guiding_question_ids),
        ("cross_cutting_theme_ids", CrossCuttingTheme, form.cross_cutting_theme_ids),
        ("target_group_ids", TargetGroup, form.target_group_ids),
        ("reader_ids", Person, form.reader_ids),
    )
    need = Need(
        id=form.id or new_id(now(session)),
        created_at=now(session),
        body_id=body.id,
        title=form.title,
        description=form.description,
        search_text=search_key(form.title, form.description),
        topic_id=form.topic_id,
        visibility=form.visibility,
        author_id=actor.person_id,
        organisation_id=speaker.organisation_id,
        seat_id=speaker.seat_id,
        is_example=body.is_example,
    )
    record_creation(session, EventType.NEED_POSTED, need, actor=speaker, data={"body_id": str(body.id)})
    session.flush()
    session.add_all([NeedQuestion(need_id=need.id, question_id=key) for key in form.guiding_question_ids])
    session.add_all([NeedTheme(need_id=need.id, theme_id=key) for key in form.cross_cutting_theme_ids])
    session.add_all([NeedTargetGroup(need_id=need.id, target_group_id=key) for key in form.target_group_ids])
    session.add_all([NeedReader(need_id=need.id, person_id=key) for key in form.reader_ids])
    return need, True


def edit_need(session: Session, key: UUID, form: NeedChange, *, actor: Actor) -> Need:
    """Change a draft; what is submitted stays as it was submitted."""
    need = get_for_update(session, Need, key, needs.visible(actor))
    require(Permission.NEED_EDIT, need, actor)
    if need.state is not NeedState.DRAFT:
        raise Conflict(_("Ein eingereichter Bedarf wird nicht mehr geändert. Schreiben Sie einen Kommentar dazu."))
    changes = form.model_dump(exclude_unset=True, exclude_none=True)
    if form.topic_id:
        check_references(session, ("topic_id", Topic, [form.topic_id]))
    for name, value in changes.items():
        setattr(need, name, value)
    need.search_text = search_key(need.title, need.description)
    texts = {name: str(changes[name]) for name in Need.recorded_texts if name in changes}
    record(session, EventType.NEED_EDITED, need, actor=speaking_as_author(need, actor), texts=texts)
    return need


def transition_need(session: Session, key: UUID, form: NeedTransition, *, actor: Actor) -> Need:
    """Make a move of the need's table with what it needs."""
    need = get_for_update(session, Need, key, needs.visible(actor))
    scope = scope_of(need)
    decide(need, NEED, form.transition, actor=actor, reason=form.reason, scope=scope)
    data, texts = _carry_out(session, need, form, actor)
    move(
        session,
        need,
        NEED,
        form.transition,
        actor=actor,
        reason=form.reason,
        scope=scope,
        data=data,
        texts=texts,
    )
    return need


def _carry_out(
    session: Session, need: Need, form: NeedTransition, actor: Actor
) -> tuple[dict[str, object], dict[str, str]]:
    """Set what the move needs; the data and texts its event vouches for."""
    match form.transition:
        case "submit":
            need.submitted_at = now(session)
        case "merge":
            need.merged_into_id = _target_of_merge(session, need, form, actor).id
            return {"target_id": str(need.merged_into_id)}, {}
        case "forward":
            body = _body_to_forward_to(session, need, form, actor)
            former, need.body_id = need.body_id, body.id
            return {"from_body_id": str(former), "body_id": str(body.id)}, {}
        case "defer":
            need.resubmit_on = _day_to_look_again(session, form)
            return {"resubmit_on": need.resubmit_on.isoformat()}, {}
        case "answer":
            return _answer(session, need, form, actor)
        case "reopen":
            need.merged_into_id = need.resubmit_on = need.answer = need.answered_by_id = None
    return {}, {}


def _target_of_merge(session: Session, need: Need, form: NeedTransition, actor: Actor) -> Need:
    if form.target_id is None:
        raise Invalid(FieldError("target_id", _("Bitte nennen Sie den Bedarf, mit dem zusammengeführt wird.")))
    target = needs.find_need(session, form.target_id, actor)
    if target is None or target.id == need.id or target.body_id != need.body_id:
        raise Invalid(FieldError("target_id", _("Bitte wählen Sie einen anderen Bedarf desselben Gremiums.")))
    if target.state is NeedState.MERGED:
        raise Conflict(_("Der gewählte Bedarf ist selbst schon zusammengeführt. Wählen Sie den, in dem er aufging."))
    return target


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


def require_active(body: Body) -> None:
    """Raise Conflict where the body rests or has ended; its members may begin while it is still planned."""
    if body.state in (BodyState.DORMANT, BodyState.CLOSED):
        raise Conflict(_("Das Gremium arbeitet zurzeit nicht; deshalb ist hier nichts Neues möglich."))


def speaking_as_author(thing: Need, actor: Actor) -> Actor:
    """The actor, speaking from the seat the thing was written for, where it sits there."""
    held = next((seat for seat in actor.seats if seat.seat_id == thing.seat_id), None)
    return actor.speaking_for(held) if held else actor


def check_references(session: Session, *groups: tuple[str, type[SQLModel], Sequence[UUID]]) -> None:
    """Raise Invalid naming each field whose ids don't all exist."""
    errors = []
    for field, model, keys in groups:
        if not keys:
            continue
        key = col(model.id)  # type: ignore[attr-defined]
        found = set(session.exec(select(key).where(key.in_(set(keys)))).all())
        if found != set(keys):
            errors.append(FieldError(field, _("Diesen Eintrag gibt es nicht.")))
    if errors:
        raise Invalid(*errors)
