"""Script in any text, in any place it is shown, is shown as text."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from sqlalchemy import Connection, text
from sqlmodel import AutoString, SQLModel, select
from starlette.testclient import TestClient

from app.domain.actors import PersonRole
from app.models.accounts import SignIn
from app.models.people import Person
from app.security import SESSION_COOKIE, digest_of
from tests.browsing import sign_in
from tests.conftest import Example
from tests.factories import World
from tests.test_outsider import addresses

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> **[x](javascript:alert(1))** {{ 7*7 }} "
# What is no text of a person: addresses, keys, secrets, hashes and what is hashed.
_NO_TEXT = {"slug", "code", "email", "digest", "form_secret", "url", "reference", "hashed", "salt", "hash", "field"}
_NO_TEXT |= {"content_hash", "previous_hash", "head_hash", "last_hash", "subject_type", "type", "kind", "state", "key"}
_NO_TEXT |= {"about"}
_NO_TABLE = {"event", "version", "version_block", "version_addressee", "outgoing_mail", "one_time_link", "attempt"}


def fill_with_script(example: Example) -> int:
    """Put the script in front of every text of a person that stands in the database; how many columns that were."""
    count = 0
    with example.database.write() as session:
        connection = session.connection()
        _without_triggers(connection, "record_text")
        for table in SQLModel.metadata.sorted_tables:
            for column in table.columns:
                if (
                    not isinstance(column.type, AutoString)
                    or column.name in _NO_TEXT
                    or table.name in _NO_TABLE
                    or column.name.endswith("_hash")
                ):
                    continue
                if column.foreign_keys or column.primary_key:
                    continue
                length = column.type.length or 100_000
                if length < 60:
                    continue
                statement = (
                    f'UPDATE "{table.name}" SET "{column.name}" = substr(:script || "{column.name}", 1, {length})'
                )
                connection.execute(text(statement), {"script": SCRIPT})
                count += 1
    return count


def _without_triggers(connection: Connection, table: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    found = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    for name in connection.execute(found, {"table": table}).scalars().all():
        connection.execute(text(f"DROP TRIGGER {name}"))


class Found(HTMLParser):
    """Notes what would run."""

    def __init__(self) -> None:
        super().__init__()
        self.running: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A script of ours has a source; no element has a handler; no address is a script."""
        named = dict(attrs)
        if tag == "script" and not (named.get("src") or "").startswith("/static/"):
            self.running.append(str(self.get_starttag_text()))
        if tag == "img" and named.get("src") == "x":
            self.running.append(str(self.get_starttag_text()))
        for name, value in attrs:
            if name.startswith("on") or name == "style" or (value or "").strip().lower().startswith("javascript:"):
                self.running.append(str(self.get_starttag_text()))


def enter(client: TestClient, example: Example, who: str) -> None:
    """Come in as somebody of the example programme; a chair has the most to do."""
    if who == "chair":
        with example.database.write() as session:
            moment = example.clock()
            chair = session.exec(select(Person).where(Person.email == "leitung-b@beispiel.example")).one()
            session.add(
                SignIn(
                    created_at=moment,
                    person_id=chair.id,
                    digest=digest_of("cookie"),
                    form_secret="form",
                    expires_at=moment + timedelta(hours=8),
                )
            )
        client.cookies.set(SESSION_COOKIE, "cookie")
    elif who != "nobody":
        sign_in(client, World(example.database).person(PersonRole(who)))


@pytest.mark.parametrize("who", ["nobody", "secretariat", "admin", "chair"])
def test_script_is_shown_as_text_on_every_page(example: Example, who: str) -> None:
    paths = [path for path in addresses(example) if not path.startswith("/api/")]
    assert fill_with_script(example) > 40
    shown = 0
    with TestClient(example.app, follow_redirects=False, raise_server_exceptions=False) as client:
        enter(client, example, who)
        for path in [*paths, "/bedarfe?q=%3Cscript%3Ealert(1)%3C/script%3E", "/%3Cscript%3Ealert(1)%3C/script%3E"]:
            answer = client.get(path)
            assert answer.status_code < 500, (path, answer.text[-2000:])
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            kind = answer.headers.get("content-type", "")
            if kind.startswith(("text/html", "application/atom")):
                found = Found()
                found.feed(answer.text)
                assert found.running == [], path
                shown += "&lt;script&gt;alert(1)" in answer.text
                assert " 49 " not in answer.text or "{{ 7*7 }}" in answer.text
    assert shown > 20
