"""What the reader's organisations are asked: to co-sign, to answer as an addressee, whether a need persists."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, cast, literal, union_all
from sqlmodel import Session, col, select

from app.domain.co_signatures import OPEN_FOR_ANSWERS, CoSignatureState
from app.domain.implementation import AddresseeAnswer
from app.domain.need_reviews import NeedReviewAnswer
from app.models.co_signatures import CoSignature
from app.models.need_reviews import NeedReview
from app.models.needs import Need
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.queries.responses import ANSWERABLE_STATES
from app.queries.tasks.base import MAXIMUM, Reader, Task, characters_of, key_of, title_of
from app.wording.tasks import TaskKind

_PAGES = {TaskKind.CO_SIGN: "mitzeichnung", TaskKind.RESPOND: "umsetzung", TaskKind.REVIEW_NEED: "wirkung"}


def answers_to_give(session: Session, reader: Reader) -> list[Task]:
    """What is asked and not answered, for the organisations the reader acts for; one statement."""
    owned = reader.actor.acts_for
    if not owned:
        return []
    tasks = []
    for word, key, reference, body_id, is_example, name, title, due_on, characters in session.connection().execute(
        _answers(), {"owned": list(owned), "today": reader.today}
    ):
        kind = TaskKind(word)
        tasks.append(
            reader.task(
                kind,
                title=title or "",
                url=f"{key_of(reference, key)}/{_PAGES[kind]}",
                due=due_on,
                body_id=body_id,
                context=name,
                characters=characters,
                is_personal=True,
                is_example=is_example,
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
                title_of(CoSignature.recommendation_id, CoSignature.version),
                col(CoSignature.due_on),
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
        select(
            *_columns(
                TaskKind.RESPOND,
                col(Recommendation.title),
                col(AddresseeResponse.due_on),
                cast(literal(0), Integer),
            )
        )
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
        select(*_columns(TaskKind.REVIEW_NEED, col(Need.title), col(NeedReview.due_on), cast(literal(0), Integer)))
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
    return union_all(signatures, responses, reviews).limit(MAXIMUM)


def _columns(kind: TaskKind, title: Any, due_on: Any, characters: Any) -> list[Any]:
    return [
        literal(kind.value).label("kind"),
        col(Recommendation.id).label("recommendation_id"),
        col(Recommendation.reference).label("reference"),
        col(Recommendation.body_id).label("body_id"),
        col(Recommendation.is_example).label("is_example"),
        col(Organisation.name).label("organisation_name"),
        title.label("title"),
        due_on.label("due_on"),
        characters.label("characters"),
    ]
