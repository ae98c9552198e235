"""The bare table of the `commit` floor."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Engine, MetaData, String, Table, Uuid

ROWS = Table(
    "bench_row",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("written_at", DateTime(timezone=True)),
    Column("text", String),
)


def make_table(engine: Engine) -> None:
    """Make it beside the application's tables."""
    with engine.execution_options(dialogforum_writes=True).begin() as connection:
        ROWS.create(connection)
