"""Which notifications their reader may still see: asked of the thing and its place when shown, never before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlmodel import col

from app.domain.actors import PUBLIC_ACTOR, Actor
from app.domain.events import SubjectType
from app.domain.public_facts import PUBLIC_FACTS
from app.models.amendments import Amendment
from app.models.ballots import Ballot, DissentingOpinion, SeatPosition
from app.models.bodies import Body, Seat
from app.models.co_signatures import CoSignature
from app.models.comments import Comment
from app.models.commitments import Commitment
from app.models.consultations import CommentRound, Statement
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure, ProgressReport
from app.models.need_reviews import NeedReview
from app.models.needs import Need
from app.models.notifications import Notification
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.programmes import Edition, Programme
from app.models.proposals import Proposal
from app.models.publications import Publication
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.models.reuses import Reuse
from app.queries import (
    amendments,
    ballots,
    bodies,
    co_signatures,
    comments,
    commitments,
    consultations,
    contributions,
    goals,
    indicators,
    measures,
    need_reviews,
    organisations,
    people,
    publications,
    recommendations,
    reports,
    responses,
    reuses,
    rooms,
    seats,
)
from app.queries.contributions import NEEDS, PROPOSALS

_Seen = Mapping[SubjectType, tuple[Any, ColumnElement[bool]]]
_REMINDERS = "reminder.%"


def visible(actor: Actor, moment: datetime | None = None) -> ColumnElement[bool]:
    """The actor's own notifications of things it may still read, on pages it may still open.

    With a moment, the clock closes rounds. Every look goes by key from the notification to the one thing.
    """
    if not actor.is_signed_in:
        return false()
    return and_(
        col(Notification.person_id) == actor.person_id,
        _is_seen(Notification.place_type, Notification.place_id, _places(actor, moment)),
        _is_seen(Notification.subject_type, Notification.subject_id, _subjects(actor, moment)),
    )


def is_public_place(moment: datetime | None = None) -> ColumnElement[bool]:
    """The page of a notification's place is open to everybody."""
    return _is_seen(Notification.place_type, Notification.place_id, _places(PUBLIC_ACTOR, moment))


def _is_seen(noun: Any, key: Any, seen: _Seen) -> ColumnElement[bool]:
    return or_(
        *(
            and_(col(noun) == subject_type, exists().where(model.id == key, condition).correlate(Notification))
            for subject_type, (model, condition) in seen.items()
        )
    )


def _places(actor: Actor, moment: datetime | None) -> _Seen:
    """The nouns that have a page, and who opens it; of what only a publication lets in there is nothing to tell."""
    return {
        SubjectType.NEED: (Need, contributions.visible_whole(NEEDS, actor)),
        SubjectType.PROPOSAL: (Proposal, contributions.visible_whole(PROPOSALS, actor)),
        SubjectType.RECOMMENDATION: (Recommendation, recommendations.visible(actor, moment)),
        SubjectType.MEASURE: (Measure, measures.visible(actor)),
        SubjectType.GOAL: (Goal, goals.visible(actor)),
        SubjectType.INDICATOR: (Indicator, indicators.visible(actor)),
        SubjectType.PUBLICATION: (Publication, publications.visible()),
        SubjectType.BODY: (Body, bodies.visible(actor)),
        SubjectType.ORGANISATION: (Organisation, organisations.visible(actor)),
        SubjectType.PERSON: (Person, people.visible(actor)),
        SubjectType.EDITION: (Edition, true()),
        SubjectType.PROGRAMME: (Programme, true()),
        SubjectType.STATEMENT: (Statement, _is_author(actor)),
        SubjectType.COMMENT_ROUND: (CommentRound, rooms.has_a_room(actor)),
    }


def _subjects(actor: Actor, moment: Any) -> _Seen:
    """What is told of, and who reads it; a page may be open to more."""
    return {
        **_places(actor, moment),
        SubjectType.RECOMMENDATION: (Recommendation, _is_told_of_its_steps(actor)),
        SubjectType.SEAT: (Seat, _is_told_of_seat(actor)),
        SubjectType.COMMENT: (Comment, comments.in_circle(actor)),
        SubjectType.COMMENT_ROUND: (CommentRound, consultations.visible_rounds(actor, moment)),
        SubjectType.STATEMENT: (Statement, consultations.visible_statements(actor)),
        SubjectType.AMENDMENT: (Amendment, amendments.visible(actor)),
        SubjectType.BALLOT: (Ballot, ballots.visible(actor)),
        SubjectType.POSITION: (SeatPosition, col(SeatPosition.seat_id).in_(actor.drafting_seat_ids)),
        SubjectType.DISSENTING_OPINION: (DissentingOpinion, _reads_dissents(actor)),
        SubjectType.CO_SIGNATURE: (CoSignature, co_signatures.visible(actor)),
        SubjectType.NEED_REVIEW: (NeedReview, need_reviews.visible(actor)),
        SubjectType.REUSE: (Reuse, reuses.visible(actor)),
        SubjectType.COMMITMENT: (Commitment, commitments.visible(actor)),
        SubjectType.RESPONSE: (AddresseeResponse, responses.visible(actor)),
        SubjectType.PROGRESS_REPORT: (ProgressReport, reports.visible(actor)),
    }


def _is_told_of_seat(actor: Actor) -> ColumnElement[bool]:
    """What happens in the room of a seat is for those in it alone."""
    of_room = col(Notification.place_type) == SubjectType.COMMENT_ROUND
    return or_(and_(~of_room, seats.visible(actor)), and_(of_room, rooms.is_let_in(actor)))


def _is_author(actor: Actor) -> ColumnElement[bool]:
    """Its author reads a statement among its own, when the round is over and the draft is closed to it, too."""
    return col(Statement.author_id) == actor.person_id if actor.is_signed_in else false()


def _is_told_of_its_steps(actor: Actor) -> ColumnElement[bool]:
    """Its body and those who look after the whole hear every step, others what the public hears."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    return or_(
        col(Recommendation.body_id).in_(actor.body_ids),
        col(Notification.about).in_(sorted(PUBLIC_FACTS)),
        col(Notification.about).like(_REMINDERS),
    )


def _reads_dissents(actor: Actor) -> ColumnElement[bool]:
    if actor.is_secretariat or actor.is_auditor:
        return true()
    is_public = exists().where(
        and_(col(Recommendation.id) == DissentingOpinion.recommendation_id, recommendations.is_published())
    )
    return or_(col(DissentingOpinion.body_id).in_(actor.body_ids), is_public)
