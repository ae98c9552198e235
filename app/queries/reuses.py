"""Reads of reuses: everybody reads what was released, the Geschäftsstelle all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.recommendations import PUBLIC_STATES
from app.domain.reuses import CONFIRM_WITHIN, Land, ReuseState, SizeClass
from app.models.recommendations import Recommendation
from app.models.reuses import Reuse, ReuseRequest
from app.queries.base import DEFAULT_LIMIT, Page, get_visible, page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReuseFilter:
    """What a list of reuses is narrowed to; None leaves a field open."""

    recommendation_id: UUID | None = None
    land: Land | None = None
    size_class: SizeClass | None = None
    state: ReuseState | None = None


def visible(actor: Actor) -> ColumnElement[bool]:
    """What was released, of published recommendations; the Geschäftsstelle and the Prüfung read everything."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    recommendation = aliased(Recommendation)
    published = select(recommendation.id).where(col(recommendation.state).in_(PUBLIC_STATES))
    return and_(col(Reuse.state) == ReuseState.RELEASED, col(Reuse.recommendation_id).in_(published))


def list_reuses(
    session: Session, actor: Actor, chosen: ReuseFilter, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Reuse]:
    """The entries the actor may read, newest first, with their recommendations."""
    statement = (
        select(Reuse)
        .options(joinedload(Reuse.recommendation))  # type: ignore[arg-type]
        .where(visible(actor), *_conditions(chosen))
    )
    return page_of(session, statement, Reuse, limit=limit, after=after)


def count_reuses(session: Session, actor: Actor, chosen: ReuseFilter) -> int:
    """How many the filter finds for the actor."""
    return session.exec(select(func.count()).select_from(Reuse).where(visible(actor), *_conditions(chosen))).one()


def reuses_of_many(session: Session, keys: Collection[UUID], actor: Actor) -> dict[UUID, list[Reuse]]:
    """By recommendation: the entries the actor may read, oldest first. One statement."""
    statement = select(Reuse).where(col(Reuse.recommendation_id).in_(keys), visible(actor))
    found: dict[UUID, list[Reuse]] = {}
    for each in session.exec(statement.order_by(col(Reuse.created_at), col(Reuse.id))).all():
        found.setdefault(each.recommendation_id, []).append(each)
    return found


def get_reuse(session: Session, key: UUID, actor: Actor) -> Reuse:
    """One entry with its recommendation; NotFound where absent or hidden."""
    statement = select(Reuse).options(joinedload(Reuse.recommendation))  # type: ignore[arg-type]
    return get_visible(session, statement.where(Reuse.id == key, visible(actor)))


def find_request(session: Session, key: UUID, moment: datetime) -> ReuseRequest | None:
    """What still waits for its mailbox; None once it was confirmed or is too old."""
    statement = select(ReuseRequest).where(ReuseRequest.id == key, ReuseRequest.created_at > moment - CONFIRM_WITHIN)
    return session.exec(statement).one_or_none()


def find_kept(session: Session, key: UUID) -> Reuse | None:
    """An entry that stands, for who holds its link; None where it was declined or ended."""
    standing = col(Reuse.state).in_([ReuseState.CONFIRMED, ReuseState.RELEASED])
    return session.exec(select(Reuse).where(Reuse.id == key, standing)).one_or_none()


def reuses_to_ask(session: Session, last_said_before: date, *, limit: int = 500) -> Sequence[Reuse]:
    """Released entries said to be so last before that day, and not asked since."""
    said = col(Reuse.last_said_on)
    statement = select(Reuse).where(
        Reuse.state == ReuseState.RELEASED,
        said <= last_said_before,
        or_(col(Reuse.asked_on).is_(None), col(Reuse.asked_on) <= last_said_before),
    )
    return session.exec(statement.order_by(said).limit(limit).with_for_update(skip_locked=True)).all()


def _conditions(chosen: ReuseFilter) -> list[ColumnElement[bool]]:
    return [
        getattr(Reuse, name) == value
        for name in ("recommendation_id", "land", "size_class", "state")
        if (value := getattr(chosen, name)) is not None
    ]
