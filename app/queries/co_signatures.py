"""Reads of co-signatures; who may see one is decided here, once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, exists, literal, or_, true
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.co_signatures import CoSignatureState
from app.domain.events import EventType
from app.models.co_signatures import CoSignature
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.recommendations import Recommendation
from app.models.record import Event, RecordText
from app.queries.base import DEFAULT_LIMIT, Page, get_visible, page_of
from app.queries.persons import acting_for, takes_part
from app.wording import event_sentence


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """One entry of the history of a co-signature: asked, answered, lifted, asked again."""

    type: EventType
    at: datetime
    version: int | None
    reason: str

    @property
    def text(self) -> str:
        """The fact in a few German words."""
        return event_sentence(self.type)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Co-signatures are the body's and of the organisation asked; the public never sees one."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    of_body = exists().where(
        and_(
            col(Recommendation.id) == CoSignature.recommendation_id,
            col(Recommendation.body_id).in_(actor.body_ids),
        )
    )
    asked = and_(
        col(CoSignature.organisation_id).in_(actor.acts_for),
        col(CoSignature.state) != CoSignatureState.WITHDRAWN,
    )
    return or_(of_body, asked)


def get_co_signature(session: Session, key: UUID, actor: Actor) -> CoSignature:
    """One co-signature with its organisation; NotFound where absent or hidden."""
    statement = (
        select(CoSignature)
        .options(joinedload(CoSignature.organisation))  # type: ignore[arg-type]
        .where(CoSignature.id == key, visible(actor))
    )
    return get_visible(session, statement)


def page_of_co_signatures(
    session: Session, recommendation_id: UUID, actor: Actor, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[CoSignature]:
    """The co-signatures of a recommendation the actor may see, newest first."""
    statement = select(CoSignature).where(CoSignature.recommendation_id == recommendation_id, visible(actor))
    return page_of(session, statement, CoSignature, limit=limit, after=after)


def list_co_signatures(session: Session, recommendation_id: UUID, actor: Actor) -> Sequence[CoSignature]:
    """Every co-signature of a recommendation the actor may see, by organisation; one statement."""
    statement = (
        select(CoSignature)
        .join(Organisation, col(CoSignature.organisation_id) == Organisation.id)
        .options(joinedload(CoSignature.organisation))  # type: ignore[arg-type]
        .where(CoSignature.recommendation_id == recommendation_id, visible(actor))
        .order_by(col(Organisation.sort_key), col(CoSignature.created_at))
    )
    return session.exec(statement).unique().all()


def answers_of(session: Session, asked_ids: Collection[UUID]) -> dict[UUID, list[AnswerGiven]]:
    """By co-signature: when it was asked and every answer since, oldest first; one statement.

    The caller has checked that the reader may see each of them.
    """
    found: dict[UUID, list[AnswerGiven]] = {key: [] for key in asked_ids}
    for event, reason in session.exec(_answers(), params={"asked_ids": list(asked_ids)}) if found else ():
        found[event.subject_id].append(AnswerGiven(event.type, event.created_at, event.version_number, reason or ""))
    return found


@cache
def _answers() -> Any:
    return (
        select(Event, RecordText.text)
        .outerjoin(RecordText, and_(col(RecordText.owner_id) == Event.id, col(RecordText.field) == "reason"))
        .where(col(Event.subject_id).in_(bindparam("asked_ids", expanding=True)))
        .where(Event.type != EventType.TEXT_REDACTED)
        .order_by(col(Event.created_at), col(Event.sequence))
    )


def persons_acting_for(session: Session, organisation_id: UUID) -> Sequence[Person]:
    """The active persons who may answer in an organisation's name, each once."""
    statement = (
        select(Person)
        .where(
            col(Person.id).in_(acting_for(select(literal(organisation_id, Uuid())))),
            takes_part(),
            col(Person.email).is_not(None),
        )
        .order_by(col(Person.id))
    )
    return session.exec(statement).all()
