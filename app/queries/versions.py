"""Reads of versions: their text, their list, and which of them a reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, union_all
from sqlalchemy.orm import aliased, defer
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import Actor
from app.domain.co_signatures import CoSignatureState
from app.domain.events import EventType
from app.domain.recommendations import PUBLIC_STATES
from app.domain.text import Block
from app.errors import NotFound
from app.i18n import _
from app.models.co_signatures import CoSignature
from app.models.consultations import CommentRound
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.recommendations import (
    Recommendation,
    RecommendationAddressee,
    Version,
    VersionAddressee,
    VersionBlock,
)
from app.models.record import Event, RecordText
from app.queries.audiences import in_audience
from app.queries.people import SHOWN_NAME

REDACTED = _("[Dieser Text wurde entfernt.]")


@dataclass(frozen=True, slots=True)
class VersionText:
    """One version as it is read; `number` 0 is a recommendation that has no text yet."""

    number: int
    version: Version | None
    title: str
    blocks: tuple[Block, ...] = ()
    addressees: tuple[Organisation, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """One row of the list of versions."""

    id: UUID
    number: int
    created_at: datetime
    editorial: bool
    content_hash: str
    base_number: int | None
    title: str
    note: str | None
    author: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True)
class Readable:
    """The versions one reader may see; `numbers` None means every one up to the newest."""

    newest: int
    numbers: frozenset[int] | None = None

    def includes(self, number: int) -> bool:
        """True where the reader may see this version."""
        return 1 <= number <= self.newest if self.numbers is None else number in self.numbers


def reads_inside(recommendation: Recommendation, actor: Actor) -> bool:
    """True for the body, the Geschäftsstelle and the Prüfung: they read every version."""
    return actor.is_secretariat or actor.is_auditor or recommendation.body_id in actor.body_ids


def readable_versions(session: Session, recommendation: Recommendation, actor: Actor) -> Readable:
    """Which versions this reader may see (process.md, section 2); NotFound where none.

    The body reads all; what is published, everybody in the adopted version; the audience of an open round
    the pinned one; an organisation asked to co-sign the one it was asked about.
    """
    if reads_inside(recommendation, actor):
        return Readable(recommendation.version)
    if recommendation.state in PUBLIC_STATES and recommendation.adopted_version:
        return Readable(recommendation.adopted_version, frozenset({recommendation.adopted_version}))
    pinned = select(CommentRound.version).where(
        col(CommentRound.recommendation_id) == recommendation.id, in_audience(actor, now(session))
    )
    asked = select(CoSignature.version).where(
        col(CoSignature.recommendation_id) == recommendation.id,
        col(CoSignature.organisation_id).in_(actor.acts_for),
        col(CoSignature.state) != CoSignatureState.WITHDRAWN,
    )
    numbers = frozenset(session.connection().scalars(union_all(pinned, asked)))
    if not numbers:
        raise NotFound()
    return Readable(max(numbers), numbers)


def readable_version(session: Session, recommendation: Recommendation, actor: Actor) -> int:
    """The version this reader sees when none is named; 0 where its body has not written one yet."""
    return readable_versions(session, recommendation, actor).newest


def get_version(session: Session, recommendation: Recommendation, number: int) -> VersionText:
    """One version with its blocks and addressees in order; NotFound where there is none.

    The caller has asked `readable_versions`. Number 0 answers what the draft began with.
    """
    if number == 0:
        return VersionText(0, None, recommendation.title, (), _first_addressees(session, recommendation))
    rows = session.exec(
        select(Version, RecordText.text, Organisation)
        .join(RecordText, and_(col(RecordText.owner_id) == Version.id, col(RecordText.field) == "title"))
        .outerjoin(VersionAddressee, col(VersionAddressee.version_id) == Version.id)
        .outerjoin(Organisation, col(VersionAddressee.organisation_id) == Organisation.id)
        .options(defer(Version.hashed, raiseload=True))  # type: ignore[arg-type]
        .where(col(Version.recommendation_id) == recommendation.id, col(Version.number) == number)
        .order_by(col(VersionAddressee.position))
    ).all()
    if not rows:
        raise NotFound()
    version, title, _first = rows[0]
    return VersionText(
        number,
        version,
        title or REDACTED,
        blocks_of(session, version.id),
        tuple(organisation for _version, _title, organisation in rows if organisation),
    )


def readable_texts(session: Session, recommendation: Recommendation, readable: Readable) -> list[VersionText]:
    """Every version the reader may see with its whole text, the first one first; three statements."""
    statement = (
        select(Version, RecordText.text)
        .join(RecordText, and_(col(RecordText.owner_id) == Version.id, col(RecordText.field) == "title"))
        .options(defer(Version.hashed, raiseload=True))  # type: ignore[arg-type]
        .where(col(Version.recommendation_id) == recommendation.id)
        .order_by(col(Version.number))
    )
    found = [(version, title) for version, title in session.exec(statement) if readable.includes(version.number)]
    keys = [version.id for version, _title in found]
    blocks: dict[UUID, list[Block]] = {key: [] for key in keys}
    of_blocks = (
        select(VersionBlock, RecordText.text)
        .join(RecordText, col(VersionBlock.text_id) == RecordText.id)
        .where(col(VersionBlock.version_id).in_(keys))
        .order_by(col(VersionBlock.position))
    )
    for stored, text in session.exec(of_blocks):
        blocks[stored.version_id].append(_block(stored, text))
    addressees: dict[UUID, list[Organisation]] = {key: [] for key in keys}
    of_addressees = (
        select(VersionAddressee.version_id, Organisation)
        .join(Organisation, col(VersionAddressee.organisation_id) == Organisation.id)
        .where(col(VersionAddressee.version_id).in_(keys))
        .order_by(col(VersionAddressee.position))
    )
    for version_id, organisation in session.exec(of_addressees):
        addressees[version_id].append(organisation)
    return [
        VersionText(
            version.number, version, title or REDACTED, tuple(blocks[version.id]), tuple(addressees[version.id])
        )
        for version, title in found
    ]


def blocks_of(session: Session, version_id: UUID) -> tuple[Block, ...]:
    """The blocks of a version in their order, in one statement."""
    rows = session.exec(
        select(VersionBlock, RecordText.text)
        .join(RecordText, col(VersionBlock.text_id) == RecordText.id)
        .where(col(VersionBlock.version_id) == version_id)
        .order_by(col(VersionBlock.position))
    )
    return tuple(_block(stored, text) for stored, text in rows)


def blocks_of_number(session: Session, recommendation: Recommendation, number: int) -> tuple[Block, ...]:
    """The blocks of a version by its number, in one statement; the text alone, for the published page."""
    rows = session.exec(
        select(VersionBlock, RecordText.text)
        .join(Version, col(VersionBlock.version_id) == Version.id)
        .join(RecordText, col(VersionBlock.text_id) == RecordText.id)
        .where(col(Version.recommendation_id) == recommendation.id, col(Version.number) == number)
        .order_by(col(VersionBlock.position))
    )
    return tuple(_block(stored, text) for stored, text in rows)


def list_versions(session: Session, recommendation: Recommendation, readable: Readable) -> Sequence[VersionEntry]:
    """The versions the reader may see, newest first, in one statement."""
    note = aliased(RecordText)
    columns: list[Any] = [Version, RecordText.text, note.text, SHOWN_NAME, Organisation.name]
    statement = (
        select(*columns)
        .join(RecordText, and_(col(RecordText.owner_id) == Version.id, col(RecordText.field) == "title"))
        .outerjoin(
            Event,
            and_(
                col(Event.subject_id) == Version.recommendation_id,
                col(Event.type) == EventType.RECOMMENDATION_VERSION_SAVED,
                col(Event.version_number) == Version.number,
            ),
        )
        .outerjoin(note, and_(col(note.owner_id) == Event.id, col(note.field) == "note"))
        .outerjoin(Person, col(Version.author_id) == Person.id)
        .outerjoin(Organisation, col(Version.organisation_id) == Organisation.id)
        .options(defer(Version.hashed, raiseload=True))  # type: ignore[arg-type]
        .where(col(Version.recommendation_id) == recommendation.id)
        .order_by(col(Version.number).desc())
    )
    if readable.numbers is not None:
        statement = statement.where(col(Version.number).in_(readable.numbers))
    is_inside = readable.numbers is None
    return [
        VersionEntry(
            id=version.id,
            number=version.number,
            created_at=version.created_at,
            editorial=version.editorial,
            content_hash=version.content_hash,
            base_number=version.base_number,
            title=title or REDACTED,
            note=noted if is_inside else None,
            author=author if is_inside else None,
            organisation=organisation if is_inside else None,
        )
        for version, title, noted, author, organisation in session.exec(statement)
    ]


def pinned_titles(session: Session, keys: Sequence[UUID], actor: Actor) -> dict[UUID, tuple[int, str]]:
    """Version and title as a reader outside the body may know them, for things it sees by a round or request."""
    if not keys:
        return {}
    pinned = select(CommentRound.recommendation_id, CommentRound.version).where(
        col(CommentRound.recommendation_id).in_(keys), in_audience(actor, now(session))
    )
    asked = select(CoSignature.recommendation_id, CoSignature.version).where(
        col(CoSignature.recommendation_id).in_(keys),
        col(CoSignature.organisation_id).in_(actor.acts_for),
        col(CoSignature.state) != CoSignatureState.WITHDRAWN,
    )
    known = union_all(pinned, asked).subquery()
    rows = session.exec(
        select(Version.recommendation_id, Version.number, RecordText.text)
        .join(known, and_(known.c.recommendation_id == Version.recommendation_id, known.c.version == Version.number))
        .join(RecordText, and_(col(RecordText.owner_id) == Version.id, col(RecordText.field) == "title"))
        .order_by(col(Version.number))
    )
    return {key: (number, title or REDACTED) for key, number, title in rows}


def _first_addressees(session: Session, recommendation: Recommendation) -> tuple[Organisation, ...]:
    statement = (
        select(Organisation)
        .join(RecommendationAddressee, col(RecommendationAddressee.organisation_id) == Organisation.id)
        .where(col(RecommendationAddressee.recommendation_id) == recommendation.id)
        .order_by(col(RecommendationAddressee.position))
    )
    return tuple(session.exec(statement))


def _block(stored: VersionBlock, text: str | None) -> Block:
    return Block(id=stored.block_id, part=stored.part, kind=stored.kind, number=stored.number, text=text or REDACTED)
