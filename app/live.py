"""What open pages are told at once: how many notifications are unread. It only reads, and holds no connection.

Every process asks the database by itself for all who listen to it, so that it matters to nobody which process wrote.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from prometheus_client import Gauge

from app.db import Database
from app.models.people import Person
from app.queries.actors import actor_of
from app.queries.listening import Inbox, Mark, inbox_of, marks_of

log = logging.getLogger("dialogforum.live")
PAUSE_SECONDS = 2.0
PATIENCE_SECONDS = 60.0
"""The longest pause where the database can't be reached."""

STREAMS_A_PERSON = 6
STREAMS_A_PROCESS = 1000
STREAMS = Gauge("dialogforum_live_streams", "Offene Seiten, die von neuen Mitteilungen hören")
R = TypeVar("R")


@dataclass(eq=False, slots=True)
class Listener:
    """One open page: whose it is, what it knows, and what it is to be told next; only the newest counts."""

    sign_in_id: UUID
    person_id: UUID
    mark: Mark
    inbox: Inbox | None = None
    is_over: bool = False
    is_refused: bool = False
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, seconds: float) -> bool:
        """Until there is something to tell; False where so many seconds passed without."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)
        told = self._woken.is_set()
        self._woken.clear()
        return told

    def tell(self, inbox: Inbox, mark: Mark) -> None:
        """Let the page know how things stand now."""
        self.inbox, self.mark = inbox.since(self.mark), mark
        self._woken.set()

    def end(self, *, is_refused: bool) -> None:
        """Tell no more: refused, where the page need not come back."""
        self.is_over, self.is_refused = True, is_refused
        self._woken.set()


class Feed:
    """Everybody who listens to this process; made in the server's loop, where all but the questions runs."""

    def __init__(self, database: Database, pause: float = PAUSE_SECONDS) -> None:
        self.database = database
        self.pause = pause
        self._listeners: set[Listener] = set()
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._threads: CapacityLimiter | None = None

    def join(self, listener: Listener) -> None:
        """Listen from now on; refused where a person or the process has too many open pages."""
        if self._stopped.is_set():
            listener.end(is_refused=False)
            return
        own = sum(1 for each in self._listeners if each.person_id == listener.person_id)
        if own >= STREAMS_A_PERSON or len(self._listeners) >= STREAMS_A_PROCESS:
            listener.end(is_refused=True)
            return
        self._listeners.add(listener)
        STREAMS.set(len(self._listeners))
        if self._task is None:
            self._task = asyncio.create_task(self._watch(), name="live")

    def leave(self, listener: Listener) -> None:
        """Listen no more."""
        self._listeners.discard(listener)
        STREAMS.set(len(self._listeners))

    def stop(self) -> None:
        """End every stream: the server goes, and pages come back when there is one again."""
        self._stopped.set()
        for listener in self._listeners:
            listener.end(is_refused=False)

    def stop_soon(self) -> None:
        """The same from anywhere, also from a signal's handler."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.stop)

    def stop_with_the_server(self, *others: Callable[[], None]) -> Callable[[], None]:
        """End the streams as soon as a signal ends the server, which waits for them; returns how to take it back.

        Others that need time to end are told at the same moment. Only where signals are heard: in the main thread.
        """
        if threading.current_thread() is not threading.main_thread():
            return lambda: None
        former = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

        def handle(number: int, frame: Any) -> None:
            for end in (self.stop_soon, *others):
                end()
            then = former[signal.Signals(number)]
            if callable(then):
                then(number, frame)

        for number in former:
            signal.signal(number, handle)

        def take_back() -> None:
            for number, handler in former.items():
                if signal.getsignal(number) is handle:
                    signal.signal(number, handler)

        return take_back

    async def _watch(self) -> None:
        """Look again and again while anybody listens; a database that is away is asked more and more seldom."""
        pause = self.pause
        while self._listeners:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), pause)
            if self._stopped.is_set():
                break
            try:
                await self._look()
                pause = self.pause
            except Exception as error:
                pause = min(pause * 2, PATIENCE_SECONDS)
                log.warning("who listens can't be told: %s", type(error).__name__)
        self._task = None

    async def _look(self) -> None:
        present = list(self._listeners)
        if not present:
            return
        marks = await self._ask(partial(self._read_marks, {each.sign_in_id for each in present}))
        changed: dict[UUID, list[Listener]] = {}
        for listener in present:
            mark = marks.get(listener.sign_in_id)
            if mark is None:
                listener.end(is_refused=True)
            elif mark != listener.mark:
                changed.setdefault(listener.person_id, []).append(listener)
        for person_id, listeners in changed.items():
            inbox = await self._ask(partial(self._read_inbox, person_id))
            for listener in listeners:
                listener.tell(inbox, marks[listener.sign_in_id])

    def _ask(self, question: Callable[[], R]) -> Awaitable[R]:
        """In a thread of its own: whoever waits for a page is not kept waiting by those who listen."""
        if self._threads is None:
            self._threads = CapacityLimiter(1)
        return to_thread.run_sync(question, limiter=self._threads)

    def _read_marks(self, sign_in_ids: set[UUID]) -> dict[UUID, Mark]:
        with self.database.read() as session:
            return marks_of(session, sign_in_ids)

    def _read_inbox(self, person_id: UUID) -> Inbox:
        with self.database.read() as session:
            return inbox_of(session, actor_of(session, session.get_one(Person, person_id)))
