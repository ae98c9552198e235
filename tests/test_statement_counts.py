"""Every page asks the database at most six times for the public and twelve for who is signed in."""

from __future__ import annotations

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.models.accounts import SignIn
from app.models.people import Person
from app.security import SESSION_COOKIE, digest_of, new_secret
from tests.browsing import StatementCounter
from tests.conftest import Example
from tests.test_outsider import addresses

PUBLIC_LIMIT, MEMBER_LIMIT = 6, 12
# A paper gathers what several pages show, and the Akte all of them.
FILE_LIMITS = {"/beschlussvorlage": 24, "/akte.zip": 48}
NOT_PAGES = ("/api/", "/metrics", "/readyz", "/healthz")


@pytest.mark.parametrize("address", [None, "redaktion-c", "geschaeftsstelle"])
def test_every_page_asks_little(example: Example, address: str | None) -> None:
    limit = PUBLIC_LIMIT if address is None else MEMBER_LIMIT
    counter = StatementCounter(example.database.engine)
    with TestClient(example.app, follow_redirects=False) as client:
        if address is not None:
            client.cookies.set(SESSION_COOKIE, signed_in(example, address))
        asked: dict[str, int] = {}
        for path in addresses(example):
            if path.startswith(NOT_PAGES):
                continue
            with counter:
                response = client.get(path)
            if response.status_code == 200:
                asked[path] = counter.count
    counter.stop()
    assert len(asked) > 30
    assert {path: count for path, count in asked.items() if count > limit_of(path, limit)} == {}


def limit_of(path: str, limit: int) -> int:
    """How often this address may ask."""
    return next((most for part, most in FILE_LIMITS.items() if part in path), limit)


def signed_in(example: Example, address: str) -> str:
    """A cookie of an example person."""
    secret = new_secret()
    with example.database.write() as session:
        person = session.exec(select(Person).where(Person.email == f"{address}@beispiel.example")).one()
        session.add(
            SignIn(
                created_at=example.clock(),
                person_id=person.id,
                digest=digest_of(secret),
                form_secret=new_secret(),
                expires_at=example.clock().replace(year=2040),
            )
        )
    return secret
