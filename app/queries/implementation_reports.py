"""Reads of Umsetzungsberichte; everybody reads what is published, the Geschäftsstelle and the Prüfung all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import Actor
from app.domain.attachments import AttachmentKind
from app.domain.implementation_reports import ImplementationReportState
from app.errors import NotFound
from app.models.implementation_reports import ImplementationReport, ImplementationReportFile
from app.queries.base import DEFAULT_LIMIT, Page, page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplementationReportFilter:
    """What a list of reports is narrowed to; None leaves a field open."""

    edition_id: UUID | None = None
    field_of_action_id: UUID | None = None
    state: ImplementationReportState | None = None


def visible(actor: Actor) -> ColumnElement[bool]:
    """The reports an actor may read."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    return col(ImplementationReport.state) == ImplementationReportState.PUBLISHED


def list_reports(
    session: Session,
    actor: Actor,
    chosen: ImplementationReportFilter,
    *,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[ImplementationReport]:
    """The reports the actor may read, newest first, with their files."""
    conditions = [
        getattr(ImplementationReport, name) == value
        for name in ("edition_id", "field_of_action_id", "state")
        if (value := getattr(chosen, name)) is not None
    ]
    statement = _whole(select(ImplementationReport).where(visible(actor), *conditions))
    return page_of(session, statement, ImplementationReport, limit=limit, after=after)


def get_report(session: Session, key: UUID, actor: Actor) -> ImplementationReport:
    """One report with its files; NotFound where absent or hidden."""
    statement = _whole(select(ImplementationReport).where(ImplementationReport.id == key, visible(actor)))
    return _one(session, statement)


def find_report_of(session: Session, publication_id: UUID) -> ImplementationReport | None:
    """The report that a publication is, with its files; None for any other publication."""
    statement = _whole(select(ImplementationReport).where(ImplementationReport.publication_id == publication_id))
    return session.exec(statement).unique().one_or_none()


def reports_by_publication(session: Session, keys: Collection[UUID]) -> dict[UUID, UUID]:
    """By publication that is a report: the key of the report. One statement."""
    statement = select(ImplementationReport.publication_id, ImplementationReport.id).where(
        col(ImplementationReport.publication_id).in_(keys)
    )
    return {publication_id: key for publication_id, key in session.exec(statement).all() if publication_id}


def get_file(session: Session, key: UUID, kind: AttachmentKind, actor: Actor) -> ImplementationReportFile:
    """One frozen file of a report; NotFound where there is none, the report is hidden or its files are gone."""
    statement = _files().where(
        ImplementationReport.id == key, ImplementationReportFile.kind == kind, visible(actor), _is_kept()
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound()
    return found


def files_kept(session: Session) -> Sequence[ImplementationReportFile]:
    """Every frozen file whose content is kept, whatever became of its report; a redacted one's is not."""
    statement = _files().where(_is_kept()).order_by(col(ImplementationReportFile.id))
    return session.exec(statement).all()


def _files() -> SelectOfScalar[ImplementationReportFile]:
    is_its = col(ImplementationReport.id) == ImplementationReportFile.report_id
    return select(ImplementationReportFile).join(ImplementationReport, is_its)


def _is_kept() -> ColumnElement[bool]:
    return col(ImplementationReport.state) != ImplementationReportState.REDACTED


def _one(session: Session, statement: SelectOfScalar[Any]) -> ImplementationReport:
    found: ImplementationReport | None = session.exec(statement).unique().one_or_none()
    if found is None:
        raise NotFound()
    return found


def _whole(statement: SelectOfScalar[ImplementationReport]) -> SelectOfScalar[ImplementationReport]:
    return statement.options(
        joinedload(ImplementationReport.edition),  # type: ignore[arg-type]
        joinedload(ImplementationReport.field_of_action),  # type: ignore[arg-type]
        joinedload(ImplementationReport.publication),  # type: ignore[arg-type]
        joinedload(ImplementationReport.files),  # type: ignore[arg-type]
    )
