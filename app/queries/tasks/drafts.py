"""What the reader began and has not sent."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, cast, literal, null, or_, union_all
from sqlmodel import Session, col, select

from app.domain.actors import VOTING_ROLES, Actor
from app.domain.needs import NeedState
from app.domain.permissions import Permission, Scope, capabilities, is_granted
from app.domain.proposals import ProposalState
from app.models.bodies import Body
from app.models.drafts import Draft
from app.models.measures import Measure, ProgressReport
from app.models.needs import Need
from app.models.proposals import Proposal
from app.models.recommendations import Recommendation
from app.queries.tasks.base import MAXIMUM, Reader, Task
from app.wording.tasks import TaskKind

_PATHS = {
    TaskKind.SUBMIT_NEED: "/bedarfe/",
    TaskKind.SUBMIT_PROPOSAL: "/vorschlaege/",
    TaskKind.SUBMIT_REPORT: "/massnahmen/",
    TaskKind.RESUME_DRAFT: "/empfehlungen/",
}
_SUBMITTED_BY = {
    TaskKind.SUBMIT_NEED: Permission.NEED_SUBMIT,
    TaskKind.SUBMIT_PROPOSAL: Permission.PROPOSAL_SUBMIT,
}
_NOBODY: Any = cast(null(), Uuid)
_PAGES = {TaskKind.RESUME_DRAFT: "/bearbeiten"}


def own_drafts(session: Session, reader: Reader) -> list[Task]:
    """Needs, proposals, reports and texts of recommendations that are the reader's to finish or send; one statement.

    What a colleague wrote for a seat is the member's to submit.
    """
    actor = reader.actor
    seats = [seat.seat_id for seat in actor.seats if seat.role in VOTING_ROLES]
    rows = session.connection().execute(_drafts(), {"author": actor.person_id, "seats": seats})
    return [
        reader.task(
            _as_whom(kind, actor, Scope(body_id=body_id, author_id=author_id, author_seat_id=seat_id)),
            title=title,
            url=f"{_PATHS[kind]}{key}{_PAGES.get(kind, '')}",
            body_id=body_id,
            context=body_title,
            is_personal=True,
            is_example=is_example,
        )
        for kind, key, title, is_example, body_id, body_title, author_id, seat_id in map(_typed, rows)
        if kind is not TaskKind.RESUME_DRAFT or _may_draft(actor, body_id)
    ]


def _typed(row: Any) -> tuple[Any, ...]:
    return TaskKind(row[0]), *row[1:]


def _as_whom(kind: TaskKind, actor: Actor, scope: Scope) -> TaskKind:
    """Who works for a seat finishes a need or proposal; its member submits it."""
    permission = _SUBMITTED_BY.get(kind)
    is_theirs = permission is None or is_granted(permission, capabilities(actor, scope))
    return kind if is_theirs else TaskKind.FINISH_DRAFT


def _may_draft(actor: Actor, body_id: UUID) -> bool:
    """Whether the text is still the actor's to write: a role that ended takes its drafts out of sight."""
    return is_granted(Permission.RECOMMENDATION_DRAFT, capabilities(actor, Scope(body_id=body_id)))


@cache
def _drafts() -> Any:
    author: Any = bindparam("author")
    seats: Any = bindparam("seats", expanding=True)
    contributions: tuple[tuple[TaskKind, Any, Any], ...] = (
        (TaskKind.SUBMIT_NEED, Need, NeedState.DRAFT),
        (TaskKind.SUBMIT_PROPOSAL, Proposal, ProposalState.DRAFT),
    )
    parts = [
        select(*_columns(kind, model, model.title, model.author_id, model.seat_id))
        .join(Body, col(Body.id) == model.body_id)
        .where(col(model.state) == state, or_(col(model.author_id) == author, col(model.seat_id).in_(seats)))
        for kind, model, state in contributions
    ]
    reports = (
        select(*_columns(TaskKind.SUBMIT_REPORT, Measure, Measure.title))
        .join(ProgressReport, col(ProgressReport.measure_id) == Measure.id)
        .join(Recommendation, col(Recommendation.id) == Measure.recommendation_id)
        .join(Body, col(Body.id) == Recommendation.body_id)
        .where(col(ProgressReport.is_draft).is_(True), col(ProgressReport.author_id) == author)
    )
    texts = (
        select(*_columns(TaskKind.RESUME_DRAFT, Recommendation, Recommendation.title))
        .join(Draft, col(Draft.recommendation_id) == Recommendation.id)
        .join(Body, col(Body.id) == Recommendation.body_id)
        .where(col(Draft.person_id) == author)
    )
    return union_all(*parts, reports, texts).limit(MAXIMUM)


def _columns(kind: TaskKind, model: Any, title: Any, author_id: Any = _NOBODY, seat_id: Any = _NOBODY) -> list[Any]:
    return [
        literal(kind.value).label("kind"),
        col(model.id).label("id"),
        col(title).label("title"),
        col(model.is_example).label("is_example"),
        col(Body.id).label("body_id"),
        col(Body.title).label("body_title"),
        author_id.label("author_id"),
        seat_id.label("seat_id"),
    ]
