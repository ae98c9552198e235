"""Statements to give for an organisation, and statements a body has to answer."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, func
from sqlmodel import Session, col, select

from app.domain.actors import LEADING_ROLES, MembershipRole
from app.domain.consultations import RoundState, StatementState
from app.models.bodies import Body
from app.models.consultations import CommentRound, RoundOrganisation, Statement
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
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
    has_answered = exists().where(
        and_(
            col(Statement.round_id) == CommentRound.id,
            col(Statement.organisation_id) == RoundOrganisation.organisation_id,
            col(Statement.state) != StatementState.WITHDRAWN,
        )
    )
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
            ~has_answered,
        )
        .order_by(col(CommentRound.closes_at))
        .limit(MAXIMUM)
    )


def statements_to_dispose(session: Session, reader: Reader) -> list[Task]:
    """Recommendations with statements that nobody has answered, for Leitung, Redaktion and who looks after them."""
    editing = {*LEADING_ROLES, MembershipRole.RAPPORTEUR}
    body_ids = {seat.body_id for seat in reader.actor.seats if seat.role in editing} | reader.led_bodies
    if not body_ids:
        return []
    return [
        reader.task(
            TaskKind.DISPOSE_STATEMENTS,
            title=found.title,
            url=f"{key_of(found.reference, found.id)}/stellungnahmen",
            body_id=found.body_id,
            context=body_title,
            count=number,
            is_example=found.is_example,
        )
        for found, body_title, number in session.exec(_without_answer(), params={"body_ids": list(body_ids)}).all()
    ]


@cache
def _without_answer() -> Any:
    columns: list[Any] = [Recommendation, Body.title, func.count(col(Statement.id))]
    body_ids: Any = bindparam("body_ids", expanding=True)
    return (
        select(*columns)
        .select_from(Statement)
        .join(Recommendation, col(Recommendation.id) == Statement.recommendation_id)
        .join(Body, col(Body.id) == Recommendation.body_id)
        .where(col(Statement.state) == StatementState.OPEN, col(Recommendation.body_id).in_(body_ids))
        .group_by(col(Recommendation.id), col(Body.id))
        .limit(MAXIMUM)
    )
