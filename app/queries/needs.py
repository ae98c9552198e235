"""Reads of needs; who may see one is decided here, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, true
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import VOTING_ROLES, Actor, MembershipRole
from app.domain.needs import NeedState
from app.domain.recommendations import PUBLIC_STATES
from app.domain.visibility import Visibility
from app.models.needs import Evidence, Need, NeedReader, Support
from app.models.proposals import Proposal, ProposalNeed
from app.models.recommendations import Recommendation, RecommendationNeed
from app.queries.base import DEFAULT_LIMIT, Page, contains, get_visible, page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedFilter:
    """What a list of needs is narrowed to; None leaves a field open."""

    body_id: UUID | None = None
    state: NeedState | None = None
    topic_id: UUID | None = None
    q: str | None = None


def visible(actor: Actor) -> ColumnElement[bool]:
    """The needs an actor may read (process.md, section 2): drafts are their author's and seat's alone."""
    need = Need
    public = and_(
        col(need.state) != NeedState.DRAFT,
        or_(col(need.visibility) == Visibility.PUBLIC, _is_linked_to_a_publication()),
    )
    if not actor.is_signed_in:
        return public
    own = _is_own(actor)
    if actor.is_secretariat or actor.is_auditor:
        circle: ColumnElement[bool] = col(need.visibility) != Visibility.CONFIDENTIAL
    else:
        circle = or_(
            col(need.visibility) == Visibility.PARTICIPANTS,
            and_(col(need.visibility) == Visibility.BODY, col(need.body_id).in_(actor.body_ids)),
        )
    named = and_(
        col(need.visibility) == Visibility.CONFIDENTIAL,
        exists().where(and_(col(NeedReader.need_id) == need.id, col(NeedReader.person_id) == actor.person_id)),
    )
    return or_(public, own, and_(col(need.state) != NeedState.DRAFT, or_(circle, named)))


def _is_own(actor: Actor) -> ColumnElement[bool]:
    seats = [seat.seat_id for seat in actor.seats if seat.role in VOTING_ROLES or seat.role is MembershipRole.STAFF]
    return or_(col(Need.author_id) == actor.person_id, col(Need.seat_id).in_(seats))


def _is_linked_to_a_publication() -> ColumnElement[bool]:
    return exists().where(
        and_(
            col(RecommendationNeed.need_id) == Need.id,
            col(RecommendationNeed.recommendation_id) == Recommendation.id,
            col(Recommendation.state).in_(PUBLIC_STATES),
        )
    )


def _with_names(statement: SelectOfScalar[Need]) -> SelectOfScalar[Need]:
    return statement.options(joinedload(Need.body), joinedload(Need.organisation))  # type: ignore[arg-type]


def list_needs(
    session: Session,
    actor: Actor,
    chosen: NeedFilter,
    *,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[Need]:
    """Needs the actor may read, newest first."""
    statement = _with_names(select(Need).where(visible(actor), *_conditions(chosen)))
    return page_of(session, statement, Need, limit=limit, after=after)


def count_needs(session: Session, actor: Actor, chosen: NeedFilter) -> int:
    """How many needs the filter finds for the actor."""
    return session.exec(select(func.count()).select_from(Need).where(visible(actor), *_conditions(chosen))).one()


def get_need(session: Session, key: UUID, actor: Actor) -> Need:
    """One need with its body and organisation; NotFound where absent or hidden."""
    return get_visible(session, _with_names(select(Need).where(Need.id == key, visible(actor))))


def find_need(session: Session, key: UUID, actor: Actor) -> Need | None:
    """One need, or None where absent or hidden."""
    return session.exec(select(Need).where(Need.id == key, visible(actor))).one_or_none()


def list_support(session: Session, subject_id: UUID) -> Sequence[Support]:
    """The organisations that stand behind a need or proposal, each once."""
    statement = (
        select(Support)
        .options(joinedload(Support.organisation))  # type: ignore[arg-type]
        .where(Support.subject_id == subject_id)
        .order_by(col(Support.created_at))
    )
    return session.exec(statement).all()


def list_evidence(session: Session, subject_id: UUID) -> Sequence[Evidence]:
    """The sources given for a thing, oldest first."""
    statement = select(Evidence).where(Evidence.subject_id == subject_id).order_by(col(Evidence.created_at))
    return session.exec(statement).all()


def has_proposal_or_draft(session: Session, need: Need) -> bool:
    """True where a proposal or recommendation takes the need up: then an accepted one is "In Bearbeitung"."""
    in_proposal = exists().where(
        and_(col(ProposalNeed.need_id) == need.id, col(ProposalNeed.proposal_id) == Proposal.id)
    )
    in_recommendation = exists().where(col(RecommendationNeed.need_id) == need.id)
    return bool(session.exec(select(true()).where(or_(in_proposal, in_recommendation))).first())


def _conditions(chosen: NeedFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.body_id:
        found.append(col(Need.body_id) == chosen.body_id)
    if chosen.state:
        found.append(col(Need.state) == chosen.state)
    if chosen.topic_id:
        found.append(col(Need.topic_id) == chosen.topic_id)
    if chosen.q:
        found.append(contains(col(Need.search_text), chosen.q))
    return found
