"""The circles of `domain.notifications` as selections of ids; whether one of them may read it is asked later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, exists, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.actors import VOTING_ROLES, MembershipRole, PersonRole
from app.domain.amendments import AmendmentState
from app.domain.consultations import Audience, StatementState
from app.domain.events import SubjectType
from app.domain.implementation import AddresseeAnswer
from app.domain.indicators import IndicatorKind
from app.domain.need_reviews import NeedReviewAnswer
from app.domain.notifications import Circle
from app.domain.recommendations import PUBLIC_STATES
from app.domain.visibility import Visibility
from app.models.amendments import Amendment
from app.models.ballots import BallotSeat, DissentCoSigner, SeatPosition
from app.models.co_signatures import CoSignature
from app.models.comments import Comment
from app.models.consultations import CommentRound, RoundOrganisation, Statement
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure
from app.models.need_reviews import NeedReview
from app.models.needs import Need, Support
from app.models.people import Person
from app.models.proposals import Proposal
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.queries import goals
from app.queries.consultations import has_answered
from app.queries.follows import followers_of
from app.queries.persons import Ids, acting_for, leadership_of, office_of, on_seats, on_seats_of, takes_part

__all__ = ["BODY", "PLACE", "RECOMMENDATION", "SUBJECT", "Scene", "is_handed_in", "persons_in", "takes_part"]

SUBJECT: Any = bindparam("subject_id", type_=Uuid())
PLACE: Any = bindparam("place_id", type_=Uuid())
BODY: Any = bindparam("body_id", type_=Uuid())
RECOMMENDATION: Any = bindparam("recommendation_id", type_=Uuid())

_WRITTEN: dict[SubjectType, Any] = {
    SubjectType.NEED: Need,
    SubjectType.PROPOSAL: Proposal,
    SubjectType.RECOMMENDATION: Recommendation,
    SubjectType.MEASURE: Measure,
}
_ANSWERED: dict[SubjectType, tuple[Any, Any]] = {
    SubjectType.STATEMENT: (Statement, StatementState.DISPOSED),
    SubjectType.AMENDMENT: (Amendment, AmendmentState.DISPOSED),
}
_OPEN_TO_ALL = (Audience.PARTICIPANTS, Audience.PUBLIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where something happens: the nouns. Its keys are the parameters of a statement that is built once."""

    subject_type: SubjectType
    place_type: SubjectType
    is_within: bool = False

    @property
    def body_id(self) -> Any:
        """The key of the body; of what belongs to a recommendation, its body's."""
        body_id = select(col(Recommendation.body_id))
        match self.subject_type:
            case (
                SubjectType.MEASURE
                | SubjectType.CO_SIGNATURE
                | SubjectType.RESPONSE
                | SubjectType.COMMITMENT
                | SubjectType.REUSE
                | SubjectType.NEED_REVIEW
            ):
                return body_id.where(col(Recommendation.id) == RECOMMENDATION).scalar_subquery()
            case SubjectType.PROGRESS_REPORT:
                of_measure = body_id.join(Measure, col(Measure.recommendation_id) == Recommendation.id)
                return of_measure.where(col(Measure.id) == PLACE).scalar_subquery()
            case SubjectType.INDICATOR:
                of_goal = select(col(Goal.body_id)).join(Indicator, col(Indicator.goal_id) == Goal.id)
                of_measure = body_id.join(Measure, col(Measure.recommendation_id) == Recommendation.id)
                of_measure = of_measure.join(Indicator, col(Indicator.measure_id) == Measure.id)
                parts = (each.where(col(Indicator.id) == SUBJECT).scalar_subquery() for each in (of_goal, of_measure))
                return func.coalesce(*parts)
        return BODY


def persons_in(circle: Circle, scene: Scene) -> Ids:
    """The ids of the persons of a circle; somebody may be named twice."""
    return _CIRCLES[circle](scene)


def is_handed_in(scene: Scene) -> ColumnElement[bool]:
    """The place has been more than a draft of its author: of what happens to that nobody is told."""
    model = _WRITTEN[scene.place_type] if scene.place_type in (SubjectType.NEED, SubjectType.PROPOSAL) else None
    if model is None:
        return true()
    return exists().where(col(model.id) == PLACE, col(model.submitted_at).is_not(None))


def _author(scene: Scene) -> Ids:
    if scene.subject_type in _ANSWERED:
        answered, _disposed = _ANSWERED[scene.subject_type]
        return select(col(answered.author_id)).where(col(answered.id) == SUBJECT)
    model = _WRITTEN[scene.place_type]
    return select(col(model.author_id)).where(col(model.id) == PLACE)


def _supporters(_scene: Scene) -> Ids:
    return select(col(Support.person_id)).where(col(Support.subject_id) == PLACE)


def _discussants(_scene: Scene) -> Ids:
    # By moment and root together it is one step into the index, however long the discussion is.
    this = aliased(Comment)
    moment, root = (
        select(column).where(col(this.id) == SUBJECT).scalar_subquery()
        for column in (col(this.thread_at), col(this.root_id))
    )
    return select(col(Comment.author_id)).where(
        col(Comment.on_id) == PLACE, col(Comment.thread_at) == moment, col(Comment.root_id) == root
    )


def _leadership(scene: Scene) -> Ids:
    """Of a statement or amendment only while it waits for its disposition."""
    return _if_open(scene, leadership_of(scene.body_id))


def _editors(scene: Scene) -> Ids:
    return _if_open(scene, on_seats_of(scene.body_id, {MembershipRole.RAPPORTEUR}))


def _if_open(scene: Scene, persons: Ids) -> Ids:
    if scene.subject_type not in _ANSWERED:
        return persons
    found = persons.subquery()
    answered, disposed = _ANSWERED[scene.subject_type]
    is_settled = exists().where(col(answered.id) == SUBJECT, col(answered.state) == disposed)
    return select(found.c[0]).where(~is_settled)


def _voters(scene: Scene) -> Ids:
    """Of a position only those of its seat: it is secret until the ballot is closed."""
    if scene.subject_type is SubjectType.POSITION:
        return on_seats(select(col(SeatPosition.seat_id)).where(col(SeatPosition.id) == SUBJECT), VOTING_ROLES)
    return on_seats(select(col(BallotSeat.seat_id)).where(col(BallotSeat.ballot_id) == SUBJECT), VOTING_ROLES)


def _co_signers(_scene: Scene) -> Ids:
    named = select(col(DissentCoSigner.seat_id)).where(col(DissentCoSigner.dissenting_opinion_id) == SUBJECT)
    return on_seats(named, VOTING_ROLES)


def _asked(_scene: Scene) -> Ids:
    return acting_for(_organisations_asked())


def _silent(_scene: Scene) -> Ids:
    answered = has_answered(col(RoundOrganisation.round_id), col(RoundOrganisation.organisation_id))
    return acting_for(_organisations_asked().where(~answered))


def _organisations_asked() -> Any:
    return select(col(RoundOrganisation.organisation_id)).where(col(RoundOrganisation.round_id) == SUBJECT)


def _addressed(scene: Scene) -> Ids:
    """Of a response only who still owes it: a member of a collective answers unasked."""
    match scene.subject_type:
        case SubjectType.CO_SIGNATURE:
            asked = select(col(CoSignature.organisation_id)).where(col(CoSignature.id) == SUBJECT)
        case SubjectType.NEED_REVIEW:
            asked = select(col(NeedReview.organisation_id)).where(
                col(NeedReview.id) == SUBJECT, col(NeedReview.answer) == NeedReviewAnswer.PENDING
            )
        case SubjectType.RESPONSE:
            asked = select(col(AddresseeResponse.organisation_id)).where(
                col(AddresseeResponse.id) == SUBJECT, col(AddresseeResponse.answer) == AddresseeAnswer.PENDING
            )
        case SubjectType.INDICATOR:
            responsible = select(col(Measure.responsible_organisation_id))
            asked = responsible.join(Indicator, col(Indicator.measure_id) == Measure.id).where(
                col(Indicator.id) == SUBJECT
            )
        case _:
            asked = select(col(Measure.responsible_organisation_id)).where(col(Measure.id) == PLACE)
    return acting_for(asked)


def _addressees(_scene: Scene) -> Ids:
    of_it = col(AddresseeResponse.recommendation_id) == PLACE
    return acting_for(select(col(AddresseeResponse.organisation_id)).where(of_it))


def _followers(scene: Scene) -> Ids:
    """Who may read it from inside; others only of what is open to them already, so that nothing old appears later."""
    follower, following = aliased(Person), _following(scene).subquery()
    may_hear: ColumnElement[bool] = or_(
        col(follower.role).in_([PersonRole.SECRETARIAT, PersonRole.AUDITOR]),
        col(follower.id).in_(on_seats_of(scene.body_id)),
    )
    if not scene.is_within:
        may_hear = or_(may_hear, _is_open(scene))
    return select(col(follower.id)).where(col(follower.id).in_(select(following.c[0])), may_hear)


def _following(scene: Scene) -> Ids:
    return followers_of(scene.place_type, PLACE, subject=(scene.subject_type, SUBJECT))


def _is_open(scene: Scene) -> ColumnElement[bool]:
    published = col(Recommendation.state).in_(PUBLIC_STATES)
    match scene.place_type:
        case SubjectType.NEED | SubjectType.PROPOSAL:
            model = _WRITTEN[scene.place_type]
            return exists().where(
                col(model.id) == PLACE, col(model.visibility).in_([Visibility.PARTICIPANTS, Visibility.PUBLIC])
            )
        case SubjectType.MEASURE:
            return exists().where(
                col(Measure.id) == PLACE, col(Recommendation.id) == Measure.recommendation_id, published
            )
        case SubjectType.GOAL:
            return exists().where(col(Goal.id) == PLACE, goals.is_public())
        case SubjectType.INDICATOR:
            of_goals = select(col(Goal.id)).where(goals.is_public())
            of_measures = select(col(Measure.id)).join(
                Recommendation, and_(col(Recommendation.id) == Measure.recommendation_id, published)
            )
            is_open = or_(
                col(Indicator.kind) == IndicatorKind.CONTEXT,
                col(Indicator.goal_id).in_(of_goals),
                col(Indicator.measure_id).in_(of_measures),
            )
            return exists().where(col(Indicator.id) == PLACE, is_open)
        case SubjectType.RECOMMENDATION:
            is_public = exists().where(col(Recommendation.id) == PLACE, published)
            asks_all = exists().where(col(CommentRound.id) == SUBJECT, col(CommentRound.audience).in_(_OPEN_TO_ALL))
            return or_(is_public, asks_all) if scene.subject_type is SubjectType.COMMENT_ROUND else is_public
    return true()


_CIRCLES: dict[Circle, Callable[[Scene], Ids]] = {
    Circle.AUTHOR: _author,
    Circle.SUPPORTERS: _supporters,
    Circle.DISCUSSANTS: _discussants,
    Circle.BODY: lambda scene: on_seats_of(scene.body_id),
    Circle.LEADERSHIP: _leadership,
    Circle.EDITORS: _editors,
    Circle.OFFICE: lambda scene: office_of(scene.body_id),
    Circle.VOTERS: _voters,
    Circle.CO_SIGNERS: _co_signers,
    Circle.SEAT: lambda _scene: on_seats(select(SUBJECT)),
    Circle.ASKED: _asked,
    Circle.SILENT: _silent,
    Circle.ADDRESSED: _addressed,
    Circle.ADDRESSEES: _addressees,
    Circle.FOLLOWERS: _followers,
}
