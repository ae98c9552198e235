"""Umsetzungsberichte for programs: the Geschäftsstelle freezes and publishes, everybody reads what is published."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session
from starlette.responses import Response

from app.actions import implementation_reports as actions
from app.actions.moves import offers
from app.domain.actors import Actor
from app.domain.attachments import MEDIA_TYPES, AttachmentKind
from app.domain.implementation_reports import FILE_KINDS, IMPLEMENTATION_REPORT, ImplementationReportState
from app.forms.implementation_reports import ImplementationReportTransition
from app.models.implementation_reports import ImplementationReport
from app.queries import implementation_reports as queries
from app.routers.api.common import Listing, StatefulAnswer, answer, listing, transitions_of
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession
from app.routers.downloads import kept_file
from app.routers.pages import cache_control
from app.routers.report_freezing import FrozenFromJson

router = APIRouter(prefix="/implementation-reports", tags=["implementation-reports"])
FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "Die Datei", "content": {MEDIA_TYPES[kind]: {} for kind in FILE_KINDS}}
}


class FileAnswer(BaseModel):
    """One frozen file; `sha256` is the digest of its bytes, which never change."""

    model_config = ConfigDict(from_attributes=True)

    kind: AttachmentKind
    name: str
    size: int
    sha256: str
    url: str


class ImplementationReportAnswer(StatefulAnswer):
    """A report of an edition, of one of its fields or of all, as everything stood on `as_of`."""

    edition_id: UUID
    field_of_action_id: UUID | None
    title: str
    summary: str
    preface: str
    as_of: date
    publication_id: UUID | None
    files: list[FileAnswer]


class ImplementationReportListing(Listing):
    """The parameters of the list."""

    edition_id: UUID | None = None
    field_of_action_id: UUID | None = None
    state: ImplementationReportState | None = None


@router.get("", response_model=None)
def list_reports(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[ImplementationReportListing, Query()]
) -> Response:
    """The reports the caller may read, newest first."""
    chosen = queries.ImplementationReportFilter(**wanted.model_dump(exclude={"limit", "after"}))
    page = queries.list_reports(session, actor, chosen, limit=wanted.limit, after=wanted.after)
    return listing(request, page, lambda report: represent(report, actor), actor)


@router.post("", response_model=ImplementationReportAnswer, status_code=201)
def freeze_report(request: Request, frozen: FrozenFromJson, session: WriteSession, actor: ApiWriter) -> Response:
    """Keep the report as everything stands now, with its files. Until published it is the Geschäftsstelle's."""
    form, content = frozen.taken()
    made, is_new = actions.freeze_report(session, form, content, actor=actor)
    return answer(request, _shown(session, made.id, actor), actor, status=201 if is_new else 200)


@router.get("/{report_id}", response_model=ImplementationReportAnswer)
def get_report(request: Request, session: ReadSession, actor: ApiReader, report_id: UUID) -> Response:
    """One report."""
    return answer(request, _shown(session, report_id, actor), actor)


@router.get("/{report_id}/report.{kind}", response_class=Response, responses=FILES)
def get_file(
    request: Request, session: ReadSession, actor: ApiReader, report_id: UUID, kind: AttachmentKind
) -> Response:
    """One of its files, byte for byte as it was frozen."""
    found = queries.get_file(session, report_id, kind, actor)
    return kept_file(request, digest=found.digest, name=found.name, kind=found.kind, kept_for=cache_control(request))


@router.post("/{report_id}/transitions", response_model=ImplementationReportAnswer)
def transition_report(
    request: Request, session: WriteSession, actor: ApiWriter, report_id: UUID, form: ImplementationReportTransition
) -> Response:
    """Publish, discard or take back a report."""
    actions.transition_report(session, report_id, form, actor=actor)
    return answer(request, _shown(session, report_id, actor), actor)


def represent(report: ImplementationReport, actor: Actor) -> ImplementationReportAnswer:
    """The report as the caller sees it."""
    own = set(ImplementationReportAnswer.model_fields) - {"files", "transitions", "url"}
    return ImplementationReportAnswer(
        **report.model_dump(include=own),
        url=f"/umsetzungsberichte/{report.id}",
        transitions=transitions_of("implementation_report", offers(report, IMPLEMENTATION_REPORT, actor)),
        files=[
            FileAnswer(
                kind=each.kind,
                name=each.name,
                size=each.size,
                sha256=each.digest,
                url=f"/api/v1/implementation-reports/{report.id}/report.{each.kind.value}",
            )
            for each in report.files
        ],
    )


def _shown(session: Session, key: UUID, actor: Actor) -> ImplementationReportAnswer:
    session.flush()
    return represent(queries.get_report(session, key, actor), actor)
