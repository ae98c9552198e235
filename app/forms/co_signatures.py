"""What is sent about co-signatures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.domain.co_signatures import CoSignatureKind
from app.forms.base import Creation, Input, OptionalText, Reason

Answer = Literal["given", "conditional", "reserved", "refused"]
"""What an organisation can answer: the states of `co_signatures.ANSWERS`."""


class CoSignatureForm(Creation):
    """What an organisation is asked to sign, and until when."""

    organisation_id: UUID
    kind: CoSignatureKind = CoSignatureKind.CO_SIGN
    scope: Annotated[OptionalText, Field(max_length=1_000)] = ""
    due_on: date | None = None


class AnswerForm(Input):
    """An organisation's answer; a reason is needed unless it is given."""

    answer: Answer
    reason: Reason | None = None


class CoSignatureTransition(Input):
    """A move of a co-signature."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
