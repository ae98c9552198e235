"""What a person can do with a goal: propose it, change the proposal, and move it on by a decision that is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.contributions import replace_links, require_active
from app.actions.creations import find_already_created
from app.actions.moves import decide, move
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.speaking import speaking_in
from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.goals import GOAL, GoalKind, GoalState
from app.domain.permissions import Permission
from app.domain.sorting import search_key
from app.errors import Conflict, FieldError, Invalid
from app.forms.goals import GoalChange, GoalForm, GoalTransition
from app.i18n import _
from app.models.base import new_id
from app.models.bodies import Body
from app.models.goals import Goal, GoalRecommendation
from app.models.recommendations import Recommendation
from app.queries import bodies, goals, recommendations
from app.queries.base import get_for_update


def propose_goal(session: Session, form: GoalForm, *, actor: Actor) -> tuple[Goal, bool]:
    """Propose a goal to a body. The flag is False where it stood already."""
    body = bodies.get_body(session, form.body_id, actor)
    require(Permission.GOAL_PROPOSE, body, actor)
    earlier = find_already_created(session, Goal, form, actor=actor)
    if earlier:
        return earlier, False
    require_active(body)
    speaker = speaking_in(actor, body.id, form.seat_id)
    _check_parent(session, form.kind, form.parent_id, body, actor)
    _check_recommendations(session, form.recommendation_ids, actor)
    moment = now(session)
    goal = Goal(
        id=form.id or new_id(moment),
        created_at=moment,
        body_id=body.id,
        kind=form.kind,
        parent_id=form.parent_id,
        title=form.title,
        description=form.description,
        search_text=search_key(form.title, form.description),
        state_since=moment,
        author_id=actor.person_id,
        organisation_id=speaker.organisation_id,
        seat_id=speaker.seat_id,
        is_example=body.is_example,
    )
    data = {
        "body_id": str(body.id),
        "kind": form.kind.value,
        "parent_id": str(form.parent_id) if form.parent_id else None,
        "recommendation_ids": [str(key) for key in form.recommendation_ids],
    }
    record_creation(session, EventType.GOAL_PROPOSED, goal, actor=speaker, data=data)
    session.flush()
    replace_links(session, GoalRecommendation, "goal_id", goal.id, "recommendation_id", form.recommendation_ids)
    return goal, True


def change_goal(session: Session, key: UUID, form: GoalChange, *, actor: Actor) -> Goal:
    """Change a proposal; of what is agreed only the recommendations it is linked with."""
    goal = get_for_update(session, Goal, key, goals.visible(actor))
    require(edit_permission(goal), goal, actor)
    if goal.state is GoalState.DROPPED:
        raise Conflict(_("Dieses Ziel ist aufgegeben und wird nicht mehr geändert."))
    data: dict[str, object] = {}
    texts = _changed_texts(goal, form.title, form.description)
    moves_parent = "parent_id" in form.model_fields_set and form.parent_id != goal.parent_id
    if goal.state is not GoalState.PROPOSED and (texts or moves_parent):
        raise Conflict(
            _("Dieses Ziel ist vereinbart. Sein Wortlaut ändert sich nur mit einem Beschluss: „Neu fassen“.")
        )
    if moves_parent:
        body = session.get_one(Body, goal.body_id)
        _check_parent(session, goal.kind, form.parent_id, body, actor, itself=goal.id)
        goal.parent_id = form.parent_id
        data["parent_id"] = str(form.parent_id) if form.parent_id else None
    _set_texts(goal, texts)
    if form.recommendation_ids is not None:
        data |= _change_recommendations(session, goal, form.recommendation_ids, actor)
    if data or texts:
        record(session, EventType.GOAL_CHANGED, goal, actor=actor, data=data, texts=texts)
    session.add(goal)
    return goal


def transition_goal(session: Session, key: UUID, form: GoalTransition, *, actor: Actor) -> Goal:
    """Make a move; to agree and to revise name the decision, its day and where it is written down."""
    goal = get_for_update(session, Goal, key, goals.visible(actor))
    facts = goals.facts_of_many(session, [goal.id])[goal.id]
    row = decide(goal, GOAL, form.transition, actor=actor, facts=facts, reason=form.reason)
    data: dict[str, object] = {}
    texts: dict[str, str] = {}
    if "decided_on" in row.needs:
        decided_on, reference = _decision(session, goal, form)
        goal.decided_on, goal.decision_reference = decided_on, reference
        data["decided_on"] = decided_on.isoformat()
        texts["decision_reference"] = reference
    if form.transition == "revise":
        changed = _changed_texts(goal, form.title, form.description)
        if not changed:
            raise Invalid(FieldError("title", _("Bitte ändern Sie den Wortlaut oder die Beschreibung.")))
        _set_texts(goal, changed)
        texts |= changed
    move(session, goal, GOAL, form.transition, actor=actor, facts=facts, reason=form.reason, data=data, texts=texts)
    return goal


def edit_permission(goal: Goal) -> Permission:
    """A proposal is its author's to change, too; what is agreed is the chair's."""
    return Permission.GOAL_EDIT if goal.state is GoalState.PROPOSED else Permission.GOAL_AGREE


def _decision(session: Session, goal: Goal, form: GoalTransition) -> tuple[date, str]:
    errors = []
    if form.decided_on is None:
        errors.append(FieldError("decided_on", _("Bitte nennen Sie den Tag des Beschlusses.")))
    elif form.decided_on > berlin_date(now(session)):
        errors.append(FieldError("decided_on", _("Der Tag des Beschlusses liegt in der Zukunft.")))
    elif goal.decided_on is not None and form.decided_on < goal.decided_on:
        errors.append(FieldError("decided_on", _("Dieser Tag liegt vor dem Beschluss, der bisher gilt.")))
    if form.decision_reference is None:
        errors.append(
            FieldError("decision_reference", _("Bitte nennen Sie, wo der Beschluss steht, zum Beispiel im Protokoll."))
        )
    if errors or form.decided_on is None or form.decision_reference is None:
        raise Invalid(*errors)
    return form.decided_on, form.decision_reference


def _check_parent(
    session: Session, kind: GoalKind, parent_id: UUID | None, body: Body, actor: Actor, *, itself: UUID | None = None
) -> None:
    if kind is GoalKind.STRATEGIC:
        if parent_id is not None:
            raise Invalid(FieldError("parent_id", _("Ein strategisches Ziel hängt an keinem anderen.")))
        return
    if parent_id is None:
        raise Invalid(FieldError("parent_id", _("Bitte nennen Sie das strategische Ziel, zu dem dieses gehört.")))
    possible = {each.id for each in goals.strategic_to_choose(session, body.id, actor, but=itself)}
    if parent_id not in possible:
        raise Invalid(FieldError("parent_id", _("Bitte wählen Sie ein strategisches Ziel desselben Handlungsfelds.")))


def _check_recommendations(session: Session, keys: Sequence[UUID], actor: Actor) -> None:
    if not keys:
        return
    statement = select(Recommendation.id).where(col(Recommendation.id).in_(keys), recommendations.visible(actor))
    if set(session.exec(statement).all()) != set(keys):
        raise Invalid(FieldError("recommendation_ids", _("Diese Empfehlung gibt es nicht.")))


def _change_recommendations(session: Session, goal: Goal, keys: Sequence[UUID], actor: Actor) -> dict[str, object]:
    """Link exactly these; what the actor can't see stays."""
    _check_recommendations(session, keys, actor)
    linked = select(GoalRecommendation.recommendation_id).where(GoalRecommendation.goal_id == goal.id)
    present = set(session.exec(linked).all())
    seen = set(goals.recommendation_ids_of(session, [goal.id], actor).get(goal.id, []))
    wanted = {*keys, *(present - seen)}
    if wanted == present:
        return {}
    replace_links(session, GoalRecommendation, "goal_id", goal.id, "recommendation_id", sorted(wanted))
    return {"recommendation_ids": sorted(map(str, wanted))}


def _changed_texts(goal: Goal, title: str | None, description: str | None) -> dict[str, str]:
    wanted = {"title": title, "description": description}
    return {name: text for name, text in wanted.items() if text is not None and text != getattr(goal, name)}


def _set_texts(goal: Goal, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        setattr(goal, name, text)
    goal.search_text = search_key(goal.title, goal.description)
