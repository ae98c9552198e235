"""What tests of pages share: a signed-in browser, forms with their token, counted statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from app.actions.attempts import note_attempt
from app.db import Database
from app.domain.accounts import AttemptKind, limits_of_links
from app.security import SESSION_COOKIE
from tests.factories import Known


def sign_in(client: TestClient, known: Known) -> None:
    """From now on the browser is this person's."""
    client.cookies.clear()
    client.cookies.set(SESSION_COOKIE, known.cookie)


def sign_out(client: TestClient) -> None:
    """From now on the browser is nobody's."""
    client.cookies.clear()


def send(client: TestClient, known: Known, path: str, fields: Mapping[str, Any] | None = None, **more: Any) -> Any:
    """Send a form as this person, with its token, as a browser does."""
    sign_in(client, known)
    return client.post(path, data={"form_token": known.form_token, **(fields or {})}, **more)


def spend_links(database: Database, *, but: int) -> None:
    """Send so much by links from the browser's address that only so many forms are left for this hour."""
    (limit,) = limits_of_links("testclient")
    with database.write() as session:
        for _ in range(limit.attempts - but):
            note_attempt(session, AttemptKind.LINK, [limit])


class StatementCounter:
    """Counts statements while it is entered; BEGIN, COMMIT and savepoints are not statements."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.texts: list[str] = []
        self.is_on = False
        event.listen(engine, "before_cursor_execute", self._note)

    @property
    def count(self) -> int:
        """How many ran while it was entered the last time."""
        return len(self.texts)

    def __enter__(self) -> StatementCounter:
        self.texts = []
        self.is_on = True
        return self

    def __exit__(self, *_error: object) -> None:
        self.is_on = False

    def stop(self) -> None:
        """Listen no more."""
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if self.is_on and not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            self.texts.append(statement)
