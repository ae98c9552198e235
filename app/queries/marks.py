"""Reads of marks: a seat's own, and for the Redaktion all of them as block × group of seats; nobody else's, ever."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import Session, col, select

from app.domain.actors import LEADING_ROLES, Actor, MembershipRole
from app.domain.marks import MarkRow, tabulate
from app.domain.sorting import sort_key
from app.domain.text import Block
from app.models.bodies import Seat
from app.models.consultations import CommentRound
from app.models.marks import MarkSheet
from app.queries.base import DEFAULT_LIMIT, Page, page_of

_EDITING = LEADING_ROLES | {MembershipRole.RAPPORTEUR}


def visible(actor: Actor) -> ColumnElement[bool]:
    """The sheets an actor may read: its seats' own; in a body it edits, and for the Geschäftsstelle, all."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    edited = {seat.body_id for seat in actor.seats if seat.role in _EDITING}
    return or_(col(MarkSheet.body_id).in_(edited), col(MarkSheet.seat_id).in_(actor.drafting_seat_ids))


def reads_all(actor: Actor, body_id: UUID) -> bool:
    """True for Leitung, Redaktion, Geschäftsstelle and Prüfung."""
    return actor.is_secretariat or actor.is_auditor or bool(actor.seats_in(body_id, _EDITING))


def find_sheet(session: Session, round_id: UUID, seat_id: UUID) -> MarkSheet | None:
    """What a seat has marked; the caller has asked whose seat it is."""
    statement = select(MarkSheet).where(MarkSheet.round_id == round_id, MarkSheet.seat_id == seat_id)
    return session.exec(statement).one_or_none()


def page_of_sheets(
    session: Session, round_id: UUID, actor: Actor, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[MarkSheet]:
    """The sheets of a round that the actor may read, newest first."""
    statement = select(MarkSheet).where(MarkSheet.round_id == round_id, visible(actor))
    return page_of(session, statement, MarkSheet, limit=limit, after=after)


def table_of(
    session: Session, found: CommentRound, blocks: Sequence[Block]
) -> tuple[list[str], list[MarkRow[str]], int]:
    """The groups of seats in German order, a row for each block, the most disputed first, and how many seats marked."""
    statement = (
        select(MarkSheet, Seat.group)
        .join(Seat, col(Seat.id) == MarkSheet.seat_id)
        .where(MarkSheet.round_id == found.id)
        .order_by(col(MarkSheet.created_at), col(MarkSheet.id))
    )
    sheets = [(group or "", sheet.by_block) for sheet, group in session.exec(statement)]
    groups = sorted({group for group, _marks in sheets}, key=sort_key)
    return groups, tabulate([block.id for block in blocks], sheets), sum(bool(marks) for _group, marks in sheets)
