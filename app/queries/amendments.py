"""Reads of amendments: who may see them, and what each wants with which block, on its version and the newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.amendments import AmendmentState
from app.domain.consultations import Disposition
from app.domain.text import AmendedBlock, Block, BlockKind
from app.errors import NotFound
from app.models.amendments import Amendment, AmendmentChange
from app.models.recommendations import Version, VersionBlock
from app.models.record import RecordText
from app.queries.base import DEFAULT_LIMIT, Page, page_of
from app.queries.versions import REDACTED

MOST_AT_ONCE = 500
"""Amendments on the one page that shows them all beside the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentFilter:
    """What a list of amendments is narrowed to; None leaves a field open."""

    recommendation_id: UUID | None = None
    state: AmendmentState | None = None
    disposition: Disposition | None = None
    organisation_id: UUID | None = None
    block_id: UUID | None = None


def visible(actor: Actor) -> ColumnElement[bool]:
    """The amendments an actor may read: its bodies' and its own; never the public, whatever is published."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    if not actor.is_signed_in:
        return false()
    return or_(col(Amendment.body_id).in_(actor.body_ids), col(Amendment.author_id) == actor.person_id)


def get_amendment(session: Session, key: UUID, actor: Actor) -> Amendment:
    """One amendment with its organisation; NotFound where absent or hidden."""
    statement = _with_organisation().where(Amendment.id == key, visible(actor))
    found: Amendment | None = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound()
    return found


def list_amendments(
    session: Session,
    actor: Actor,
    chosen: AmendmentFilter,
    *,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[Amendment]:
    """Amendments the actor may read, newest first."""
    statement = _with_organisation().where(visible(actor), *_conditions(chosen))
    return page_of(session, statement, Amendment, limit=limit, after=after)


def list_all_on(session: Session, recommendation_id: UUID, actor: Actor) -> Sequence[Amendment]:
    """Those on a recommendation the actor may read, open ones first, each group in the order they came."""
    statement = (
        _with_organisation()
        .where(Amendment.recommendation_id == recommendation_id, visible(actor))
        .order_by(col(Amendment.state) != AmendmentState.OPEN, col(Amendment.created_at), col(Amendment.id))
        .limit(MOST_AT_ONCE)
    )
    found: Sequence[Amendment] = session.exec(statement).all()
    return found


def changes_of(session: Session, amendments: Sequence[Amendment]) -> dict[UUID, list[AmendedBlock]]:
    """By amendment: what it wants with which block of its version, in its order. Two statements."""
    found: dict[UUID, list[AmendedBlock]] = {each.id: [] for each in amendments}
    if not amendments:
        return found
    known = _known_blocks(session, amendments)
    wanted, block_text = aliased(RecordText), aliased(RecordText)
    columns: list[Any] = [AmendmentChange, wanted.text, VersionBlock, block_text.text, Version.id]
    rows = session.exec(
        select(*columns)
        .join(Amendment, col(AmendmentChange.amendment_id) == Amendment.id)
        .join(
            Version,
            and_(
                col(Version.recommendation_id) == Amendment.recommendation_id,
                col(Version.number) == Amendment.version,
            ),
        )
        .join(
            VersionBlock,
            and_(
                col(VersionBlock.version_id) == Version.id,
                col(VersionBlock.block_id) == AmendmentChange.block_id,
            ),
        )
        .join(block_text, col(VersionBlock.text_id) == block_text.id)
        .outerjoin(wanted, col(AmendmentChange.text_id) == wanted.id)
        .where(col(AmendmentChange.amendment_id).in_(list(found)))
        .order_by(col(AmendmentChange.amendment_id), col(AmendmentChange.position))
    )
    for change, text, stored, before, version_id in rows:
        found[change.amendment_id].append(_amended(change, text, stored, before, known[version_id]))
    return found


def _known_blocks(session: Session, amendments: Sequence[Amendment]) -> dict[UUID, frozenset[UUID]]:
    """By version: all its blocks."""
    pinned = {(each.recommendation_id, each.version) for each in amendments}
    of_one = [
        and_(col(Version.recommendation_id) == key, col(Version.number).in_(_numbers(pinned, key)))
        for key in {key for key, _number in pinned}
    ]
    rows = session.exec(
        select(VersionBlock.version_id, VersionBlock.block_id)
        .join(Version, col(VersionBlock.version_id) == Version.id)
        .where(or_(*of_one))
    )
    known: dict[UUID, set[UUID]] = {}
    for version_id, block_id in rows:
        known.setdefault(version_id, set()).add(block_id)
    return {version_id: frozenset(blocks) for version_id, blocks in known.items()}


def _numbers(pinned: set[tuple[UUID, int]], key: UUID) -> list[int]:
    return sorted(number for recommendation_id, number in pinned if recommendation_id == key)


def _amended(
    change: AmendmentChange, text: str | None, stored: VersionBlock, before: str | None, known: frozenset[UUID]
) -> AmendedBlock:
    base = Block(id=stored.block_id, part=stored.part, kind=stored.kind, number=stored.number, text=before or REDACTED)
    wording = (text or REDACTED) if change.text_id else ""
    added = None
    if change.part is not None:
        added = Block(id=change.id, part=change.part, kind=change.block_kind or BlockKind.PARAGRAPH, text=wording)
    return AmendedBlock(
        id=change.id,
        amendment_id=change.amendment_id,
        kind=change.kind,
        base=base,
        known=known,
        text=wording,
        added=added,
    )


def _with_organisation() -> Any:
    return select(Amendment).options(joinedload(Amendment.organisation))  # type: ignore[arg-type]


def _conditions(chosen: AmendmentFilter) -> list[ColumnElement[bool]]:
    names = ("recommendation_id", "state", "disposition", "organisation_id")
    found: list[ColumnElement[bool]] = [
        col(getattr(Amendment, name)) == getattr(chosen, name) for name in names if getattr(chosen, name) is not None
    ]
    if chosen.block_id is not None:
        found.append(
            exists().where(
                col(AmendmentChange.amendment_id) == Amendment.id, col(AmendmentChange.block_id) == chosen.block_id
            )
        )
    return found
