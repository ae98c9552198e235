"""What is sent with a file, and what was found out about the file before it is written down."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from app.domain.attachments import AttachmentKind
from app.forms.base import Creation, Input, Reason


def _one_line(text: str) -> str:
    return " ".join(text.split())


class AttachmentForm(Creation):
    """A file's words; a picture needs them, for who can't see it."""

    alt_text: Annotated[str, Field(max_length=500), AfterValidator(_one_line)] = ""


class SentAttachment(AttachmentForm):
    """The same with what the file is: sent twice with another file, it is another input."""

    name: str = Field(max_length=200)
    kind: AttachmentKind
    size: int
    digest: str = Field(max_length=64)


class AttachmentRemoval(Input):
    """Taking a file away, with its reason; `redact` takes its content away, too, for good."""

    reason: Reason | None = None
    redact: bool = False
