"""What tests of following share: saying it as a person does, and asking who is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import col, select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.events import SubjectType
from app.models.people import Person
from app.queries.follows import followers_of, is_muted_by
from tests.browsing import send
from tests.factories import Known


def say(client: TestClient, known: Known, target: str, key: object, choice: str = "follow", **more: Any) -> Any:
    """Press a button below the heading of a page."""
    return send(client, known, f"/folgen/{target}/{key}", {"choice": choice, **more})


def say_of_list(client: TestClient, known: Known, noun: str, choice: str = "follow", **filters: Any) -> Any:
    """Press the button above a list with these filters."""
    return send(client, known, "/folgen/liste", {"choice": choice, "noun": noun, **filters})


def followers(database: Database, noun: str, key: object) -> set[UUID]:
    """Who is told of what happens to the thing because it follows."""
    with database.read() as session:
        return set(session.exec(followers_of(SubjectType(noun), UUID(str(key)))).all())  # type: ignore[call-overload]


def silenced(database: Database, noun: str, key: object) -> set[UUID]:
    """Who wants no news of the thing."""
    with database.read() as session:
        muted = is_muted_by(col(Person.id), SubjectType(noun), UUID(str(key)))
        return set(session.exec(select(Person.id).where(muted)).all())
