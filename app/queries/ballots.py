"""Reads of ballots; who may see one, and whose position, is decided here, once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import VOTING_ROLES, Actor, SeatHeld
from app.domain.ballots import BallotState, dissent_deadline, effective_state, result_of, result_with_recused
from app.domain.consensus import (
    Position,
    Result,
    RulesOfProcedure,
    Vote,
    count,
)
from app.domain.deadlines import is_over
from app.domain.recommendations import PUBLIC_STATES
from app.i18n import _
from app.models.ballots import (
    Ballot,
    BallotSeat,
    DissentCoSigner,
    DissentingOpinion,
    DissentWaiver,
    SeatPosition,
)
from app.models.bodies import Seat
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.recommendations import Recommendation
from app.models.record import Event, RecordText
from app.queries.base import DEFAULT_LIMIT, Page, get_visible, page_of
from app.wording import ballots as wording


@dataclass(frozen=True, slots=True)
class SeatInBallot:
    """An entitled seat with what its member and its deputy said; the member's counts."""

    seat_id: UUID
    organisation_id: UUID
    organisation_name: str
    group: str | None
    member: SeatPosition | None
    deputy: SeatPosition | None
    has_dissented: bool
    has_waived: bool
    member_recorder: str | None = None
    deputy_recorder: str | None = None

    @property
    def recorder(self) -> str | None:
        """Who recorded the position that counts, where the seat has not spoken itself."""
        return self.deputy_recorder if self.member is None else self.member_recorder

    @property
    def is_recorded(self) -> bool:
        """Whether all that stands for the seat was recorded in the meeting: who recorded it may read it."""
        said = [each for each in (self.member, self.deputy) if each is not None]
        return bool(said) and all(each.recorded_by_id is not None for each in said)

    @property
    def counted(self) -> SeatPosition | None:
        """The position that counts for the seat."""
        return self.deputy if self.member is None else self.member

    @property
    def position(self) -> Position | None:
        """The word of the counted position, None for silence."""
        return self.counted.position if self.counted else None


@dataclass(frozen=True, slots=True)
class EntitledSeat:
    """A seat of the electorate as it was pinned, without what was said for it."""

    seat_id: UUID
    organisation_id: UUID
    organisation_name: str
    group: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotView:
    """A ballot as one reader may see it at one moment.

    `electorate`, `silent` and `taken` are known to the body: who has no position yet is no secret. `seats` are those
    whose positions the reader may see. `running` is the count while it is open, for who runs the ballot alone.
    """

    ballot: Ballot
    state: BallotState
    rules: RulesOfProcedure
    entitled: int | None = None
    taken: int | None = None
    electorate: tuple[EntitledSeat, ...] = ()
    silent: tuple[SeatInBallot, ...] = ()
    seats: tuple[SeatInBallot, ...] = ()
    own_seats: tuple[SeatInBallot, ...] = ()
    running: Result | None = None
    result: Result | None = None
    with_recused: Result | None = None
    closed_at: datetime | None = None
    dissent_until: datetime | None = None
    is_dissent_over: bool = False

    @property
    def rule_sentences(self) -> tuple[str, ...]:
        """The rules that were fixed, in German sentences."""
        return wording.rule_sentences(self.rules, self.entitled or 0, self.ballot.minimum_days)

    @property
    def headline(self) -> str:
        """What came out, in a sentence; empty while it is open."""
        return wording.headline(self.result, self.rules) if self.result else ""

    @property
    def strength(self) -> str:
        """How strongly the body agreed, with the counts."""
        return wording.strength_sentence(self.result) if self.result else ""

    @property
    def arithmetic(self) -> tuple[str, ...]:
        """How the result follows from counts and rules."""
        return wording.arithmetic_sentences(self.result, self.rules) if self.result else ()

    @property
    def headline_with_recused(self) -> str:
        """What would have come out with the recused seats in quorum and electorate; empty where none was."""
        return wording.headline(self.with_recused, self.rules) if self.with_recused else ""


@dataclass(frozen=True, slots=True)
class PositionChange:
    """One entry of a seat's own history in a ballot."""

    at: datetime
    position: Position
    is_deputy: bool
    reason: str
    alternative: str


def visible(actor: Actor) -> ColumnElement[bool]:
    """Ballots are their body's; of a published recommendation everybody sees the one that was carried on."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    published = and_(
        col(Ballot.state) == BallotState.CLOSED,
        col(Ballot.is_history).is_(False),
        exists().where(
            and_(
                col(Recommendation.id) == Ballot.recommendation_id,
                col(Recommendation.state).in_(PUBLIC_STATES),
                col(Recommendation.adopted_version) == Ballot.version,
            )
        ),
    )
    return or_(col(Ballot.body_id).in_(actor.body_ids), published)


def reads_inside(ballot: Ballot, actor: Actor) -> bool:
    """True for those who see positions by seat once the ballot is closed."""
    return actor.is_secretariat or actor.is_auditor or ballot.body_id in actor.body_ids


def runs(ballot: Ballot, actor: Actor) -> bool:
    """True for those who see during the ballot how the count stands."""
    return actor.is_secretariat or actor.leads(ballot.body_id)


def get_ballot(session: Session, key: UUID, actor: Actor) -> Ballot:
    """One ballot; NotFound where absent or hidden."""
    return get_visible(session, select(Ballot).where(Ballot.id == key, visible(actor)))


def list_ballots(
    session: Session, recommendation_id: UUID, actor: Actor, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Ballot]:
    """The ballots on a recommendation the actor may see, newest first."""
    statement = select(Ballot).where(Ballot.recommendation_id == recommendation_id, visible(actor))
    return page_of(session, statement, Ballot, limit=limit, after=after)


def list_all_ballots(session: Session, recommendation_id: UUID, actor: Actor) -> Sequence[Ballot]:
    """Every ballot on a recommendation the actor may see, newest first, for its page."""
    statement = (
        select(Ballot)
        .where(Ballot.recommendation_id == recommendation_id, visible(actor))
        .order_by(col(Ballot.number).desc())
    )
    return session.exec(statement).all()


def find_newest_ballot(session: Session, recommendation_id: UUID) -> Ballot | None:
    """The newest ballot that counts for a recommendation, whatever came out of it."""
    statement = (
        select(Ballot)
        .where(Ballot.recommendation_id == recommendation_id, col(Ballot.is_history).is_(False))
        .order_by(col(Ballot.number).desc())
        .limit(1)
    )
    return session.exec(statement).first()


def view_of(session: Session, ballot: Ballot, actor: Actor) -> BallotView:
    """One ballot as the actor may see it."""
    return views_of(session, [ballot], actor)[0]


def views_of(session: Session, ballots: Sequence[Ballot], actor: Actor) -> list[BallotView]:
    """Ballots as the actor may see them; one statement more, none for who sees only counts."""
    inside = [ballot.id for ballot in ballots if reads_inside(ballot, actor)]
    seats = seats_of(session, inside)
    moment = now(session)
    return [_view(ballot, seats.get(ballot.id, []), actor, moment) for ballot in ballots]


def _view(ballot: Ballot, seats: Sequence[SeatInBallot], actor: Actor, moment: datetime) -> BallotView:
    rules = RulesOfProcedure.from_mapping(ballot.rules)
    state = effective_state(ballot.state, ballot.closes_at, moment)
    is_closed = state is BallotState.CLOSED
    own_ids = {held.seat_id for held in voting_seats(ballot, actor)}
    own = tuple(seat for seat in seats if seat.seat_id in own_ids)
    result = outcome_of(ballot, seats, moment) if is_closed else None
    closed_at = (ballot.closed_at or ballot.closes_at) if is_closed else None
    dissent_until = dissent_deadline(closed_at, rules.dissent_days) if closed_at else None
    knows_all = reads_inside(ballot, actor) and (is_closed or ballot.closed_at is not None)
    leads = runs(ballot, actor)
    return BallotView(
        ballot=ballot,
        state=state,
        rules=rules,
        entitled=len(seats) if seats else result.entitled if result else None,
        taken=sum(1 for seat in seats if seat.counted) if seats else None,
        electorate=tuple(
            EntitledSeat(seat.seat_id, seat.organisation_id, seat.organisation_name, seat.group) for seat in seats
        ),
        silent=tuple(seat for seat in seats if seat.counted is None),
        seats=tuple(seats)
        if knows_all
        else tuple(seat for seat in seats if seat in own or (leads and seat.is_recorded)),
        own_seats=own,
        running=count_seats(seats, rules) if seats and leads and state is BallotState.OPEN else None,
        result=result,
        with_recused=result_with_recused(result.as_mapping(), rules) if result and result.recused else None,
        closed_at=closed_at,
        dissent_until=dissent_until,
        is_dissent_over=dissent_until is not None and is_over(dissent_until, moment),
    )


def voting_seats(ballot: Ballot, actor: Actor) -> tuple[SeatHeld, ...]:
    """The actor's memberships that can speak for a seat in this ballot; a holder's before a deputy's."""
    return actor.seats_in(ballot.body_id, VOTING_ROLES)


def seats_of(session: Session, ballot_ids: Collection[UUID]) -> dict[UUID, list[SeatInBallot]]:
    """Every entitled seat of these ballots with its positions, by organisation; one statement."""
    if not ballot_ids:
        return {}
    found: dict[UUID, list[SeatInBallot]] = {key: [] for key in ballot_ids}
    rows = session.exec(_seats_with_positions(), params={"ballot_ids": list(ballot_ids)})
    for entitled, organisation_id, name, members, deputys, has_dissented, has_waived, *recorders in rows:
        seat = SeatInBallot(
            entitled.seat_id,
            organisation_id,
            name,
            entitled.group,
            members,
            deputys,
            bool(has_dissented),
            bool(has_waived),
            *(_recorder(said, recorder) for said, recorder in zip((members, deputys), recorders, strict=True)),
        )
        found[entitled.ballot_id].append(seat)
    return found


def _recorder(said: SeatPosition | None, name: str | None) -> str | None:
    return None if said is None or said.recorded_by_id is None else name or _("ehemaliges Mitglied")


@cache
def _seats_with_positions() -> Any:
    member, deputy = aliased(SeatPosition), aliased(SeatPosition)
    member_recorder, deputy_recorder = aliased(Person), aliased(Person)
    filed = exists().where(
        and_(col(DissentingOpinion.ballot_id) == BallotSeat.ballot_id, col(DissentingOpinion.seat_id) == Seat.id)
    )
    signed = exists().where(
        and_(
            col(DissentingOpinion.ballot_id) == BallotSeat.ballot_id,
            col(DissentCoSigner.dissenting_opinion_id) == DissentingOpinion.id,
            col(DissentCoSigner.seat_id) == Seat.id,
        )
    )
    waived = exists().where(
        and_(col(DissentWaiver.ballot_id) == BallotSeat.ballot_id, col(DissentWaiver.seat_id) == Seat.id)
    )
    return (
        select(  # type: ignore[call-overload]
            BallotSeat,
            Organisation.id,
            Organisation.name,
            member,
            deputy,
            or_(filed, signed),
            waived,
            member_recorder.name,
            deputy_recorder.name,
        )
        .join(Seat, col(BallotSeat.seat_id) == Seat.id)
        .join(Organisation, col(Seat.organisation_id) == Organisation.id)
        .outerjoin(member, _position_of(member, is_deputy=False))
        .outerjoin(deputy, _position_of(deputy, is_deputy=True))
        .outerjoin(member_recorder, col(member.recorded_by_id) == member_recorder.id)
        .outerjoin(deputy_recorder, col(deputy.recorded_by_id) == deputy_recorder.id)
        .where(col(BallotSeat.ballot_id).in_(bindparam("ballot_ids", expanding=True)))
        .order_by(col(Organisation.sort_key), col(Seat.id))
    )


def _position_of(position: type[SeatPosition], *, is_deputy: bool) -> ColumnElement[bool]:
    return and_(
        col(position.ballot_id) == BallotSeat.ballot_id,
        col(position.seat_id) == BallotSeat.seat_id,
        col(position.is_deputy).is_(is_deputy),
    )


def outcome_of(ballot: Ballot, seats: Sequence[SeatInBallot], moment: datetime) -> Result | None:
    """The result of a ballot that is over: the stored one, or counted now where nothing was recorded yet."""
    rules = RulesOfProcedure.from_mapping(ballot.rules)
    if effective_state(ballot.state, ballot.closes_at, moment) is not BallotState.CLOSED:
        return None
    return result_of(ballot.result, rules) if ballot.result else count_seats(seats, rules)


def count_seats(seats: Iterable[SeatInBallot], rules: RulesOfProcedure) -> Result:
    """Count the one position of each entitled seat that counts."""
    entitled = list(seats)
    votes = [Vote(seat.group, seat.position) for seat in entitled if seat.position]
    return count(votes, [seat.group for seat in entitled], rules)


def changes_of(session: Session, seats: Iterable[SeatInBallot]) -> dict[UUID, list[PositionChange]]:
    """What was said for each of these seats in turn, oldest first; one statement.

    For the seat's own member and deputy: the caller passes only seats the reader speaks for.
    """
    seat_of = {said.id: seat.seat_id for seat in seats for said in (seat.member, seat.deputy) if said}
    if not seat_of:
        return {}
    reason, alternative = aliased(RecordText), aliased(RecordText)
    statement = (
        select(Event, reason.text, alternative.text)
        .outerjoin(reason, and_(col(reason.owner_id) == Event.id, col(reason.field) == "reason"))
        .outerjoin(alternative, and_(col(alternative.owner_id) == Event.id, col(alternative.field) == "alternative"))
        .where(col(Event.subject_id).in_(seat_of), col(Event.data).is_not(None))
        .order_by(col(Event.created_at), col(Event.sequence))
    )
    found: dict[UUID, list[PositionChange]] = {}
    for event, why, instead in session.exec(statement):
        if "position" in event.data:
            said = PositionChange(
                event.created_at,
                Position(event.data["position"]),
                bool(event.data.get("is_deputy")),
                why or "",
                instead or "",
            )
            found.setdefault(seat_of[event.subject_id], []).append(said)
    return found
