"""Requests wait for the database in the event loop, in order, and not in threads that the ones at work need.

A request runs in several threads after one another: one finds the reader, one answers, one commits. If every thread of
the pool were waiting for a connection, or on SQLite for the one who writes, none would be left for those who have it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from fastapi.concurrency import contextmanager_in_threadpool
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
        async with room, contextmanager_in_threadpool(self.database.read()) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        """A session that writes, when there is room and, on SQLite, nobody else of this process writes."""
        room, writing = self._of_this_loop()
        async with writing, room, contextmanager_in_threadpool(self.database.write()) as session:
            yield session

    def _of_this_loop(self) -> tuple[asyncio.Semaphore, asyncio.Semaphore]:
        loop = asyncio.get_running_loop()
        if loop not in self._queues:
            writers = 1 if self.database.settings.is_sqlite else AT_ONCE
            self._queues[loop] = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(writers)
        return self._queues[loop]
