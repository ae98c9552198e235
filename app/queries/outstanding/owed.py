"""What organisations owe: reports, answers to recommendations, answers whether needs persist; and what is to verify."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from app.domain.deadlines import berlin_date
from app.domain.events import EventType, SubjectType
from app.domain.implementation import UNFINISHED, AddresseeAnswer, verification_due_on
from app.domain.measures import MeasureState
from app.domain.need_reviews import NeedReviewAnswer
from app.domain.outstanding import SOON, OutstandingKind
from app.domain.recommendations import PUBLIC_STATES
from app.models.measures import Measure
from app.models.need_reviews import NeedReview
from app.models.needs import Need
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.queries.outstanding.base import Outstanding, reminded_at
from app.queries.recommendations import url_of
from app.queries.responses import ANSWERABLE_STATES

K = OutstandingKind


def owed_by_measures(session: Session, today: date) -> Iterator[Outstanding]:
    """Reports due and overdue, what was reported done, and measures whose organisation is no longer active."""
    is_due = and_(col(Measure.state).in_(UNFINISHED), col(Measure.report_due_on) <= today + SOON)
    is_orphaned = and_(col(Measure.state).in_(UNFINISHED), col(Organisation.is_active).is_(False))
    columns: list[Any] = [
        Measure,
        Organisation,
        Recommendation,
        reminded_at(Measure.id, EventType.MEASURE_REPORT_REMINDED),
    ]
    statement = (
        select(*columns)
        .join(Organisation, col(Organisation.id) == Measure.responsible_organisation_id)
        .join(Recommendation, col(Recommendation.id) == Measure.recommendation_id)
        .where(
            col(Recommendation.state).in_(PUBLIC_STATES),
            col(Recommendation.tracking_closed_at).is_(None),
            or_(is_due, is_orphaned, col(Measure.state) == MeasureState.REPORTED_DONE),
        )
    )
    for measure, organisation, recommendation, reminded in session.exec(statement).all():
        for kind, due_on in _kinds_of(measure, organisation, today):
            yield Outstanding(
                kind=kind,
                subject_type=SubjectType.MEASURE,
                subject_id=measure.id,
                title=measure.title,
                url=f"/massnahmen/{measure.id}",
                about=recommendation.reference or recommendation.title,
                part=measure.number or "",
                edition_id=recommendation.edition_id,
                field_of_action_id=recommendation.field_of_action_id,
                organisation_id=organisation.id,
                organisation=organisation.name,
                due_on=due_on,
                reminded_at=reminded,
                is_example=measure.is_example,
            )


def _kinds_of(measure: Measure, organisation: Organisation, today: date) -> Iterator[tuple[K, date | None]]:
    if measure.state is MeasureState.REPORTED_DONE:
        yield K.VERIFICATION, verification_due_on(berlin_date(measure.state_since))
        return
    due_on = measure.report_due_on
    if due_on is not None and due_on < today:
        yield K.REPORT_OVERDUE, due_on
    elif due_on is not None and due_on <= today + SOON:
        yield K.REPORT_DUE, due_on
    if not organisation.is_active:
        yield K.WITHOUT_RESPONSIBILITY, None


def owed_answers(session: Session, today: date) -> Iterator[Outstanding]:
    """Addressees that have not answered, before and after their day."""
    columns: list[Any] = [
        AddresseeResponse,
        Organisation,
        Recommendation,
        reminded_at(AddresseeResponse.id, EventType.RESPONSE_REMINDED),
    ]
    statement = (
        select(*columns)
        .join(Organisation, col(Organisation.id) == AddresseeResponse.organisation_id)
        .join(Recommendation, col(Recommendation.id) == AddresseeResponse.recommendation_id)
        .where(
            AddresseeResponse.answer == AddresseeAnswer.PENDING,
            col(AddresseeResponse.is_addressee),
            col(Recommendation.state).in_(ANSWERABLE_STATES),
        )
    )
    for response, organisation, recommendation, reminded in session.exec(statement).all():
        is_over = response.due_on is not None and response.due_on < today
        yield Outstanding(
            kind=K.RESPONSE_OVERDUE if is_over else K.RESPONSE_DUE,
            subject_type=SubjectType.RESPONSE,
            subject_id=response.id,
            title=recommendation.title,
            url=f"{url_of(recommendation)}/umsetzung",
            about=recommendation.reference or "",
            edition_id=recommendation.edition_id,
            field_of_action_id=recommendation.field_of_action_id,
            organisation_id=organisation.id,
            organisation=organisation.name,
            due_on=response.due_on,
            reminded_at=reminded,
            is_example=recommendation.is_example,
        )


def owed_reviews(session: Session, today: date) -> Iterator[Outstanding]:
    """Organisations that have not said whether a need persists, while the round runs."""
    columns: list[Any] = [
        NeedReview,
        Need.title,
        Organisation,
        Recommendation,
        reminded_at(NeedReview.id, EventType.NEED_REVIEW_REMINDED),
    ]
    statement = (
        select(*columns)
        .join(Need, col(Need.id) == NeedReview.need_id)
        .join(Organisation, col(Organisation.id) == NeedReview.organisation_id)
        .join(Recommendation, col(Recommendation.id) == NeedReview.recommendation_id)
        .where(
            NeedReview.answer == NeedReviewAnswer.PENDING,
            col(NeedReview.due_on) >= today,
            col(Recommendation.state).in_(ANSWERABLE_STATES),
        )
    )
    for review, title, organisation, recommendation, reminded in session.exec(statement).all():
        yield Outstanding(
            kind=K.NEED_REVIEW,
            subject_type=SubjectType.NEED_REVIEW,
            subject_id=review.id,
            title=title,
            url=f"{url_of(recommendation)}/wirkung",
            about=recommendation.reference or recommendation.title,
            edition_id=recommendation.edition_id,
            field_of_action_id=recommendation.field_of_action_id,
            organisation_id=organisation.id,
            organisation=organisation.name,
            due_on=review.due_on,
            reminded_at=reminded,
            is_example=review.is_example,
        )
