"""Umsetzungsberichte: what was told of an edition on one day, and the files it was frozen in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.domain.attachments import AttachmentKind
from app.domain.events import SubjectType
from app.domain.implementation_reports import ImplementationReportState
from app.models.base import Stateful, Table, Written, moment_field, related, word_field
from app.models.programmes import Edition, FieldOfAction
from app.models.publications import Publication


class ImplementationReport(Stateful, Written, table=True):
    """A report of an edition, of one of its fields or of all; `as_of` is the day everything in it stood so.

    `publication_id` is its entry among the publications, from publishing on.
    """

    __tablename__ = "implementation_report"
    __table_args__ = (UniqueConstraint("publication_id"), Index(None, "created_at", "id"))
    subject_type = SubjectType.IMPLEMENTATION_REPORT
    recorded_texts = ("title", "summary", "preface")

    edition_id: UUID = Field(foreign_key="edition.id", index=True)
    field_of_action_id: UUID | None = Field(default=None, foreign_key="field_of_action.id")
    title: str = Field(max_length=300)
    summary: str
    preface: str = ""
    as_of: date
    state: ImplementationReportState = word_field(ImplementationReportState, ImplementationReportState.FROZEN)
    state_since: datetime = moment_field()
    publication_id: UUID | None = Field(default=None, foreign_key="publication.id")
    edition: Edition | None = related()
    field_of_action: FieldOfAction | None = related()
    publication: Publication | None = related()
    files: list["ImplementationReportFile"] = related(order_by="desc(ImplementationReportFile.kind)")


class ImplementationReportFile(Table, table=True):
    """One frozen file; it lies under its digest, which the report's first event vouches for."""

    __tablename__ = "implementation_report_file"
    __table_args__ = (UniqueConstraint("report_id", "kind"), Index(None, "digest"))

    report_id: UUID = Field(foreign_key="implementation_report.id")
    kind: AttachmentKind = word_field(AttachmentKind)
    name: str = Field(max_length=200)
    size: int
    digest: str = Field(max_length=64)
