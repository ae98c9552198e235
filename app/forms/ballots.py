"""What is sent about ballots: positions, moves, dissenting opinions and waivers."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from app.domain.consensus import Position
from app.forms.base import Creation, Input, OptionalText, Reason, Text
from app.forms.deadlines import Deadline


class PositionForm(Input):
    """The position of one seat; a reason is needed unless it agrees or abstains."""

    seat_id: UUID
    position: Position
    reason: Reason = ""
    alternative: OptionalText = ""


class RecordedPositionForm(PositionForm):
    """What a seat said in a meeting, recorded for it; `by_deputy` where its deputy was there."""

    by_deputy: bool = False


class BallotTransition(Input):
    """A move of a ballot; `closes_at` is where its end moves to."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
    closes_at: Deadline | None = None


class BallotClosing(Input):
    """Closing a ballot before its time."""

    reason: Reason | None = None


class DissentForm(Creation):
    """A dissenting opinion of a seat, alone or with others."""

    text: Text
    block_id: UUID | None = None
    alternative: OptionalText = ""
    co_signer_seat_ids: list[UUID] = Field(default=[], max_length=100)
    seat_id: UUID | None = None


class DeclinedSignature(Input):
    """A seat named under a dissenting opinion takes its name away."""

    seat_id: UUID


class WaiverForm(Input):
    """A seat says that it will file no dissenting opinion."""

    seat_id: UUID
