"""Reads of what became of needs: one's own questions, the counts for everybody, and what calls for a check."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, true
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.need_reviews import SAID, NeedReviewAnswer, NeedReviewCounts
from app.domain.needs import NeedState
from app.domain.recommendations import PUBLIC_STATES, RecommendationState
from app.models.need_reviews import NeedReview
from app.models.needs import Need, Support
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation, RecommendationNeed
from app.queries import needs
from app.queries.base import DEFAULT_LIMIT, Page, get_visible, page_of
from app.queries.contact_addresses import speaker_by_mark
from app.queries.responses import ANSWERABLE_STATES

A = NeedReviewAnswer
_NOBODYS = (NeedState.DRAFT, NeedState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class PublishedSentence:
    """What an organisation let stand beside the counts."""

    organisation: str
    answer: NeedReviewAnswer
    sentence: str


@dataclass(frozen=True, slots=True)
class ReviewedNeed:
    """One need in one round: the counts, and the sentences that may be read."""

    recommendation_id: UUID
    need_id: UUID
    title: str
    months: int
    due_on: date
    counts: NeedReviewCounts
    sentences: tuple[PublishedSentence, ...]


@dataclass(frozen=True, slots=True)
class ReviewedRecommendation:
    """One recommendation in one round: what was said of all its needs together."""

    recommendation: Recommendation
    months: int
    counts: NeedReviewCounts


@dataclass(frozen=True, slots=True)
class OwnReview:
    """A question to one organisation, with what it is about; `is_open` while an answer is taken."""

    review: NeedReview
    need: Need
    organisation: Organisation
    recommendation: Recommendation
    is_open: bool


@dataclass(frozen=True, slots=True)
class FollowedReviews:
    """What a link leads to: all its organisation is asked in the round; no speaker once it was replaced."""

    reviews: tuple[OwnReview, ...]
    speaker_id: UUID | None


def visible(actor: Actor) -> ColumnElement[bool]:
    """The answers an actor reads one by one: its organisations' own; the Geschäftsstelle and the Prüfung read all."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    return col(NeedReview.organisation_id).in_(actor.acts_for)


def get_review(session: Session, key: UUID, actor: Actor) -> NeedReview:
    """One question; NotFound where absent or hidden."""
    return get_visible(session, select(NeedReview).where(NeedReview.id == key, visible(actor)))


def list_reviews(
    session: Session, actor: Actor, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[NeedReview]:
    """The questions to the actor's organisations, newest first."""
    own = select(NeedReview).where(col(NeedReview.organisation_id).in_(actor.acts_for))
    return page_of(session, own, NeedReview, limit=limit, after=after)


def own_reviews(session: Session, recommendation: Recommendation, actor: Actor, today: date) -> list[OwnReview]:
    """What the actor's organisations are asked about the needs of a recommendation; one statement."""
    if not actor.acts_for:
        return []
    of_it = and_(
        col(NeedReview.recommendation_id) == recommendation.id, col(NeedReview.organisation_id).in_(actor.acts_for)
    )
    return _reviews(session, of_it, today)


def open_reviews(session: Session, actor: Actor, today: date) -> list[OwnReview]:
    """What the actor's organisations are asked and have not answered; one statement."""
    waiting = and_(
        col(NeedReview.organisation_id).in_(actor.acts_for),
        col(NeedReview.answer) == A.PENDING,
        col(NeedReview.due_on) >= today,
    )
    return [each for each in _reviews(session, waiting, today) if each.is_open]


def follow(session: Session, review_id: UUID, mark: UUID, today: date) -> FollowedReviews | None:
    """What a link leads to: all its organisation is asked in the round; None for an unknown one."""
    named = session.get(NeedReview, review_id)
    if named is None:
        return None
    speaker_id = speaker_by_mark(session, review_id, named.organisation_id, mark)
    return FollowedReviews(tuple(_reviews(session, _is_asked_with(named), today)), speaker_id)


def reviewed_needs(
    session: Session, actor: Actor, *, recommendation_id: UUID | None = None, need_id: UUID | None = None
) -> list[ReviewedNeed]:
    """The rounds of a recommendation or a need with their counts, the newest round first; one statement."""
    of_recommendation = col(NeedReview.recommendation_id) == recommendation_id if recommendation_id else true()
    of_need = col(NeedReview.need_id) == need_id if need_id else true()
    return _reviewed(session, actor, and_(of_recommendation, of_need))


def reviews_of_many(session: Session, keys: Collection[UUID], actor: Actor) -> dict[UUID, list[ReviewedNeed]]:
    """By recommendation: its rounds with their counts; one statement."""
    found: dict[UUID, list[ReviewedNeed]] = {}
    for each in _reviewed(session, actor, col(NeedReview.recommendation_id).in_(keys)):
        found.setdefault(each.recommendation_id, []).append(each)
    return found


def _reviewed(session: Session, actor: Actor, condition: ColumnElement[bool]) -> list[ReviewedNeed]:
    """Only of needs the reader may see; who said what shows nowhere, but for sentences meant for publication."""
    rows = session.exec(
        select(NeedReview, Need.title, Organisation.name)
        .join(Need, col(Need.id) == NeedReview.need_id)
        .join(Organisation, col(Organisation.id) == NeedReview.organisation_id)
        .where(needs.visible(actor), condition)
        .order_by(col(NeedReview.months).desc(), col(Need.sort_key), col(Need.id), col(Organisation.sort_key))
    ).all()
    found: dict[tuple[UUID, UUID, int], list[tuple[NeedReview, str, str]]] = {}
    for review, title, name in rows:
        found.setdefault((review.recommendation_id, review.need_id, review.months), []).append((review, title, name))
    return [
        ReviewedNeed(
            recommendation_id=rows[0][0].recommendation_id,
            need_id=rows[0][0].need_id,
            title=rows[0][1],
            months=rows[0][0].months,
            due_on=rows[0][0].due_on,
            counts=counts_of(review.answer for review, _title, _name in rows),
            sentences=tuple(
                PublishedSentence(name, review.answer, review.sentence)
                for review, _title, name in rows
                if review.publish and review.sentence
            ),
        )
        for rows in found.values()
    ]


def reviewed_recommendations(
    session: Session, actor: Actor, *, field_of_action_id: UUID | None = None
) -> list[ReviewedRecommendation]:
    """What was said of all needs of each recommendation, by round, the newest first; one statement.

    Counted are only needs the reader may see.
    """
    said = [func.sum(case((col(NeedReview.answer) == answer, 1), else_=0)) for answer in SAID]
    of_field = col(Recommendation.field_of_action_id) == field_of_action_id if field_of_action_id else true()
    columns: list[Any] = [Recommendation, col(NeedReview.months), func.count(), *said]
    statement = (
        select(*columns)
        .join(NeedReview, col(NeedReview.recommendation_id) == Recommendation.id)
        .join(Need, col(Need.id) == NeedReview.need_id)
        .where(needs.visible(actor), col(Recommendation.state).in_(PUBLIC_STATES), of_field)
        .group_by(col(Recommendation.id), col(NeedReview.months))
        .order_by(col(Recommendation.reference), col(Recommendation.id), col(NeedReview.months).desc())
    )
    return [
        ReviewedRecommendation(
            recommendation, months, NeedReviewCounts(asked=asked, persists=persists, reduced=reduced, met=met)
        )
        for recommendation, months, asked, persists, reduced, met in session.exec(statement).all()
    ]


def counts_of(answers: Iterable[NeedReviewAnswer]) -> NeedReviewCounts:
    """The answers of one round, counted."""
    given = list(answers)
    return NeedReviewCounts(
        asked=len(given), persists=given.count(A.PERSISTS), reduced=given.count(A.REDUCED), met=given.count(A.MET)
    )


def list_unasked(session: Session) -> Sequence[Recommendation]:
    """Published recommendations with needs, oldest first; whose round is reached is for the caller to say."""
    linked = exists().where(col(RecommendationNeed.recommendation_id) == Recommendation.id)
    statement = (
        select(Recommendation)
        .where(col(Recommendation.state).in_(ANSWERABLE_STATES), col(Recommendation.published_at).is_not(None), linked)
        .order_by(col(Recommendation.published_at), col(Recommendation.id))
    )
    return session.exec(statement).all()


def rounds_asked(session: Session) -> set[tuple[UUID, int]]:
    """The recommendations and rounds that were asked about."""
    return set(session.exec(select(NeedReview.recommendation_id, NeedReview.months).distinct()).all())


def is_first_unanswered(session: Session, review: NeedReview) -> bool:
    """Of what its organisation was asked in the round and has not answered it is the first."""
    first = session.exec(
        select(NeedReview.id)
        .where(_is_asked_with(review), NeedReview.answer == A.PENDING)
        .order_by(col(NeedReview.id))
        .limit(1)
    ).first()
    return first == review.id


def organisations_behind(session: Session, recommendation_id: UUID) -> list[tuple[Need, list[UUID]]]:
    """The needs a recommendation answers, each with the organisations that posted or support it.

    What was merged into a need counts with it: whoever stood behind the one stands behind the other.
    """
    found = []
    for need in needs.list_linked(session, recommendation_id, for_update=False):
        if need.state in _NOBODYS:
            continue
        merged = select(col(Need.id).label("id")).where(Need.id == need.id).cte("merged", recursive=True)
        merged = merged.union(select(col(Need.id)).where(col(Need.merged_into_id) == merged.c.id))
        posted = select(col(Need.organisation_id)).where(col(Need.id).in_(select(merged.c.id)))
        supported = select(col(Support.organisation_id)).where(col(Support.subject_id).in_(select(merged.c.id)))
        statement = (
            select(Organisation.id)
            .where(
                col(Organisation.is_active),
                col(Organisation.id).in_(posted) | col(Organisation.id).in_(supported),
            )
            .order_by(col(Organisation.sort_key), col(Organisation.id))
        )
        found.append((need, list(session.exec(statement).all())))
    return found


def calls_for_check(today: Any) -> ColumnElement[bool]:
    """In a round that is over, half or more of those who answered said that a need persists, and nobody has checked.

    `check` and `confirm` take a recommendation off the list: it stands anew since then.
    """
    persisting = func.sum(case((col(NeedReview.answer) == A.PERSISTS, 1), else_=0))
    answered = func.sum(case((col(NeedReview.answer) != A.PENDING, 1), else_=0))
    rounds = (
        select(NeedReview.months)
        .where(
            NeedReview.recommendation_id == Recommendation.id,
            col(NeedReview.due_on) < today,
            col(NeedReview.created_at) > Recommendation.state_since,
        )
        .group_by(col(NeedReview.months))
        .having(and_(answered > 0, 2 * persisting >= answered))
        .correlate(Recommendation)
    )
    return and_(col(Recommendation.state) == RecommendationState.PUBLISHED, rounds.exists())


def called_for_check(session: Session, today: date) -> set[UUID]:
    """The recommendations that wait for a check."""
    return set(session.exec(_called_for_check(), params={"today": today}).all())


@cache
def _called_for_check() -> Any:
    return select(Recommendation.id).where(calls_for_check(bindparam("today")))


def _is_asked_with(review: NeedReview) -> ColumnElement[bool]:
    """The questions of one round to one organisation."""
    return and_(
        col(NeedReview.recommendation_id) == review.recommendation_id,
        col(NeedReview.organisation_id) == review.organisation_id,
        col(NeedReview.months) == review.months,
    )


def _reviews(session: Session, condition: ColumnElement[bool], today: date) -> list[OwnReview]:
    columns: list[Any] = [NeedReview, Need, Organisation, Recommendation]
    statement = (
        select(*columns)
        .join(Need, col(Need.id) == NeedReview.need_id)
        .join(Organisation, col(Organisation.id) == NeedReview.organisation_id)
        .join(Recommendation, col(Recommendation.id) == NeedReview.recommendation_id)
        .where(condition)
        .order_by(col(NeedReview.months).desc(), col(Organisation.sort_key), col(Need.sort_key), col(NeedReview.id))
    )
    return [
        OwnReview(review, need, organisation, recommendation, is_open(review, recommendation, today))
        for review, need, organisation, recommendation in session.exec(statement).all()
    ]


def is_open(review: NeedReview, recommendation: Recommendation, today: date) -> bool:
    """True while an answer is taken: until its last day, as long as the recommendation stands."""
    return today <= review.due_on and recommendation.state in ANSWERABLE_STATES
