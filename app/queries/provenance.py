"""Where the blocks of a version come from, as far as the reader may see both ends; and what has no counterpart yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, cast, literal, null, select, union_all
from sqlmodel import Session, col

from app.domain.actors import Actor
from app.domain.amendments import AmendmentState
from app.domain.consultations import Disposition, StatementKind, StatementState
from app.domain.events import SubjectType
from app.domain.needs import NeedState
from app.domain.proposals import ProposalState
from app.domain.text import Block, BlockKind
from app.i18n import _
from app.models.amendments import Amendment
from app.models.consultations import Statement
from app.models.needs import Need
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.proposals import Proposal
from app.models.recommendations import (
    BlockSource,
    Recommendation,
    RecommendationNeed,
    RecommendationProposal,
    Version,
    VersionBlock,
)
from app.queries import amendments, consultations, needs, proposals
from app.queries.people import SHOWN_NAME
from app.queries.recommendation_links import MOST_CHOICES
from app.queries.versions import blocks_of_number, reads_inside

_STATES: Mapping[SubjectType, type[StrEnum]] = {
    SubjectType.NEED: NeedState,
    SubjectType.PROPOSAL: ProposalState,
    SubjectType.STATEMENT: Disposition,
    SubjectType.AMENDMENT: Disposition,
}


@dataclass(frozen=True, slots=True)
class PlaceInText:
    """A block that comes from a thing: its number in the version, counted from 1, and who linked them when.

    The person is told inside the body alone.
    """

    block_id: UUID
    number: int
    linked_at: datetime
    linked_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A need, proposal, statement or amendment behind a recommendation, with the blocks that come from it."""

    kind: SubjectType
    id: UUID
    title: str
    url: str
    state: StrEnum | None
    organisation: str | None
    at: datetime
    places: tuple[PlaceInText, ...] = ()

    @property
    def key(self) -> str:
        """Noun and key as a form names them."""
        return f"{self.kind.value}:{self.id}"


@dataclass(frozen=True, slots=True)
class Provenance:
    """A version's blocks and what they come from."""

    blocks: tuple[Block, ...]
    origins: tuple[Origin, ...]

    @property
    def sourced(self) -> frozenset[UUID]:
        """The blocks that name at least one source the reader may see."""
        return frozenset(place.block_id for origin in self.origins for place in origin.places)

    @property
    def texts(self) -> tuple[Block, ...]:
        """The blocks that can come from something; a sub-heading need not."""
        return tuple(block for block in self.blocks if block.kind is not BlockKind.SUBHEADING)

    @property
    def without_source(self) -> tuple[Block, ...]:
        """Blocks that name no source."""
        return tuple(block for block in self.texts if block.id not in self.sourced)

    @property
    def without_block(self) -> tuple[Origin, ...]:
        """Linked needs and proposals that no block comes from."""
        return tuple(origin for origin in self.origins if not origin.places)

    def of_block(self, block_id: UUID) -> list[tuple[Origin, PlaceInText]]:
        """What one block comes from, oldest first."""
        found = [(origin, place) for origin in self.origins for place in origin.places if place.block_id == block_id]
        return sorted(found, key=lambda pair: pair[1].linked_at)


def origins_of(session: Session, recommendation: Recommendation, number: int, actor: Actor) -> tuple[Origin, ...]:
    """The linked needs and proposals, and the statements and amendments that blocks of this version come from.

    Only those the actor may read; oldest first. One statement.
    """
    is_inside = reads_inside(recommendation, actor)
    found: dict[tuple[SubjectType, UUID], list[Any]] = {}
    for row in session.connection().execute(_everything(recommendation, number, actor)):
        found.setdefault((SubjectType(row.kind), row.id), []).append(row)
    made = [_origin(recommendation, kind, rows, is_inside=is_inside) for (kind, _key), rows in found.items()]
    return tuple(sorted(made, key=lambda origin: (list(_STATES).index(origin.kind), origin.at, origin.id)))


def _origin(recommendation: Recommendation, kind: SubjectType, rows: Sequence[Any], *, is_inside: bool) -> Origin:
    first = rows[0]
    places = [
        PlaceInText(row.block_id, row.position + 1, row.linked_at, row.linked_by if is_inside else None)
        for row in rows
        if row.position is not None
    ]
    return Origin(
        kind=kind,
        id=first.id,
        title=first.title or _named(kind, first.organisation),
        url=_url(recommendation, kind, first.id),
        state=_STATES[kind](first.state) if first.state else None,
        organisation=first.organisation,
        at=first.submitted_at or first.created_at,
        places=tuple(sorted(places, key=lambda place: place.number)),
    )


def _named(kind: SubjectType, organisation: str | None) -> str:
    """A statement or amendment has no title: it is called by who made it."""
    who = organisation or _("aus der Öffentlichkeit")
    if kind is SubjectType.AMENDMENT:
        return _("Änderungsvorschlag: {who}").format(who=who)
    return _("Stellungnahme: {who}").format(who=who)


def _url(recommendation: Recommendation, kind: SubjectType, key: UUID) -> str:
    page = f"/empfehlungen/{recommendation.reference or recommendation.id}"
    match kind:
        case SubjectType.NEED:
            return f"/bedarfe/{key}"
        case SubjectType.PROPOSAL:
            return f"/vorschlaege/{key}"
        case SubjectType.AMENDMENT:
            return f"{page}/aenderungsvorschlaege#vorschlag-{key}"
        case _:
            return f"{page}/stellungnahmen#stellungnahme-{key}"


def _everything(recommendation: Recommendation, number: int, actor: Actor) -> Any:
    need, proposal, key = Need, Proposal, recommendation.id
    of_proposals = (SubjectType.PROPOSAL, proposal, proposal.title, proposal.state, proposal.submitted_at)
    linked_needs = select(col(RecommendationNeed.need_id)).where(col(RecommendationNeed.recommendation_id) == key)
    linked_proposals = select(col(RecommendationProposal.proposal_id)).where(
        col(RecommendationProposal.recommendation_id) == key
    )
    return union_all(
        _rows(recommendation, number, SubjectType.NEED, need, need.title, need.state, need.submitted_at).where(
            col(need.id).in_(linked_needs), needs.visible(actor)
        ),
        _rows(recommendation, number, *of_proposals).where(
            col(proposal.id).in_(linked_proposals), proposals.visible(actor)
        ),
        _rows(recommendation, number, SubjectType.STATEMENT, Statement, null(), Statement.disposition, None).where(
            col(Statement.recommendation_id) == key,
            col(VersionBlock.position).is_not(None),
            consultations.visible_statements(actor),
        ),
        _rows(recommendation, number, SubjectType.AMENDMENT, Amendment, null(), Amendment.disposition, None).where(
            col(Amendment.recommendation_id) == key,
            col(VersionBlock.position).is_not(None),
            amendments.visible(actor),
        ),
    )


def _rows(
    recommendation: Recommendation, number: int, kind: SubjectType, model: Any, title: Any, state: Any, submitted: Any
) -> Any:
    """Each thing of the noun once for every block of the version that comes from it, else once without a block."""
    columns: list[Any] = [
        literal(kind.value, String).label("kind"),
        col(model.id).label("id"),
        cast(title, String).label("title"),
        cast(state, String).label("state"),
        col(Organisation.name).label("organisation"),
        col(model.created_at if submitted is None else submitted).label("submitted_at"),
        col(model.created_at).label("created_at"),
        col(VersionBlock.block_id).label("block_id"),
        col(VersionBlock.position).label("position"),
        col(BlockSource.created_at).label("linked_at"),
        SHOWN_NAME.label("linked_by"),
    ]
    version_id = (
        select(col(Version.id))
        .where(col(Version.recommendation_id) == recommendation.id, col(Version.number) == number)
        .scalar_subquery()
    )
    return (
        select(*columns)
        .select_from(model)
        .outerjoin(Organisation, col(model.organisation_id) == Organisation.id)
        .outerjoin(
            BlockSource,
            and_(col(BlockSource.recommendation_id) == recommendation.id, col(BlockSource.source_id) == model.id),
        )
        .outerjoin(
            VersionBlock,
            and_(col(VersionBlock.version_id) == version_id, col(VersionBlock.block_id) == BlockSource.block_id),
        )
        .outerjoin(Person, col(BlockSource.author_id) == Person.id)
    )


def provenance_of(session: Session, recommendation: Recommendation, number: int, actor: Actor) -> Provenance:
    """A version the actor may read, with what its blocks come from. Two statements."""
    blocks = blocks_of_number(session, recommendation, number)
    return Provenance(blocks, origins_of(session, recommendation, number, actor))


def sources_to_choose(
    session: Session, recommendation: Recommendation, origins: Sequence[Origin], actor: Actor
) -> list[tuple[str, str]]:
    """What a block can come from: what is linked, what was said about the text, and what one comes from already.

    As a form names them, with how they are called. Two statements.
    """
    nouns = {SubjectType.NEED: _("Bedarf"), SubjectType.PROPOSAL: _("Vorschlag")}
    linked = [(each.key, f"{nouns[each.kind]}: {each.title}") for each in origins if each.kind in nouns]
    said = _things_said(session, recommendation, actor)
    offered = {key for key, _title in said}
    named = [(each.key, each.title) for each in origins if each.kind not in nouns and each.key not in offered]
    return [*linked, *said, *named]


def _things_said(session: Session, recommendation: Recommendation, actor: Actor) -> list[tuple[str, str]]:
    of_statements = (
        select(col(Statement.id), col(Organisation.name), col(Statement.text))
        .outerjoin(Organisation, col(Statement.organisation_id) == Organisation.id)
        .where(
            col(Statement.recommendation_id) == recommendation.id,
            col(Statement.kind) == StatementKind.STATEMENT,
            col(Statement.state) != StatementState.WITHDRAWN,
            consultations.visible_statements(actor),
        )
        .order_by(col(Statement.created_at))
        .limit(MOST_CHOICES)
    )
    of_amendments = (
        select(col(Amendment.id), col(Organisation.name), col(Amendment.grounds))
        .outerjoin(Organisation, col(Amendment.organisation_id) == Organisation.id)
        .where(
            col(Amendment.recommendation_id) == recommendation.id,
            col(Amendment.state) != AmendmentState.WITHDRAWN,
            amendments.visible(actor),
        )
        .order_by(col(Amendment.created_at))
        .limit(MOST_CHOICES)
    )
    found = []
    for kind, statement in ((SubjectType.STATEMENT, of_statements), (SubjectType.AMENDMENT, of_amendments)):
        for key, organisation, text in session.connection().execute(statement):
            found.append((f"{kind.value}:{key}", f"{_named(kind, organisation)}: {_beginning(text)}"))
    return found


def _beginning(text: str) -> str:
    words = " ".join(text.split())
    return words[:80] + ("…" if len(words) > 80 else "")
