"""A published recommendation for tests of what follows publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.measures import start_tracking
from app.actions.record import keep_text, record_creation
from app.actions.responses import ask_addressees
from app.clock import now
from app.domain.actors import SYSTEM_ACTOR
from app.domain.events import EventType
from app.domain.needs import NeedState
from app.domain.organisations import OrganisationKind
from app.domain.recommendations import RecommendationState
from app.domain.text.blocks import BlockKind, BlockPart
from app.domain.visibility import Visibility
from app.models.base import new_id
from app.models.bodies import Body
from app.models.needs import Need
from app.models.organisations import Organisation, OrganisationMember
from app.models.programmes import Edition
from app.models.recommendations import Recommendation, Version, VersionAddressee, VersionBlock
from app.models.responses import AddresseeResponse
from tests.factories import World


def publish(
    world: World,
    body: Body,
    addressees: Sequence[UUID],
    *,
    title: str = "Kurse ohne Wartezeit verbinden",
    numbers: Sequence[str] = ("a", "b"),
    state: RecommendationState = RecommendationState.PUBLISHED,
) -> UUID:
    """A recommendation that was adopted and published now, its addressees asked; its numbered parts are a and b."""
    with world.database.write() as session:
        moment = now(session)
        recommendation = _recommendation(session, body, title, state, moment)
        version = Version(
            id=new_id(),
            created_at=moment,
            recommendation_id=recommendation.id,
            number=1,
            hashed="{}",
            content_hash="0" * 64,
        )
        session.add(version)
        session.flush()
        keep_text(session, "version", version.id, "title", title)
        session.add_all(
            VersionAddressee(version_id=version.id, organisation_id=key, position=place)
            for place, key in enumerate(addressees)
        )
        for place, number in enumerate(numbers):
            text = keep_text(session, "version", version.id, f"block_{place}", f"Der Bund sollte Teil {number} tun.")
            session.flush()
            session.add(
                VersionBlock(
                    version_id=version.id,
                    position=place,
                    block_id=new_id(),
                    part=BlockPart.RECOMMENDATION,
                    kind=BlockKind.PARAGRAPH,
                    number=number,
                    text_id=text.id,
                )
            )
        session.flush()
        ask_addressees(session, recommendation, actor=SYSTEM_ACTOR)
        start_tracking(session, recommendation)
        return recommendation.id


def answered_need(
    world: World, body: Body, organisation_id: UUID, title: str, *, merged_into_id: UUID | None = None
) -> UUID:
    """A public need of an organisation that a recommendation answers; or one that was merged into such a need."""
    with world.database.write() as session:
        moment = now(session)
        need = Need(
            id=new_id(),
            created_at=moment,
            body_id=body.id,
            title=title,
            description="Es fehlt etwas.",
            search_text=title.casefold(),
            sort_key=title.casefold(),
            organisation_id=organisation_id,
            visibility=Visibility.PUBLIC,
            submitted_at=moment,
            state=NeedState.MERGED if merged_into_id else NeedState.ANSWERED,
            merged_into_id=merged_into_id,
        )
        record_creation(session, EventType.NEED_POSTED, need, actor=SYSTEM_ACTOR)
        return need.id


def collective(world: World, name: str, *members: UUID, answered_by: UUID | None = None) -> UUID:
    """A collective with its members and, where named, the organisation that answers for it."""
    key = world.organisation(name, OrganisationKind.COLLECTIVE)
    with world.database.write() as session:
        session.get_one(Organisation, key).answers_for_id = answered_by
        session.add_all(OrganisationMember(collective_id=key, member_id=member) for member in members)
    return key


def response_of(world: World, recommendation_id: UUID, organisation_id: UUID) -> UUID:
    """The key of an addressee's response."""
    with world.database.read() as session:
        return session.exec(
            select(AddresseeResponse.id).where(
                AddresseeResponse.recommendation_id == recommendation_id,
                AddresseeResponse.organisation_id == organisation_id,
            )
        ).one()


def _recommendation(
    session: Session, body: Body, title: str, state: RecommendationState, moment: datetime
) -> Recommendation:
    edition = session.exec(select(Edition).limit(1)).one()
    number = len(session.exec(select(Recommendation).where(col(Recommendation.number).is_not(None))).all()) + 1
    made = Recommendation(
        id=new_id(),
        created_at=moment,
        body_id=body.id,
        edition_id=edition.id,
        field_of_action_id=body.field_of_action_id,
        title=title,
        version=1,
        adopted_version=1,
        number=number,
        reference=f"IP-2026-X-{number:02}",
        state=state,
        state_since=moment,
        adopted_at=moment,
        published_at=moment,
    )
    record_creation(session, EventType.RECOMMENDATION_DRAFTED, made, actor=SYSTEM_ACTOR)
    session.flush()
    return made
