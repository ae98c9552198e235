"""Reads of attached files: who reads a thing whole reads its files, and a statement's are opened with its text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.domain.permissions import Scope
from app.errors import NotFound
from app.models.attachments import Attachment
from app.models.consultations import Statement
from app.models.implementation_reports import ImplementationReportFile
from app.models.measures import Measure
from app.models.needs import Need
from app.models.proposals import Proposal
from app.models.recommendations import Recommendation
from app.queries import consultations, contributions, measures, recommendations, subjects
from app.queries.base import DEFAULT_LIMIT, Page, get_for_update, page_of
from app.queries.contributions import NEEDS, PROPOSALS
from app.queries.implementation_reports import files_kept
from app.queries.scopes import scope_of

Subject = subjects.Subject | Statement


def visible(actor: Actor) -> ColumnElement[bool]:
    """The files an actor may open; what was removed is nobody's any more."""
    inside: ColumnElement[bool] = col(Attachment.body_id).in_(actor.body_ids)
    if actor.is_secretariat or actor.is_auditor:
        inside = true()
    elif not actor.is_signed_in:
        inside = false()
    return and_(
        col(Attachment.removed_at).is_(None),
        or_(
            _on(SubjectType.NEED, Need, contributions.visible_whole(NEEDS, actor)),
            _on(SubjectType.PROPOSAL, Proposal, contributions.visible_whole(PROPOSALS, actor)),
            _on(SubjectType.MEASURE, Measure, measures.visible(actor)),
            _on(SubjectType.STATEMENT, Statement, consultations.visible_statements(actor)),
            and_(inside, _on(SubjectType.RECOMMENDATION, Recommendation, recommendations.visible(actor))),
        ),
    )


def _on(noun: SubjectType, model: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(col(Attachment.on_type) == noun, col(Attachment.on_id).in_(select(model.id).where(condition)))


def get_attachment(session: Session, key: UUID, actor: Actor) -> Attachment:
    """One file's row; NotFound where absent, removed or hidden."""
    found = session.exec(select(Attachment).where(Attachment.id == key, visible(actor))).one_or_none()
    if found is None:
        raise NotFound()
    return found


def get_subject(session: Session, noun: SubjectType, key: UUID, actor: Actor, *, for_update: bool = False) -> Subject:
    """What a file hangs on or shall hang on; NotFound where absent, hidden, or no noun that carries files."""
    if noun is not SubjectType.STATEMENT:
        return subjects.get_subject(session, noun, key, actor, for_update=for_update)
    if for_update:
        return get_for_update(session, Statement, key, consultations.visible_statements(actor))
    return consultations.get_statement(session, key, actor)


def scope_on(session: Session, subject: Subject) -> Scope:
    """What of a thing decides who may attach files to it."""
    return scope_of(subject) if isinstance(subject, Statement) else subjects.discussion_scope(session, subject)


def page_of_attachments(
    session: Session, on_id: UUID, actor: Actor, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Attachment]:
    """The files on a thing that the actor may open, newest first."""
    statement = select(Attachment).where(Attachment.on_id == on_id, visible(actor))
    return page_of(session, statement, Attachment, limit=limit, after=after)


def attachments_on(session: Session, on_ids: Collection[UUID]) -> dict[UUID, list[Attachment]]:
    """The files on these things, oldest first, in one statement; the caller has checked who reads them whole."""
    found: dict[UUID, list[Attachment]] = {}
    if not on_ids:
        return found
    statement = (
        select(Attachment)
        .where(col(Attachment.on_id).in_(on_ids), col(Attachment.removed_at).is_(None))
        .order_by(col(Attachment.created_at), col(Attachment.id))
    )
    for each in session.exec(statement):
        found.setdefault(each.on_id, []).append(each)
    return found


def open_attachments(session: Session, on_ids: Collection[UUID], actor: Actor) -> Sequence[Attachment]:
    """The files on these things that the actor may open and whose content is there, oldest first. One statement."""
    statement = (
        select(Attachment)
        .where(col(Attachment.on_id).in_(on_ids), col(Attachment.redacted_at).is_(None), visible(actor))
        .order_by(col(Attachment.created_at), col(Attachment.id))
    )
    return session.exec(statement).all()


def digests_in_use(session: Session) -> set[str]:
    """The contents some row still speaks of, frozen reports among them; a redacted one is none of them."""
    attached = session.exec(select(Attachment.digest).where(col(Attachment.redacted_at).is_(None)).distinct())
    return {*attached, *(each.digest for each in files_kept(session))}


def missing_contents(session: Session, is_whole: Any) -> Sequence[Attachment | ImplementationReportFile]:
    """The files whose content does not lie where it should, as `is_whole(digest)` tells."""
    attached = session.exec(
        select(Attachment).where(col(Attachment.redacted_at).is_(None)).order_by(col(Attachment.id))
    ).all()
    everything: list[Attachment | ImplementationReportFile] = [*attached, *files_kept(session)]
    known: dict[str, bool] = {}
    return [each for each in everything if not known.setdefault(each.digest, is_whole(each.digest))]


def url_of(subject: Subject) -> str:
    """The page on which a thing's files are listed."""
    if isinstance(subject, Statement):
        return f"/empfehlungen/{subject.recommendation_id}/stellungnahmen#stellungnahme-{subject.id}"
    if isinstance(subject, Recommendation):
        return f"{subjects.url_of(subject)}/beratung#anlagen"
    return f"{subjects.url_of(subject)}#anlagen"
