"""Reads for subscribers without an account: what can be subscribed to, and which public facts whom to tell of.

All of it is asked as the public: what is not published is neither offered nor told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import PUBLIC_ACTOR
from app.domain.events import EventType
from app.domain.follows import SubscriptionTarget
from app.domain.subscriptions import TOLD, TOLD_AFTER_PUBLICATION, Topic
from app.models.consultations import CommentRound
from app.models.measures import Measure, ProgressReport
from app.models.organisations import Organisation
from app.models.outbox import UndeliverableAddress
from app.models.programmes import FieldOfAction
from app.models.recommendations import Recommendation, Version, VersionAddressee
from app.models.record import Event
from app.models.responses import AddresseeResponse
from app.models.subscriptions import Subscription, ToldEvent
from app.queries import recommendations
from app.queries.audiences import in_audience
from app.wording.subscriptions import topic_hint, topic_label

LOOKED_BACK = timedelta(days=2)
"""How much older than the newest told event one may be that was committed later."""

S = TypeVar("S", bound=Any)


@dataclass(frozen=True, slots=True)
class Offer:
    """A topic with its name and its public page."""

    topic: Topic
    name: str
    url: str

    @property
    def label(self) -> str:
        """How it is called among others."""
        return topic_label(self.topic.target, self.name)

    @property
    def hint(self) -> str:
        """What one is told of."""
        return topic_hint(self.topic.target)


@dataclass(frozen=True, slots=True)
class Fact:
    """One public event as a subscriber is told of it; `detail` names the measure or organisation it is about."""

    event_id: UUID
    type: EventType
    at: datetime
    recommendation: Recommendation
    detail: str | None
    closes_at: datetime | None
    round_number: int | None


def offers_of(session: Session, topics: Sequence[Topic]) -> list[Offer]:
    """Those of the topics that the public may know, in the order given; a statement for each kind among them."""
    found: dict[Topic, Offer] = {}
    for target in {topic.target for topic in topics}:
        keys = [topic.target_id for topic in topics if topic.target is target and topic.target_id is not None]
        for key, name, url in _named(session, target, keys):
            topic = Topic(target, key)
            found[topic] = Offer(topic, name, url)
    return [found[topic] for topic in dict.fromkeys(topics) if topic in found]


def list_addressees(session: Session) -> list[tuple[UUID, str]]:
    """The organisations that a published recommendation is addressed to, in German order."""
    statement = (
        select(Organisation.id, Organisation.name).where(_is_addressed(Organisation.id)).order_by(Organisation.sort_key)
    )
    return list(session.exec(statement).all())


def list_subscriptions(session: Session, keys: Sequence[UUID]) -> Sequence[Subscription]:
    """Those of these subscriptions that still stand, oldest first."""
    statement = (
        select(Subscription)
        .where(col(Subscription.id).in_(keys))
        .order_by(col(Subscription.created_at), col(Subscription.id))
    )
    return session.exec(statement).all()


def topics_of(subscriptions: Sequence[Subscription]) -> list[Topic]:
    """What these subscriptions are for."""
    return [Topic(each.target, each.target_id) for each in subscriptions]


def news_begins_at(session: Session) -> datetime | None:
    """From when on events have to be looked at; None where nobody has subscribed."""
    first = session.exec(select(func.min(Subscription.confirmed_at))).one()
    if first is None:
        return None
    newest: datetime | None = session.exec(select(func.max(ToldEvent.happened_at))).one()
    return first if newest is None else max(first, newest - LOOKED_BACK)


def list_untold(session: Session, since: datetime) -> Sequence[tuple[UUID, datetime]]:
    """The public events since then that nobody was told of, with their times."""
    told = exists().where(col(ToldEvent.event_id) == Event.id)
    statement = _with_its_place(select(Event.id, Event.created_at)).where(
        col(Event.created_at) >= since, ~told, _is_public(now(session))
    )
    return session.exec(statement).all()


def find_unfinished_run(session: Session) -> UUID | None:
    """The run that still has addresses to write to."""
    return session.exec(select(ToldEvent.run_id).where(col(ToldEvent.is_told).is_(False)).limit(1)).first()


def addresses_to_tell(session: Session, run_id: UUID, limit: int) -> Sequence[str]:
    """Addresses that subscribed to what a run tells and that it didn't write to yet, at most as many as that.

    Those that take no mail are left out. One statement.
    """
    other = aliased(Subscription)
    is_written_to = exists().where(and_(col(other.address) == Subscription.address, col(other.last_run_id) == run_id))
    is_refused = exists().where(col(UndeliverableAddress.address) == Subscription.address)
    statement = (
        _with_its_place(select(Subscription.address))
        .join(ToldEvent, col(ToldEvent.event_id) == Event.id)
        .join(Subscription, _concerns())
        .where(ToldEvent.run_id == run_id, ~is_refused, ~is_written_to)
        .distinct()
        .order_by(Subscription.address)
        .limit(limit)
    )
    return session.exec(statement).all()


def news_for(session: Session, run_id: UUID, address: str) -> tuple[list[Fact], list[Subscription]]:
    """What a run tells an address, as far as it is public still, oldest first; and the subscriptions it is told by.

    Two statements, and a third where it tells of a round.
    """
    organisation = aliased(Organisation)
    columns: list[Any] = [Event, Recommendation, Measure.title, organisation.name, CommentRound, Subscription]
    statement = (
        _with_its_place(select(*columns))
        .outerjoin(organisation, col(organisation.id) == AddresseeResponse.organisation_id)
        .join(ToldEvent, col(ToldEvent.event_id) == Event.id)
        .join(Subscription, _concerns())
        .where(ToldEvent.run_id == run_id, Subscription.address == address, _is_public(now(session)))
        .order_by(col(Event.created_at), col(Event.sequence))
    )
    facts: dict[UUID, Fact] = {}
    reasons: dict[UUID, Subscription] = {}
    for event, recommendation, measure, name, its_round, subscription in session.exec(statement).all():
        reasons[subscription.id] = subscription
        facts[event.id] = Fact(
            event_id=event.id,
            type=event.type,
            at=event.effective_at or event.created_at,
            recommendation=recommendation,
            detail=measure or name,
            closes_at=its_round.closes_at if its_round else None,
            round_number=its_round.number if its_round else None,
        )
    recommendations.show_as_seen(session, [fact.recommendation for fact in facts.values()], PUBLIC_ACTOR)
    return list(facts.values()), sorted(reasons.values(), key=lambda each: (each.created_at, each.id))


def _named(session: Session, target: SubscriptionTarget, keys: Sequence[UUID]) -> list[tuple[UUID | None, str, str]]:
    if target is SubscriptionTarget.CONSULTATIONS:
        return [(None, "", "/beteiligung")]
    if target is SubscriptionTarget.FIELD_OF_ACTION:
        fields = session.exec(select(FieldOfAction).where(col(FieldOfAction.id).in_(keys))).all()
        return [(each.id, each.name, f"/handlungsfelder/{each.slug}") for each in fields]
    if target is SubscriptionTarget.ADDRESSEE:
        statement = select(Organisation).where(col(Organisation.id).in_(keys), _is_addressed(Organisation.id))
        addressed = session.exec(statement).all()
        return [(each.id, each.name, f"/empfehlungen?addressee_id={each.id}") for each in addressed]
    is_seen = recommendations.visible(PUBLIC_ACTOR, now(session))
    seen = session.exec(select(Recommendation).where(col(Recommendation.id).in_(keys), is_seen)).all()
    recommendations.show_as_seen(session, seen, PUBLIC_ACTOR)
    return [(each.id, each.title, recommendations.url_of(each)) for each in seen]


def _is_addressed(organisation_id: Any) -> ColumnElement[bool]:
    """The organisation is an addressee of something published."""
    return exists().where(
        and_(
            recommendations.is_published(),
            col(Version.recommendation_id) == Recommendation.id,
            col(Version.number) == Recommendation.adopted_version,
            col(VersionAddressee.version_id) == Version.id,
            col(VersionAddressee.organisation_id) == organisation_id,
        )
    )


def _with_its_place(statement: S) -> S:
    """The events with what they are about: recommendation, measure, response, round."""
    joined: S = (
        statement.select_from(Event)
        .outerjoin(ProgressReport, col(ProgressReport.id) == Event.subject_id)
        .outerjoin(Measure, col(Measure.id) == func.coalesce(ProgressReport.measure_id, Event.subject_id))
        .outerjoin(AddresseeResponse, col(AddresseeResponse.id) == Event.subject_id)
        .outerjoin(CommentRound, col(CommentRound.id) == Event.subject_id)
        .join(
            Recommendation,
            col(Recommendation.id) == func.coalesce(Event.recommendation_id, Measure.recommendation_id),
        )
    )
    return joined


def _is_public(moment: datetime) -> ColumnElement[bool]:
    """Facts of what stands published, from its publication on; rounds that ask everybody while they are open."""
    is_since = or_(
        col(Event.type) == EventType.RECOMMENDATION_PUBLISHED,
        col(Event.created_at) >= col(Recommendation.published_at),
    )
    return or_(
        and_(col(Event.type).in_(sorted(TOLD_AFTER_PUBLICATION)), recommendations.is_published(), is_since),
        and_(col(Event.type) == EventType.ROUND_OPENED, in_audience(PUBLIC_ACTOR, moment)),
    )


def _concerns() -> ColumnElement[bool]:
    """The subscription is confirmed and is for what happened since."""

    def of(target: SubscriptionTarget, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        return and_(col(Subscription.target) == target, col(Event.type).in_(sorted(TOLD[target])), *conditions)

    key = col(Subscription.target_id)
    is_addressed = exists().where(
        and_(
            col(Version.recommendation_id) == Recommendation.id,
            col(Version.number) == Recommendation.adopted_version,
            col(VersionAddressee.version_id) == Version.id,
            col(VersionAddressee.organisation_id) == Subscription.target_id,
            col(Measure.id).is_(None),
            col(AddresseeResponse.id).is_(None),
        )
    )
    is_its_own = or_(key == Measure.responsible_organisation_id, key == AddresseeResponse.organisation_id)
    return and_(
        col(Subscription.confirmed_at) <= Event.created_at,
        or_(
            of(SubscriptionTarget.RECOMMENDATION, key == Recommendation.id),
            of(SubscriptionTarget.FIELD_OF_ACTION, key == Recommendation.field_of_action_id),
            of(SubscriptionTarget.ADDRESSEE, or_(is_addressed, is_its_own)),
            of(SubscriptionTarget.CONSULTATIONS),
        ),
    )
