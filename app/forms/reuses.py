"""What is sent about the reuse of a recommendation."""

from __future__ import annotations

from pydantic import Field

from app.domain.reuses import Land, SizeClass
from app.forms.base import Creation, EmailAddress, Input, Line, OptionalText, Reason, WebAddress
from app.forms.measures import Day


class ReuseForm(Creation):
    """Who carries a recommendation out, where, since when, how and with what result; the mailbox is an office's."""

    name: Line
    land: Land
    size_class: SizeClass
    since_on: Day
    effort: OptionalText = ""
    result: OptionalText = ""
    material_url: WebAddress | None = None
    mailbox: EmailAddress


class ReuseTransition(Input):
    """A move of an entry."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
