"""The database's schema: bring it up to date, and tell whether it is."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.config import PROJECT_ROOT
from app.db import Database, create_file


def alembic_config() -> Config:
    """The configuration of the migrations that come with this version."""
    return Config(str(PROJECT_ROOT / "alembic.ini"))


def migrate(database: Database) -> None:
    """Bring the schema up to this version, in one transaction."""
    create_file(database.settings)
    config = alembic_config()
    with database.engine.execution_options(dialogforum_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def head_revision() -> str:
    """The revision this version of the application works on."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None
    return head


def is_current(database: Database) -> bool:
    """True where the schema is that of this version."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head_revision()
