"""What recommendations are linked with, as far as the reader may see both ends; constant in statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, String, and_, cast, literal, or_, tuple_, union_all
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.domain.needs import NeedState
from app.domain.proposals import ProposalState
from app.models.amendments import Amendment
from app.models.consultations import Statement
from app.models.needs import Need
from app.models.organisations import Organisation
from app.models.proposals import Proposal
from app.models.recommendations import (
    BlockSource,
    Recommendation,
    RecommendationAddressee,
    RecommendationNeed,
    RecommendationProposal,
    RecommendationQuestion,
    RecommendationTargetGroup,
    RecommendationTheme,
    Version,
    VersionAddressee,
)
from app.queries import amendments, consultations, needs, proposals
from app.wording import label

MOST_CHOICES = 200
"""Needs and proposals a form offers to link; the newest first."""

_CLOSED_PROPOSALS = frozenset(
    {ProposalState.DRAFT, ProposalState.MERGED, ProposalState.WITHDRAWN, ProposalState.NOT_ADOPTED}
)


@dataclass(slots=True)
class Links:
    """The ids one recommendation is linked with."""

    need_ids: list[UUID] = field(default_factory=list)
    proposal_ids: list[UUID] = field(default_factory=list)
    addressee_ids: list[UUID] = field(default_factory=list)
    guiding_question_ids: list[UUID] = field(default_factory=list)
    cross_cutting_theme_ids: list[UUID] = field(default_factory=list)
    target_group_ids: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LinkedThing:
    """A need or proposal a recommendation answers, as the reader may see it."""

    kind: SubjectType
    id: UUID
    title: str
    state: Any
    organisation: str | None
    at: Any
    description: str = ""

    @property
    def url(self) -> str:
        """Its page."""
        return f"/{'bedarfe' if self.kind is SubjectType.NEED else 'vorschlaege'}/{self.id}"


@dataclass(frozen=True, slots=True)
class Linkable:
    """What a form offers to link: (value, label, hint) triples."""

    needs: tuple[tuple[UUID, str, str], ...] = ()
    proposals: tuple[tuple[UUID, str, str], ...] = ()

    def with_first(self, linked: Sequence[LinkedThing]) -> Linkable:
        """The same with what is linked already in front, each once."""
        return Linkable(
            _in_front(linked, SubjectType.NEED, self.needs), _in_front(linked, SubjectType.PROPOSAL, self.proposals)
        )


def links_of_many(session: Session, numbers: Mapping[UUID, int], actor: Actor) -> dict[UUID, Links]:
    """By recommendation: its links; `numbers` says which version's addressees. One statement."""
    found = {key: Links() for key in numbers}
    if not numbers:
        return found
    rows = session.connection().execute(union_all(*_link_selects(numbers, actor))).all()
    for name, key, linked, _position in sorted(rows, key=lambda row: (row[3], str(row[2]))):
        getattr(found[key], name).append(linked)
    return found


def list_linked(session: Session, recommendation: Recommendation, actor: Actor) -> Sequence[LinkedThing]:
    """The needs and proposals behind a recommendation that the reader may see, oldest first. One statement."""
    of_needs = _linked_things(SubjectType.NEED, Need, RecommendationNeed, RecommendationNeed.need_id, recommendation)
    of_proposals = _linked_things(
        SubjectType.PROPOSAL, Proposal, RecommendationProposal, RecommendationProposal.proposal_id, recommendation
    )
    both = union_all(of_needs.where(needs.visible(actor)), of_proposals.where(proposals.visible(actor)))
    rows = session.connection().execute(both).all()
    things = [_linked_thing(*row) for row in rows]
    return sorted(things, key=lambda thing: (thing.at, thing.id))


def seen_among(session: Session, field: str, keys: Collection[UUID], actor: Actor) -> set[UUID]:
    """Those of these needs (`need_ids`) or proposals (`proposal_ids`) that the actor may see."""
    model, condition = (Need, needs.visible(actor)) if field == "need_ids" else (Proposal, proposals.visible(actor))
    return set(session.exec(select(model.id).where(col(model.id).in_(keys), condition)))


def linkable_to(session: Session, body_id: UUID, actor: Actor) -> Linkable:
    """The newest needs a body has taken up and proposals it discusses, 200 of each. Two statements."""
    need, proposal = Need, Proposal
    of_needs = (
        select(need)
        .where(need.body_id == body_id, needs.visible(actor))
        .where(col(need.state).in_([NeedState.ACCEPTED, NeedState.ANSWERED]))
        .order_by(col(need.created_at).desc())
        .limit(MOST_CHOICES)
    )
    open_states = [state for state in ProposalState if state not in _CLOSED_PROPOSALS]
    of_proposals = (
        select(proposal)
        .where(proposal.body_id == body_id, proposals.visible(actor), col(proposal.state).in_(open_states))
        .order_by(col(proposal.created_at).desc())
        .limit(MOST_CHOICES)
    )
    return Linkable(
        tuple((each.id, each.title, label(each.state)) for each in session.exec(of_needs)),
        tuple((each.id, each.title, label(each.state)) for each in session.exec(of_proposals)),
    )


def _in_front(
    linked: Sequence[LinkedThing], kind: SubjectType, offered: tuple[tuple[UUID, str, str], ...]
) -> tuple[tuple[UUID, str, str], ...]:
    first = tuple((thing.id, thing.title, label(thing.state)) for thing in linked if thing.kind is kind)
    known = {key for key, _title, _hint in first}
    return (*first, *(each for each in offered if each[0] not in known))


def sources_of(session: Session, recommendation: Recommendation, actor: Actor) -> dict[UUID, list[BlockSource]]:
    """By block: the sources the reader may see. One statement."""
    source = BlockSource
    known: ColumnElement[bool] = or_(
        _known(SubjectType.NEED, select(Need.id).where(needs.visible(actor))),
        _known(SubjectType.PROPOSAL, select(Proposal.id).where(proposals.visible(actor))),
        _known(SubjectType.STATEMENT, select(Statement.id).where(consultations.visible_statements(actor))),
        _known(SubjectType.AMENDMENT, select(Amendment.id).where(amendments.visible(actor))),
    )
    statement = (
        select(source)
        .where(source.recommendation_id == recommendation.id, known)
        .order_by(col(source.created_at), col(source.id))
    )
    found: dict[UUID, list[BlockSource]] = {}
    for each in session.exec(statement):
        found.setdefault(each.block_id, []).append(each)
    return found


def _known(kind: SubjectType, keys: Any) -> ColumnElement[bool]:
    return and_(col(BlockSource.source_type) == kind, col(BlockSource.source_id).in_(keys))


def _linked_thing(
    kind: str,
    key: UUID,
    title: str,
    description: str,
    state: str,
    organisation: str | None,
    submitted: Any,
    created: Any,
) -> LinkedThing:
    states = NeedState if kind == SubjectType.NEED else ProposalState
    return LinkedThing(SubjectType(kind), key, title, states(state), organisation, submitted or created, description)


def _linked_things(kind: SubjectType, model: Any, link: Any, key: Any, recommendation: Recommendation) -> Any:
    columns: list[Any] = [
        literal(kind.value, String).label("kind"),
        model.id,
        model.title,
        model.description,
        cast(model.state, String).label("state"),
        Organisation.name,
        model.submitted_at,
        model.created_at,
    ]
    return (
        select(*columns)
        .select_from(model)
        .join(link, key == model.id)
        .outerjoin(Organisation, model.organisation_id == Organisation.id)
        .where(link.recommendation_id == recommendation.id)
    )


def _link_selects(numbers: Mapping[UUID, int], actor: Actor) -> list[Any]:
    def of(name: str, table: Any, column: Any, *conditions: ColumnElement[bool], position: Any = 0) -> Any:
        place = position if position is not None and not isinstance(position, int) else literal(0, Integer)
        columns: list[Any] = [literal(name, String), table.recommendation_id, column, place]
        return select(*columns).where(table.recommendation_id.in_(numbers), *conditions)

    needed, proposed = RecommendationNeed, RecommendationProposal
    versioned = [(key, number) for key, number in numbers.items() if number]
    drafted = [key for key, number in numbers.items() if not number]
    columns: list[Any] = [
        literal("addressee_ids", String),
        Version.recommendation_id,
        VersionAddressee.organisation_id,
        VersionAddressee.position,
    ]
    addressed = (
        select(*columns)
        .join(VersionAddressee, col(VersionAddressee.version_id) == Version.id)
        .where(tuple_(col(Version.recommendation_id), col(Version.number)).in_(versioned))
    )
    first = RecommendationAddressee
    return [
        of("need_ids", needed, needed.need_id, col(needed.need_id).in_(select(Need.id).where(needs.visible(actor)))),
        of(
            "proposal_ids",
            proposed,
            proposed.proposal_id,
            col(proposed.proposal_id).in_(select(Proposal.id).where(proposals.visible(actor))),
        ),
        of("guiding_question_ids", RecommendationQuestion, RecommendationQuestion.question_id),
        of("cross_cutting_theme_ids", RecommendationTheme, RecommendationTheme.theme_id),
        of("target_group_ids", RecommendationTargetGroup, RecommendationTargetGroup.target_group_id),
        addressed,
        of(
            "addressee_ids",
            first,
            first.organisation_id,
            col(first.recommendation_id).in_(drafted),
            position=first.position,
        ),
    ]
