"""Opening a ballot: version, electorate and rules are pinned, by circulation or in a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.actions.record import record_creation
from app.clock import now
from app.domain.actors import HOLDER_ROLES, Actor
from app.domain.consensus import REVISION_BALLOT_DAYS, RulesOfProcedure
from app.domain.deadlines import berlin_date, default_close, earliest_close, is_plausible_date, last_day
from app.domain.events import EventType
from app.domain.workflow import Blocker
from app.errors import FieldError, Invalid, MoveBlocked
from app.i18n import _
from app.models.ballots import Ballot, BallotSeat
from app.models.base import new_id
from app.models.bodies import Body, Membership, Seat
from app.models.people import Person
from app.models.recommendations import Recommendation, Version
from app.queries import ballots as queries
from app.wording import blocker_sentence
from app.wording.dates import german_deadline


@dataclass(frozen=True, slots=True)
class MeetingHeld:
    """When and where a ballot is taken in a meeting."""

    held_on: date
    place: str


def open_ballot(
    session: Session,
    recommendation: Recommendation,
    *,
    version: int,
    closes_at: datetime | None,
    actor: Actor,
    meeting: MeetingHeld | None = None,
    revision_of: Ballot | None = None,
    changed_block_ids: Sequence[UUID] = (),
) -> Ballot:
    """Open a ballot on one version; version, electorate and rules stay as they are now.

    The caller holds the recommendation's row. A ballot that repeats or revises shows the former positions.
    """
    moment = now(session)
    body = session.get_one(Body, recommendation.body_id)
    rules = RulesOfProcedure.from_mapping(body.rules)
    minimum_days = rules.ballot_days if revision_of is None else REVISION_BALLOT_DAYS
    former = revision_of or queries.find_newest_ballot(session, recommendation.id)
    electorate = _electorate(session, body.id)
    if not electorate:
        raise MoveBlocked([blocker_sentence(Blocker("no_entitled_seat"))])
    ends_at = _closing_time(moment, closes_at, minimum_days)
    if meeting is not None:
        _check_meeting(session, recommendation, version, meeting, ends_at)
    ballot = Ballot(
        id=new_id(moment),
        created_at=moment,
        recommendation_id=recommendation.id,
        body_id=body.id,
        number=_next_number(session, recommendation.id),
        version=version,
        rules=rules.as_mapping(),
        minimum_days=minimum_days,
        opened_at=moment,
        closes_at=ends_at,
        former_ballot_id=former.id if former else None,
        changed_block_ids=[str(key) for key in changed_block_ids],
        held_on=meeting.held_on if meeting else None,
        place=meeting.place if meeting else None,
        is_example=recommendation.is_example,
    )
    record_creation(
        session, EventType.BALLOT_OPENED, ballot, actor=actor, version=version, data=_pinned(ballot, electorate)
    )
    session.flush()
    session.add_all([BallotSeat(ballot_id=ballot.id, seat_id=seat.id, group=seat.group) for seat in electorate])
    session.flush()
    return ballot


def _electorate(session: Session, body_id: UUID) -> Sequence[Seat]:
    """The voting seats with an active member; a deputy alone doesn't make a seat entitled."""
    statement = (
        select(Seat)
        .join(Membership, col(Membership.seat_id) == Seat.id)
        .join(Person, col(Membership.person_id) == Person.id)
        .where(
            Seat.body_id == body_id,
            col(Seat.voting).is_(True),
            col(Membership.role).in_(HOLDER_ROLES),
            col(Membership.ended_on).is_(None),
            col(Person.ended_at).is_(None),
            col(Person.redacted_at).is_(None),
        )
        .order_by(col(Seat.created_at), col(Seat.id))
    )
    return session.exec(statement).unique().all()


def _closing_time(opened_at: datetime, wanted: datetime | None, minimum_days: int) -> datetime:
    if wanted is None:
        return default_close(opened_at, minimum_days)
    earliest = earliest_close(opened_at, minimum_days)
    if wanted < earliest:
        sentence = _("Die Beschlussfassung muss mindestens {days} Tage dauern, also bis {moment} oder länger.")
        raise Invalid(FieldError("closes_at", sentence.format(days=minimum_days, moment=german_deadline(earliest))))
    if not is_plausible_date(wanted.date()):
        raise Invalid(FieldError("closes_at", _("Bitte wählen Sie einen früheren Tag.")))
    return wanted


def _check_meeting(
    session: Session, recommendation: Recommendation, version: int, meeting: MeetingHeld, ends_at: datetime
) -> None:
    """A meeting decides on a text that was there, and within the time of its ballot."""
    saved_at = session.exec(
        select(Version.created_at).where(Version.recommendation_id == recommendation.id, Version.number == version)
    ).one()
    if meeting.held_on < berlin_date(saved_at):
        raise Invalid(
            FieldError("held_on", _("Die Fassung, über die beschlossen wird, gab es an diesem Tag noch nicht."))
        )
    if meeting.held_on > last_day(ends_at):
        raise Invalid(FieldError("held_on", _("Die Sitzung liegt nach dem Ende der Beschlussfassung.")))


def _next_number(session: Session, recommendation_id: UUID) -> int:
    statement = select(func.max(col(Ballot.number))).where(Ballot.recommendation_id == recommendation_id)
    return (session.exec(statement).one() or 0) + 1


def _pinned(ballot: Ballot, electorate: Sequence[Seat]) -> dict[str, object]:
    return {
        "recommendation_id": str(ballot.recommendation_id),
        "number": ballot.number,
        "rules": ballot.rules,
        "minimum_days": ballot.minimum_days,
        "closes_at": ballot.closes_at.isoformat(),
        "held_on": ballot.held_on.isoformat() if ballot.held_on else None,
        "seats": [{"seat_id": str(seat.id), "group": seat.group} for seat in electorate],
        "former_ballot_id": str(ballot.former_ballot_id) if ballot.former_ballot_id else None,
        "changed_block_ids": ballot.changed_block_ids,
    }
