"""Reads of the record: the history of a thing as its reader may see it, and the list for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, false, or_, true
from sqlmodel import Session, col, select

from app.domain.actors import Actor, ActorKind
from app.domain.ballots import BallotState
from app.domain.events import EventType, SubjectType
from app.domain.public_facts import PUBLIC_FACTS
from app.i18n import _
from app.models.ballots import Ballot, SeatPosition
from app.models.comments import Comment
from app.models.measures import Measure
from app.models.needs import Need
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.proposals import Proposal
from app.models.recommendations import Recommendation
from app.models.record import Event, RecordText
from app.queries import comments, contributions, recommendations
from app.queries.base import DEFAULT_LIMIT, Page, page_of
from app.queries.contributions import NEEDS, PROPOSALS
from app.queries.people import SHOWN_NAME
from app.wording import event_sentence

_OF_A_BODY = (SubjectType.BODY, SubjectType.SEAT, SubjectType.RECOMMENDATION, SubjectType.AMENDMENT)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One fact with who did it, as far as the reader may see."""

    type: EventType
    at: datetime
    actor: str | None
    reason: str | None
    version: int | None

    @property
    def text(self) -> str:
        """The fact in a few German words."""
        fact = event_sentence(self.type)
        return _("{fact} (Fassung {version})").format(fact=fact, version=self.version) if self.version else fact


def visible(actor: Actor) -> ColumnElement[bool]:
    """The events an actor may read: those of the things it may read, and of the bodies it sits in.

    Positions are never among a body's; the public reads a few facts of what is published.
    """
    if actor.is_secretariat or actor.is_auditor:
        return ~_says_a_running_position()
    published = _published(actor)
    if not actor.is_signed_in:
        return and_(col(Event.type).in_(PUBLIC_FACTS), published)
    of_needs = _of(SubjectType.NEED, select(Need.id).where(contributions.visible_whole(NEEDS, actor)))
    of_proposals = _of(SubjectType.PROPOSAL, select(Proposal.id).where(contributions.visible_whole(PROPOSALS, actor)))
    of_comments = _of(SubjectType.COMMENT, select(Comment.id).where(comments.visible(actor)))
    in_bodies = and_(
        col(Event.body_id).in_(actor.body_ids),
        col(Event.subject_type).in_(_OF_A_BODY),
    )
    own = col(Event.person_id) == actor.person_id
    return or_(own, of_needs, of_proposals, of_comments, in_bodies, and_(col(Event.type).in_(PUBLIC_FACTS), published))


def list_events(
    session: Session,
    actor: Actor,
    *,
    subject_type: SubjectType | None = None,
    subject_id: UUID | None = None,
    since: datetime | None = None,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[Event]:
    """Events the actor may read, newest first."""
    statement = select(Event).where(visible(actor))
    if subject_type:
        statement = statement.where(Event.subject_type == subject_type)
    if subject_id:
        statement = statement.where(Event.subject_id == subject_id)
    if since:
        statement = statement.where(Event.created_at >= since)
    return page_of(session, statement, Event, limit=limit, after=after)


def history_of(
    session: Session,
    subject_ids: Iterable[UUID],
    actor: Actor,
    *,
    types: frozenset[EventType] | None = None,
    limit: int = 100,
) -> Sequence[HistoryEntry]:
    """The newest facts about things the reader may see, oldest first, in one statement.

    The caller has checked that the reader may see the subjects. The public gets public facts only, and
    neither reasons nor names.
    """
    wanted = types if actor.is_signed_in else (types or PUBLIC_FACTS) & PUBLIC_FACTS
    rows = session.exec(_newest_about(wanted, limit), params={"subject_ids": list(subject_ids)}).all()
    return [
        _entry(event, reason, person, organisation, actor) for event, reason, person, organisation in reversed(rows)
    ]


@cache
def _newest_about(wanted: frozenset[EventType] | None, limit: int) -> Any:
    return (
        select(Event, RecordText.text, SHOWN_NAME, Organisation.name)
        .outerjoin(RecordText, and_(col(RecordText.owner_id) == Event.id, col(RecordText.field) == "reason"))
        .outerjoin(Person, col(Event.person_id) == Person.id)
        .outerjoin(Organisation, col(Event.organisation_id) == Organisation.id)
        .where(col(Event.subject_id).in_(bindparam("subject_ids", expanding=True)))
        .where(col(Event.type).in_(wanted) if wanted is not None else true())
        .order_by(col(Event.created_at).desc(), col(Event.sequence).desc())
        .limit(limit)
    )


def _entry(
    event: Event, reason: str | None, person: str | None, organisation: str | None, actor: Actor
) -> HistoryEntry:
    return HistoryEntry(
        type=event.type,
        at=event.effective_at or event.created_at,
        actor=_doer(event, person, organisation, actor),
        reason=reason if actor.is_signed_in else None,
        version=event.version_number,
    )


def _doer(event: Event, person: str | None, organisation: str | None, actor: Actor) -> str | None:
    if event.actor_kind is not ActorKind.PERSON:
        return None
    if not actor.is_signed_in:
        return organisation
    return ", ".join(name for name in (person, organisation) if name) or None


def _of(subject_type: SubjectType, keys: object) -> ColumnElement[bool]:
    return and_(col(Event.subject_type) == subject_type, col(Event.subject_id).in_(keys))  # type: ignore[arg-type]


def _says_a_running_position() -> ColumnElement[bool]:
    """What was said in a ballot is its seat's alone until the ballot is closed."""
    running = (
        select(SeatPosition.id)
        .join(Ballot, col(SeatPosition.ballot_id) == Ballot.id)
        .where(Ballot.state == BallotState.OPEN)
    )
    return _of(SubjectType.POSITION, running)


def _published(actor: Actor) -> ColumnElement[bool]:
    public = select(Recommendation.id).where(recommendations.is_published())
    measures = select(Measure.id).where(col(Measure.recommendation_id).in_(public))
    if actor.kind is not ActorKind.PERSON:
        return false()
    return or_(_of(SubjectType.RECOMMENDATION, public), _of(SubjectType.MEASURE, measures))
