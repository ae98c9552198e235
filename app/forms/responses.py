"""What is sent about the answers of addressees."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

from app.domain.implementation import AddresseeAnswer
from app.forms.base import Creation, Input, Reason, Source
from app.i18n import _

GIVEN_ANSWERS = tuple(answer for answer in AddresseeAnswer if answer is not AddresseeAnswer.PENDING)
"""What one can answer; silence is no answer."""


def _given(answer: AddresseeAnswer) -> AddresseeAnswer:
    if answer is AddresseeAnswer.PENDING:
        raise ValueError(_("Bitte wählen Sie eine der vier Antworten."))
    return answer


Answer = Annotated[AddresseeAnswer, AfterValidator(_given)]


class ResponseAnswer(Input):
    """What an addressee answers; who records it for another names where it was said."""

    answer: Answer
    reason: Reason | None = None
    source: Source | None = None


class LinkedResponseAnswer(Input):
    """What an addressee answers by the link it was mailed: nobody records it for another."""

    answer: Answer
    reason: Reason | None = None


class MemberResponseForm(Creation):
    """The own answer of an organisation that belongs to an addressed collective."""

    organisation_id: UUID
    answer: Answer
    reason: Reason | None = None
    source: Source | None = None
