"""Requests wait for the database in the event loop, in order, and not in threads that the ones at work need.

A request runs in several threads after one another: one finds the reader, one answers, one commits. If every thread of
the pool were waiting for a connection, or on SQLite for the one who writes, none would be left for those who have it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from functools import partial
from weakref import WeakKeyDictionary

from anyio import CancelScope, CapacityLimiter, to_thread
from sqlmodel import Session

from app.db import Database

AT_ONCE = 12
"""Requests of one process that use the database at the same time: fewer than its connections and its threads."""


class Turns:
    """The queues of one application; one pair for each event loop, of which a serving process has one."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._queues: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[asyncio.Semaphore, asyncio.Semaphore]]
        self._queues = WeakKeyDictionary()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """A session for questions, when there is room."""
        room, _writing = self._of_this_loop()
        async with room, _ended_in_thread(self.database.read()) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        """A session that writes, when there is room and, on SQLite, nobody else of this process writes."""
        room, writing = self._of_this_loop()
        async with writing, room, _ended_in_thread(self.database.write()) as session:
            yield session

    def _of_this_loop(self) -> tuple[asyncio.Semaphore, asyncio.Semaphore]:
        loop = asyncio.get_running_loop()
        if loop not in self._queues:
            writers = 1 if self.database.settings.is_sqlite else AT_ONCE
            self._queues[loop] = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(writers)
        return self._queues[loop]


@asynccontextmanager
async def _ended_in_thread(opened: AbstractContextManager[Session]) -> AsyncIterator[Session]:
    """A session that begins here, where it asks nothing yet, and ends in a thread of its own, where it may wait.

    Of its own: a pool full of those who wait for this very session would never let it end. Who goes meanwhile
    doesn't stop it from ending.
    """
    session = opened.__enter__()
    try:
        yield session
    except BaseException as error:
        if not await _in_own_thread(partial(opened.__exit__, type(error), error, error.__traceback__)):
            raise
    else:
        await _in_own_thread(partial(opened.__exit__, None, None, None))


async def _in_own_thread(work: Callable[[], bool | None]) -> bool:
    with CancelScope(shield=True):
        done = await to_thread.run_sync(work, limiter=CapacityLimiter(1))
    return bool(done)
