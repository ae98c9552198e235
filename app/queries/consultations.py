"""Reads of Stellungnahmeverfahren: rounds, their questions, whom they ask, and their statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, true
from sqlalchemy.orm import contains_eager, joinedload
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import Actor
from app.domain.consultations import Audience, Disposition, RoundState, StatementKind, StatementState
from app.domain.deadlines import is_over
from app.domain.recommendations import PUBLIC_STATES
from app.errors import NotFound
from app.models.consultations import CommentRound, RoundOrganisation, RoundQuestion, Statement
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation, Version
from app.models.record import RecordText
from app.queries.audiences import in_audience
from app.queries.base import DEFAULT_LIMIT, Page, page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFilter:
    """What a list of statements is narrowed to; None leaves a field open. `on_whole` means on no single block."""

    round_id: UUID | None = None
    recommendation_id: UUID | None = None
    state: StatementState | None = None
    kind: StatementKind | None = None
    disposition: Disposition | None = None
    organisation_id: UUID | None = None
    block_id: UUID | None = None
    on_whole: bool = False


@dataclass(frozen=True, slots=True)
class StatementCount:
    """How many statements of a round are of one kind and outcome; withdrawn ones don't count."""

    round_id: UUID
    kind: StatementKind
    state: StatementState
    disposition: Disposition | None
    number: int


def reads_inside(actor: Actor, body_id: UUID) -> bool:
    """True for the body, the Geschäftsstelle and the Prüfung, who read every statement."""
    return actor.is_secretariat or actor.is_auditor or body_id in actor.body_ids


def visible_rounds(actor: Actor, moment: datetime) -> ColumnElement[bool]:
    """Rounds an actor may read: the body's, those it was asked in, open ones, and all of a publication."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    return or_(
        in_audience(actor, moment),
        _was_asked(actor),
        col(CommentRound.body_id).in_(actor.body_ids),
        _is_published(CommentRound.recommendation_id),
    )


def visible_statements(actor: Actor) -> ColumnElement[bool]:
    """Statements an actor may read: all for the body, else its own organisation's and what publication opens."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    is_public = exists().where(
        and_(col(CommentRound.id) == Statement.round_id, col(CommentRound.audience) == Audience.PUBLIC)
    )
    opened = and_(
        col(Statement.state) != StatementState.WITHDRAWN,
        or_(col(Statement.publish), is_public),
        _is_published(Statement.recommendation_id),
    )
    if not actor.is_signed_in:
        return opened
    return or_(
        opened,
        col(Statement.body_id).in_(actor.body_ids),
        col(Statement.organisation_id).in_(actor.acts_for),
        col(Statement.author_id) == actor.person_id,
    )


def _was_asked(actor: Actor) -> ColumnElement[bool]:
    if not actor.is_signed_in:
        return false()
    return exists().where(
        and_(
            col(RoundOrganisation.round_id) == CommentRound.id,
            col(RoundOrganisation.organisation_id).in_(actor.acts_for),
        )
    )


def _is_published(recommendation_id: Any) -> ColumnElement[bool]:
    return exists().where(
        and_(col(Recommendation.id) == recommendation_id, col(Recommendation.state).in_(PUBLIC_STATES))
    )


def effective_state(found: CommentRound, moment: datetime) -> RoundState:
    """The state as readers see it: from the closing moment on a round is closed, recorded or not yet."""
    return RoundState.CLOSED if is_over(found.closes_at, moment) else found.state


def get_round(session: Session, key: UUID, actor: Actor) -> CommentRound:
    """One round with its recommendation; NotFound where absent or hidden."""
    statement = (
        select(CommentRound)
        .options(joinedload(CommentRound.recommendation))  # type: ignore[arg-type]
        .where(CommentRound.id == key, visible_rounds(actor, now(session)))
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound()
    return found


def known_rounds(actor: Actor, moment: datetime) -> ColumnElement[bool]:
    """Rounds an actor may read or could once answer: who comes too late is told so, not that nothing is there."""
    open_to = [Audience.PUBLIC, Audience.PARTICIPANTS] if actor.is_signed_in else [Audience.PUBLIC]
    return or_(visible_rounds(actor, moment), col(CommentRound.audience).in_(open_to))


def list_rounds(session: Session, recommendation_id: UUID, actor: Actor) -> Sequence[CommentRound]:
    """The rounds on a recommendation the actor may read, newest first."""
    statement = (
        select(CommentRound)
        .where(CommentRound.recommendation_id == recommendation_id, visible_rounds(actor, now(session)))
        .order_by(col(CommentRound.number).desc())
    )
    return session.exec(statement).all()


def page_of_rounds(
    session: Session, recommendation_id: UUID, actor: Actor, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[CommentRound]:
    """The same, page by page."""
    statement = select(CommentRound).where(
        CommentRound.recommendation_id == recommendation_id, visible_rounds(actor, now(session))
    )
    return page_of(session, statement, CommentRound, limit=limit, after=after)


def list_questions(session: Session, round_ids: Sequence[UUID]) -> Sequence[RoundQuestion]:
    """The questions of these rounds in their order."""
    if not round_ids:
        return []
    statement = (
        select(RoundQuestion)
        .where(col(RoundQuestion.round_id).in_(round_ids))
        .order_by(col(RoundQuestion.round_id), col(RoundQuestion.position))
    )
    return session.exec(statement).all()


def list_asked(session: Session, round_id: UUID) -> Sequence[Organisation]:
    """The organisations a round asks, in German order."""
    statement = (
        select(Organisation)
        .join(RoundOrganisation, col(RoundOrganisation.organisation_id) == Organisation.id)
        .where(RoundOrganisation.round_id == round_id)
        .order_by(col(Organisation.sort_key), col(Organisation.id))
    )
    return session.exec(statement).all()


def list_answering(session: Session, round_id: UUID) -> Sequence[Organisation]:
    """The organisations that made a statement in a round, in German order."""
    has_answered = exists().where(
        and_(col(Statement.organisation_id) == Organisation.id, col(Statement.round_id) == round_id)
    )
    statement = select(Organisation).where(has_answered).order_by(col(Organisation.sort_key), col(Organisation.id))
    return session.exec(statement).all()


def organisation_names(session: Session, keys: Sequence[UUID]) -> dict[UUID, str]:
    """The names of these organisations."""
    found = session.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(keys)))
    return dict(list(found))


def asked_among(session: Session, round_id: UUID, organisation_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Which of these organisations a round asks."""
    statement = select(RoundOrganisation.organisation_id).where(
        RoundOrganisation.round_id == round_id, col(RoundOrganisation.organisation_id).in_(organisation_ids)
    )
    return frozenset(session.exec(statement).all())


def list_statements(
    session: Session,
    actor: Actor,
    chosen: StatementFilter,
    *,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[Statement]:
    """Statements the actor may read with their organisations and files, newest first."""
    statement = (
        select(Statement)
        .options(joinedload(Statement.organisation), joinedload(Statement.files))  # type: ignore[arg-type]
        .where(visible_statements(actor), *conditions_of(chosen))
    )
    return page_of(session, statement, Statement, limit=limit, after=after)


def get_statement(session: Session, key: UUID, actor: Actor) -> Statement:
    """One statement with its organisation; NotFound where absent or hidden."""
    statement = (
        select(Statement)
        .options(joinedload(Statement.organisation))  # type: ignore[arg-type]
        .where(Statement.id == key, visible_statements(actor))
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound()
    return found


def count_statements(session: Session, round_ids: Sequence[UUID]) -> list[StatementCount]:
    """How many statements each round has, by kind and outcome: numbers and dispositions are for every reader."""
    if not round_ids:
        return []
    columns: list[Any] = [Statement.round_id, Statement.kind, Statement.state, Statement.disposition]
    counted: list[Any] = [*columns, func.count()]
    statement = (
        select(*counted)
        .where(col(Statement.round_id).in_(round_ids), col(Statement.state) != StatementState.WITHDRAWN)
        .group_by(*columns)
    )
    return [StatementCount(*row) for row in session.exec(statement)]


def list_open_rounds(session: Session, actor: Actor) -> list[tuple[CommentRound, str]]:
    """The rounds open now that ask the actor (public ones ask everybody), with the title of the pinned version.

    Next deadline first.
    """
    moment = now(session)
    is_open = and_(col(CommentRound.state) == RoundState.OPEN, col(CommentRound.closes_at) > moment)
    asks = in_audience(actor, moment)
    if actor.is_secretariat or actor.is_auditor:
        asks = true()
    statement = (
        _with_pinned_title(select(CommentRound, RecordText.text))
        .join(Recommendation, col(Recommendation.id) == CommentRound.recommendation_id)
        .options(
            contains_eager(CommentRound.recommendation).joinedload(Recommendation.body)  # type: ignore[arg-type]
        )
        .where(is_open, or_(asks, col(CommentRound.body_id).in_(actor.body_ids)))
        .order_by(col(CommentRound.closes_at), col(CommentRound.id))
    )
    return [(found, title or "") for found, title in session.exec(statement)]


def list_own_statements(session: Session, actor: Actor, *, limit: int = 50) -> list[tuple[Statement, str]]:
    """What the actor and the organisations it acts for said, newest first, with the title it was said about."""
    statement = (
        _with_pinned_title(
            select(Statement, RecordText.text).join(CommentRound, col(CommentRound.id) == Statement.round_id)
        )
        .options(joinedload(Statement.organisation))  # type: ignore[arg-type]
        .where(or_(col(Statement.author_id) == actor.person_id, col(Statement.organisation_id).in_(actor.acts_for)))
        .order_by(col(Statement.created_at).desc(), col(Statement.id).desc())
        .limit(limit)
    )
    return [(found, title or "") for found, title in session.exec(statement)]


def _with_pinned_title(statement: Any) -> Any:
    return statement.join(
        Version,
        and_(
            col(Version.recommendation_id) == CommentRound.recommendation_id,
            col(Version.number) == CommentRound.version,
        ),
    ).join(RecordText, and_(col(RecordText.owner_id) == Version.id, col(RecordText.field) == "title"))


def has_answered(round_id: Any, organisation_id: Any) -> ColumnElement[bool]:
    """The organisation has said something in the round, both columns or keys; asking for more time is no answer."""
    return exists().where(
        and_(
            col(Statement.round_id) == round_id,
            col(Statement.organisation_id) == organisation_id,
            _is_answer(),
        )
    )


def answered_rounds(session: Session, round_ids: Sequence[UUID], actor: Actor) -> frozenset[UUID]:
    """Those rounds in which the actor or an organisation it acts for has answered."""
    if not round_ids or not actor.is_signed_in:
        return frozenset()
    statement = select(Statement.round_id).where(
        col(Statement.round_id).in_(round_ids),
        _is_answer(),
        or_(
            col(Statement.organisation_id).in_(actor.acts_for),
            col(Statement.author_id) == actor.person_id,
        ),
    )
    return frozenset(session.exec(statement).all())


def conditions_of(chosen: StatementFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on statements."""
    names = ("round_id", "recommendation_id", "state", "kind", "disposition", "organisation_id", "block_id")
    found: list[ColumnElement[bool]] = [
        col(getattr(Statement, name)) == getattr(chosen, name) for name in names if getattr(chosen, name) is not None
    ]
    if chosen.on_whole:
        found.append(col(Statement.block_id).is_(None))
    return found


def reads_reason(statement: Statement, actor: Actor) -> bool:
    """True for those who read why a statement was answered so: the body, and for whom it was said."""
    if reads_inside(actor, statement.body_id):
        return True
    if not actor.is_signed_in:
        return False
    return statement.author_id == actor.person_id or statement.organisation_id in actor.acts_for


def _is_answer() -> ColumnElement[bool]:
    return and_(col(Statement.state) != StatementState.WITHDRAWN, col(Statement.kind) != StatementKind.EXTENSION)
