"""Reads of a programme's structure: fields of action, themes, target groups, topics, guiding questions.

All of it is public, but for the question of a body that is still being planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, or_
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import Actor
from app.domain.editions import EditionState, FieldKind
from app.errors import NotFound
from app.models.base import Table
from app.models.bodies import Body
from app.models.programmes import CrossCuttingTheme, Edition, FieldOfAction, GuidingQuestion, TargetGroup, Topic
from app.queries import bodies
from app.queries.base import DEFAULT_LIMIT, Page, page_of
from app.queries.finding import containing

T = TypeVar("T", bound=Table)
N = TypeVar("N", CrossCuttingTheme, TargetGroup)


def list_fields(
    session: Session,
    *,
    programme_id: UUID | None = None,
    parent_id: UUID | None = None,
    kind: FieldKind | None = None,
    code: str | None = None,
    q: str | None = None,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[FieldOfAction]:
    """Fields of action, newest first."""
    statement = _narrowed(
        select(FieldOfAction).where(containing(session, FieldOfAction, FieldOfAction.name, q)),
        (FieldOfAction.programme_id, programme_id),
        (FieldOfAction.parent_id, parent_id),
        (FieldOfAction.kind, kind),
        (FieldOfAction.code, code),
    )
    return page_of(session, statement, FieldOfAction, limit=limit, after=after)


def carried_on(programme_id: Any) -> ColumnElement[bool]:
    """The programme is not over: one of its editions is not archived, or it has none yet."""
    archived = select(Edition.programme_id).where(Edition.state == EditionState.ARCHIVED)
    others = select(Edition.programme_id).where(Edition.state != EditionState.ARCHIVED)
    return or_(col(programme_id).in_(others), col(programme_id).not_in(archived))


def fields_in_order(session: Session, *, beside: str | None = None) -> Sequence[FieldOfAction]:
    """The fields of what is carried on; `beside` a slug those of its programme, even where that is over."""
    programme_id = select(FieldOfAction.programme_id).where(FieldOfAction.slug == beside)
    chosen = col(FieldOfAction.programme_id).in_(programme_id) if beside else carried_on(FieldOfAction.programme_id)
    return session.exec(_in_order(select(FieldOfAction).where(chosen))).all()


def every_field(session: Session) -> Sequence[FieldOfAction]:
    """Every field, those of what is carried on first."""
    return session.exec(_in_order(select(FieldOfAction))).all()


def fields_of_programme(session: Session, programme_id: UUID) -> Sequence[FieldOfAction]:
    """The fields of one programme."""
    return session.exec(_in_order(select(FieldOfAction).where(FieldOfAction.programme_id == programme_id))).all()


def get_field(session: Session, key: UUID | str) -> FieldOfAction:
    """One field by id or slug."""
    return _one(session, select(FieldOfAction), FieldOfAction, key)


def list_named(
    session: Session, model: type[N], *, q: str | None = None, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[N]:
    """Cross-cutting themes or target groups, newest first."""
    statement = select(model).where(containing(session, model, model.name, q))
    return page_of(session, statement, model, limit=limit, after=after)


def named_in_order(session: Session, model: type[N]) -> Sequence[N]:
    """Every cross-cutting theme or target group, in German order."""
    return session.exec(select(model).order_by(col(model.sort_key), col(model.id))).all()


def get_named(session: Session, model: type[N], key: UUID | str) -> N:
    """One cross-cutting theme or target group by id or slug."""
    return _one(session, select(model), model, key)


def list_topics(
    session: Session,
    *,
    field_of_action_id: UUID | None = None,
    year: int | None = None,
    q: str | None = None,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[Topic]:
    """Topics, newest first."""
    statement = _narrowed(
        select(Topic).where(containing(session, Topic, Topic.title, q)),
        (Topic.field_of_action_id, field_of_action_id),
        (Topic.year, year),
    )
    return page_of(session, statement, Topic, limit=limit, after=after)


def topics_in_order(session: Session, field_id: UUID | None = None) -> Sequence[Topic]:
    """The topics of a field, or all, with their field; those of a year first, then by the alphabet."""
    statement = select(Topic).options(joinedload(Topic.field_of_action))  # type: ignore[arg-type]
    if field_id is not None:
        statement = statement.where(Topic.field_of_action_id == field_id)
    return session.exec(statement.order_by(col(Topic.year).desc().nulls_last(), col(Topic.slug))).all()


def get_topic(session: Session, key: UUID | str) -> Topic:
    """One topic by id or slug, with its field."""
    return _one(session, select(Topic).options(joinedload(Topic.field_of_action)), Topic, key)  # type: ignore[arg-type]


def visible_questions(actor: Actor) -> ColumnElement[bool]:
    """Guiding questions are public; that of a body which is hidden is hidden with it."""
    body = exists().where(col(Body.id) == GuidingQuestion.body_id, bodies.visible(actor))
    return or_(col(GuidingQuestion.body_id).is_(None), body)


def list_questions(
    session: Session,
    actor: Actor,
    *,
    topic_id: UUID | None = None,
    body_id: UUID | None = None,
    q: str | None = None,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[GuidingQuestion]:
    """Guiding questions the actor may read, newest first."""
    statement = _narrowed(
        select(GuidingQuestion).where(
            visible_questions(actor), containing(session, GuidingQuestion, GuidingQuestion.title, q)
        ),
        (GuidingQuestion.topic_id, topic_id),
        (GuidingQuestion.body_id, body_id),
    )
    return page_of(session, statement, GuidingQuestion, limit=limit, after=after)


def questions_in_order(
    session: Session, actor: Actor, *, topic_id: UUID | None = None, field_id: UUID | None = None
) -> Sequence[GuidingQuestion]:
    """The guiding questions of a topic, or of a field by its topics and bodies, or all; oldest first."""
    statement = select(GuidingQuestion).where(visible_questions(actor))
    if topic_id is not None:
        statement = statement.where(GuidingQuestion.topic_id == topic_id)
    if field_id is not None:
        topics = select(Topic.id).where(Topic.field_of_action_id == field_id)
        of_field = select(Body.id).where(Body.field_of_action_id == field_id)
        statement = statement.where(
            or_(col(GuidingQuestion.topic_id).in_(topics), col(GuidingQuestion.body_id).in_(of_field))
        )
    return session.exec(statement.order_by(col(GuidingQuestion.created_at), col(GuidingQuestion.id))).all()


def get_question(session: Session, key: UUID | str, actor: Actor) -> GuidingQuestion:
    """One guiding question by id or slug, with its topic; NotFound where absent or hidden."""
    statement = (
        select(GuidingQuestion).options(joinedload(GuidingQuestion.topic)).where(visible_questions(actor))  # type: ignore[arg-type]
    )
    return _one(session, statement, GuidingQuestion, key)


def _in_order(statement: SelectOfScalar[FieldOfAction]) -> SelectOfScalar[FieldOfAction]:
    what_is_over_last = case((carried_on(FieldOfAction.programme_id), 0), else_=1)
    return statement.order_by(
        what_is_over_last, col(FieldOfAction.programme_id), col(FieldOfAction.rank), col(FieldOfAction.code)
    )


def _narrowed(statement: SelectOfScalar[T], *pairs: tuple[Any, Any]) -> SelectOfScalar[T]:
    for column, value in pairs:
        if value is not None:
            statement = statement.where(column == value)
    return statement


def _one(session: Session, statement: SelectOfScalar[T], model: Any, key: UUID | str) -> T:
    statement = statement.where(model.id == key if isinstance(key, UUID) else model.slug == key)
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound()
    return found
