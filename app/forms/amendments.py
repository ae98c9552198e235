"""What is sent about amendments: the changes with their reason, and what becomes of them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.consultations import Disposition
from app.domain.text.amending import AmendingKind
from app.domain.text.blocks import MAX_BLOCKS, BlockKind, BlockPart
from app.forms.base import Creation, Input, OptionalText, Reason, Text


class ChangeInput(Input):
    """What is wanted with one block; an added one takes part and kind of the block it stands behind, unless said."""

    block_id: UUID
    kind: AmendingKind = AmendingKind.CHANGE
    text: OptionalText = ""
    part: BlockPart | None = None
    block_kind: BlockKind | None = None


class AmendmentForm(Creation):
    """Changes to the blocks of one version, and why."""

    version: int = Field(ge=1)
    changes: list[ChangeInput] = Field(max_length=MAX_BLOCKS)
    reason: Annotated[Text, Field(max_length=5_000)]
    seat_id: UUID | None = None


class DecisionInput(Input):
    """The wording an editor gives a block where amendments collide or are taken in part; none removes the block."""

    block_id: UUID
    text: OptionalText | None = None


class AmendmentDispositionForm(Input):
    """What becomes of an amendment, and why; taking it makes the next version, unless it was written in by hand.

    `base_version` is the version the editor read; left out, it is the newest.
    """

    disposition: Disposition
    reason: Annotated[Text, Field(max_length=5_000)]
    base_version: int | None = Field(default=None, ge=1)
    decisions: list[DecisionInput] = Field(default=[], max_length=MAX_BLOCKS)
    by_hand: bool = False
    seat_id: UUID | None = None


class AmendmentsDispositionForm(AmendmentDispositionForm):
    """The same for several amendments at once, all or none."""

    amendment_ids: list[UUID] = Field(min_length=1, max_length=100)


class AmendmentTransition(Input):
    """A move of an amendment with what it needs."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
    disposition: Disposition | None = None
    base_version: int | None = Field(default=None, ge=1)
    decisions: list[DecisionInput] = Field(default=[], max_length=MAX_BLOCKS)
    by_hand: bool = False
    seat_id: UUID | None = None
