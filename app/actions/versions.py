"""Saving a version: immutable, hashed, on the base its writer had before. It overwrites nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.contributions import check_references
from app.actions.creations import find_already_created
from app.actions.permissions import require
from app.actions.record import keep_text, record
from app.actions.sources import carry_sources, hidden_sources, link_sources
from app.actions.speaking import speaking_in
from app.clock import now
from app.domain.actors import Actor
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.recommendations import WRITING_STATES
from app.domain.sorting import search_key
from app.domain.text import Block, canonical_form, content_hash, problems_of
from app.errors import Conflict, FieldError, Invalid, NotFound, StaleVersion
from app.forms.versions import BlockInput, VersionForm
from app.i18n import _
from app.models.base import new_id
from app.models.organisations import Organisation
from app.models.recommendations import (
    Recommendation,
    RecommendationAddressee,
    Version,
    VersionAddressee,
    VersionBlock,
)
from app.queries.base import get_for_update
from app.queries.recommendations import visible
from app.queries.versions import VersionText, blocks_of_number, get_version
from app.wording import label
from app.wording.texts import text_problem


def post_version(session: Session, key: UUID, form: VersionForm, *, actor: Actor) -> tuple[Version, bool]:
    """Save a version of what the actor may see. The flag is False where this very input made it before."""
    recommendation = get_for_update(session, Recommendation, key, visible(actor, now(session)))
    require(Permission.RECOMMENDATION_DRAFT, recommendation, actor)
    earlier = find_already_created(session, Version, form, actor=actor)
    if earlier:
        return earlier, False
    return save_version(session, recommendation, form, actor=actor), True


def save_version(
    session: Session,
    recommendation: Recommendation,
    form: VersionForm,
    *,
    actor: Actor,
    allow_after_decision: bool = False,
) -> Version:
    """Save the next version; of two on the same base the second is refused with StaleVersion, saving nothing.

    Takes the recommendation's row lock. After a decision is called only `revise` may save.
    """
    recommendation = get_for_update(session, Recommendation, recommendation.id)
    require(Permission.RECOMMENDATION_DRAFT, recommendation, actor)
    if recommendation.state not in WRITING_STATES and not allow_after_decision:
        raise Conflict(
            _("Im Stand „{state}“ wird der Text nicht mehr geändert.").format(state=label(recommendation.state)),
            state=recommendation.state.value,
        )
    blocks = _blocks(session, form.blocks)
    if form.base_version != recommendation.version:
        raise _stale(session, recommendation, form, blocks)
    if form.addressee_ids:
        check_references(session, ("addressee_ids", Organisation, form.addressee_ids))
    speaker = speaking_in(actor, recommendation.body_id, form.seat_id)
    addressee_ids = _addressees(session, recommendation, form)
    version = _write(session, recommendation, form, blocks, addressee_ids, speaker)
    carry_sources(session, recommendation, blocks_of_number(session, recommendation, form.base_version), blocks)
    wanted = {
        block.id: sent.sources for block, sent in zip(blocks, form.blocks, strict=True) if sent.sources is not None
    }
    hidden = hidden_sources(session, recommendation, actor) if wanted else set()
    sources = link_sources(session, recommendation, wanted, actor=actor, kept=hidden)
    record(
        session,
        EventType.RECOMMENDATION_VERSION_SAVED,
        recommendation,
        actor=speaker,
        version=version.number,
        data={
            "number": version.number,
            "version_id": str(version.id),
            "base": form.base_version,
            "content_hash": version.content_hash,
            "editorial": version.editorial,
            **({"sources": sources} if sources else {}),
        },
        texts={"note": form.note} if form.note else None,
    )
    return version


def _write(
    session: Session,
    recommendation: Recommendation,
    form: VersionForm,
    blocks: Sequence[Block],
    addressee_ids: Sequence[UUID],
    speaker: Actor,
) -> Version:
    """Store the version with its texts and move the recommendation on to it."""
    moment = now(session)
    version_id = form.id or new_id(moment)
    title = form.title or recommendation.title
    kept_title = keep_text(session, "version", version_id, "title", title)
    kept = {block.id: keep_text(session, "version", version_id, f"block-{block.id}", block.text) for block in blocks}
    digests = {block_id: text.digest for block_id, text in kept.items()}
    hashed = canonical_form(kept_title.digest, addressee_ids, blocks, digests)
    version = Version(
        id=version_id,
        created_at=moment,
        recommendation_id=recommendation.id,
        number=recommendation.version + 1,
        base_number=form.base_version or None,
        editorial=form.editorial,
        hashed=hashed,
        content_hash=content_hash(hashed),
        author_id=speaker.person_id,
        organisation_id=speaker.organisation_id,
        seat_id=speaker.seat_id,
    )
    session.add(version)
    recommendation.version = version.number
    recommendation.title = title
    recommendation.search_text = search_key(title, *(block.text for block in blocks))
    session.flush()
    for position, block in enumerate(blocks):
        session.add(
            VersionBlock(
                version_id=version.id,
                position=position,
                block_id=block.id,
                part=block.part,
                kind=block.kind,
                number=block.number,
                text_id=kept[block.id].id,
            )
        )
    session.add_all(
        VersionAddressee(version_id=version.id, organisation_id=key, position=position)
        for position, key in enumerate(addressee_ids)
    )
    return version


def _blocks(session: Session, sent: Iterable[BlockInput]) -> list[Block]:
    """The blocks as they will stand; Invalid names each that can't be saved."""
    moment = now(session)
    blocks = [
        Block(id=each.id or new_id(moment), part=each.part, kind=each.kind, number=each.number or None, text=each.text)
        for each in sent
    ]
    problems = problems_of(blocks)
    if problems:
        raise Invalid(
            *(
                FieldError(
                    "blocks" if problem.index is None else f"blocks.{problem.index}.{problem.field}",
                    text_problem(problem.code),
                )
                for problem in problems
            )
        )
    return blocks


def _addressees(session: Session, recommendation: Recommendation, form: VersionForm) -> list[UUID]:
    """Those sent, each once; else those of the newest version; before the first, those of the draft."""
    if form.addressee_ids is not None:
        return list(dict.fromkeys(form.addressee_ids))
    if recommendation.version == 0:
        statement = (
            select(RecommendationAddressee.organisation_id)
            .where(RecommendationAddressee.recommendation_id == recommendation.id)
            .order_by(col(RecommendationAddressee.position))
        )
    else:
        statement = (
            select(VersionAddressee.organisation_id)
            .join(Version, col(VersionAddressee.version_id) == Version.id)
            .where(Version.recommendation_id == recommendation.id, Version.number == recommendation.version)
            .order_by(col(VersionAddressee.position))
        )
    return list(session.exec(statement))


def _stale(
    session: Session, recommendation: Recommendation, form: VersionForm, blocks: Sequence[Block]
) -> StaleVersion:
    """The refusal with all three texts: what both began with, what was sent, what stands now."""
    theirs = get_version(session, recommendation, recommendation.version)
    try:
        base: VersionText | None = get_version(session, recommendation, form.base_version)
    except NotFound:
        base = None
    return StaleVersion(
        _("Inzwischen ist Fassung {number} gespeichert worden. Ihr Text ist noch nicht gespeichert.").format(
            number=recommendation.version
        ),
        base=None if base is None else plain_version(base),
        yours={
            "version": None,
            "title": form.title or (base or theirs).title,
            "addressee_ids": None if form.addressee_ids is None else [str(key) for key in form.addressee_ids],
            "blocks": [plain_block(block) for block in blocks],
        },
        theirs=plain_version(theirs),
    )


def plain_version(text: VersionText) -> dict[str, Any]:
    """A version as plain data."""
    return {
        "version": text.number,
        "title": text.title,
        "addressee_ids": [str(organisation.id) for organisation in text.addressees],
        "blocks": [plain_block(block) for block in text.blocks],
    }


def plain_block(block: Block) -> dict[str, Any]:
    """A block as plain data."""
    return {
        "id": str(block.id),
        "part": block.part.value,
        "kind": block.kind.value,
        "number": block.number,
        "text": block.text,
    }
