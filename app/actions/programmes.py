"""What the Geschäftsstelle does with programmes and their structure."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session, select

from app.actions.creations import find_already_created
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.slugs import free_slug
from app.clock import now
from app.domain.actors import Actor
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.sorting import sort_key
from app.errors import FieldError, Invalid
from app.forms.programmes import (
    FieldChange,
    FieldForm,
    NameChange,
    NameForm,
    ProgrammeChange,
    ProgrammeForm,
    QuestionChange,
    QuestionForm,
    TopicChange,
    TopicForm,
)
from app.i18n import _
from app.models.base import Table, new_id
from app.models.bodies import Body
from app.models.programmes import (
    CrossCuttingTheme,
    FieldOfAction,
    GuidingQuestion,
    Programme,
    TargetGroup,
    Topic,
)
from app.queries import programmes
from app.queries.base import get_for_update

N = TypeVar("N", CrossCuttingTheme, TargetGroup)


def create_programme(session: Session, form: ProgrammeForm, *, actor: Actor) -> tuple[Programme, bool]:
    """Set up a programme; the flag is False where it stood already."""
    require(Permission.PROGRAMME_MANAGE, None, actor)
    earlier = find_already_created(session, Programme, form, actor=actor)
    if earlier:
        return earlier, False
    programme = Programme(**_own(session, form))
    record_creation(session, EventType.PROGRAMME_CREATED, programme, actor=actor)
    return programme, True


def change_programme(session: Session, key: UUID, form: ProgrammeChange, *, actor: Actor) -> Programme:
    """Change what a programme says about itself."""
    require(Permission.PROGRAMME_MANAGE, None, actor)
    programme = get_for_update(session, Programme, key)
    changes = _apply(programme, form)
    if changes:
        texts = {name: str(changes[name]) for name in Programme.recorded_texts if name in changes}
        record(session, EventType.PROGRAMME_CHANGED, programme, actor=actor, texts=texts)
    return programme


def create_field(session: Session, form: FieldForm, *, actor: Actor) -> tuple[FieldOfAction, bool]:
    """Add a field of action to a programme, after those it has."""
    require(Permission.PROGRAMME_MANAGE, None, actor)
    earlier = find_already_created(session, FieldOfAction, form, actor=actor)
    if earlier:
        return earlier, False
    programme_id = chosen_programme(session, form.programme_id)
    siblings = session.exec(select(FieldOfAction).where(FieldOfAction.programme_id == programme_id)).all()
    if any(field.code == form.code for field in siblings):
        raise Invalid(FieldError("code", _("Dieses Kürzel hat schon ein anderes Handlungsfeld.")))
    if form.parent_id is not None and form.parent_id not in {field.id for field in siblings}:
        raise Invalid(FieldError("parent_id", _("Dieses übergeordnete Handlungsfeld gibt es im Programm nicht.")))
    values = _own(session, form) | {"programme_id": programme_id}
    field = FieldOfAction(
        **values,
        slug=free_slug(session, FieldOfAction, form.name),
        rank=max((f.rank for f in siblings), default=-1) + 1,
    )
    session.add(field)
    return field, True


def change_field(session: Session, key: UUID, form: FieldChange, *, actor: Actor) -> FieldOfAction:
    """Change a field's name, kind or description; its address stays."""
    require(Permission.PROGRAMME_MANAGE, None, actor)
    field = get_for_update(session, FieldOfAction, key)
    _apply(field, form)
    return field


def create_theme(session: Session, form: NameForm, *, actor: Actor) -> tuple[CrossCuttingTheme, bool]:
    """Add a cross-cutting theme."""
    return _create_named(session, CrossCuttingTheme, form, actor)


def change_theme(session: Session, key: UUID, form: NameChange, *, actor: Actor) -> CrossCuttingTheme:
    """Rename a cross-cutting theme; its address stays."""
    return _rename(session, CrossCuttingTheme, key, form, actor)


def create_target_group(session: Session, form: NameForm, *, actor: Actor) -> tuple[TargetGroup, bool]:
    """Add a target group."""
    return _create_named(session, TargetGroup, form, actor)


def change_target_group(session: Session, key: UUID, form: NameChange, *, actor: Actor) -> TargetGroup:
    """Rename a target group; its address stays."""
    return _rename(session, TargetGroup, key, form, actor)


def create_topic(session: Session, form: TopicForm, *, actor: Actor, is_example: bool = False) -> tuple[Topic, bool]:
    """Add a topic to a field."""
    require(Permission.PROGRAMME_MANAGE, None, actor)
    earlier = find_already_created(session, Topic, form, actor=actor)
    if earlier:
        return earlier, False
    _check_exists(session, FieldOfAction, form.field_of_action_id, "field_of_action_id")
    topic = Topic(**_own(session, form), slug=free_slug(session, Topic, form.title), is_example=is_example)
    session.add(topic)
    return topic, True


def change_topic(session: Session, key: UUID, form: TopicChange, *, actor: Actor) -> Topic:
    """Change a topic's title, field or year; its address stays."""
    require(Permission.PROGRAMME_MANAGE, None, actor)
    topic = get_for_update(session, Topic, key)
    if form.field_of_action_id is not None:
        _check_exists(session, FieldOfAction, form.field_of_action_id, "field_of_action_id")
    _apply(topic, form, may_be_empty=frozenset({"year"}))
    return topic


def create_question(session: Session, form: QuestionForm, *, actor: Actor) -> tuple[GuidingQuestion, bool]:
    """Ask a guiding question."""
    require(Permission.PROGRAMME_MANAGE, None, actor)
    earlier = find_already_created(session, GuidingQuestion, form, actor=actor)
    if earlier:
        return earlier, False
    _check_exists(session, Topic, form.topic_id, "topic_id")
    _check_exists(session, Body, form.body_id, "body_id")
    question = make_question(session, form.title, topic_id=form.topic_id, body_id=form.body_id, key=form.id)
    return question, True


def make_question(
    session: Session,
    title: str,
    *,
    topic_id: UUID | None = None,
    body_id: UUID | None = None,
    key: UUID | None = None,
    is_example: bool = False,
) -> GuidingQuestion:
    """Store a guiding question with an address of its own; whoever calls has asked for permission."""
    title = " ".join(title.split())
    question = GuidingQuestion(
        id=key or new_id(now(session)),
        created_at=now(session),
        title=title,
        slug=free_slug(session, GuidingQuestion, title),
        topic_id=topic_id,
        body_id=body_id,
        is_example=is_example,
    )
    session.add(question)
    return question


def change_question(session: Session, key: UUID, form: QuestionChange, *, actor: Actor) -> GuidingQuestion:
    """Change a guiding question, or of what it is asked; its address stays."""
    require(Permission.PROGRAMME_MANAGE, None, actor)
    question = get_for_update(session, GuidingQuestion, key)
    _check_exists(session, Topic, form.topic_id, "topic_id")
    _check_exists(session, Body, form.body_id, "body_id")
    _apply(question, form, may_be_empty=frozenset({"topic_id", "body_id"}))
    return question


def chosen_programme(session: Session, key: UUID | None) -> UUID:
    """The programme named, or the first one; Invalid where there is none of that id."""
    if key is not None and session.get(Programme, key) is None:
        raise Invalid(FieldError("programme_id", _("Dieses Programm gibt es nicht.")))
    return key or programmes.get_programme(session).id


def _create_named(session: Session, model: type[N], form: NameForm, actor: Actor) -> tuple[N, bool]:
    require(Permission.PROGRAMME_MANAGE, None, actor)
    earlier = find_already_created(session, model, form, actor=actor)
    if earlier:
        return earlier, False
    made = model(**_own(session, form), slug=free_slug(session, model, form.name), sort_key=sort_key(form.name))
    session.add(made)
    return made, True


def _rename(session: Session, model: type[N], key: UUID, form: NameChange, actor: Actor) -> N:
    require(Permission.PROGRAMME_MANAGE, None, actor)
    found = get_for_update(session, model, key)
    found.name, found.sort_key = form.name, sort_key(form.name)
    return found


def _own(session: Session, form: BaseModel) -> dict[str, Any]:
    moment = now(session)
    values = form.model_dump()
    return {**values, "id": values.get("id") or new_id(moment), "created_at": moment}


def _apply(thing: Table, form: BaseModel, may_be_empty: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Set what was sent and is new; gives it back."""
    sent = form.model_dump(exclude_unset=True)
    changes = {
        name: value
        for name, value in sent.items()
        if (value is not None or name in may_be_empty) and getattr(thing, name) != value
    }
    for name, value in changes.items():
        setattr(thing, name, value)
    return changes


def _check_exists(session: Session, model: type[Table], key: UUID | None, field: str) -> None:
    if key is not None and session.get(model, key) is None:
        raise Invalid(FieldError(field, _("Diesen Eintrag gibt es nicht.")))
