"""Reminding by hand: several organisations at once of what they owe, each thing at most once a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.need_review_mails import REMINDED as REVIEW_REMINDED
from app.actions.need_review_mails import mail_reviews
from app.actions.notifications import notify
from app.actions.permissions import require
from app.actions.record import record
from app.actions.report_link_mails import ask_for_report
from app.actions.response_link_mails import REMINDED as RESPONSE_REMINDED
from app.actions.response_link_mails import mail_questions
from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date, start_of_day
from app.domain.events import EventType, SubjectType
from app.domain.implementation import AddresseeAnswer, is_report_due
from app.domain.need_reviews import NeedReviewAnswer
from app.domain.notifications import Urgency
from app.domain.permissions import Permission
from app.domain.recommendations import PUBLIC_STATES
from app.errors import Invalid, NotFound
from app.forms.outstanding import RemindForm
from app.i18n import _
from app.models.base import Recorded
from app.models.measures import Measure
from app.models.need_reviews import NeedReview
from app.models.recommendations import Recommendation
from app.models.record import Event
from app.models.responses import AddresseeResponse
from app.queries.contact_addresses import reach_of
from app.queries.need_reviews import is_open
from app.queries.persons import acting_for_one
from app.queries.responses import ANSWERABLE_STATES

Owed = Measure | AddresseeResponse | NeedReview
T = TypeVar("T", bound=Recorded)
_EVENTS = {
    Measure: EventType.MEASURE_REPORT_REMINDED,
    AddresseeResponse: EventType.RESPONSE_REMINDED,
    NeedReview: EventType.NEED_REVIEW_REMINDED,
}


@dataclass(frozen=True, slots=True)
class Reminded:
    """What became of each thing that was chosen, by its id; whom nobody could reach, by organisation."""

    reminded: list[UUID] = field(default_factory=list)
    reminded_today: list[UUID] = field(default_factory=list)
    settled: list[UUID] = field(default_factory=list)
    unreached: dict[UUID, UUID] = field(default_factory=dict)


def remind_together(session: Session, form: RemindForm, *, actor: Actor) -> Reminded:
    """Remind who owes these things: by account as of a deadline, and by mail at their mailboxes.

    A thing that was reminded of today, or is settled by now, is left alone; so is one whose organisation has neither
    account nor mailbox. Invalid where nothing is chosen, NotFound where one of them is absent.
    """
    require(Permission.OUTSTANDING_REMIND, None, actor)
    if not (form.measure_ids or form.response_ids or form.need_review_ids):
        raise Invalid(detail=_("Bitte wählen Sie mindestens einen Eintrag."))
    measures = _locked(session, Measure, form.measure_ids)
    responses = _locked(session, AddresseeResponse, form.response_ids)
    reviews = _locked(session, NeedReview, form.need_review_ids)
    chosen: list[Owed] = [*measures, *responses, *reviews]
    standing = _recommendations(session, chosen)
    today_already = _reminded_today(session, [each.id for each in chosen])
    reach = reach_of(session, {organisation_of(each) for each in chosen})
    done, told = Reminded(), []
    for each in chosen:
        if not _is_owed(session, each, standing[each.recommendation_id]):
            done.settled.append(each.id)
        elif each.id in today_already:
            done.reminded_today.append(each.id)
        elif not reach[organisation_of(each)].could_be_asked:
            done.unreached[each.id] = organisation_of(each)
        else:
            _remind(session, each, standing[each.recommendation_id], actor)
            done.reminded.append(each.id)
            told.append(each)
    _mail(session, told)
    return done


def organisation_of(owed: Owed) -> UUID:
    """Who owes it."""
    return owed.responsible_organisation_id if isinstance(owed, Measure) else owed.organisation_id


def _locked(session: Session, model: type[T], keys: Collection[UUID]) -> list[T]:
    """The newest state of these rows, locked in the order of their keys; NotFound where one is absent."""
    wanted = sorted(set(keys))
    if not wanted:
        return []
    statement = (
        select(model)
        .where(col(model.id).in_(wanted))
        .order_by(col(model.id))
        .with_for_update(of=model, key_share=True)
        .execution_options(populate_existing=True)
    )
    found = list(session.exec(statement).all())
    if len(found) != len(wanted):
        raise NotFound()
    return found


def _recommendations(session: Session, chosen: Iterable[Owed]) -> dict[UUID, Recommendation]:
    keys = {each.recommendation_id for each in chosen}
    return {each.id: each for each in session.exec(select(Recommendation).where(col(Recommendation.id).in_(keys)))}


def _reminded_today(session: Session, keys: Collection[UUID]) -> set[UUID]:
    begin = start_of_day(berlin_date(now(session)))
    statement = select(Event.subject_id).where(
        col(Event.subject_id).in_(keys), col(Event.type).in_(_EVENTS.values()), col(Event.created_at) >= begin
    )
    return set(session.exec(statement).all())


def _is_owed(session: Session, owed: Owed, recommendation: Recommendation) -> bool:
    today = berlin_date(now(session))
    if isinstance(owed, Measure):
        return recommendation.state in PUBLIC_STATES and is_report_due(
            owed.state,
            today=today,
            next_report_due_on=owed.report_due_on,
            tracking_closed=recommendation.tracking_closed_at is not None,
        )
    if isinstance(owed, AddresseeResponse):
        return owed.answer is AddresseeAnswer.PENDING and recommendation.state in ANSWERABLE_STATES
    return owed.answer is NeedReviewAnswer.PENDING and is_open(owed, recommendation, today)


def _remind(session: Session, owed: Owed, recommendation: Recommendation, actor: Actor) -> None:
    data: dict[str, object] = {"organisation_id": str(organisation_of(owed))}
    event = record(session, _EVENTS[type(owed)], owed, actor=actor, data=data)
    is_measure = isinstance(owed, Measure)
    notify(
        session,
        occasion_id=event.id,
        about=event.type,
        urgency=Urgency.DEADLINE,
        subject_type=type(owed).subject_type,
        subject_id=owed.id,
        place_type=SubjectType.MEASURE if is_measure else SubjectType.RECOMMENDATION,
        place_id=owed.id if is_measure else recommendation.id,
        body_id=recommendation.body_id,
        happened_at=now(session),
        persons=acting_for_one(organisation_of(owed)),
        doer_id=actor.person_id,
    )


def _mail(session: Session, told: Iterable[Owed]) -> None:
    """To mailboxes: for the reports of an organisation one, for the needs of a round one, for each answer one."""
    responses, reviews = [], []
    asked: set[UUID] = set()
    for each in told:
        if isinstance(each, AddresseeResponse):
            responses.append(each)
        elif isinstance(each, NeedReview):
            reviews.append(each)
        elif each.responsible_organisation_id not in asked:
            asked.add(each.responsible_organisation_id)
            ask_for_report(session, each)
    mail_questions(session, responses, RESPONSE_REMINDED)
    mail_reviews(session, reviews, REVIEW_REMINDED)
