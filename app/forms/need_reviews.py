"""What is sent when an organisation is asked whether a need persists."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from app.domain.need_reviews import NeedReviewAnswer
from app.forms.base import Input
from app.i18n import _


def _given(answer: NeedReviewAnswer) -> NeedReviewAnswer:
    if answer is NeedReviewAnswer.PENDING:
        raise ValueError(_("Bitte wählen Sie eine der drei Antworten."))
    return answer


class NeedReviewForm(Input):
    """Whether the need persists, in a sentence why, and whether that sentence may be published."""

    answer: Annotated[NeedReviewAnswer, AfterValidator(_given)]
    sentence: Annotated[str, Field(max_length=1_000)] | None = None
    publish: bool = False
