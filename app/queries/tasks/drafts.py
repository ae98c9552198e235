"""What the reader began and has not sent."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, literal, union_all
from sqlmodel import Session, col, select

from app.domain.actors import Actor
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
_PAGES = {TaskKind.RESUME_DRAFT: "/bearbeiten"}


def own_drafts(session: Session, reader: Reader) -> list[Task]:
    """Needs, proposals, reports and texts of recommendations the reader wrote and has not sent; one statement."""
    rows = session.connection().execute(_drafts(), {"author": reader.actor.person_id})
    return [
        reader.task(
            TaskKind(kind),
            title=title,
            url=f"{_PATHS[TaskKind(kind)]}{key}{_PAGES.get(TaskKind(kind), '')}",
            body_id=body_id,
            context=body_title,
            is_personal=True,
            is_example=is_example,
        )
        for kind, key, title, is_example, body_id, body_title in rows
        if kind != TaskKind.RESUME_DRAFT or _may_draft(reader.actor, body_id)
    ]


def _may_draft(actor: Actor, body_id: UUID) -> bool:
    """Whether the text is still the actor's to write: a role that ended takes its drafts out of sight."""
    return is_granted(Permission.RECOMMENDATION_DRAFT, capabilities(actor, Scope(body_id=body_id)))


@cache
def _drafts() -> Any:
    author: Any = bindparam("author")
    contributions: tuple[tuple[TaskKind, Any, Any], ...] = (
        (TaskKind.SUBMIT_NEED, Need, NeedState.DRAFT),
        (TaskKind.SUBMIT_PROPOSAL, Proposal, ProposalState.DRAFT),
    )
    parts = [
        select(*_columns(kind, model, model.title))
        .join(Body, col(Body.id) == model.body_id)
        .where(col(model.state) == state, col(model.author_id) == author)
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


def _columns(kind: TaskKind, model: Any, title: Any) -> list[Any]:
    return [
        literal(kind.value).label("kind"),
        col(model.id).label("id"),
        col(title).label("title"),
        col(model.is_example).label("is_example"),
        col(Body.id).label("body_id"),
        col(Body.title).label("body_title"),
    ]
