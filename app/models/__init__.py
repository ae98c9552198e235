"""Tables, constraints and indexes; one file an aggregate, no rule and no query."""

from app.models import (  # noqa: F401  every table must be known to the metadata
    accounts,
    ballots,
    bodies,
    co_signatures,
    comments,
    consultations,
    feedback,
    follows,
    measures,
    needs,
    notifications,
    organisations,
    outbox,
    people,
    programmes,
    proposals,
    recommendations,
    record,
    responses,
    schedules,
)
