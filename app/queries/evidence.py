"""Reads of the evidence given for a thing; the public reads that of measures alone."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.models.measures import Measure
from app.models.needs import Evidence, Need
from app.models.proposals import Proposal
from app.queries.base import DEFAULT_LIMIT, Page, page_of
from app.queries.contributions import NEEDS, PROPOSALS, read_whole, tables_of, visible_whole
from app.queries.subjects import Subject


def list_evidence(
    session: Session, subject: Subject, actor: Actor, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Evidence]:
    """The sources for a thing the actor sees, newest first; none where it reads only what publication opened."""
    if not reads_evidence(session, subject, actor):
        return Page([])
    statement = select(Evidence).where(Evidence.subject_id == subject.id)
    return page_of(session, statement, Evidence, limit=limit, after=after)


def evidence_of_linked(session: Session, keys: Collection[UUID], actor: Actor) -> dict[UUID, list[Evidence]]:
    """The sources for needs and proposals, oldest first, by thing; of those the actor reads whole. One statement."""
    found: dict[UUID, list[Evidence]] = {}
    if not keys:
        return found
    whole = [select(tables.model.id).where(visible_whole(tables, actor)) for tables in (NEEDS, PROPOSALS)]
    statement = (
        select(Evidence)
        .where(col(Evidence.subject_id).in_(keys), or_(*(col(Evidence.subject_id).in_(each) for each in whole)))
        .order_by(col(Evidence.created_at), col(Evidence.id))
    )
    for each in session.exec(statement):
        found.setdefault(each.subject_id, []).append(each)
    return found


def reads_evidence(session: Session, subject: Subject, actor: Actor) -> bool:
    """True for those who read a thing whole."""
    match subject:
        case Need() | Proposal():
            return subject.id in read_whole(session, tables_of(type(subject)), [subject], actor)
        case Measure():
            return True
        case _:
            return actor.is_secretariat or actor.is_auditor or subject.body_id in actor.body_ids
