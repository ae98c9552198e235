"""Server-sent events: what a listener is told, written to its open page until one of them goes."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator

from fastapi import Request
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.types import Send

from app.i18n import _
from app.live import Feed, Listener
from app.queries.listening import Inbox
from app.wording.inbox import unread_figure, unread_label

KEEP_ALIVE_SECONDS = 20.0
"""How often something is said, so that no proxy thinks nobody is there, and who left is noticed."""

COME_BACK_MILLISECONDS = (3_000, 8_000)
"""When a page comes back after its stream broke: not all of them at once."""

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_KEEP_ALIVE = format_sse_event(comment="")
_REFUSED = format_sse_event(event="ended", data_str="{}")


def is_stream_wanted(request: Request) -> bool:
    """True for a browser's EventSource; who looks at the address as at a page, or only at its headers, wants none."""
    is_page = "text/event-stream" not in request.headers.get("accept", "")
    return not is_page and not getattr(request.state, "asks_headers_alone", False)


class LiveStream(EventSourceResponse):
    """The stream of one listener; without one it says that there is nothing to come back for."""

    def __init__(self, feed: Feed, listener: Listener | None) -> None:
        super().__init__(self._events(), headers=_HEADERS)
        self.feed = feed
        self.listener = listener

    async def stream_response(self, send: Send) -> None:
        """Listen for as long as the page is open."""
        if self.listener is not None:
            self.feed.join(self.listener)
        try:
            await super().stream_response(send)
        finally:
            if self.listener is not None:
                self.feed.leave(self.listener)

    async def _events(self) -> AsyncIterator[bytes]:
        if self.listener is not None:
            async for event in _told_to(self.listener):
                yield event
        if self.listener is None or self.listener.is_refused:
            yield _REFUSED


async def _told_to(listener: Listener) -> AsyncIterator[bytes]:
    yield format_sse_event(retry=random.randint(*COME_BACK_MILLISECONDS))
    is_news = True
    while not listener.is_over:
        yield told(listener.inbox) if is_news and listener.inbox is not None else _KEEP_ALIVE
        is_news = await listener.wait(KEEP_ALIVE_SECONDS)


def told(inbox: Inbox) -> bytes:
    """What a page shows and says; words and titles are its reader's, who was asked about them just now."""
    news = None
    if inbox.newest is not None:
        fact, title = inbox.newest.text, inbox.newest.title
        news = {
            "text": fact,
            "title": title,
            "url": inbox.newest.url,
            "said": _("Neue Mitteilung: {fact}, {title}.").format(fact=fact, title=title),
        }
    said = {"unread": inbox.unread, "figure": unread_figure(inbox.unread), "label": unread_label(inbox.unread)}
    return format_sse_event(event="unread", data_str=json.dumps({**said, "news": news}, ensure_ascii=False))
