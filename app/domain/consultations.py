"""Stellungnahmeverfahren: audiences, rounds, statements and their dispositions."""

from __future__ import annotations

from enum import StrEnum

from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.workflow import Transition, Workflow


class Audience(StrEnum):
    """Who is asked in a round; the body itself may always answer."""

    BODY = "body"
    FEDERAL = "federal"
    LAENDER_MUNICIPAL = "laender_municipal"
    ASSOCIATIONS = "associations"
    NAMED = "named"
    PARTICIPANTS = "participants"
    PUBLIC = "public"


INVITING_AUDIENCES = frozenset(
    {Audience.BODY, Audience.FEDERAL, Audience.LAENDER_MUNICIPAL, Audience.ASSOCIATIONS, Audience.NAMED}
)
"""Rounds to these write an invitation for each organisation of their audience."""


class RoundState(StrEnum):
    """Whether a round still takes statements."""

    OPEN = "open"
    CLOSED = "closed"


class StatementKind(StrEnum):
    """What is said: a text, or one click."""

    STATEMENT = "statement"
    AGREED = "agreed"
    NO_COMMENT = "no_comment"
    EXTENSION = "extension"


SETTLED_AT_ONCE = frozenset({StatementKind.AGREED, StatementKind.NO_COMMENT})


class StatementState(StrEnum):
    """Whether a statement still waits for its disposition."""

    OPEN = "open"
    DISPOSED = "disposed"
    WITHDRAWN = "withdrawn"


class Disposition(StrEnum):
    """What became of a statement or amendment."""

    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    NOT_ADOPTED = "not_adopted"
    SETTLED = "settled"


GRANTING = frozenset({Disposition.ADOPTED, Disposition.PARTLY_ADOPTED})
"""To ask for more time and get this answer is to get more time, everybody with it."""

TAKING = frozenset({Disposition.ADOPTED, Disposition.PARTLY_ADOPTED})
"""Dispositions by which something goes into the text; the others only say why it stays."""


class InvitationChannel(StrEnum):
    """How an organisation came to be invited to a recommendation."""

    SEAT = "seat"
    ROUND = "round"
    ENTERED = "entered"


ROUND = Workflow(
    "comment_round",
    RoundState,
    Transition(
        name="close",
        sources=frozenset({RoundState.OPEN}),
        target=RoundState.CLOSED,
        permission=Permission.RECOMMENDATION_CONSULT,
        event=EventType.ROUND_CLOSED,
        reason_required=True,
    ),
)

STATEMENT = Workflow(
    "statement",
    StatementState,
    Transition(
        name="dispose",
        sources=frozenset({StatementState.OPEN}),
        target=StatementState.DISPOSED,
        permission=Permission.STATEMENT_DISPOSE,
        event=EventType.STATEMENT_DISPOSED,
        reason_required=True,
        needs=("disposition",),
    ),
    Transition(
        name="withdraw",
        sources=frozenset({StatementState.OPEN}),
        target=StatementState.WITHDRAWN,
        permission=Permission.STATEMENT_WITHDRAW,
        event=EventType.STATEMENT_WITHDRAWN,
    ),
)
