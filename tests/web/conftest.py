"""What tests of pages and mails for the public start from."""

from __future__ import annotations

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.config import Settings
from app.db import Database
from app.models.programmes import FieldOfAction
from tests.subscribing import Public


@pytest.fixture
def public(client: TestClient, database: Database, settings: Settings) -> Public:
    """A reader without an account."""
    return Public(client, database, settings)


@pytest.fixture
def field(database: Database) -> str:
    """The field that the bodies of the test world belong to, as a form names it."""
    with database.read() as session:
        return f"field_of_action:{session.exec(select(FieldOfAction.id).where(FieldOfAction.code == 'B')).one()}"
