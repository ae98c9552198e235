"""What the reader's organisations are asked or have promised: signatures, answers, whether a need persists."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, cast, literal, union_all
from sqlmodel import Session, col, select

from app.domain.co_signatures import OPEN_FOR_ANSWERS, CoSignatureState
from app.domain.commitments import CommitmentState
from app.domain.implementation import AddresseeAnswer
from app.domain.need_reviews import NeedReviewAnswer
from app.models.co_signatures import CoSignature
from app.models.commitments import Commitment
from app.models.need_reviews import NeedReview
from app.models.needs import Need
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.queries.responses import ANSWERABLE_STATES
from app.queries.tasks.base import AHEAD, MAXIMUM, Reader, Task, characters_of, key_of, title_of
from app.wording.tasks import TaskKind

_PAGES = {
    TaskKind.CO_SIGN: "{page}/mitzeichnung",
    TaskKind.RESPOND: "{page}/umsetzung",
    TaskKind.REVIEW_NEED: "{page}/wirkung",
    TaskKind.KEEP_COMMITMENT: "/selbstverpflichtungen/{id}",
}


def answers_to_give(session: Session, reader: Reader) -> list[Task]:
    """What is asked and not answered, or promised and soon due, for whom the reader acts; one statement."""
    owned = reader.actor.acts_for
    if not owned:
        return []
    tasks = []
    asked = {"owned": list(owned), "today": reader.today, "horizon": reader.today + AHEAD}
    for row in session.connection().execute(_answers(), asked):
        kind = TaskKind(row.kind)
        page = key_of(row.reference, row.recommendation_id)
        tasks.append(
            reader.task(
                kind,
                title=row.title or "",
                url=_PAGES[kind].format(page=page, id=row.id),
                due=row.due_on,
                body_id=row.body_id,
                context=row.organisation_name,
                characters=row.characters,
                is_personal=True,
                is_example=row.is_example,
            )
        )
    return tasks


@cache
def _answers() -> Any:
    owned: Any = bindparam("owned", expanding=True)
    signatures = (
        select(
            *_columns(
                TaskKind.CO_SIGN,
                CoSignature,
                title_of(CoSignature.recommendation_id, CoSignature.version),
                characters_of(CoSignature.recommendation_id, CoSignature.version),
            )
        )
        .select_from(CoSignature)
        .join(Recommendation, col(Recommendation.id) == CoSignature.recommendation_id)
        .join(Organisation, col(Organisation.id) == CoSignature.organisation_id)
        .where(
            col(CoSignature.state) == CoSignatureState.REQUESTED,
            col(CoSignature.organisation_id).in_(owned),
            col(Recommendation.state).in_(OPEN_FOR_ANSWERS),
        )
    )
    responses = (
        select(*_columns(TaskKind.RESPOND, AddresseeResponse, col(Recommendation.title)))
        .select_from(AddresseeResponse)
        .join(Recommendation, col(Recommendation.id) == AddresseeResponse.recommendation_id)
        .join(Organisation, col(Organisation.id) == AddresseeResponse.organisation_id)
        .where(
            col(AddresseeResponse.answer) == AddresseeAnswer.PENDING,
            col(AddresseeResponse.organisation_id).in_(owned),
            col(Recommendation.state).in_(ANSWERABLE_STATES),
        )
    )
    reviews = (
        select(*_columns(TaskKind.REVIEW_NEED, NeedReview, col(Need.title)))
        .select_from(NeedReview)
        .join(Need, col(Need.id) == NeedReview.need_id)
        .join(Recommendation, col(Recommendation.id) == NeedReview.recommendation_id)
        .join(Organisation, col(Organisation.id) == NeedReview.organisation_id)
        .where(
            col(NeedReview.answer) == NeedReviewAnswer.PENDING,
            col(NeedReview.organisation_id).in_(owned),
            col(NeedReview.due_on) >= bindparam("today"),
            col(Recommendation.state).in_(ANSWERABLE_STATES),
        )
    )
    promises = (
        select(*_columns(TaskKind.KEEP_COMMITMENT, Commitment, col(Commitment.title)))
        .select_from(Commitment)
        .join(Recommendation, col(Recommendation.id) == Commitment.recommendation_id)
        .join(Organisation, col(Organisation.id) == Commitment.organisation_id)
        .where(
            col(Commitment.state) == CommitmentState.STANDING,
            col(Commitment.organisation_id).in_(owned),
            col(Commitment.due_on) <= bindparam("horizon"),
            col(Recommendation.state).in_(ANSWERABLE_STATES),
        )
    )
    return union_all(signatures, responses, reviews, promises).limit(MAXIMUM)


def _columns(kind: TaskKind, model: Any, title: Any, characters: Any = None) -> list[Any]:
    return [
        literal(kind.value).label("kind"),
        col(model.id).label("id"),
        col(Recommendation.id).label("recommendation_id"),
        col(Recommendation.reference).label("reference"),
        col(Recommendation.body_id).label("body_id"),
        col(Recommendation.is_example).label("is_example"),
        col(Organisation.name).label("organisation_name"),
        title.label("title"),
        col(model.due_on).label("due_on"),
        (cast(literal(0), Integer) if characters is None else characters).label("characters"),
    ]
