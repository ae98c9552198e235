"""Reads of the links between needs, proposals and recommendations; each shows only where both ends are visible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, case, cast, literal, null, type_coerce, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.needs import NeedState
from app.domain.proposals import ProposalState
from app.domain.recommendations import RecommendationState
from app.models.needs import Need
from app.models.proposals import Proposal, ProposalNeed
from app.models.recommendations import Recommendation
from app.queries import contributions, recommendations
from app.queries.built import built_once, keys_of
from app.queries.contributions import NEEDS, PROPOSALS, Contribution, Tables, tables_of
from app.queries.versions import pinned_titles

_KEYS: Any = bindparam("keys", expanding=True)


class LinkKind(StrEnum):
    """What the other end is to the thing."""

    NEED = "need"
    PROPOSAL = "proposal"
    RECOMMENDATION = "recommendation"
    ANSWERED_BY = "answered_by"
    MERGED_FROM = "merged_from"
    MERGED_INTO = "merged_into"


@dataclass(frozen=True, slots=True)
class Link:
    """The other end of a link."""

    kind: LinkKind
    id: UUID
    title: str
    state: StrEnum
    url: str


def links_of(session: Session, model: type[Contribution], keys: Sequence[UUID], actor: Actor) -> dict[UUID, list[Link]]:
    """What each need or proposal is linked with, in one statement; the caller has checked that the actor sees them.

    One statement more where the actor sees a recommendation by a round or request: it reads the pinned title.
    """
    tables = tables_of(model)
    rows = session.connection().execute(_links(actor, tables), {"keys": list(keys), **keys_of(actor)}).all()
    pinned = pinned_titles(session, [row.id for row in rows if row.is_pinned], actor)
    found: dict[UUID, list[Link]] = {}
    for row in rows:
        if not row.is_pinned:
            found.setdefault(row.owner, []).append(_link(tables, row, row.title))
        elif row.id in pinned:
            found.setdefault(row.owner, []).append(_link(tables, row, pinned[row.id][1]))
    return {owner: sorted(links, key=lambda link: (link.kind, link.title, link.id)) for owner, links in found.items()}


@built_once
def _links(actor: Actor, tables: Tables) -> Any:
    parts = [_recommendations(tables, actor), _merged_from(tables, actor), _merged_into(tables, actor)]
    if tables is NEEDS:
        parts += [_proposals_of_needs(actor), _answered_by(actor)]
    else:
        parts.append(_needs_of_proposals(actor))
    return union_all(*parts)


def _row(kind: LinkKind, owner: Any, model: Any, *, reference: Any = None, reads_whole: Any = None) -> list[Any]:
    return [
        literal(kind.value).label("kind"),
        cast(owner, Uuid).label("owner"),
        cast(col(model.id), Uuid).label("id"),
        col(model.title).label("title"),
        type_coerce(col(model.state), String).label("state"),
        (null() if reference is None else reference).label("reference"),
        (literal(0) if reads_whole is None else case((reads_whole, 0), else_=1)).label("is_pinned"),
    ]


def _recommendation_row(kind: LinkKind, owner: Any, actor: Actor) -> list[Any]:
    whole = recommendations.visible_whole(actor)
    return _row(kind, owner, Recommendation, reference=Recommendation.reference, reads_whole=whole)


def _recommendations(tables: Tables, actor: Actor) -> Any:
    link = tables.recommendations
    return (
        select(*_recommendation_row(LinkKind.RECOMMENDATION, tables.of(link), actor))
        .join(link, col(link.recommendation_id) == Recommendation.id)
        .where(tables.of(link).in_(_KEYS), recommendations.visible(actor))
    )


def _answered_by(actor: Actor) -> Any:
    return (
        select(*_recommendation_row(LinkKind.ANSWERED_BY, Need.id, actor))
        .join(Need, col(Need.answered_by_id) == Recommendation.id)
        .where(col(Need.id).in_(_KEYS), recommendations.visible(actor))
    )


def _proposals_of_needs(actor: Actor) -> Any:
    return (
        select(*_row(LinkKind.PROPOSAL, ProposalNeed.need_id, Proposal))
        .join(ProposalNeed, col(ProposalNeed.proposal_id) == Proposal.id)
        .where(col(ProposalNeed.need_id).in_(_KEYS), contributions.visible(PROPOSALS, actor))
    )


def _needs_of_proposals(actor: Actor) -> Any:
    return (
        select(*_row(LinkKind.NEED, ProposalNeed.proposal_id, Need))
        .join(ProposalNeed, col(ProposalNeed.need_id) == Need.id)
        .where(col(ProposalNeed.proposal_id).in_(_KEYS), contributions.visible(NEEDS, actor))
    )


def _merged_from(tables: Tables, actor: Actor) -> Any:
    model = tables.model
    return select(*_row(LinkKind.MERGED_FROM, model.merged_into_id, model)).where(
        col(model.merged_into_id).in_(_KEYS), contributions.visible(tables, actor)
    )


def _merged_into(tables: Tables, actor: Actor) -> Any:
    model = tables.model
    source = aliased(model)
    return (
        select(*_row(LinkKind.MERGED_INTO, source.id, model))
        .join(source, col(source.merged_into_id) == model.id)
        .where(col(source.id).in_(_KEYS), contributions.visible(tables, actor))
    )


def _link(tables: Tables, row: Any, title: str) -> Link:
    kind = LinkKind(row.kind)
    if kind in {LinkKind.RECOMMENDATION, LinkKind.ANSWERED_BY}:
        return Link(kind, row.id, title, RecommendationState(row.state), f"/empfehlungen/{row.reference or row.id}")
    is_need = kind is LinkKind.NEED or (kind is not LinkKind.PROPOSAL and tables is NEEDS)
    if is_need:
        return Link(kind, row.id, title, NeedState(row.state), f"/bedarfe/{row.id}")
    return Link(kind, row.id, title, ProposalState(row.state), f"/vorschlaege/{row.id}")
