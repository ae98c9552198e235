"""A file that is sent: read, looked at and laid on the disk before any transaction opens; gone where none keeps it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from app.domain.attachments import MAXIMUM_SIZE, Recognised, Refusal, Unacceptable, recognise
from app.errors import FieldError, FileTooLarge, Invalid
from app.files import FileFolder, Staged
from app.forms.attachments import AttachmentForm, SentAttachment
from app.routers.deps import FormParts, database_of
from app.wording import label

FIELD = "file"
ACCEPTED = ".pdf,.odt,.docx,.ods,.xlsx,.png,.jpg,.jpeg,.csv,.txt"


@dataclass(frozen=True, slots=True)
class Upload:
    """The file of a form: either recognised and staged, or refused."""

    recognised: Recognised | None = None
    staged: Staged | None = None
    refusal: Refusal = Refusal.EMPTY
    is_chosen: bool = False

    def with_words(self, form: AttachmentForm) -> tuple[SentAttachment, Staged]:
        """The file with what was sent beside it; raises what is wrong with it, at its field."""
        if self.recognised is None or self.staged is None:
            error = FieldError(FIELD, label(self.refusal))
            raise FileTooLarge(error) if self.refusal is Refusal.TOO_LARGE else Invalid(error)
        found = self.recognised
        sent = SentAttachment(
            id=form.id,
            alt_text=form.alt_text,
            name=found.name,
            kind=found.kind,
            size=self.staged.size,
            digest=self.staged.digest,
        )
        return sent, self.staged


async def _upload(request: Request, data: FormParts) -> AsyncIterator[Upload]:
    sent = data.get(FIELD)
    if not isinstance(sent, UploadFile) or not sent.filename:
        yield Upload()
        return
    content = await sent.read(MAXIMUM_SIZE + 1)
    upload = await run_in_threadpool(_look_at, database_of(request).files, content, sent.filename)
    try:
        yield upload
    finally:
        if upload.staged is not None:
            upload.staged.discard()


def _look_at(folder: FileFolder, content: bytes, name: str) -> Upload:
    try:
        recognised = recognise(content, name)
    except Unacceptable as error:
        return Upload(refusal=error.refusal, is_chosen=True)
    return Upload(recognised, folder.stage(content), is_chosen=True)


Uploaded = Annotated[Upload, Depends(_upload)]
"""The file of the form. Named before the session, it is on the disk before the transaction opens."""
