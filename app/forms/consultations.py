"""What is sent in a Stellungnahmeverfahren: statements, dispositions, invitations entered by hand."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from app.domain.consultations import Disposition, InvitationChannel, StatementKind
from app.forms.base import Creation, EmailAddress, Input, Line, OptionalText, Reason, Text
from app.forms.deadlines import Deadline, plausible_date


class QuestionForm(Input):
    """A question a round asks, on the whole text or on one block."""

    text: Annotated[Text, Field(max_length=2_000)]
    block_id: UUID | None = None


class StatementForm(Creation):
    """What an organisation says in a round: a text, or one click."""

    kind: StatementKind = StatementKind.STATEMENT
    text: OptionalText = ""
    block_id: UUID | None = None
    question_id: UUID | None = None
    publish: bool = False
    seat_id: UUID | None = None


class OpenStatementForm(Creation):
    """What somebody without an account says in a public round; the name is kept and never published."""

    author_name: Line
    text: Text
    block_id: UUID | None = None
    question_id: UUID | None = None
    publish: bool = False


class LinkedStatementForm(Creation):
    """What an organisation without an account says by its link; `alt_text` describes a picture sent with it."""

    kind: StatementKind = StatementKind.STATEMENT
    text: OptionalText = ""
    block_id: UUID | None = None
    question_id: UUID | None = None
    publish: bool = False
    alt_text: Annotated[str, Field(max_length=500)] = ""


class ChosenStatement(Input):
    """Which of several statements is meant."""

    statement_id: UUID


class StatementLinkForm(Creation):
    """A link for an organisation the round asks; without an address somebody passes it on."""

    organisation_id: UUID
    address: EmailAddress | None = None


class DispositionForm(Input):
    """What becomes of one statement, and why; who grants more time names the new deadline."""

    disposition: Disposition
    reason: Annotated[Text, Field(max_length=5_000)]
    closes_at: Deadline | None = None


class BulkDispositionForm(DispositionForm):
    """The same for several statements at once."""

    statement_ids: list[UUID] = Field(min_length=1, max_length=200)


class StatementTransition(Input):
    """A move of a statement with what it needs."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
    disposition: Disposition | None = None
    closes_at: Deadline | None = None


class RoundTransition(Input):
    """A move of a round: closing it before its time, with a reason."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None


class InvitationForm(Creation):
    """An invitation that was made elsewhere and is entered by hand."""

    organisation_id: UUID
    invited_on: Annotated[date, AfterValidator(plausible_date)]
    channel: Literal[InvitationChannel.ENTERED] = InvitationChannel.ENTERED
    reference: Line | None = None
