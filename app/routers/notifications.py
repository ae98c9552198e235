"""The page „Mitteilungen“: by body, then by thing, unread ones first; marking them as read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from app.actions.notification_reading import mark_read
from app.clock import now
from app.domain.notifications import Urgency
from app.forms.filters import PageFilter
from app.forms.notifications import ReadForm
from app.i18n import _
from app.live import Listener
from app.models.base import first_id
from app.queries.listening import Inbox, Mark, marks_of
from app.queries.notifications import Told, count_unread, list_notifications
from app.routers.deps import Member, Reader, ReadSession, SubmittedForm, Writer, WriteSession
from app.routers.live_stream import LiveStream, is_stream_wanted
from app.routers.pages import list_addresses, render, see_other

router = APIRouter()
_PATH = "/mitteilungen"
_UNDER_WAY = timedelta(minutes=1)
"""How long what was told may take to be committed: what is younger is marked as read only by its own key."""

_BY_URGENCY = list(Urgency)


@dataclass(slots=True)
class Line:
    """One fact about a thing; told several times, it stands here once, with the newest time."""

    told: Told
    keys: list[UUID] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """When it happened the last time."""
        return self.told.notification.happened_at

    @property
    def urgency(self) -> Urgency:
        """How soon the person must know."""
        return self.told.notification.urgency


@dataclass(slots=True)
class Thing:
    """What is told of one need, recommendation or other page; what must be done comes first."""

    place_id: UUID
    title: str
    lines: list[Line] = field(default_factory=list)

    @property
    def keys(self) -> list[UUID]:
        """Every notification that stands here."""
        return [key for line in self.lines for key in line.keys]


@dataclass(slots=True)
class Group:
    """The things of one body; those of none have no title."""

    title: str
    things: list[Thing] = field(default_factory=list)


@router.get(_PATH)
def show_notifications(
    request: Request, session: ReadSession, visitor: Member, wanted: Annotated[PageFilter, Query()]
) -> Response:
    """What one was told, as far as one may still see it, 50 at a time."""
    page = list_notifications(session, visitor.actor, after=wanted.after)
    unread = [told for told in page.items if told.notification.read_at is None]
    read = [told for told in page.items if told.notification.read_at is not None]
    below = first_id(now(session) - _UNDER_WAY)
    return render(
        request,
        "notifications/list.html",
        parts=[part for part in ((True, _grouped(unread)), (False, _grouped(read))) if part[1]],
        fresh=[told.notification.occasion_id for told in unread if told.notification.occasion_id >= below],
        below=below,
        is_later_part=wanted.after is not None,
        example=any(told.is_example for told in page.items),
        **list_addresses(request, page.next),
    )


@router.post(f"{_PATH}/gelesen")
def mark_as_read(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Mark one, those of a thing, or all that stood on the page as read."""
    form = submitted.parse(ReadForm, lists=("occasion_ids",))
    mark_read(session, form, actor=visitor.actor)
    if form.below is None:
        return see_other(request, _PATH)
    if form.place_id:
        return see_other(request, _PATH, _("Die Mitteilungen dazu sind als gelesen markiert."))
    return see_other(request, _PATH, _("Alle Mitteilungen sind als gelesen markiert."))


@router.get(f"{_PATH}/live")
def tell_live(request: Request, session: ReadSession, visitor: Reader) -> Response:
    """How many are unread, now and whenever it changes, as server-sent events; who opens it is led to the page."""
    if not is_stream_wanted(request):
        return RedirectResponse(_PATH, status_code=303)
    if visitor.sign_in is None:
        return LiveStream(request.app.state.feed, None)
    mark = marks_of(session, [visitor.sign_in.id]).get(visitor.sign_in.id, Mark())
    listener = Listener(visitor.sign_in.id, visitor.sign_in.person_id, mark)
    listener.inbox = Inbox(count_unread(session, visitor.actor) if mark.rows else 0)
    return LiveStream(request.app.state.feed, listener)


def _grouped(items: Sequence[Told]) -> list[Group]:
    """By body, then by thing, in the order in which each was told of last."""
    groups: dict[str, Group] = {}
    things: dict[tuple[str, UUID], Thing] = {}
    lines: dict[tuple[str, UUID, str], Line] = {}
    for told in items:
        each = told.notification
        group = groups.setdefault(told.body_title, Group(told.body_title))
        thing = things.get((told.body_title, each.place_id))
        if thing is None:
            thing = things[told.body_title, each.place_id] = Thing(each.place_id, told.title)
            group.things.append(thing)
        line = lines.get((told.body_title, each.place_id, each.about))
        if line is None:
            line = lines[told.body_title, each.place_id, each.about] = Line(told)
            thing.lines.append(line)
        line.keys.append(each.occasion_id)
    for thing in things.values():
        thing.lines.sort(key=lambda line: _BY_URGENCY.index(line.urgency))
    return list(groups.values())
