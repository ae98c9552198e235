"""What the Geschäftsstelle can do with a body: set it up, change it, and make its moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from app.actions.contributions import check_references
from app.actions.creations import find_already_created
from app.actions.moves import decide, move
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.slugs import free_slug
from app.clock import now
from app.domain.actors import Actor, PersonRole
from app.domain.bodies import BODY
from app.domain.consensus import RulesOfProcedure, RulesRefused
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.sorting import sort_key
from app.errors import FieldError, Invalid
from app.forms.bodies import BodyChange, BodyForm, BodyTransition
from app.i18n import _
from app.models.base import new_id
from app.models.bodies import Body, BodyResponsible
from app.models.people import Person
from app.models.programmes import FieldOfAction, GuidingQuestion, Topic
from app.queries import bodies
from app.queries.base import get_for_update

_PLAIN_FIELDS = ("title", "kind", "field_of_action_id", "mandate", "topic_id", "file_reference", "rules")


def create_body(session: Session, form: BodyForm, *, actor: Actor, is_example: bool = False) -> tuple[Body, bool]:
    """Set up a body; it is planned until activated. The flag is False where it stood already."""
    require(Permission.BODY_MANAGE, None, actor)
    earlier = find_already_created(session, Body, form, actor=actor)
    if earlier:
        return earlier, False
    check_rules(form.rules)
    _check_places(session, form.field_of_action_id, form.topic_id)
    _check_responsible(session, form.responsible_person_ids, form.cover_person_ids)
    body = Body(
        id=form.id or new_id(now(session)),
        created_at=now(session),
        title=form.title,
        slug=free_slug(session, Body, form.title),
        sort_key=sort_key(form.title),
        kind=form.kind,
        field_of_action_id=form.field_of_action_id,
        topic_id=form.topic_id,
        mandate=form.mandate,
        file_reference=form.file_reference,
        rules=form.rules,
        is_example=is_example,
    )
    record_creation(
        session,
        EventType.BODY_CREATED,
        body,
        actor=actor,
        data={"kind": body.kind.value, "field_of_action_id": str(body.field_of_action_id), "rules": form.rules},
    )
    session.flush()
    _ask(session, body, form.guiding_questions)
    _name_responsible(session, body, form.responsible_person_ids, form.cover_person_ids)
    return body, True


def change_body(session: Session, key: UUID, form: BodyChange, *, actor: Actor) -> Body:
    """Change what the form names; a running ballot keeps the rules it was opened under."""
    body = get_for_update(session, Body, key, bodies.visible(actor))
    require(Permission.BODY_MANAGE, body, actor)
    changes = {
        name: value
        for name, value in form.model_dump(exclude_unset=True).items()
        if value is not None or name in ("topic_id", "file_reference")
    }
    check_rules(changes.get("rules", {}))
    _check_places(session, changes.get("field_of_action_id"), changes.get("topic_id"))
    responsible, cover = bodies.list_responsible_ids(session, body.id)
    responsible = changes.get("responsible_person_ids", responsible)
    cover = changes.get("cover_person_ids", cover)
    _check_responsible(session, responsible, cover)
    for name in _PLAIN_FIELDS:
        if name in changes:
            setattr(body, name, changes[name])
    body.sort_key = sort_key(body.title)
    if "guiding_questions" in changes:
        _replace_questions(session, body, changes["guiding_questions"])
    if "responsible_person_ids" in changes or "cover_person_ids" in changes:
        session.exec(delete(BodyResponsible).where(col(BodyResponsible.body_id) == body.id))
        _name_responsible(session, body, responsible, cover)
    record(
        session,
        EventType.BODY_CHANGED,
        body,
        actor=actor,
        texts={name: changes[name] for name in Body.recorded_texts if changes.get(name)},
        data={"changed": sorted(changes), **({"rules": body.rules} if "rules" in changes else {})},
    )
    return body


def transition_body(session: Session, key: UUID, form: BodyTransition, *, actor: Actor) -> Body:
    """Make a move of the body's table."""
    body = get_for_update(session, Body, key, bodies.visible(actor))
    facts = bodies.facts_of(session, body.id)
    decide(body, BODY, form.transition, actor=actor, facts=facts, reason=form.reason)
    move(session, body, BODY, form.transition, actor=actor, facts=facts, reason=form.reason)
    return body


def check_rules(given: Mapping[str, Any]) -> None:
    """Raise Invalid naming each rule that is unknown or out of its range."""
    try:
        RulesOfProcedure.from_mapping(given)
    except RulesRefused as refused:
        raise Invalid(
            *(FieldError(f"rules.{problem.field}", problem.message) for problem in refused.problems)
        ) from refused


def _check_places(session: Session, field_id: UUID | None, topic_id: UUID | None) -> None:
    check_references(
        session,
        ("field_of_action_id", FieldOfAction, [field_id] if field_id else []),
        ("topic_id", Topic, [topic_id] if topic_id else []),
    )


def _check_responsible(session: Session, responsible: Sequence[UUID], cover: Sequence[UUID]) -> None:
    wanted = {*responsible, *cover}
    if not wanted:
        return
    statement = select(Person.id).where(
        col(Person.id).in_(wanted),
        Person.role == PersonRole.SECRETARIAT,
        col(Person.ended_at).is_(None),
        col(Person.redacted_at).is_(None),
    )
    found = set(session.exec(statement).all())
    sentence = _("Zuständig sein und vertreten können nur Personen der Geschäftsstelle.")
    errors = [
        FieldError(field, sentence)
        for field, keys in (("responsible_person_ids", responsible), ("cover_person_ids", cover))
        if not set(keys) <= found
    ]
    if errors:
        raise Invalid(*errors)


def _name_responsible(session: Session, body: Body, responsible: Iterable[UUID], cover: Iterable[UUID]) -> None:
    chosen = dict.fromkeys(cover, True) | dict.fromkeys(responsible, False)
    session.add_all(
        [BodyResponsible(body_id=body.id, person_id=key, is_cover=is_cover) for key, is_cover in chosen.items()]
    )


def _ask(session: Session, body: Body, questions: Iterable[str]) -> None:
    for text in dict.fromkeys(questions):
        session.add(
            GuidingQuestion(
                id=new_id(now(session)),
                created_at=now(session),
                title=text,
                slug=free_slug(session, GuidingQuestion, text),
                topic_id=body.topic_id,
                body_id=body.id,
                is_example=body.is_example,
            )
        )
        session.flush()


def _replace_questions(session: Session, body: Body, wanted: Sequence[str]) -> None:
    """A question that is asked no longer leaves the body and keeps its page: needs may answer to it."""
    standing = session.exec(select(GuidingQuestion).where(GuidingQuestion.body_id == body.id)).all()
    for question in standing:
        if question.title not in wanted:
            question.body_id = None
            session.add(question)
    known = {question.title for question in standing}
    _ask(session, body, [text for text in wanted if text not in known])
