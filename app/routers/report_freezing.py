"""A report to be frozen: told, set and laid on the disk before the transaction opens, and gone where none keeps it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated

import anyio.to_thread
from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session

from app.actions.implementation_reports import FrozenContent, check_choice
from app.actions.permissions import may
from app.documents.implementation_reports import ImplementationReportDraft, report_draft
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.errors import ApplicationError, Invalid, NotAllowed
from app.forms.implementation_reports import ImplementationReportForm
from app.queries.report_contents import contents_of
from app.routers.deps import SubmittedForm, api_actor, database_of, see_visitor, settings_of, turns_of
from app.routers.downloads import setting_limiter
from app.security import SESSION_COOKIE
from app.wording import permission_refused


@dataclass(frozen=True, slots=True)
class Frozen:
    """What was sent with the files made of it; or why none were made."""

    form: ImplementationReportForm | None = None
    content: FrozenContent | None = None
    error: ApplicationError | None = None

    def taken(self) -> tuple[ImplementationReportForm, FrozenContent]:
        """Both; raises what is wrong with what was sent, or that the sender may not."""
        if self.error is not None:
            raise self.error
        if self.form is None or self.content is None:
            raise NotAllowed(permission_refused(Permission.PUBLICATION_MANAGE))
        return self.form, self.content


Asked = Callable[[Session], tuple[Actor, Callable[[], ImplementationReportForm]]]
"""Who asks, and what was sent, which may be refused."""


def draft_of(request: Request, session: Session, form: ImplementationReportForm) -> ImplementationReportDraft:
    """The report as it would be frozen now; Invalid where edition or field are none."""
    check_choice(session, form)
    contents = contents_of(session, form.edition_id, form.field_of_action_id)
    return report_draft(contents, form.preface, settings_of(request).base_url)


async def _from_page(request: Request, submitted: SubmittedForm) -> AsyncIterator[Frozen]:
    def asked(session: Session) -> tuple[Actor, Callable[[], ImplementationReportForm]]:
        visitor = see_visitor(request, session, request.cookies.get(SESSION_COOKIE))
        return visitor.actor, lambda: submitted.parse(ImplementationReportForm)

    async for each in _frozen(request, asked):
        yield each


async def _from_json(request: Request, form: ImplementationReportForm) -> AsyncIterator[Frozen]:
    async for each in _frozen(request, lambda session: (api_actor(request, session), lambda: form)):
        yield each


async def _frozen(request: Request, asked: Asked) -> AsyncIterator[Frozen]:
    """Reading ends before the files are made: setting a document takes longer than anybody should keep a database."""
    async with turns_of(request).read() as session:
        form, draft, error = await run_in_threadpool(_told, request, session, asked)
    if draft is None:
        yield Frozen(form, error=error)
        return
    folder = database_of(request).files
    content = await anyio.to_thread.run_sync(draft.freeze, folder, limiter=setting_limiter())
    try:
        yield Frozen(form, content)
    finally:
        for each in content.files:
            each.staged.discard()


def _told(
    request: Request, session: Session, asked: Asked
) -> tuple[ImplementationReportForm | None, ImplementationReportDraft | None, ApplicationError | None]:
    """Nothing is told to who may not freeze: the route refuses it."""
    actor, read = asked(session)
    if not may(Permission.PUBLICATION_MANAGE, None, actor):
        return None, None, None
    try:
        form = read()
        return form, draft_of(request, session, form), None
    except Invalid as error:
        return None, None, error


FrozenFromPage = Annotated[Frozen, Depends(_from_page)]
"""Named before the session, the files are on the disk before the transaction opens."""

FrozenFromJson = Annotated[Frozen, Depends(_from_json)]
