"""Reads of proposals; who may see one is decided here, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import Actor
from app.domain.events import EventType
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.proposals import Proposal, ProposalNeed
from app.models.record import Event, RecordText
from app.queries import contributions
from app.queries.base import DEFAULT_LIMIT, Page, get_visible
from app.queries.built import keys_of
from app.queries.contributions import PROPOSALS, ContributionFilter, Order
from app.queries.people import SHOWN_NAME

ProposalFilter = ContributionFilter
_CHANGES_OF_TEXT = (EventType.PROPOSAL_POSTED, EventType.PROPOSAL_EDITED)


@dataclass(frozen=True, slots=True)
class FormerVersion:
    """A version of a proposal as the record keeps it; a redacted text is None."""

    number: int
    at: datetime
    author: str | None
    title: str | None
    description: str | None


def visible(actor: Actor) -> ColumnElement[bool]:
    """The proposals an actor may read: drafts are their author's and seat's alone."""
    return contributions.visible(PROPOSALS, actor)


def list_proposals(
    session: Session,
    actor: Actor,
    chosen: ProposalFilter,
    *,
    order: Order = Order.NEWEST,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[Proposal]:
    """Proposals the actor may read."""
    return contributions.list_page(session, PROPOSALS, actor, chosen, order, limit=limit, after=after)


def count_proposals(session: Session, actor: Actor, chosen: ProposalFilter) -> int:
    """How many proposals the filter finds for the actor."""
    return contributions.count(session, PROPOSALS, actor, chosen)


def get_proposal(session: Session, key: UUID, actor: Actor) -> Proposal:
    """One proposal with its body and organisation; NotFound where absent or hidden."""
    proposal: Proposal = get_visible(session, contributions.one(actor, PROPOSALS, True), {"key": key, **keys_of(actor)})
    return proposal


def find_proposal(session: Session, key: UUID, actor: Actor) -> Proposal | None:
    """One proposal, or None where absent or hidden."""
    statement: SelectOfScalar[Proposal] = contributions.one(actor, PROPOSALS, False)
    return session.exec(statement, params={"key": key, **keys_of(actor)}).one_or_none()


def list_need_ids(session: Session, proposal: Proposal) -> list[UUID]:
    """The needs the proposal answers."""
    return list(session.exec(select(ProposalNeed.need_id).where(ProposalNeed.proposal_id == proposal.id)))


def list_former_versions(session: Session, proposal: Proposal, actor: Actor) -> list[FormerVersion]:
    """What the proposal said in each version before the present one, newest first, as the record keeps it.

    Nothing for those whom only a publication let in: earlier versions are never published.
    """
    if not actor.is_signed_in or proposal.id not in contributions.read_whole(session, PROPOSALS, [proposal], actor):
        return []
    statement = (
        select(Event, RecordText, SHOWN_NAME, Organisation.name)
        .outerjoin(RecordText, col(RecordText.owner_id) == Event.id)
        .outerjoin(Person, col(Event.person_id) == Person.id)
        .outerjoin(Organisation, col(Event.organisation_id) == Organisation.id)
        .where(Event.subject_id == proposal.id, col(Event.type).in_(_CHANGES_OF_TEXT))
        .order_by(col(Event.sequence))
    )
    texts: dict[str, str | None] = {}
    found: dict[int, FormerVersion] = {}
    for event, text, person, organisation in session.exec(statement).all():
        if text is not None:
            texts[text.field] = text.text
        number = event.version_number or 1
        author = ", ".join(name for name in (person, organisation) if name) or None
        found[number] = FormerVersion(number, event.created_at, author, texts.get("title"), texts.get("description"))
    return [version for number, version in sorted(found.items(), reverse=True) if number < proposal.version]
