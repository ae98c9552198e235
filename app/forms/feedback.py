"""What a reader sends about the site."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.forms.base import Creation, EmailAddress, OptionalText, Text


class FeedbackForm(Creation):
    """A reader's words about a page; `rating` from 1 (poor) to 5 (very good), `contact` where an answer is wanted."""

    text: Annotated[Text, Field(max_length=5_000)]
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    page: Annotated[OptionalText, Field(max_length=300)] = ""
    contact: EmailAddress | None = None
