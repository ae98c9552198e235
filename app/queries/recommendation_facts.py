"""What the guards of a recommendation's moves ask, for one or for many, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, String, and_, bindparam, exists, func, literal, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import HOLDER_ROLES, Actor
from app.domain.amendments import AmendmentState
from app.domain.co_signatures import BINDING_KINDS, WITHHELD, CoSignatureKind, CoSignatureState
from app.domain.consultations import RoundState, StatementState
from app.domain.deadlines import is_over
from app.domain.editions import EditionState
from app.domain.needs import COUNTS_FOR_REVIEW
from app.domain.organisations import ParticipationClass
from app.domain.recommendations import BallotFacts, RecommendationFacts, RecommendationState
from app.domain.text.blocks import REQUIRED_PARTS, BlockKind, BlockPart
from app.models.amendments import Amendment
from app.models.bodies import Membership, Seat
from app.models.co_signatures import CoSignature
from app.models.consultations import CommentRound, Invitation, Statement
from app.models.needs import Need
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.programmes import Edition
from app.models.recommendations import (
    Recommendation,
    RecommendationAddressee,
    RecommendationNeed,
    Version,
    VersionAddressee,
    VersionBlock,
)
from app.models.record import RecordText
from app.queries.ballot_facts import ballot_facts

S = RecommendationState
_WITH_BALLOT = frozenset({S.GROUP_DECISION, S.LEAD_REVIEW, S.STEERING_DECISION})
_REQUESTED, _WITHHELD, _NOT_INVITED = "requested", "withheld", "not_invited"


def facts_of(session: Session, recommendation: Recommendation, *, actor: Actor | None = None) -> RecommendationFacts:  # noqa: ARG001
    """The facts of one recommendation, in at most three statements; they are the same for every reader."""
    return facts_of_many(session, [recommendation.id])[recommendation.id]


def facts_of_many(session: Session, ids: Sequence[UUID]) -> dict[UUID, RecommendationFacts]:
    """The facts of each; an id without a recommendation is left out."""
    if not ids:
        return {}
    counted = session.exec(_counted(), params={"ids": list(ids)}).all()
    states = {row.id: row.state for row in counted}
    names = _names(session, [key for key, state in states.items() if state is S.LEAD_REVIEW])
    with_ballot = [key for key, state in states.items() if state in _WITH_BALLOT]
    ballots = ballot_facts(session, with_ballot) if with_ballot else {}
    return {row.id: _facts(session, row, names.get(row.id, {}), ballots.get(row.id)) for row in counted}


def _facts(
    session: Session, row: Any, names: dict[str, tuple[str, ...]], ballot: BallotFacts | None
) -> RecommendationFacts:
    parts = (("title", bool(row.title)), *((part, getattr(row, part.value)) for part in REQUIRED_PARTS))
    is_running = row.round_closes_at is not None and not is_over(row.round_closes_at, now(session))
    return RecommendationFacts(
        missing_parts=tuple(part for part, is_there in parts if not is_there),
        counted_needs=row.needs,
        addressees=row.addressees,
        undisposed_statements=row.statements,
        undisposed_amendments=row.amendments,
        entitled_seats=row.seats,
        has_open_round=is_running,
        ballot=ballot,
        co_signatures_requested=names.get(_REQUESTED, ()),
        co_signatures_withheld=names.get(_WITHHELD, ()),
        mandatory_not_invited=names.get(_NOT_INVITED, ()),
        edition_accepts_adoption=row.edition_state is EditionState.OPEN,
        is_scheduled=row.publish_at is not None,
        tracking_closed=row.tracking_closed_at is not None,
    )


@cache
def _counted() -> Any:
    chosen = col(Recommendation.id).in_(bindparam("ids", expanding=True))
    return select(*_counts()).join(Edition, _edition()).where(chosen)


def _counts() -> list[Any]:
    recommendation = Recommendation
    return [
        col(recommendation.id),
        col(recommendation.state),
        col(recommendation.title),
        col(recommendation.publish_at),
        col(recommendation.tracking_closed_at),
        col(Edition.state).label("edition_state"),
        *(_has_part(part).label(part.value) for part in REQUIRED_PARTS),
        _counted_needs().label("needs"),
        _addressees().label("addressees"),
        _undisposed(Statement, StatementState.OPEN).label("statements"),
        _undisposed(Amendment, AmendmentState.OPEN).label("amendments"),
        _entitled_seats().label("seats"),
        _closing_of_open_round().label("round_closes_at"),
    ]


def _edition() -> ColumnElement[bool]:
    return col(Edition.id) == Recommendation.edition_id


def _newest_version() -> ColumnElement[bool]:
    return and_(col(Version.recommendation_id) == Recommendation.id, col(Version.number) == Recommendation.version)


def _has_part(part: BlockPart) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            _newest_version(),
            col(VersionBlock.version_id) == Version.id,
            col(VersionBlock.part) == part,
            col(VersionBlock.kind) != BlockKind.SUBHEADING,
            col(RecordText.id) == VersionBlock.text_id,
            func.trim(RecordText.text) != "",
        )
        .correlate(Recommendation)
    )


def _counted_needs() -> ScalarSelect[int]:
    """Linked needs that are accepted or answered; a merged one counts as the need it went into in the end."""
    link, source = RecommendationNeed, aliased(Need)
    linked = (
        select(col(link.recommendation_id).label("recommendation_id"), col(link.need_id).label("need_id"))
        .where(col(link.recommendation_id).in_(bindparam("ids", expanding=True)))
        .cte("linked", recursive=True)
    )
    linked = linked.union(
        select(linked.c.recommendation_id, col(source.merged_into_id)).where(
            source.id == linked.c.need_id, col(source.merged_into_id).is_not(None)
        )
    )
    return (
        select(func.count())
        .select_from(linked)
        .join(Need, col(Need.id) == linked.c.need_id)
        .where(linked.c.recommendation_id == Recommendation.id, col(Need.state).in_(COUNTS_FOR_REVIEW))
        .correlate(Recommendation)
        .scalar_subquery()
    )


def _addressees() -> Any:
    first = (
        select(func.count())
        .select_from(RecommendationAddressee)
        .where(RecommendationAddressee.recommendation_id == Recommendation.id, Recommendation.version == 0)
        .correlate(Recommendation)
        .scalar_subquery()
    )
    return first + (
        select(func.count())
        .select_from(VersionAddressee)
        .join(Version, col(Version.id) == VersionAddressee.version_id)
        .where(_newest_version())
        .correlate(Recommendation)
        .scalar_subquery()
    )


def _undisposed(model: Any, still_open: Any) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(model)
        .where(model.recommendation_id == Recommendation.id, model.state == still_open)
        .correlate(Recommendation)
        .scalar_subquery()
    )


def _entitled_seats() -> ScalarSelect[int]:
    return (
        select(func.count(func.distinct(Seat.id)))
        .select_from(Seat)
        .join(Membership, col(Membership.seat_id) == Seat.id)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(
            Seat.body_id == Recommendation.body_id,
            col(Seat.voting),
            col(Membership.role).in_(HOLDER_ROLES),
            col(Membership.ended_on).is_(None),
            col(Person.ended_at).is_(None),
            col(Person.redacted_at).is_(None),
        )
        .correlate(Recommendation)
        .scalar_subquery()
    )


def _closing_of_open_round() -> ScalarSelect[Any]:
    return (
        select(CommentRound.closes_at)
        .where(CommentRound.recommendation_id == Recommendation.id, CommentRound.state == RoundState.OPEN)
        .correlate(Recommendation)
        .scalar_subquery()
    )


def _names(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[str, tuple[str, ...]]]:
    """Of recommendations with the lead: which organisations their co-signatures and invitations wait for."""
    if not ids:
        return {}
    signing = (
        select(col(CoSignature.recommendation_id), col(Organisation.name), col(Organisation.sort_key))
        .join(Organisation, col(Organisation.id) == CoSignature.organisation_id)
        .where(col(CoSignature.recommendation_id).in_(ids))
    )
    requested = signing.where(CoSignature.state == CoSignatureState.REQUESTED)
    withheld = signing.where(
        col(CoSignature.state).in_(WITHHELD), col(CoSignature.kind).in_(list[CoSignatureKind](BINDING_KINDS))
    )
    is_invited = exists().where(
        and_(
            col(Invitation.recommendation_id) == Recommendation.id,
            col(Invitation.organisation_id) == Organisation.id,
        )
    )
    not_invited = (
        select(col(Recommendation.id), col(Organisation.name), col(Organisation.sort_key))
        .select_from(Recommendation)
        .join(Organisation, and_(col(Organisation.is_active), _is_mandatory()))
        .where(col(Recommendation.id).in_(ids), ~is_invited)
    )
    each = ((_REQUESTED, requested), (_WITHHELD, withheld), (_NOT_INVITED, not_invited))
    rows = session.execute(union_all(*(statement.add_columns(literal(tag, String)) for tag, statement in each))).all()
    found: dict[UUID, dict[str, tuple[str, ...]]] = {key: {} for key in ids}
    for key, name, _sort_key, tag in sorted(rows, key=lambda row: str(row[2])):
        found[key][tag] = (*found[key].get(tag, ()), name)
    return found


def _is_mandatory() -> ColumnElement[bool]:
    return col(Organisation.participation_class) == ParticipationClass.MANDATORY
