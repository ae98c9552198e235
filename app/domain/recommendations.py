"""Recommendations: states, moves and the guards that block them; facts come in, nothing is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.workflow import Blocker, Transition, Workflow


class RecommendationState(StrEnum):
    """Where a recommendation stands on its way from draft to repeal."""

    DRAFT = "draft"
    GROUP_REVIEW = "group_review"
    COMMENTING = "commenting"
    EVALUATION = "evaluation"
    GROUP_DECISION = "group_decision"
    LEAD_REVIEW = "lead_review"
    STEERING_DECISION = "steering_decision"
    ADOPTED = "adopted"
    PUBLISHED = "published"
    UNDER_REVIEW = "under_review"
    SUPERSEDED = "superseded"
    REPEALED = "repealed"
    REJECTED = "rejected"
    DISCONTINUED = "discontinued"
    DORMANT = "dormant"


S = RecommendationState

PATH = (
    S.DRAFT,
    S.GROUP_REVIEW,
    S.COMMENTING,
    S.EVALUATION,
    S.GROUP_DECISION,
    S.LEAD_REVIEW,
    S.STEERING_DECISION,
    S.ADOPTED,
    S.PUBLISHED,
)
"""The way as it is drawn; a decision may be called without a round."""

BEFORE_ADOPTION = frozenset(PATH[:7])
UNDECIDED_STATES = BEFORE_ADOPTION | {S.DORMANT}
PUBLIC_STATES = frozenset({S.PUBLISHED, S.UNDER_REVIEW, S.SUPERSEDED, S.REPEALED})
"""What everybody may read."""

FROZEN_STATES = frozenset({S.ADOPTED, *PUBLIC_STATES})
WRITING_STATES = frozenset({S.DRAFT, S.GROUP_REVIEW, S.COMMENTING, S.EVALUATION})
"""A new version may be saved in these; afterwards only by `revise`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotFacts:
    """The newest ballot on a recommendation."""

    is_open: bool = False
    is_void: bool = False
    quorum_met: bool = False
    carried: bool = False
    more_yes_than_no: bool = False
    dissent_is_over: bool = True
    seats_awaited_for_dissent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationFacts:
    """Everything the guards ask; names are those of organisations, for the text of a blocker."""

    missing_parts: tuple[str, ...] = ()
    counted_needs: int = 0
    addressees: int = 0
    undisposed_statements: int = 0
    undisposed_amendments: int = 0
    entitled_seats: int = 0
    has_open_round: bool = False
    ballot: BallotFacts | None = None
    co_signatures_requested: tuple[str, ...] = ()
    co_signatures_withheld: tuple[str, ...] = ()
    mandatory_not_invited: tuple[str, ...] = ()
    edition_accepts_adoption: bool = True
    is_scheduled: bool = False
    tracking_closed: bool = False


def text_is_complete(facts: RecommendationFacts) -> Blocker | None:
    """Title, problem statement and recommendation text are there."""
    return Blocker("parts_missing", {"parts": facts.missing_parts}) if facts.missing_parts else None


def a_need_counts(facts: RecommendationFacts) -> Blocker | None:
    """At least one linked need is accepted or answered."""
    return None if facts.counted_needs else Blocker("no_need_accepted")


def an_addressee_is_named(facts: RecommendationFacts) -> Blocker | None:
    """At least one addressee stands in the newest version."""
    return None if facts.addressees else Blocker("no_addressee")


def every_statement_answered(facts: RecommendationFacts) -> Blocker | None:
    """No statement is without a disposition."""
    count = facts.undisposed_statements
    return Blocker("statements_undisposed", {"count": count}) if count else None


def every_amendment_answered(facts: RecommendationFacts) -> Blocker | None:
    """No amendment is without a disposition."""
    count = facts.undisposed_amendments
    return Blocker("amendments_undisposed", {"count": count}) if count else None


def somebody_may_vote(facts: RecommendationFacts) -> Blocker | None:
    """At least one voting seat has an active member."""
    return None if facts.entitled_seats else Blocker("no_entitled_seat")


def ballot_carried(facts: RecommendationFacts) -> Blocker | None:
    """The newest ballot is closed and carried."""
    if facts.ballot is None or facts.ballot.is_void:
        return Blocker("ballot_void")
    if facts.ballot.is_open:
        return Blocker("ballot_open")
    return None if facts.ballot.carried else Blocker("ballot_not_carried")


def ballot_carried_with_dissent(facts: RecommendationFacts) -> Blocker | None:
    """Closed, quorum met, more yes than no, and the threshold missed."""
    ballot = facts.ballot
    if ballot is None or ballot.is_void:
        return Blocker("ballot_void")
    if ballot.is_open:
        return Blocker("ballot_open")
    if not ballot.quorum_met:
        return Blocker("ballot_without_quorum")
    if ballot.carried:
        return Blocker("ballot_carried")
    return None if ballot.more_yes_than_no else Blocker("ballot_no_majority")


def ballot_must_be_repeated(facts: RecommendationFacts) -> Blocker | None:
    """The newest ballot is void, or closed without quorum."""
    ballot = facts.ballot
    if ballot is None or ballot.is_void:
        return None
    if ballot.is_open:
        return Blocker("ballot_open")
    return Blocker("ballot_with_quorum") if ballot.quorum_met else None


def no_ballot_open(facts: RecommendationFacts) -> Blocker | None:
    """No ballot is running."""
    return Blocker("ballot_open") if facts.ballot is not None and facts.ballot.is_open else None


def no_round_open(facts: RecommendationFacts) -> Blocker | None:
    """No Stellungnahmeverfahren is running."""
    return Blocker("round_open") if facts.has_open_round else None


def co_signatures_answered(facts: RecommendationFacts) -> Blocker | None:
    """No co-signature is still requested."""
    names = facts.co_signatures_requested
    return Blocker("co_signatures_requested", {"organisations": names}) if names else None


def no_co_signature_withheld(facts: RecommendationFacts) -> Blocker | None:
    """No Mitzeichnung or Einvernehmen is conditional, reserved or refused (GGO § 19(2))."""
    names = facts.co_signatures_withheld
    return Blocker("co_signatures_withheld", {"organisations": names}) if names else None


def mandatory_participants_invited(facts: RecommendationFacts) -> Blocker | None:
    """Every active organisation of § 45 Satz 3 AufenthG has an invitation."""
    names = facts.mandatory_not_invited
    return Blocker("mandatory_not_invited", {"organisations": names}) if names else None


def edition_is_open(facts: RecommendationFacts) -> Blocker | None:
    """The edition is open; a frozen one is adopted as a whole."""
    return None if facts.edition_accepts_adoption else Blocker("edition_frozen")


def dissent_is_settled(facts: RecommendationFacts) -> Blocker | None:
    """The Sondervotum period is over, or every seat that may file one has filed or waived."""
    ballot = facts.ballot
    if ballot is None or ballot.dissent_is_over or not ballot.seats_awaited_for_dissent:
        return None
    return Blocker("dissent_awaited", {"organisations": ballot.seats_awaited_for_dissent})


def not_scheduled(facts: RecommendationFacts) -> Blocker | None:
    """No time of publication is set yet."""
    return Blocker("already_scheduled") if facts.is_scheduled else None


def is_scheduled(facts: RecommendationFacts) -> Blocker | None:
    """A time of publication is set."""
    return None if facts.is_scheduled else Blocker("not_scheduled")


def tracking_is_open(facts: RecommendationFacts) -> Blocker | None:
    """The tracking of the implementation has not been closed by hand."""
    return Blocker("tracking_closed") if facts.tracking_closed else None


def tracking_is_closed(facts: RecommendationFacts) -> Blocker | None:
    """The tracking of the implementation was closed by hand."""
    return None if facts.tracking_closed else Blocker("tracking_open")


_UP_TO_GROUP_DECISION = frozenset({S.GROUP_REVIEW, S.COMMENTING, S.EVALUATION, S.GROUP_DECISION})
_WITH_THE_LEAD = frozenset({S.LEAD_REVIEW, S.STEERING_DECISION})
_TRACKED = frozenset({S.PUBLISHED, S.UNDER_REVIEW})

BALLOT_FIELDS = ("closes_at", "in_meeting", "held_on", "place")
"""What a move that opens a ballot takes: until when, and where and when it is held where it is held in a meeting."""

RECOMMENDATION = Workflow(
    "recommendation",
    RecommendationState,
    Transition(
        name="start_review",
        sources=frozenset({S.DRAFT}),
        target=S.GROUP_REVIEW,
        permission=Permission.RECOMMENDATION_REVIEW,
        event=EventType.RECOMMENDATION_REVIEW_STARTED,
        guards=(text_is_complete, a_need_counts, an_addressee_is_named),
    ),
    Transition(
        name="open_comments",
        sources=frozenset({S.GROUP_REVIEW, S.EVALUATION}),
        target=S.COMMENTING,
        permission=Permission.RECOMMENDATION_CONSULT,
        event=EventType.RECOMMENDATION_COMMENTS_OPENED,
        needs=("audience", "closes_at"),
        takes=("organisation_ids", "questions", "reason"),
    ),
    Transition(
        name="close_comments",
        sources=frozenset({S.COMMENTING}),
        target=S.EVALUATION,
        permission=Permission.RECOMMENDATION_CONSULT,
        event=EventType.RECOMMENDATION_COMMENTS_CLOSED,
        reason_required=True,
    ),
    Transition(
        name="call_decision",
        sources=frozenset({S.GROUP_REVIEW, S.EVALUATION}),
        target=S.GROUP_DECISION,
        permission=Permission.RECOMMENDATION_DECIDE,
        event=EventType.RECOMMENDATION_DECISION_CALLED,
        takes=BALLOT_FIELDS,
        guards=(every_statement_answered, every_amendment_answered, somebody_may_vote),
    ),
    Transition(
        name="carry",
        sources=frozenset({S.GROUP_DECISION}),
        target=S.LEAD_REVIEW,
        permission=Permission.RECOMMENDATION_DECIDE,
        event=EventType.RECOMMENDATION_CARRIED,
        guards=(ballot_carried,),
    ),
    Transition(
        name="carry_with_dissent",
        sources=frozenset({S.GROUP_DECISION}),
        target=S.LEAD_REVIEW,
        permission=Permission.RECOMMENDATION_DECIDE,
        event=EventType.RECOMMENDATION_CARRIED_WITH_DISSENT,
        reason_required=True,
        guards=(ballot_carried_with_dissent,),
    ),
    Transition(
        name="repeat_decision",
        sources=frozenset({S.GROUP_DECISION}),
        target=S.GROUP_DECISION,
        permission=Permission.RECOMMENDATION_DECIDE,
        event=EventType.RECOMMENDATION_DECISION_REPEATED,
        reason_required=True,
        takes=BALLOT_FIELDS,
        guards=(ballot_must_be_repeated, somebody_may_vote),
    ),
    Transition(
        name="endorse",
        sources=frozenset({S.LEAD_REVIEW}),
        target=S.STEERING_DECISION,
        permission=Permission.RECOMMENDATION_ADVANCE,
        event=EventType.RECOMMENDATION_ENDORSED,
        guards=(co_signatures_answered, no_co_signature_withheld, mandatory_participants_invited),
    ),
    Transition(
        name="adopt",
        sources=frozenset({S.STEERING_DECISION}),
        target=S.ADOPTED,
        permission=Permission.RECOMMENDATION_ADVANCE,
        event=EventType.RECOMMENDATION_ADOPTED,
        needs=("deciding_body", "decided_on", "decision_reference"),
        guards=(edition_is_open, dissent_is_settled),
    ),
    Transition(
        name="publish",
        sources=frozenset({S.ADOPTED}),
        target=S.PUBLISHED,
        permission=Permission.RECOMMENDATION_PUBLISH,
        event=EventType.RECOMMENDATION_PUBLISHED,
        takes=("publish_at",),
    ),
    Transition(
        name="unschedule",
        sources=frozenset({S.ADOPTED}),
        target=S.ADOPTED,
        permission=Permission.RECOMMENDATION_ADVANCE,
        event=EventType.RECOMMENDATION_PUBLICATION_UNSCHEDULED,
        reason_required=True,
        guards=(is_scheduled,),
    ),
    Transition(
        name="revise",
        sources=_WITH_THE_LEAD,
        target=S.GROUP_DECISION,
        permission=Permission.RECOMMENDATION_ADVANCE,
        event=EventType.RECOMMENDATION_REVISED,
        reason_required=True,
        needs=("version",),
        takes=BALLOT_FIELDS,
        guards=(somebody_may_vote,),
    ),
    Transition(
        name="return_to_draft",
        sources=_UP_TO_GROUP_DECISION,
        target=S.DRAFT,
        permission=Permission.RECOMMENDATION_DECIDE,
        event=EventType.RECOMMENDATION_RETURNED,
        reason_required=True,
    ),
    Transition(
        name="return_to_draft",
        sources=_WITH_THE_LEAD,
        target=S.DRAFT,
        permission=Permission.RECOMMENDATION_ADVANCE,
        event=EventType.RECOMMENDATION_RETURNED,
        reason_required=True,
    ),
    Transition(
        name="suspend",
        sources=BEFORE_ADOPTION,
        target=S.DORMANT,
        permission=Permission.RECOMMENDATION_PAUSE,
        event=EventType.RECOMMENDATION_SUSPENDED,
        reason_required=True,
        guards=(no_round_open, no_ballot_open),
    ),
    Transition(
        name="resume",
        sources=frozenset({S.DORMANT}),
        target=None,
        permission=Permission.RECOMMENDATION_PAUSE,
        event=EventType.RECOMMENDATION_RESUMED,
    ),
    Transition(
        name="reject",
        sources=frozenset({S.GROUP_DECISION}),
        target=S.REJECTED,
        permission=Permission.RECOMMENDATION_DECIDE,
        event=EventType.RECOMMENDATION_REJECTED,
        reason_required=True,
        guards=(no_ballot_open,),
    ),
    Transition(
        name="reject",
        sources=_WITH_THE_LEAD,
        target=S.REJECTED,
        permission=Permission.RECOMMENDATION_ADVANCE,
        event=EventType.RECOMMENDATION_REJECTED,
        reason_required=True,
        guards=(no_ballot_open,),
    ),
    Transition(
        name="discontinue",
        sources=UNDECIDED_STATES,
        target=S.DISCONTINUED,
        permission=Permission.RECOMMENDATION_ADVANCE,
        event=EventType.RECOMMENDATION_DISCONTINUED,
        reason_required=True,
    ),
    Transition(
        name="check",
        sources=frozenset({S.PUBLISHED}),
        target=S.UNDER_REVIEW,
        permission=Permission.RECOMMENDATION_ADVANCE,
        event=EventType.RECOMMENDATION_CHECKED,
    ),
    Transition(
        name="confirm",
        sources=frozenset({S.UNDER_REVIEW}),
        target=S.PUBLISHED,
        permission=Permission.RECOMMENDATION_ADVANCE,
        event=EventType.RECOMMENDATION_CONFIRMED,
        takes=("year",),
    ),
    Transition(
        name="supersede",
        sources=_TRACKED,
        target=S.SUPERSEDED,
        permission=Permission.RECOMMENDATION_ADVANCE,
        event=EventType.RECOMMENDATION_SUPERSEDED,
        needs=("successor_ids",),
    ),
    Transition(
        name="repeal",
        sources=_TRACKED,
        target=S.REPEALED,
        permission=Permission.RECOMMENDATION_ADVANCE,
        event=EventType.RECOMMENDATION_REPEALED,
        reason_required=True,
    ),
    Transition(
        name="close_tracking",
        sources=_TRACKED,
        target=None,
        permission=Permission.RECOMMENDATION_ADVANCE,
        event=EventType.RECOMMENDATION_TRACKING_CLOSED,
        reason_required=True,
        guards=(tracking_is_open,),
    ),
    Transition(
        name="reopen_tracking",
        sources=_TRACKED,
        target=None,
        permission=Permission.RECOMMENDATION_ADVANCE,
        event=EventType.RECOMMENDATION_TRACKING_REOPENED,
        reason_required=True,
        guards=(tracking_is_closed,),
    ),
)
