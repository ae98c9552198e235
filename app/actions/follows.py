"""Following: what a person wants to hear of. No events: it is nobody's fact but the person's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from app.clock import now
from app.db import hold, insert_if_absent
from app.domain.actors import Actor, ActorKind
from app.domain.deadlines import year_of
from app.domain.events import EventType
from app.domain.follows import TAKING_PART, THINGS, FollowChoice, FollowTarget, ListFilter
from app.errors import Conflict, NotFound
from app.i18n import _
from app.models.ballots import Ballot, SeatPosition
from app.models.base import Recorded, new_id
from app.models.comments import Comment
from app.models.follows import Follow, FollowedList, FollowedListWord
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure, ProgressReport
from app.models.needs import Need
from app.models.proposals import Proposal
from app.models.recommendations import Recommendation

MOST_LISTS = 100
"""Lists one person can follow."""


def choose(session: Session, target: FollowTarget, target_id: UUID, choice: FollowChoice, *, actor: Actor) -> None:
    """Follow a thing, a body or a field, or mute it, or take either back; the caller has asked whether it is visible.

    Who no longer follows a thing hears no news of it, and taking part there again doesn't change that.
    """
    person_id = _person(actor)
    match choice:
        case FollowChoice.FOLLOW:
            _say(session, person_id, target, target_id, is_muted=False)
        case FollowChoice.MUTE:
            _say(session, person_id, target, target_id, is_muted=True)
        case FollowChoice.UNFOLLOW if target in THINGS:
            is_followed = _own(update(Follow), person_id, target_id).where(col(Follow.is_muted).is_(False))
            session.connection().execute(is_followed.values(is_muted=True))
        case FollowChoice.UNFOLLOW:
            _take_back(session, person_id, target_id, is_muted=False)
        case FollowChoice.UNMUTE:
            _take_back(session, person_id, target_id, is_muted=True)


def follow_list(session: Session, wanted: ListFilter, *, actor: Actor) -> None:
    """Follow whatever stands in a list when it happens; the caller has asked whether the names in it are visible."""
    person_id = _person(actor)
    hold(session, "followed lists")
    counted = select(func.count()).select_from(Follow)
    if session.exec(_own(counted, person_id).where(Follow.target == FollowTarget.LIST)).one() >= MOST_LISTS:
        raise Conflict(
            _("Sie folgen schon {number} Listen. Beenden Sie zuerst eine davon unter „Konto“.").format(
                number=MOST_LISTS
            )
        )
    row = {"id": wanted.key, "created_at": now(session), "noun": wanted.noun, **_columns_of(wanted)}
    if insert_if_absent(session, FollowedList, row):
        for word in wanted.words:
            insert_if_absent(session, FollowedListWord, {"list_id": wanted.key, "word": word})
    _say(session, person_id, FollowTarget.LIST, wanted.key, is_muted=False)


def _columns_of(wanted: ListFilter) -> dict[str, Any]:
    """The filters but the words, as the table keeps them: of a year its bounds, to be compared with a moment."""
    columns: dict[str, Any] = {
        name: value for name, value in wanted.narrowed_by.items() if name not in ("words", "year")
    }
    if wanted.year:
        columns["published_from"], columns["published_before"] = year_of(wanted.year)
    return columns


def unfollow_list(session: Session, list_id: UUID, *, actor: Actor) -> None:
    """Follow a list no more; the last one to leave takes its filters along."""
    hold(session, "followed lists")
    _take_back(session, _person(actor), list_id, is_muted=False)
    _drop_unfollowed_lists(session)


def forget_follows(session: Session, person_id: UUID) -> None:
    """Delete all a person followed, with the words of its lists."""
    hold(session, "followed lists")
    session.connection().execute(_own(delete(Follow), person_id))
    _drop_unfollowed_lists(session)


def follow_by_itself(session: Session, person_id: UUID, target: FollowTarget, target_id: UUID) -> None:
    """Let a person follow what it wrote, commented or voted on; what it said of the thing before, muting too, stays."""
    insert_if_absent(session, Follow, _row(session, person_id, target, target_id, is_automatic=True, is_muted=False))


def follow_by_taking_part(session: Session, event_type: EventType, subject: Recorded, *, actor: Actor) -> None:
    """Let whoever wrote, commented or voted follow the thing from now on; other events and the system do nothing."""
    if event_type not in TAKING_PART or actor.kind is not ActorKind.PERSON or actor.person_id is None:
        return
    followed = _thing_of(session, subject)
    if followed is not None:
        follow_by_itself(session, actor.person_id, *followed)


def _thing_of(session: Session, subject: Recorded) -> tuple[FollowTarget, UUID] | None:
    """The thing that can be followed and that a written one is or belongs to."""
    match subject:
        case Need() | Proposal() | Recommendation() | Measure() | Goal() | Indicator():
            return FollowTarget(subject.subject_type), subject.id
        case Comment():
            return FollowTarget(subject.on_type), subject.on_id
        case ProgressReport():
            return FollowTarget.MEASURE, subject.measure_id
        case SeatPosition():
            return FollowTarget.RECOMMENDATION, session.get_one(Ballot, subject.ballot_id).recommendation_id
    recommendation_id = getattr(subject, "recommendation_id", None)
    return (FollowTarget.RECOMMENDATION, recommendation_id) if recommendation_id else None


def _say(session: Session, person_id: UUID, target: FollowTarget, target_id: UUID, *, is_muted: bool) -> None:
    row = _row(session, person_id, target, target_id, is_automatic=False, is_muted=is_muted)
    if not insert_if_absent(session, Follow, row):
        said = _own(update(Follow), person_id, target_id)
        session.connection().execute(said.values(is_automatic=False, is_muted=is_muted))


def _row(
    session: Session, person_id: UUID, target: FollowTarget, target_id: UUID, *, is_automatic: bool, is_muted: bool
) -> dict[str, Any]:
    moment = now(session)
    return {
        "id": new_id(moment),
        "created_at": moment,
        "person_id": person_id,
        "target": target,
        "target_id": target_id,
        "is_automatic": is_automatic,
        "is_muted": is_muted,
    }


def _own(statement: Any, person_id: UUID, target_id: UUID | None = None) -> Any:
    own = statement.where(col(Follow.person_id) == person_id)
    return own if target_id is None else own.where(col(Follow.target_id) == target_id)


def _take_back(session: Session, person_id: UUID, target_id: UUID, *, is_muted: bool) -> None:
    said = _own(delete(Follow), person_id, target_id).where(col(Follow.is_muted).is_(is_muted))
    session.connection().execute(said)


def _drop_unfollowed_lists(session: Session) -> None:
    followed = select(Follow.target_id).where(Follow.target == FollowTarget.LIST)
    execute = session.connection().execute
    execute(delete(FollowedListWord).where(col(FollowedListWord.list_id).not_in(followed)))
    execute(delete(FollowedList).where(col(FollowedList.id).not_in(followed)))


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotFound()
    return actor.person_id
