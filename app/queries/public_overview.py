"""What the start page and the pages of fields say of the programme as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Uuid, and_, cast, func, literal, null, union_all
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import Actor
from app.domain.bodies import BodyState
from app.domain.implementation import ImplementationStatus
from app.models.bodies import Body
from app.models.consultations import CommentRound
from app.models.programmes import FieldOfAction, GuidingQuestion, Topic
from app.models.recommendations import Version
from app.models.record import RecordText
from app.queries import bodies, structure
from app.queries.audiences import in_audience
from app.queries.implementation import Tracked
from app.queries.versions import REDACTED

STATUS_ORDER = (
    ImplementationStatus.DONE,
    ImplementationStatus.MOSTLY_DONE,
    ImplementationStatus.STARTED,
    ImplementationStatus.NOT_STARTED,
    ImplementationStatus.NO_RESPONSE,
    ImplementationStatus.NOT_DONE,
    ImplementationStatus.CLOSED,
)
"""From carried out to not carried out, as the glance shows them."""


@dataclass(frozen=True, slots=True)
class FieldNumbers:
    """A field of action with how much there is in it."""

    field: FieldOfAction
    topics: int
    bodies: int
    recommendations: int


@dataclass(frozen=True, slots=True)
class Glance:
    """How far what is followed is carried out: counts by status, and how many are overdue."""

    total: int
    overdue: int
    counts: tuple[tuple[ImplementationStatus, int], ...]


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A Stellungnahmeverfahren that runs, and what it asks about."""

    round: CommentRound
    title: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a field's outline."""

    id: UUID
    title: str
    slug: str
    year: int | None = None
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """What belongs to a field: its topics, the questions asked there, the bodies at work."""

    topics: list[Entry] = field(default_factory=list)
    questions: list[Entry] = field(default_factory=list)
    bodies: list[Entry] = field(default_factory=list)

    @property
    def shows_examples(self) -> bool:
        """True where any line is of the example programme."""
        return any(each.is_example for each in (*self.topics, *self.questions, *self.bodies))


def fields_with_numbers(session: Session, actor: Actor, tracked: Iterable[Tracked]) -> list[FieldNumbers]:
    """The fields of what is carried on, with topics, bodies at work and recommendations that stand; one statement."""
    topics = select(func.count()).select_from(Topic).where(Topic.field_of_action_id == FieldOfAction.id)
    at_work = (
        select(func.count())
        .select_from(Body)
        .where(Body.field_of_action_id == FieldOfAction.id, Body.state == BodyState.ACTIVE, bodies.visible(actor))
    )
    statement = (
        select(FieldOfAction, topics.scalar_subquery(), at_work.scalar_subquery())
        .where(structure.carried_on(FieldOfAction.programme_id))
        .order_by(col(FieldOfAction.programme_id), col(FieldOfAction.rank), col(FieldOfAction.code))
    )
    published = Counter(each.recommendation.field_of_action_id for each in tracked)
    return [
        FieldNumbers(found, topic_count, body_count, published[found.id])
        for found, topic_count, body_count in session.exec(statement).all()
    ]


def list_open_rounds(session: Session, actor: Actor) -> list[OpenRound]:
    """The rounds that ask the actor now, with the title of the version they ask about; next deadline first."""
    title = and_(col(RecordText.owner_id) == Version.id, col(RecordText.field) == "title")
    pinned = and_(
        col(Version.recommendation_id) == CommentRound.recommendation_id, col(Version.number) == CommentRound.version
    )
    statement = (
        select(CommentRound, RecordText.text)
        .join(Version, pinned)
        .join(RecordText, title)
        .where(in_audience(actor, now(session)))
        .order_by(col(CommentRound.closes_at), col(CommentRound.id))
    )
    return [OpenRound(found, text or REDACTED) for found, text in session.exec(statement).all()]


def glance_at(tracked: Sequence[Tracked]) -> Glance:
    """The statuses counted; no statement."""
    counted = Counter(each.view.status for each in tracked)
    return Glance(
        total=len(tracked),
        overdue=sum(each.view.overdue for each in tracked),
        counts=tuple((status, counted[status]) for status in STATUS_ORDER if counted[status]),
    )


def outline_of(session: Session, found: FieldOfAction, actor: Actor) -> Outline:
    """Topics, questions and bodies of a field, in one statement."""
    topics = select(*_line("topics", Topic, Topic.slug, Topic.year)).where(Topic.field_of_action_id == found.id)
    in_field = select(Topic.id).where(Topic.field_of_action_id == found.id)
    of_bodies = select(Body.id).where(Body.field_of_action_id == found.id)
    questions = select(*_line("questions", GuidingQuestion, GuidingQuestion.slug)).where(
        structure.visible_questions(actor),
        col(GuidingQuestion.topic_id).in_(in_field) | col(GuidingQuestion.body_id).in_(of_bodies),
    )
    at_work = select(*_line("bodies", Body, Body.sort_key)).where(
        Body.field_of_action_id == found.id, Body.state == BodyState.ACTIVE, bodies.visible(actor)
    )
    rows = session.connection().execute(union_all(topics, questions, at_work)).all()
    outline = Outline()
    for row in sorted(rows, key=lambda each: (-(each.year or 0), each.word)):
        getattr(outline, row.kind).append(Entry(row.id, row.title, row.slug, row.year, row.is_example))
    return outline


def _line(kind: str, model: Any, word: Any, year: Any = None) -> list[Any]:
    return [
        literal(kind).label("kind"),
        cast(col(model.id), Uuid).label("id"),
        col(model.title).label("title"),
        col(model.slug).label("slug"),
        cast(null() if year is None else col(year), Integer).label("year"),
        col(model.is_example).label("is_example"),
        col(word).label("word"),
    ]
