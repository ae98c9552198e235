"""Änderungsvorschläge: what a seat wants changed in one version, block by block, and what became of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.domain.amendments import AmendmentState
from app.domain.consultations import Disposition
from app.domain.events import SubjectType
from app.domain.text.amending import AmendingKind
from app.domain.text.blocks import BlockKind, BlockPart
from app.models.base import Stateful, Table, Written, moment_field, related, word_field
from app.models.organisations import Organisation


class Amendment(Stateful, Written, table=True):
    """Changes to one pinned version with their grounds; every one ends with a disposition or is withdrawn.

    `taken_version` is the version it went into, None where nothing of it was taken or somebody wrote it in by hand.
    """

    __table_args__ = (Index(None, "recommendation_id", "state"), Index(None, "recommendation_id", "created_at"))
    subject_type = SubjectType.AMENDMENT
    recorded_texts = ("grounds",)
    recorded_facts = ("disposition",)

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    body_id: UUID = Field(foreign_key="body.id")
    version: int
    grounds: str
    state: AmendmentState = word_field(AmendmentState, AmendmentState.OPEN)
    disposition: Disposition | None = word_field(Disposition, nullable=True)
    disposition_reason: str | None = None
    disposed_at: datetime | None = moment_field(default=None)
    disposed_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    taken_version: int | None = None
    organisation: Organisation | None = related()


class AmendmentChange(Table, table=True):
    """What an amendment wants with one block of its version; the wording stands in `record_text`.

    `block_id` is the block to change or remove, or the one to add behind; then the new block has this row's id.
    """

    __tablename__ = "amendment_change"
    __table_args__ = (UniqueConstraint("amendment_id", "position"), Index(None, "block_id"))

    amendment_id: UUID = Field(foreign_key="amendment.id")
    position: int
    kind: AmendingKind = word_field(AmendingKind)
    block_id: UUID
    part: BlockPart | None = word_field(BlockPart, nullable=True)
    block_kind: BlockKind | None = word_field(BlockKind, nullable=True)
    text_id: UUID | None = Field(default=None, foreign_key="record_text.id")
