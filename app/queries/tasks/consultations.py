"""Statements to give for an organisation, and statements and amendments a body has to answer."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, literal, union_all
from sqlmodel import Session, col, select

from app.domain.actors import LEADING_ROLES, MembershipRole
from app.domain.amendments import AmendmentState
from app.domain.consultations import RoundState, StatementState
from app.domain.events import EventType
from app.domain.recommendations import RecommendationState
from app.models.amendments import Amendment
from app.models.bodies import Body
from app.models.consultations import CommentRound, RoundOrganisation, Statement
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.models.record import Event
from app.queries.consultations import has_answered
from app.queries.tasks.base import MAXIMUM, Reader, Task, characters_of, key_of, title_of
from app.wording.tasks import TaskKind


def statements_to_give(session: Session, reader: Reader) -> list[Task]:
    """Open rounds in which an organisation of the reader was asked and has said nothing yet."""
    asked = {"acts_for": list(reader.actor.acts_for), "moment": reader.moment}
    return [
        reader.task(
            TaskKind.GIVE_STATEMENT,
            title=title or found.title,
            url=f"{key_of(found.reference, found.id)}/stellungnahmen",
            due=opened.closes_at,
            body_id=opened.body_id,
            context=organisation.name,
            characters=characters,
            is_personal=True,
            is_example=found.is_example,
        )
        for opened, found, organisation, title, characters in session.exec(_rounds_to_answer(), params=asked).all()
    ]


@cache
def _rounds_to_answer() -> Any:
    columns: list[Any] = [
        CommentRound,
        Recommendation,
        Organisation,
        title_of(CommentRound.recommendation_id, CommentRound.version),
        characters_of(CommentRound.recommendation_id, CommentRound.version),
    ]
    return (
        select(*columns)
        .join(RoundOrganisation, col(RoundOrganisation.round_id) == CommentRound.id)
        .join(Recommendation, col(Recommendation.id) == CommentRound.recommendation_id)
        .join(Organisation, col(Organisation.id) == RoundOrganisation.organisation_id)
        .where(
            col(CommentRound.state) == RoundState.OPEN,
            col(CommentRound.closes_at) > bindparam("moment"),
            col(RoundOrganisation.organisation_id).in_(bindparam("acts_for", expanding=True)),
            ~has_answered(CommentRound.id, RoundOrganisation.organisation_id),
        )
        .order_by(col(CommentRound.closes_at))
        .limit(MAXIMUM)
    )


def voices_to_answer(session: Session, reader: Reader) -> list[Task]:
    """Recommendations with statements or amendments that nobody has answered, and drafts given back; one statement.

    For Leitung, Redaktion and who looks after them.
    """
    editing = {*LEADING_ROLES, MembershipRole.RAPPORTEUR}
    body_ids = {seat.body_id for seat in reader.actor.seats if seat.role in editing} | reader.led_bodies
    if not body_ids:
        return []
    return [
        reader.task(
            TaskKind(kind),
            title=title,
            url=key_of(reference, key) + _PAGES[TaskKind(kind)],
            body_id=body_id,
            context=body_title,
            count=number,
            is_example=is_example,
        )
        for kind, key, reference, title, is_example, body_id, body_title, number in session.connection().execute(
            _without_answer(), {"body_ids": list(body_ids)}
        )
    ]


_BODIES: Any = bindparam("body_ids", expanding=True)
_PAGES = {
    TaskKind.DISPOSE_STATEMENTS: "/stellungnahmen",
    TaskKind.DISPOSE_AMENDMENTS: "/aenderungsvorschlaege",
    TaskKind.REVISE_DRAFT: "",
}


@cache
def _without_answer() -> Any:
    return union_all(
        _open_ones(TaskKind.DISPOSE_STATEMENTS, Statement, StatementState.OPEN),
        _open_ones(TaskKind.DISPOSE_AMENDMENTS, Amendment, AmendmentState.OPEN),
        _given_back(),
    ).limit(MAXIMUM)


def _given_back() -> Any:
    """Drafts that were further already."""
    returned = exists().where(
        and_(
            col(Event.subject_id) == Recommendation.id,
            col(Event.type) == EventType.RECOMMENDATION_RETURNED,
        )
    )
    return (
        select(*_columns(TaskKind.REVISE_DRAFT, literal(1)))
        .join(Body, col(Body.id) == Recommendation.body_id)
        .where(
            col(Recommendation.body_id).in_(_BODIES),
            col(Recommendation.state) == RecommendationState.DRAFT,
            returned,
        )
    )


def _open_ones(kind: TaskKind, model: Any, still_open: Any) -> Any:
    counted = (
        select(col(model.recommendation_id).label("recommendation_id"), func.count().label("number"))
        .where(col(model.state) == still_open)
        .group_by(col(model.recommendation_id))
        .subquery()
    )
    return (
        select(*_columns(kind, counted.c.number))
        .join(counted, counted.c.recommendation_id == Recommendation.id)
        .join(Body, col(Body.id) == Recommendation.body_id)
        .where(col(Recommendation.body_id).in_(_BODIES), col(Recommendation.state) != RecommendationState.DISCONTINUED)
    )


def _columns(kind: TaskKind, number: Any) -> list[Any]:
    return [
        literal(kind.value).label("kind"),
        Recommendation.id,
        Recommendation.reference,
        Recommendation.title,
        Recommendation.is_example,
        col(Body.id).label("body_id"),
        col(Body.title).label("body_title"),
        number.label("number"),
    ]
