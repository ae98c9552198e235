"""What the public reads and hears of a published recommendation and its measures; never a reason, never a name."""

from typing import Final

from app.domain.events import EventType

ON_THE_WAY: Final = frozenset(
    {
        EventType.RECOMMENDATION_REVIEW_STARTED,
        EventType.RECOMMENDATION_COMMENTS_OPENED,
        EventType.RECOMMENDATION_COMMENTS_CLOSED,
        EventType.RECOMMENDATION_DECISION_CALLED,
        EventType.RECOMMENDATION_CARRIED,
        EventType.RECOMMENDATION_CARRIED_WITH_DISSENT,
        EventType.RECOMMENDATION_ENDORSED,
        EventType.RECOMMENDATION_ADOPTED,
    }
)
"""The steps towards publication: read in the history afterwards."""

OF_THE_TEXT: Final = frozenset(
    {
        EventType.RECOMMENDATION_PUBLISHED,
        EventType.RECOMMENDATION_CHECKED,
        EventType.RECOMMENDATION_CONFIRMED,
        EventType.RECOMMENDATION_SUPERSEDED,
        EventType.RECOMMENDATION_REPEALED,
        EventType.RECOMMENDATION_ERRATUM_ADDED,
    }
)
"""What becomes of the published text."""

OF_MEASURES: Final = frozenset(
    {
        EventType.MEASURE_PLANNED,
        EventType.MEASURE_STARTED,
        EventType.MEASURE_REPORTED_DONE,
        EventType.MEASURE_VERIFIED,
        EventType.MEASURE_SUSPENDED,
        EventType.MEASURE_RESUMED,
        EventType.MEASURE_ABORTED,
        EventType.MEASURE_DROPPED,
        EventType.MEASURE_REOPENED,
    }
)
"""The states of a measure."""

OF_COMMITMENTS: Final = frozenset(
    {
        EventType.COMMITMENT_MADE,
        EventType.COMMITMENT_CHANGED,
        EventType.COMMITMENT_FULFILLED,
        EventType.COMMITMENT_WITHDRAWN,
        EventType.COMMITMENT_RENEWED,
    }
)
"""What organisations promise of their own accord."""

PUBLIC_FACTS: Final = ON_THE_WAY | OF_THE_TEXT | OF_MEASURES | OF_COMMITMENTS
"""What the public reads in the history of something published."""
