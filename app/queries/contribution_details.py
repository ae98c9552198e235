"""Everything that hangs on needs and proposals, for one or for a whole list in the same number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session

from app.domain.actors import Actor
from app.domain.needs import NeedState
from app.domain.proposals import ProposalState
from app.domain.recommendations import RecommendationState
from app.domain.visibility import Visibility
from app.models.attachments import Attachment
from app.models.needs import Evidence
from app.queries.contributions import Contribution, read_whole, readers_of, tables_of, tag_ids_of
from app.queries.links import Link, LinkKind, links_of
from app.queries.support import Supporter, sources_of, supporters_of

_NOT_AT_WORK = {
    ProposalState.DRAFT,
    ProposalState.WITHDRAWN,
    RecommendationState.REJECTED,
    RecommendationState.DISCONTINUED,
}


@dataclass(frozen=True, slots=True)
class Details:
    """What hangs on one thing, as far as the reader may see; `is_whole` is False for what publication opened alone."""

    is_whole: bool = False
    tag_ids: dict[str, list[UUID]] = field(default_factory=dict)
    reader_ids: list[UUID] = field(default_factory=list)
    supporters: list[Supporter] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    in_progress: bool = False

    def linked(self, *kinds: LinkKind) -> list[Link]:
        """The links of these kinds."""
        return [link for link in self.links if link.kind in kinds]

    def ids(self, kind: LinkKind) -> list[UUID]:
        """The ids at the other end of the links of a kind."""
        return [link.id for link in self.linked(kind)]


def details_of(
    session: Session, model: type[Contribution], things: Sequence[Contribution], actor: Actor, *, tags: bool = True
) -> dict[UUID, Details]:
    """The details of each; the caller has checked that the actor sees them."""
    if not things:
        return {}
    tables = tables_of(model)
    keys = [thing.id for thing in things]
    links = links_of(session, model, keys, actor)
    whole = read_whole(session, tables, things, actor)
    read = [key for key in keys if key in whole]
    tag_ids = tag_ids_of(session, tables, read) if read and tags else {}
    supporters = supporters_of(session, model, read, actor) if read else {}
    evidence, files = sources_of(session, read) if read else ({}, {})
    confidential = [t.id for t in things if t.id in whole and t.visibility is Visibility.CONFIDENTIAL]
    readers = readers_of(session, tables, confidential) if confidential else {}
    return {
        thing.id: Details(
            is_whole=thing.id in whole,
            tag_ids=tag_ids.get(thing.id, {}),
            reader_ids=readers.get(thing.id, []),
            supporters=supporters.get(thing.id, []),
            evidence=evidence.get(thing.id, []),
            attachments=files.get(thing.id, []),
            links=links.get(thing.id, []),
            in_progress=is_in_progress(thing, links.get(thing.id, [])),
        )
        for thing in things
    }


def is_in_progress(thing: Contribution, links: Sequence[Link]) -> bool:
    """A need is "In Bearbeitung" when it is accepted and a proposal or draft is linked with it."""
    return thing.state is NeedState.ACCEPTED and any(
        link.kind in {LinkKind.PROPOSAL, LinkKind.RECOMMENDATION} and link.state not in _NOT_AT_WORK for link in links
    )
