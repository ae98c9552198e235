"""The Stellungnahmensynopse: every statement of a round that its reader may see, in the order of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import true
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.consultations import StatementState
from app.domain.text import Block
from app.i18n import _
from app.models.consultations import Statement
from app.queries.consultations import (
    StatementFilter,
    conditions_of,
    reads_inside,
    reads_reason,
    visible_statements,
)

MOST_ROWS = 5_000
"""Statements in one table; no round had a tenth of it."""


@dataclass(frozen=True, slots=True)
class SynopsisRow:
    """One statement as its reader may see it: where, who, what, and what became of it.

    `place` counts the blocks of the text from 1; 0 is the whole text, None a block of another version.
    """

    statement: Statement
    place: int | None
    author: str
    reason: str


def list_synopsis(
    session: Session, actor: Actor, chosen: StatementFilter, blocks: Sequence[Block], *, with_withdrawn: bool = False
) -> list[SynopsisRow]:
    """The rows, the whole text first, then block by block, those on another version's blocks last.

    Withdrawn statements are left out where nobody asks for them. One statement.
    """
    places = {block.id: place for place, block in enumerate(blocks, start=1)}
    statement = (
        select(Statement)
        .options(joinedload(Statement.organisation), joinedload(Statement.files))  # type: ignore[arg-type]
        .where(
            visible_statements(actor),
            *conditions_of(chosen),
            true() if with_withdrawn else col(Statement.state) != StatementState.WITHDRAWN,
        )
        .order_by(col(Statement.created_at), col(Statement.id))
        .limit(MOST_ROWS)
    )
    rows = [_row(each, places, actor) for each in session.exec(statement).unique()]
    return sorted(rows, key=lambda row: (row.place is None, row.place or 0, _sort_key(row)))


def _row(statement: Statement, places: dict[UUID, int], actor: Actor) -> SynopsisRow:
    reason = statement.disposition_reason or "" if reads_reason(statement, actor) else ""
    place = places.get(statement.block_id) if statement.block_id else 0
    return SynopsisRow(statement, place, author_of(statement, actor), reason)


def author_of(statement: Statement, actor: Actor) -> str:
    """Who speaks, as this reader may know it: who wrote without an account is named inside the body alone."""
    if statement.organisation is not None:
        return statement.organisation.name
    if statement.author_name and reads_inside(actor, statement.body_id):
        return _("{name} (ohne Anmeldung)").format(name=statement.author_name)
    return _("Aus der Öffentlichkeit")


def _sort_key(row: SynopsisRow) -> str:
    return row.statement.organisation.sort_key if row.statement.organisation else "~"
