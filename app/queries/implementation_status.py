"""How far a recommendation is carried out, as a condition of the database: the rules of `domain.implementation`.

Only for what must be compared set-based; a test holds it against the domain's own derivation.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, true
from sqlmodel import col, select

from app.domain.implementation import STATUS_BY_RULE, TURNED_DOWN, AddresseeAnswer
from app.domain.implementation import ImplementationRule as R
from app.domain.measures import MeasureState
from app.models.measures import Measure
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.queries.recommendations import is_published


def has_status(recommendation_id: Any, word: Any) -> ColumnElement[bool]:
    """The published recommendation of this key has the status of this word now."""
    stands = exists().where(col(Recommendation.id) == recommendation_id, is_published())
    rules = _rules(recommendation_id)
    status = case(*((rules[rule], STATUS_BY_RULE[rule].value) for rule in R))
    return and_(stands, status == word)


def _rules(key: Any) -> dict[R, ColumnElement[bool]]:
    """When each rule applies, where none before it did."""
    total = _measures(key, set(MeasureState) - {MeasureState.DROPPED})
    verified, aborted = _measures(key, {MeasureState.VERIFIED_DONE}), _measures(key, {MeasureState.ABORTED})
    answers = _answers(key, set(AddresseeAnswer))
    return {
        R.TRACKING_CLOSED: exists().where(
            col(Recommendation.id) == key, col(Recommendation.tracking_closed_at).is_not(None)
        ),
        R.ALL_TURNED_DOWN: and_(total == 0, answers > 0, _answers(key, TURNED_DOWN) == answers),
        R.NONE_ANSWERED: and_(total == 0, _answers(key, {AddresseeAnswer.PENDING}) == answers),
        R.NO_MEASURE: total == 0,
        R.ALL_VERIFIED: verified == total,
        R.ALL_ABORTED: aborted == total,
        R.HALF_VERIFIED: 2 * verified >= total,
        R.ANY_BEGUN: _measures(key, {MeasureState.PLANNED}) < total,
        R.NONE_BEGUN: true(),
    }


def _measures(key: Any, states: Collection[MeasureState]) -> Any:
    is_its = and_(col(Measure.recommendation_id) == key, col(Measure.state).in_(sorted(states)))
    return select(func.count()).select_from(Measure).where(is_its).correlate(None).scalar_subquery()


def _answers(key: Any, answers: Collection[AddresseeAnswer]) -> Any:
    is_its = and_(col(AddresseeResponse.recommendation_id) == key, col(AddresseeResponse.is_addressee))
    counted = select(func.count()).select_from(AddresseeResponse)
    return counted.where(is_its, col(AddresseeResponse.answer).in_(sorted(answers))).correlate(None).scalar_subquery()
