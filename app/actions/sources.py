"""Where a block comes from: needs, proposals, statements and amendments, linked by whom and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.actions.links import link_needs_and_proposals
from app.actions.permissions import require
from app.actions.record import record
from app.clock import now
from app.domain.actors import Actor
from app.domain.events import EventType, SubjectType
from app.domain.permissions import Permission
from app.domain.recommendations import WRITING_STATES
from app.domain.text import Block, ChangeKind, compare
from app.errors import Conflict, FieldError, Invalid
from app.forms.sources import BlockSourcesForm, SourceForm
from app.forms.versions import SourceInput
from app.i18n import _
from app.models.amendments import Amendment
from app.models.consultations import Statement
from app.models.recommendations import BlockSource, Recommendation
from app.queries import needs, proposals
from app.queries.base import get_for_update
from app.queries.recommendation_links import sources_of
from app.queries.recommendations import visible
from app.queries.versions import blocks_of_number


def link_sources(
    session: Session,
    recommendation: Recommendation,
    wanted: Mapping[UUID, Sequence[SourceInput]],
    *,
    actor: Actor,
    kept: Collection[UUID] = (),
) -> list[dict[str, str]]:
    """Make these, and what is `kept`, the sources of these blocks; answers those named as plain data for the event.

    A need or proposal named here is linked to the recommendation too. Invalid where one can't be seen.
    """
    if not wanted:
        return []
    pairs = {(block_id, each.id): SubjectType(each.type) for block_id, sources in wanted.items() for each in sources}
    _require_known(session, recommendation, {key: kind for (_block, key), kind in pairs.items()}, actor)
    stored = session.exec(select(BlockSource).where(BlockSource.recommendation_id == recommendation.id)).all()
    for source in stored:
        is_named = (source.block_id, source.source_id) in pairs or source.source_id in kept
        if source.block_id in wanted and not is_named:
            session.delete(source)
    present = {(source.block_id, source.source_id) for source in stored}
    for (block_id, key), kind in pairs.items():
        if (block_id, key) not in present:
            _add(session, recommendation, block_id, kind, key, actor)
    link_needs_and_proposals(
        session,
        recommendation,
        need_ids=[key for (_block, key), kind in pairs.items() if kind is SubjectType.NEED],
        proposal_ids=[key for (_block, key), kind in pairs.items() if kind is SubjectType.PROPOSAL],
    )
    return [{"block_id": str(block_id), "type": kind.value, "id": str(key)} for (block_id, key), kind in pairs.items()]


def add_source(session: Session, key: UUID, form: SourceForm, *, actor: Actor) -> Recommendation:
    """Say where one block of the newest version comes from; said twice it stands once."""
    recommendation = _writable(session, key, actor)
    _require_block(session, recommendation, form.block_id)
    kind = SubjectType(form.source_type)
    _require_known(session, recommendation, {form.source_id: kind}, actor)
    known = select(BlockSource).where(
        BlockSource.recommendation_id == recommendation.id,
        BlockSource.block_id == form.block_id,
        BlockSource.source_id == form.source_id,
    )
    if session.exec(known).first() is None:
        _add(session, recommendation, form.block_id, kind, form.source_id, actor)
        link_needs_and_proposals(
            session,
            recommendation,
            need_ids=[form.source_id] if kind is SubjectType.NEED else [],
            proposal_ids=[form.source_id] if kind is SubjectType.PROPOSAL else [],
        )
        source = {"block_id": str(form.block_id), "type": kind.value, "id": str(form.source_id)}
        record(
            session,
            EventType.RECOMMENDATION_CHANGED,
            recommendation,
            actor=actor,
            version=recommendation.version,
            data={"sources": [source]},
        )
    return recommendation


def set_sources(session: Session, key: UUID, block_id: UUID, form: BlockSourcesForm, *, actor: Actor) -> Recommendation:
    """Say everything one block of the newest version comes from; sources the actor can't see stay as they are."""
    recommendation = _writable(session, key, actor)
    _require_block(session, recommendation, block_id)
    of_block = select(BlockSource).where(
        BlockSource.recommendation_id == recommendation.id, BlockSource.block_id == block_id
    )
    before = {each.source_id for each in session.exec(of_block)}
    hidden = before & hidden_sources(session, recommendation, actor)
    sources = link_sources(session, recommendation, {block_id: [*form.sources]}, actor=actor, kept=hidden)
    if before != {UUID(each["id"]) for each in sources} | hidden:
        record(
            session,
            EventType.RECOMMENDATION_CHANGED,
            recommendation,
            actor=actor,
            version=recommendation.version,
            data={"sources": sources, "block_id": str(block_id)},
        )
    return recommendation


def hidden_sources(session: Session, recommendation: Recommendation, actor: Actor) -> set[UUID]:
    """What blocks come from that the actor can't see: no choice of theirs takes it away."""
    stored = session.exec(select(BlockSource.source_id).where(BlockSource.recommendation_id == recommendation.id))
    seen = sources_of(session, recommendation, actor).values()
    return set(stored) - {each.source_id for sources in seen for each in sources}


def carry_sources(
    session: Session, recommendation: Recommendation, before: Sequence[Block], after: Sequence[Block]
) -> None:
    """Let what was split or joined keep its sources, with who linked them and when: no half stands without them."""
    if {block.id for block in before} == {block.id for block in after}:
        return
    of_this = select(BlockSource).where(BlockSource.recommendation_id == recommendation.id)
    stored = session.exec(of_this).all()
    present = {(each.block_id, each.source_id) for each in stored}
    for change in compare(before, after):
        if change.kind not in (ChangeKind.SPLIT, ChangeKind.MERGED):
            continue
        old = {block.id for block in change.old}
        for block in change.new:
            for each in (each for each in stored if each.block_id in old):
                if (block.id, each.source_id) not in present:
                    present.add((block.id, each.source_id))
                    session.add(
                        BlockSource(
                            created_at=each.created_at,
                            recommendation_id=recommendation.id,
                            block_id=block.id,
                            source_type=each.source_type,
                            source_id=each.source_id,
                            author_id=each.author_id,
                        )
                    )
    session.flush()


def add_known_sources(
    session: Session,
    recommendation: Recommendation,
    sources: Iterable[tuple[UUID, SubjectType, UUID]],
    *,
    actor: Actor,
) -> None:
    """Let blocks name as their source what is known to have gone into them; what they name already stays as it is.

    Each is the block, the noun and the key of the thing. The caller's event says what happened.
    """
    wanted = list(dict.fromkeys(sources))
    if not wanted:
        return
    stored = session.exec(
        select(BlockSource.block_id, BlockSource.source_id).where(BlockSource.recommendation_id == recommendation.id)
    )
    present = set(stored)
    for block_id, kind, key in wanted:
        if (block_id, key) not in present:
            _add(session, recommendation, block_id, kind, key, actor)


def _writable(session: Session, key: UUID, actor: Actor) -> Recommendation:
    recommendation = get_for_update(session, Recommendation, key, visible(actor, now(session)))
    require(Permission.RECOMMENDATION_DRAFT, recommendation, actor)
    if recommendation.state not in WRITING_STATES:
        raise Conflict(_("Die Herkunft eines Absatzes lässt sich nur festhalten, solange der Text geschrieben wird."))
    return recommendation


def _require_block(session: Session, recommendation: Recommendation, block_id: UUID) -> None:
    if block_id not in {block.id for block in blocks_of_number(session, recommendation, recommendation.version)}:
        raise Invalid(FieldError("block_id", _("Diesen Absatz gibt es in der neuesten Fassung nicht.")))


def _add(
    session: Session, recommendation: Recommendation, block_id: UUID, kind: SubjectType, key: UUID, actor: Actor
) -> None:
    session.add(
        BlockSource(
            created_at=now(session),
            recommendation_id=recommendation.id,
            block_id=block_id,
            source_type=kind,
            source_id=key,
            author_id=actor.person_id,
        )
    )


def _require_known(
    session: Session, recommendation: Recommendation, wanted: Mapping[UUID, SubjectType], actor: Actor
) -> None:
    for key, kind in wanted.items():
        match kind:
            case SubjectType.NEED:
                found: object = needs.find_need(session, key, actor)
            case SubjectType.PROPOSAL:
                found = proposals.find_proposal(session, key, actor)
            case _:
                model: Any = Amendment if kind is SubjectType.AMENDMENT else Statement
                of_this = select(model.id).where(model.id == key, model.recommendation_id == recommendation.id)
                found = session.exec(of_this).first()
        if found is None:
            raise Invalid(FieldError("sources", _("Diese Quelle gibt es nicht, oder sie ist für Sie nicht einsehbar.")))
