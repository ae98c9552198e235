"""Co-signatures asked of organisations before a recommendation is put forward."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from app.domain.co_signatures import CoSignatureKind, CoSignatureState
from app.domain.events import SubjectType
from app.models.base import Stateful, moment_field, related, word_field
from app.models.organisations import Organisation


class CoSignature(Stateful, table=True):
    """What one organisation is asked to sign, and its answer; it names the version it is about."""

    __tablename__ = "co_signature"
    __table_args__ = (
        Index(
            "uq_co_signature_standing",
            "recommendation_id",
            "organisation_id",
            "kind",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index(None, "recommendation_id", "created_at", "id"),
        Index(None, "state", "due_on"),
    )
    subject_type = SubjectType.CO_SIGNATURE
    recorded_texts = ("scope", "reason")

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    kind: CoSignatureKind = word_field(CoSignatureKind, CoSignatureKind.CO_SIGN)
    scope: str = Field(default="", max_length=1000)
    version: int
    state: CoSignatureState = word_field(CoSignatureState, CoSignatureState.REQUESTED)
    reason: str = ""
    due_on: date | None = None
    requested_at: datetime = moment_field()
    answered_at: datetime | None = moment_field(default=None)
    answered_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    organisation: Organisation | None = related()
