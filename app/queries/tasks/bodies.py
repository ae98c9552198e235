"""The work of who leads a body: needs, proposals and goals to decide on, recommendations to move on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal, or_, union_all
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.ballots import BallotState
from app.domain.deadlines import start_of_day
from app.domain.goals import GoalState
from app.domain.needs import NeedState
from app.domain.proposals import ProposalState
from app.domain.recommendations import RecommendationState
from app.i18n import _
from app.models.ballots import Ballot
from app.models.bodies import Body
from app.models.goals import Goal
from app.models.needs import Need
from app.models.proposals import Proposal
from app.models.recommendations import Recommendation
from app.queries import goals, needs, proposals, recommendations
from app.queries.built import built_once, keys_of
from app.queries.need_reviews import calls_for_check
from app.queries.tasks.base import MAXIMUM, Reader, Task, key_of
from app.wording.tasks import TaskKind

_RECONSIDER_WITHIN = timedelta(days=90)
_LED: Any = bindparam("led", expanding=True)
_OVERTAKEN = frozenset({RecommendationState.SUPERSEDED, RecommendationState.REPEALED})
_STATES = {
    TaskKind.SCREEN_NEEDS: NeedState.SUBMITTED,
    TaskKind.LOOK_AGAIN: NeedState.DEFERRED,
    TaskKind.RECONSIDER_NEEDS: NeedState.ANSWERED,
    TaskKind.SCREEN_PROPOSALS: ProposalState.SUBMITTED,
    TaskKind.DECIDE_PROPOSALS: ProposalState.IN_DISCUSSION,
    TaskKind.DECIDE_GOALS: GoalState.PROPOSED,
}
_NEED_KINDS = (TaskKind.SCREEN_NEEDS, TaskKind.LOOK_AGAIN, TaskKind.RECONSIDER_NEEDS)
_PROPOSAL_KINDS = (TaskKind.SCREEN_PROPOSALS, TaskKind.DECIDE_PROPOSALS)
_MOVES_OF_SECRETARIAT = {
    RecommendationState.LEAD_REVIEW: TaskKind.REVIEW,
    RecommendationState.STEERING_DECISION: TaskKind.ADOPT,
    RecommendationState.ADOPTED: TaskKind.PUBLISH,
    RecommendationState.PUBLISHED: TaskKind.CHECK,
}
_MOVES_OF_CHAIR = {
    RecommendationState.EVALUATION: TaskKind.CONCLUDE_ROUND,
    RecommendationState.GROUP_DECISION: TaskKind.CONCLUDE_BALLOT,
}


def contributions_to_screen(session: Session, reader: Reader) -> list[Task]:
    """One task a body and kind, with how many there are."""
    led = reader.led_bodies
    if not led:
        return []
    asked = {"led": list(led), "today": reader.today, "lately": start_of_day(reader.today - _RECONSIDER_WITHIN)}
    tasks = []
    for word, number, body in session.exec(_to_screen(reader.actor), params={**asked, **keys_of(reader.actor)}).all():
        kind = TaskKind(word)
        tasks.append(
            reader.task(
                kind,
                title=_title(kind),
                url=_list_of(kind, body),
                body_id=body.id,
                context=body.title,
                count=number,
                is_example=body.is_example,
            )
        )
    return tasks


def recommendations_to_move(session: Session, reader: Reader) -> list[Task]:
    """What waits for the next step: for the Geschäftsstelle after the decision, for a chair before."""
    led = reader.led_bodies
    if not led and not reader.actor.is_secretariat:
        return []
    kinds = {**_MOVES_OF_CHAIR, **_MOVES_OF_SECRETARIAT}
    return [
        reader.task(
            kinds[recommendations.state_seen(found, reader.moment)],
            title=found.title,
            url=key_of(found.reference, found.id),
            body_id=found.body_id,
            context=body_title,
            is_example=found.is_example,
        )
        for found, body_title in session.exec(
            _to_move(reader.actor), params={"led": list(led), "moment": reader.moment, "today": reader.today}
        ).all()
    ]


@built_once
def _to_screen(actor: Actor) -> Any:
    parts = [_counted(kind, Need, _needs_in(kind, actor)) for kind in _NEED_KINDS]
    parts += [_counted(kind, Proposal, proposals.visible(actor)) for kind in _PROPOSAL_KINDS]
    parts.append(_counted(TaskKind.DECIDE_GOALS, Goal, goals.visible(actor)))
    counted = union_all(*parts).subquery()
    columns: list[Any] = [counted.c.kind, counted.c.number, Body]
    return select(*columns).join(Body, col(Body.id) == counted.c.body_id).where(col(Body.id).in_(_LED))


@built_once
def _to_move(actor: Actor) -> Any:
    is_voted_on = exists().where(
        and_(
            col(Ballot.recommendation_id) == Recommendation.id,
            col(Ballot.state) == BallotState.OPEN,
            col(Ballot.closes_at) > bindparam("moment"),
        )
    )
    conditions: list[ColumnElement[bool]] = [
        and_(
            col(Recommendation.body_id).in_(_LED),
            recommendations.stands_in(_MOVES_OF_CHAIR.keys(), bindparam("moment")),
            ~is_voted_on,
        )
    ]
    if actor.is_secretariat:
        conditions.append(
            and_(
                col(Recommendation.state).in_(_MOVES_OF_SECRETARIAT),
                or_(col(Recommendation.state) != RecommendationState.ADOPTED, col(Recommendation.publish_at).is_(None)),
                or_(col(Recommendation.state) != RecommendationState.PUBLISHED, calls_for_check(bindparam("today"))),
            )
        )
    return (
        select(Recommendation, Body.title)
        .join(Body, col(Body.id) == Recommendation.body_id)
        .where(or_(*conditions))
        .order_by(col(Recommendation.state_since))
        .limit(MAXIMUM)
    )


def _list_of(kind: TaskKind, body: Body) -> str:
    """The list in which they all stand."""
    if kind is TaskKind.DECIDE_GOALS:
        return f"/gremien/{body.slug}/ziele"
    noun = "vorschlaege" if kind in _PROPOSAL_KINDS else "bedarfe"
    return f"/{noun}?body_id={body.id}&state={_STATES[kind].value}"


def _counted(kind: TaskKind, model: Any, *conditions: ColumnElement[bool]) -> Any:
    columns: list[Any] = [
        literal(kind.value).label("kind"),
        col(model.body_id).label("body_id"),
        func.count().label("number"),
    ]
    return select(*columns).where(col(model.state) == _STATES[kind], *conditions).group_by(col(model.body_id))


def _needs_in(kind: TaskKind, actor: Actor) -> ColumnElement[bool]:
    seen = needs.visible(actor)
    match kind:
        case TaskKind.LOOK_AGAIN:
            return and_(seen, col(Need.resubmit_on) <= bindparam("today"))
        case TaskKind.RECONSIDER_NEEDS:
            was_overtaken = exists().where(
                and_(
                    col(Recommendation.id) == Need.answered_by_id,
                    col(Recommendation.state).in_(_OVERTAKEN),
                    col(Recommendation.state_since) > bindparam("lately"),
                )
            )
            return and_(seen, was_overtaken)
        case _:
            return seen


def _title(kind: TaskKind) -> str:
    return {
        TaskKind.SCREEN_NEEDS: _("Eingereichte Bedarfe"),
        TaskKind.LOOK_AGAIN: _("Wiedervorlage: zurückgestellte Bedarfe"),
        TaskKind.RECONSIDER_NEEDS: _("Bedarfe, deren Empfehlung ersetzt oder aufgehoben wurde"),
        TaskKind.SCREEN_PROPOSALS: _("Eingereichte Vorschläge"),
        TaskKind.DECIDE_PROPOSALS: _("Vorschläge in Beratung"),
        TaskKind.DECIDE_GOALS: _("Vorgeschlagene Ziele"),
    }[kind]
