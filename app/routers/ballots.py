"""The page of a recommendation's decision: voting, rules, result, dissenting opinions, earlier ballots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import ballots as actions
from app.actions import dissents, positions
from app.actions.permissions import may
from app.clock import now
from app.domain.actors import HOLDER_ROLES, Actor
from app.domain.ballots import BallotState
from app.domain.consensus import Position, may_dissent
from app.domain.deadlines import days_left, last_day
from app.domain.permissions import Permission
from app.domain.text import Block
from app.errors import ApplicationError, NotFound
from app.forms.ballots import (
    BallotTransition,
    DeclinedSignature,
    DissentForm,
    PositionForm,
    RecordedPositionForm,
    WaiverForm,
)
from app.i18n import _
from app.models.ballots import Ballot, SeatPosition
from app.models.base import new_id
from app.models.recommendations import Recommendation
from app.queries import ballots as queries
from app.queries import decisions, recommendations
from app.queries.ballots import BallotView, PositionChange, SeatInBallot
from app.queries.versions import blocks_of_number
from app.routers.deps import Reader, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.offers import shown_offers
from app.routers.pages import field_errors, render, see_other
from app.routers.recommendation_tabs import tabs_of
from app.wording import label
from app.wording.ballots import POSITION_MEANINGS, group_name

router = APIRouter(prefix="/empfehlungen/{key}/beschluss")


@dataclass(frozen=True, slots=True)
class FormerPosition:
    """What a seat said in an earlier ballot, to be kept by one click."""

    ballot: Ballot
    said: SeatPosition


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One of the reader's own seats in a ballot, with what its forms begin with."""

    seat: SeatInBallot
    is_deputy: bool
    said: SeatPosition | None
    recorder: str | None
    former: FormerPosition | None
    changes: Sequence[PositionChange]
    may_vote: bool
    may_dissent: bool
    may_waive: bool
    values: Mapping[str, Any]
    errors: Mapping[str, str]
    dissent_id: str
    dissent_values: Mapping[str, Any]
    dissent_errors: Mapping[str, str]
    signer_options: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A form that was refused: which one, what was typed, and what is wrong."""

    form: str = ""
    submitted: Submitted | None = None
    error: ApplicationError | None = None

    @property
    def values(self) -> Mapping[str, Any]:
        """What was typed."""
        return self.submitted.values if self.submitted else {}

    def of(self, form: str, seat_id: UUID) -> bool:
        """True where this seat's form was refused."""
        return self.form == form and self.values.get("seat_id") == str(seat_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class VotedText:
    """The text a ballot is about: what changed since the former version, or the recommendation itself."""

    blocks: Sequence[Block] = ()
    changes: Sequence[tuple[int, Block | None, Block | None]] = ()
    places: Mapping[UUID, int] = field(default_factory=dict)


@router.get("")
def show_decision(request: Request, session: ReadSession, visitor: Reader, key: str) -> Response:
    """The decision as far as the reader may see it."""
    return _page(request, session, visitor, key)


@router.post("/{ballot_id}/position")
def take_position(
    request: Request,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    key: str,
    ballot_id: UUID,
) -> Response:
    """Take or change the position of one of the reader's seats."""
    url = _url(session, visitor, key)
    with attempt(session) as outcome:
        form = submitted.parse(PositionForm)
        positions.take_position(session, ballot_id, form, actor=visitor.actor)
        said = _("Ihre Position ist festgehalten: {position}.").format(position=label(form.position))
        return see_other(request, url, said)
    return _page(request, session, visitor, key, Refusal("position", submitted, outcome.error))


@router.post("/{ballot_id}/festhalten")
def record_position(
    request: Request,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    key: str,
    ballot_id: UUID,
) -> Response:
    """Record what a seat said in the meeting."""
    url = _url(session, visitor, key)
    with attempt(session) as outcome:
        form = submitted.parse(RecordedPositionForm)
        positions.record_position(session, ballot_id, form, actor=visitor.actor)
        return see_other(request, f"{url}#festhalten", _("Die Position ist festgehalten."))
    return _page(request, session, visitor, key, Refusal("record", submitted, outcome.error))


@router.post("/{ballot_id}/transitions")
def transition_ballot(
    request: Request,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    key: str,
    ballot_id: UUID,
) -> Response:
    """Close the ballot before its time, let it end later, or declare it void."""
    url = _url(session, visitor, key)
    with attempt(session) as outcome:
        actions.transition_ballot(session, ballot_id, submitted.parse(BallotTransition), actor=visitor.actor)
        return see_other(request, url, _("Der Schritt ist vermerkt."))
    return _page(request, session, visitor, key, Refusal("move", submitted, outcome.error))


@router.post("/{ballot_id}/sondervotum")
def file_dissent(
    request: Request,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    key: str,
    ballot_id: UUID,
) -> Response:
    """File a dissenting opinion for one of the reader's seats."""
    url = _url(session, visitor, key)
    with attempt(session) as outcome:
        form = submitted.parse(DissentForm, lists=("co_signer_seat_ids",))
        dissents.file_dissent(session, ballot_id, form, actor=visitor.actor)
        return see_other(request, f"{url}#sondervoten", _("Ihr Sondervotum ist eingereicht."))
    return _page(request, session, visitor, key, Refusal("dissent", submitted, outcome.error))


@router.post("/{ballot_id}/sondervoten/{opinion_id}/ablehnen")
def decline_signature(
    request: Request,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    key: str,
    ballot_id: UUID,
    opinion_id: UUID,
) -> Response:
    """Take the name of one of the reader's seats away from an opinion that named it."""
    url = _url(session, visitor, key)
    with attempt(session) as outcome:
        form = submitted.parse(DeclinedSignature)
        dissents.decline_signature(session, ballot_id, opinion_id, form, actor=visitor.actor)
        return see_other(request, f"{url}#sondervoten", _("Ihr Sitz steht nicht mehr unter dem Sondervotum."))
    return _page(request, session, visitor, key, Refusal("waiver", submitted, outcome.error))


@router.post("/{ballot_id}/verzicht")
def waive_dissent(
    request: Request,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    key: str,
    ballot_id: UUID,
) -> Response:
    """Say for one of the reader's seats that it files none."""
    url = _url(session, visitor, key)
    with attempt(session) as outcome:
        dissents.waive_dissent(session, ballot_id, submitted.parse(WaiverForm), actor=visitor.actor)
        return see_other(request, url, _("Der Verzicht auf ein Sondervotum ist vermerkt."))
    return _page(request, session, visitor, key, Refusal("waiver", submitted, outcome.error))


def _url(session: Session, visitor: Visitor, key: str) -> str:
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    return f"{recommendations.url_of(recommendation)}/beschluss"


def _page(request: Request, session: Session, visitor: Visitor, key: str, refusal: Refusal | None = None) -> Response:
    refusal = refusal or Refusal()
    actor = visitor.actor
    recommendation = recommendations.get_recommendation(session, key, actor)
    views = queries.views_of(session, queries.list_all_ballots(session, recommendation.id, actor), actor)
    if not views and not recommendations.reads_inside(recommendation, actor):
        raise NotFound()
    current = next((view for view in views if not view.ballot.is_history), None)
    base = f"{recommendations.url_of(recommendation)}/beschluss"
    context: dict[str, Any] = {}
    if current is not None:
        context = _current(session, recommendation, current, views, actor, refusal)
        context["action"] = f"{base}/{current.ballot.id}"
    is_move = refusal.form in ("move", "waiver")
    return render(
        request,
        "ballots/show.html",
        status=refusal.error.status if refusal.error else 200,
        recommendation=recommendation,
        tabs=tabs_of(recommendation, actor),
        tab="decision",
        current=current,
        former=[view for view in views if view is not current],
        decision=decisions.decision_with(session, recommendation, current),
        is_inside=recommendations.reads_inside(recommendation, actor),
        group_name=group_name,
        submitted=refusal.values if refusal.form == "move" else None,
        errors=field_errors(refusal.error),
        move_errors=field_errors(refusal.error) if is_move else {},
        refused=refusal.form,
        homeless=_homeless(refusal, context),
        example=recommendation.is_example,
        **{"voices": [], "text": VotedText(), "offers": [], "days": None, "last_day": None, **context},
    )


def _homeless(refusal: Refusal, context: Mapping[str, Any]) -> list[str]:
    """What was typed into a form that no longer stands on the page, because its time is over."""
    voices: Sequence[Voice] = context.get("voices", ())
    match refusal.form:
        case "position":
            stands = any(refusal.of("position", voice.seat.seat_id) and voice.may_vote for voice in voices)
        case "dissent":
            stands = any(refusal.of("dissent", voice.seat.seat_id) and voice.may_dissent for voice in voices)
        case "record":
            stands = bool(context.get("recordable"))
        case _:
            stands = True
    typed = [str(refusal.values.get(name, "")) for name in ("reason", "text", "alternative")]
    return [] if stands else [text for text in typed if text]


def _current(
    session: Session,
    recommendation: Recommendation,
    view: BallotView,
    views: Sequence[BallotView],
    actor: Actor,
    refusal: Refusal,
) -> dict[str, Any]:
    ballot = view.ballot
    is_open = view.state is BallotState.OPEN
    text = _text(session, recommendation, ballot, views) if view.electorate else VotedText()
    return {
        "voices": _voices(session, view, _former(ballot, views), actor, refusal),
        "text": text,
        "block_options": _block_options(text.blocks),
        "offers": shown_offers("ballot", actions.ballot_offers(view, recommendation, actor)),
        "days": days_left(ballot.closes_at, now(session)) if is_open else None,
        "last_day": last_day(ballot.closes_at),
        "dissent_days": days_left(view.dissent_until, now(session)) if view.dissent_until else None,
        "dissent_last_day": last_day(view.dissent_until) if view.dissent_until else None,
        "recordable": _recordable(view, actor),
        "record_values": refusal.values if refusal.form == "record" else {},
        "record_errors": field_errors(refusal.error) if refusal.form == "record" else {},
        "signed": _signed(session, view, actor),
        "position_names": [(each.value, label(each)) for each in Position],
        "position_options": [(each.value, label(each), POSITION_MEANINGS[each]) for each in Position],
    }


def _recordable(view: BallotView, actor: Actor) -> list[tuple[str, str]]:
    """The seats whose position may be recorded now: those that have not spoken themselves."""
    is_open = view.state is BallotState.OPEN and view.ballot.is_in_meeting
    if not is_open or not may(Permission.BALLOT_RECORD, view.ballot, actor):
        return []
    recorded = {seat.seat_id for seat in view.seats if seat.is_recorded}
    silent = {seat.seat_id for seat in view.silent}
    return [
        (str(seat.seat_id), seat.organisation_name) for seat in view.electorate if seat.seat_id in recorded | silent
    ]


def _signed(session: Session, view: BallotView, actor: Actor) -> dict[UUID, list[tuple[UUID, str]]]:
    """By dissenting opinion: the reader's seats that are named under it and may still take their name away."""
    names = {seat.seat_id: seat.organisation_name for seat in view.own_seats if seat.has_dissented}
    if not names or not actor.may_write or view.is_dissent_over or view.state is BallotState.VOID:
        return {}
    signers = decisions.signers_among(session, view.ballot.id, list(names))
    return {key: [(seat_id, names[seat_id]) for seat_id in seat_ids] for key, seat_ids in signers.items()}


def _former(ballot: Ballot, views: Sequence[BallotView]) -> list[BallotView]:
    """The ballots this one repeats or revises, the latest first."""
    by_id = {each.ballot.id: each for each in views}
    found: list[BallotView] = []
    key = ballot.former_ballot_id
    while key is not None and key in by_id:
        found.append(by_id[key])
        key = by_id[key].ballot.former_ballot_id
    return found


def _former_position(former: Sequence[BallotView], seat_id: UUID, *, is_deputy: bool) -> FormerPosition | None:
    """What was last said for the seat: one that was silent in the ballot before keeps what it said earlier."""
    for view in former:
        for seat in view.own_seats:
            said = seat.deputy if is_deputy else seat.member
            if seat.seat_id == seat_id and said:
                return FormerPosition(view.ballot, said)
    return None


def _voices(
    session: Session, view: BallotView, former: Sequence[BallotView], actor: Actor, refusal: Refusal
) -> list[Voice]:
    changes = queries.changes_of(session, view.own_seats)
    runs = view.state is not BallotState.VOID and not view.ballot.is_history and not view.is_dissent_over
    voices = []
    for seat in view.own_seats:
        is_deputy = not any(
            held.seat_id == seat.seat_id and held.role in HOLDER_ROLES
            for held in queries.voting_seats(view.ballot, actor)
        )
        said = seat.deputy if is_deputy else seat.member
        voices.append(
            Voice(
                seat=seat,
                is_deputy=is_deputy,
                said=said,
                recorder=seat.deputy_recorder if is_deputy else seat.member_recorder,
                former=_former_position(former, seat.seat_id, is_deputy=is_deputy),
                changes=changes.get(seat.seat_id, ()),
                may_vote=view.state is BallotState.OPEN and actor.may_write,
                may_dissent=runs and may_dissent(seat.position) and not seat.has_waived and actor.may_write,
                may_waive=runs and view.state is BallotState.CLOSED and not seat.has_dissented and actor.may_write,
                signer_options=_signer_options(view, seat),
                **_typed(seat, said, refusal),
            )
        )
    return voices


def _signer_options(view: BallotView, own: SeatInBallot) -> list[tuple[str, str]]:
    """The other seats that could sign; what they said is known, and asked, only once the ballot is closed."""
    agreed = {
        seat.seat_id for seat in view.seats if view.state is BallotState.CLOSED and not may_dissent(seat.position)
    }
    return [
        (str(seat.seat_id), seat.organisation_name)
        for seat in view.electorate
        if seat.seat_id != own.seat_id and seat.seat_id not in agreed
    ]


def _block_options(blocks: Sequence[Block]) -> list[tuple[str, str]]:
    """The paragraphs of the voted text, to choose the one a dissenting opinion is about."""
    options = []
    for place, block in enumerate(blocks, start=1):
        words = block.text if len(block.text) <= 60 else f"{block.text[:60].rsplit(' ', 1)[0]} …"
        options.append((str(block.id), _("Absatz {number}: {words}").format(number=place, words=words)))
    return options


def _typed(seat: SeatInBallot, said: SeatPosition | None, refusal: Refusal) -> dict[str, Any]:
    """What a seat's two forms begin with: what was just typed, else what stands."""
    standing = {"position": said.position.value, "reason": said.reason, "alternative": said.alternative} if said else {}
    errors = dict(field_errors(refusal.error))
    votes, dissent = refusal.of("position", seat.seat_id), refusal.of("dissent", seat.seat_id)
    return {
        "values": refusal.values if votes else standing,
        "errors": errors if votes else {},
        "dissent_id": str(refusal.values.get("id") or new_id()) if dissent else str(new_id()),
        "dissent_values": refusal.values if dissent else {},
        "dissent_errors": errors if dissent else {},
    }


def _text(session: Session, recommendation: Recommendation, ballot: Ballot, views: Sequence[BallotView]) -> VotedText:
    """What a revision changed is shown against the version decided on before, also when its ballot is repeated."""
    former = next((each for each in _former(ballot, views) if each.ballot.version < ballot.version), None)
    blocks = blocks_of_number(session, recommendation, ballot.version)
    places = {block.id: place for place, block in enumerate(blocks, start=1)}
    changed = [UUID(str(each)) for each in ballot.changed_block_ids]
    if not changed or former is None:
        return VotedText(blocks=blocks, places=places)
    old = {block.id: block for block in blocks_of_number(session, recommendation, former.ballot.version)}
    new = {block.id: block for block in blocks}
    changes = [(places.get(each, 0), old.get(each), new.get(each)) for each in changed]
    return VotedText(blocks=blocks, changes=changes, places=places)
