"""Every noun's table in one place, for what is drawn from all of them."""

from __future__ import annotations

from app.domain.amendments import AMENDMENT
from app.domain.ballots import BALLOT
from app.domain.bodies import BODY, SEAT
from app.domain.co_signatures import CO_SIGNATURE
from app.domain.commitments import COMMITMENT
from app.domain.consultations import ROUND, STATEMENT
from app.domain.editions import EDITION
from app.domain.goals import GOAL
from app.domain.implementation_reports import IMPLEMENTATION_REPORT
from app.domain.measures import MEASURE
from app.domain.needs import NEED
from app.domain.proposals import PROPOSAL
from app.domain.recommendations import RECOMMENDATION
from app.domain.reuses import REUSE
from app.domain.workflow import Workflow

WORKFLOWS: tuple[Workflow, ...] = (
    NEED,
    PROPOSAL,
    RECOMMENDATION,
    ROUND,
    STATEMENT,
    AMENDMENT,
    BALLOT,
    CO_SIGNATURE,
    GOAL,
    MEASURE,
    COMMITMENT,
    REUSE,
    BODY,
    SEAT,
    EDITION,
    IMPLEMENTATION_REPORT,
)
