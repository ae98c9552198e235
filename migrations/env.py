"""How Alembic reaches the database: over the connection it is handed, or the one of the settings."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, DateTime, String, TypeDecorator
from sqlmodel import SQLModel

import app.models  # noqa: F401  the metadata must know every table
from app.config import read_settings
from app.db import create_file, make_engine


def plain_type(kind: str, item: Any, _context: Any) -> str | bool:
    """Write the database's own types into a migration, so that it stands without the application's code."""
    stored = item.impl if kind == "type" and isinstance(item, TypeDecorator) else None
    if isinstance(stored, DateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(stored, String):
        return f"sa.String({f'length={stored.length}' if stored.length else ''})"
    return False


def run(connection: Connection) -> None:
    """Run the migrations in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=plain_type,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    settings = read_settings()
    create_file(settings)
    engine = make_engine(settings).execution_options(dialogforum_writes=True)
    with engine.begin() as own:
        run(own)
