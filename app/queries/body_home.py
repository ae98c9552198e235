"""What a body's home shows: what is new since the last visit, what runs, what waits. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, func, literal, or_, type_coerce, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import Actor
from app.domain.ballots import BallotState
from app.domain.consultations import RoundState
from app.domain.events import SubjectType
from app.domain.needs import NeedState
from app.domain.proposals import ProposalState
from app.domain.recommendations import PUBLIC_STATES, RecommendationState
from app.models.ballots import Ballot
from app.models.bodies import BodyVisit
from app.models.comments import Comment
from app.models.consultations import CommentRound
from app.models.needs import Need
from app.models.organisations import Organisation
from app.models.proposals import Proposal
from app.models.recommendations import Recommendation
from app.queries import needs, proposals, recommendations

VISIT_PAUSE = timedelta(minutes=30)
FIRST_VISIT_SPAN = timedelta(days=14)
SHOWN = 8
_AT_REST = frozenset({RecommendationState.REJECTED, RecommendationState.DISCONTINUED})


@dataclass(frozen=True, slots=True)
class AtWork:
    """A recommendation of the body with the round and the ballot that run on it now."""

    recommendation: Recommendation
    round: CommentRound | None
    ballot: Ballot | None

    @property
    def is_published(self) -> bool:
        """True for what everybody may read."""
        return self.recommendation.state in PUBLIC_STATES

    @property
    def url(self) -> str:
        """Its page."""
        return recommendations.url_of(self.recommendation)


@dataclass(frozen=True, slots=True)
class Contribution:
    """A need or proposal that was submitted to the body."""

    noun: str
    id: UUID
    title: str
    organisation_name: str | None
    submitted_at: datetime
    author_id: UUID | None
    state: str

    @property
    def url(self) -> str:
        """Its page."""
        return f"/bedarfe/{self.id}" if self.noun == "need" else f"/vorschlaege/{self.id}"

    @property
    def waits(self) -> bool:
        """True while nobody has looked through it."""
        return self.state == NeedState.SUBMITTED.value


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits in the body and how much was said since the last visit."""

    needs_to_screen: int
    proposals_to_screen: int
    comments: int


def find_visit(session: Session, body_id: UUID, person_id: UUID | None) -> BodyVisit | None:
    """When the person was here last."""
    statement = select(BodyVisit).where(BodyVisit.body_id == body_id, BodyVisit.person_id == person_id)
    return session.exec(statement).one_or_none()


def is_first_visit(session: Session, visit: BodyVisit | None) -> bool:
    """True until the person comes back after a pause."""
    return visit is None or (visit.before_at is None and now(session) - visit.visited_at <= VISIT_PAUSE)


def new_since(session: Session, visit: BodyVisit | None) -> datetime:
    """From when on something is new: the end of the visit before this one; two weeks ago where there was none."""
    moment = now(session)
    if visit is None:
        return moment - FIRST_VISIT_SPAN
    if moment - visit.visited_at > VISIT_PAUSE:
        return visit.visited_at
    return visit.before_at or visit.visited_at - FIRST_VISIT_SPAN


def list_at_work(session: Session, body_id: UUID, actor: Actor, *, limit: int = 200) -> list[AtWork]:
    """The body's recommendations the actor may see, with what runs on them, latest step first; one statement."""
    moment, running = now(session), aliased(CommentRound)
    is_running = and_(
        col(running.recommendation_id) == Recommendation.id,
        col(running.state) == RoundState.OPEN,
        col(running.closes_at) > moment,
    )
    is_voted_on = and_(
        col(Ballot.recommendation_id) == Recommendation.id,
        col(Ballot.state) == BallotState.OPEN,
        col(Ballot.closes_at) > moment,
    )
    statement = (
        select(Recommendation, running, Ballot)
        .outerjoin(running, is_running)
        .outerjoin(Ballot, is_voted_on)
        .where(
            Recommendation.body_id == body_id,
            col(Recommendation.state).not_in(_AT_REST),
            recommendations.visible(actor),
        )
        .order_by(col(Recommendation.state_since).desc(), col(Recommendation.id).desc())
        .limit(limit)
    )
    return [AtWork(*found) for found in session.exec(statement).all()]


def list_contributions(session: Session, body_id: UUID, actor: Actor, since: datetime) -> list[Contribution]:
    """Needs and proposals that wait to be screened or were submitted since then, newest first; one statement."""
    parts = []
    nouns: tuple[tuple[str, Any, ColumnElement[bool], StrEnum], ...] = (
        ("need", Need, needs.visible(actor), NeedState.SUBMITTED),
        ("proposal", Proposal, proposals.visible(actor), ProposalState.SUBMITTED),
    )
    for noun, model, visible, submitted in nouns:
        columns: list[Any] = [
            literal(noun).label("noun"),
            col(model.id).label("id"),
            col(model.title).label("title"),
            col(Organisation.name).label("organisation_name"),
            col(model.submitted_at).label("submitted_at"),
            col(model.author_id).label("author_id"),
            type_coerce(col(model.state), String).label("state"),
        ]
        part = (
            select(*columns)
            .outerjoin(Organisation, col(Organisation.id) == model.organisation_id)
            .where(
                model.body_id == body_id,
                col(model.submitted_at).is_not(None),
                or_(col(model.state) == submitted, col(model.submitted_at) > since),
                visible,
            )
            .order_by(col(model.submitted_at).desc())
            .limit(2 * SHOWN)
        )
        parts.append(select(part.subquery()))
    statement = union_all(*parts).order_by("submitted_at")
    found = [Contribution(*row) for row in session.connection().execute(statement)]
    return sorted(found, key=lambda each: each.submitted_at, reverse=True)


def count_waiting(session: Session, body_id: UUID, actor: Actor, since: datetime) -> Counts:
    """How much waits to be screened, and how many comments on recommendations are new; one statement."""
    waiting_needs = (
        select(func.count())
        .select_from(Need)
        .where(Need.body_id == body_id, Need.state == NeedState.SUBMITTED, needs.visible(actor))
    )
    waiting_proposals = (
        select(func.count())
        .select_from(Proposal)
        .where(Proposal.body_id == body_id, Proposal.state == ProposalState.SUBMITTED, proposals.visible(actor))
    )
    comments = (
        select(func.count())
        .select_from(Comment)
        .where(
            Comment.body_id == body_id,
            Comment.on_type == SubjectType.RECOMMENDATION,
            Comment.created_at > since,
            col(Comment.author_id).is_distinct_from(actor.person_id),
            col(Comment.withdrawn_at).is_(None),
        )
    )
    found = session.exec(
        select(waiting_needs.scalar_subquery(), waiting_proposals.scalar_subquery(), comments.scalar_subquery())
    ).one()
    return Counts(*(number or 0 for number in found))


def list_published(session: Session, body_id: UUID, *, limit: int = 50) -> list[AtWork]:
    """What the body has published, newest first: all that outsiders see of its work."""
    statement = (
        select(Recommendation)
        .where(Recommendation.body_id == body_id, recommendations.is_published())
        .order_by(col(Recommendation.published_at).desc(), col(Recommendation.id).desc())
        .limit(limit)
    )
    return [AtWork(found, None, None) for found in session.exec(statement).all()]


def split_by_stage(found: Sequence[AtWork]) -> tuple[list[AtWork], list[AtWork], list[AtWork]]:
    """What runs with a deadline (next first), what is being written or decided otherwise, what is published."""
    running = sorted(
        (each for each in found if each.round or each.ballot),
        key=lambda each: min(moment.closes_at for moment in (each.round, each.ballot) if moment),
    )
    at_work = [each for each in found if not each.round and not each.ballot and not each.is_published]
    return running, at_work, [each for each in found if each.is_published]
