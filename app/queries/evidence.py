"""Reads of the evidence given for a thing; the public reads that of measures alone."""

from __future__ import annotations

from sqlmodel import Session, select

from app.domain.actors import Actor
from app.models.measures import Measure
from app.models.needs import Evidence, Need
from app.models.proposals import Proposal
from app.queries.base import DEFAULT_LIMIT, Page, page_of
from app.queries.contributions import read_whole, tables_of
from app.queries.subjects import Subject


def list_evidence(
    session: Session, subject: Subject, actor: Actor, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Evidence]:
    """The sources for a thing the actor sees, newest first; none where it reads only what publication opened."""
    if not reads_evidence(session, subject, actor):
        return Page([])
    statement = select(Evidence).where(Evidence.subject_id == subject.id)
    return page_of(session, statement, Evidence, limit=limit, after=after)


def reads_evidence(session: Session, subject: Subject, actor: Actor) -> bool:
    """True for those who read a thing whole."""
    match subject:
        case Need() | Proposal():
            return subject.id in read_whole(session, tables_of(type(subject)), [subject], actor)
        case Measure():
            return True
        case _:
            return actor.is_secretariat or actor.is_auditor or subject.body_id in actor.body_ids
