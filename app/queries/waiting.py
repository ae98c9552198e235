"""Which notifications still ask their reader for something: what is done meanwhile is only news."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clock import now
from app.domain.actors import VOTING_ROLES, Actor
from app.domain.deadline_reminders import DeadlineKind, ReminderStage, rule_of
from app.domain.events import EventType as E
from app.domain.notifications import Urgency
from app.queries.deadlines.owing import ballots_awaiting_dissent
from app.queries.notification_places import Told
from app.queries.tasks import Task, list_tasks
from app.wording.notifications import reminder_of
from app.wording.tasks import TaskKind as K

ASKED_BY: Final[dict[str, frozenset[K]]] = {
    E.NEED_SUBMITTED: frozenset({K.SCREEN_NEEDS}),
    E.NEED_FORWARDED: frozenset({K.SCREEN_NEEDS}),
    E.PROPOSAL_SUBMITTED: frozenset({K.SCREEN_PROPOSALS}),
    E.RECOMMENDATION_CARRIED: frozenset({K.REVIEW}),
    E.RECOMMENDATION_CARRIED_WITH_DISSENT: frozenset({K.REVIEW}),
    E.RECOMMENDATION_SUPERSEDED: frozenset({K.RECONSIDER_NEEDS}),
    E.RECOMMENDATION_REPEALED: frozenset({K.RECONSIDER_NEEDS}),
    E.RECOMMENDATION_RETURNED: frozenset({K.REVISE_DRAFT}),
    E.ROUND_OPENED: frozenset({K.GIVE_STATEMENT}),
    E.ROUND_EXTENDED: frozenset({K.GIVE_STATEMENT}),
    E.ROUND_CLOSED: frozenset({K.CONCLUDE_ROUND, K.DISPOSE_STATEMENTS, K.DISPOSE_AMENDMENTS}),
    E.STATEMENT_SUBMITTED: frozenset({K.DISPOSE_STATEMENTS}),
    E.AMENDMENT_FILED: frozenset({K.DISPOSE_AMENDMENTS}),
    E.BALLOT_OPENED: frozenset({K.VOTE}),
    E.BALLOT_POSTPONED: frozenset({K.VOTE}),
    E.BALLOT_CLOSED: frozenset({K.CONCLUDE_BALLOT}),
    E.CO_SIGNATURE_REQUESTED: frozenset({K.CO_SIGN}),
    E.CO_SIGNATURE_REQUESTED_AGAIN: frozenset({K.CO_SIGN}),
    E.CO_SIGNATURE_CONDITIONAL: frozenset({K.REVIEW}),
    E.CO_SIGNATURE_RESERVED: frozenset({K.REVIEW}),
    E.CO_SIGNATURE_REFUSED: frozenset({K.REVIEW}),
    E.RESPONSE_ASKED: frozenset({K.RESPOND}),
    E.RESPONSE_REMINDED: frozenset({K.RESPOND}),
    E.NEED_REVIEW_ASKED: frozenset({K.REVIEW_NEED}),
    E.NEED_REVIEW_REMINDED: frozenset({K.REVIEW_NEED}),
    E.MEASURE_REPORT_REMINDED: frozenset({K.REPORT}),
    E.MEASURE_REPORTED_DONE: frozenset({K.VERIFY}),
    E.MEASURE_SENT_BACK: frozenset({K.REPORT}),
    E.REPORT_ASKED_BACK: frozenset({K.REPORT}),
    E.MEASURE_REOPENED: frozenset({K.REPORT}),
    E.REUSE_CONFIRMED: frozenset({K.RELEASE_REUSE}),
    E.GOAL_PROPOSED: frozenset({K.DECIDE_GOALS}),
    E.SEAT_VACATED: frozenset({K.FILL_SEAT}),
}
"""By event that gives somebody a task, the tasks of „Was ist zu tun?“ it is."""

_OF_A_BODY = frozenset({K.SCREEN_NEEDS, K.SCREEN_PROPOSALS, K.RECONSIDER_NEEDS, K.DECIDE_GOALS})
"""Tasks that stand once for all such things of a body."""


_KEPT_BY: dict[DeadlineKind, frozenset[K]] = {
    DeadlineKind.COMMENT_ROUND: frozenset({K.GIVE_STATEMENT}),
    DeadlineKind.BALLOT: frozenset({K.VOTE}),
    DeadlineKind.CO_SIGNATURE: frozenset({K.CO_SIGN}),
    DeadlineKind.RESPONSE: frozenset({K.RESPOND}),
    DeadlineKind.REPORT: frozenset({K.REPORT}),
    DeadlineKind.MEASURE: frozenset({K.REPORT}),
    DeadlineKind.VERIFICATION: frozenset({K.VERIFY}),
    DeadlineKind.COMMITMENT: frozenset({K.KEEP_COMMITMENT}),
    DeadlineKind.NEED_REVIEW: frozenset({K.REVIEW_NEED}),
    DeadlineKind.READING: frozenset({K.ENTER_READING}),
}
"""By kind of deadline, the task that keeps it; whose it is not, or no more, is only told of the deadline."""

_AFTERWARDS = frozenset({ReminderStage.ENDED, ReminderStage.MISSED})


def still_waiting(session: Session, actor: Actor, told: Sequence[Told]) -> set[UUID]:
    """The occasions that still wait for the actor: deadlines it has to keep, and tasks that are not done.

    At most twelve statements; none where neither is among them.
    """
    urgent = [each for each in told if each.notification.urgency is not Urgency.NEWS]
    listed = {each.notification.occasion_id: _tasks_for(each) for each in urgent}
    tasks = list_tasks(session, actor) if any(listed.values()) else []
    undeclared = _undeclared(session, actor, urgent)
    found = set()
    for each in urgent:
        key, kinds = each.notification.occasion_id, listed[each.notification.occasion_id]
        if kinds is None or any(_is_of(task, kinds, each) for task in tasks) or key in undeclared:
            found.add(key)
    return found


def _tasks_for(told: Told) -> frozenset[K] | None:
    """The kinds of task one of which is still listed while this waits; None where no list can tell."""
    reminder = reminder_of(told.notification.about)
    if reminder is None:
        return ASKED_BY.get(told.notification.about)
    kind, stage = reminder
    # What the clock has closed nobody can do any more.
    is_over = stage in _AFTERWARDS and rule_of(kind).closes
    return frozenset() if is_over else _KEPT_BY.get(kind, frozenset())


def _undeclared(session: Session, actor: Actor, told: Sequence[Told]) -> set[UUID]:
    """The reminders of a dissenting opinion that a seat of the actor has neither filed nor waived."""
    ballots = {
        each.notification.occasion_id: each.notification.subject_id
        for each in told
        if (reminder := reminder_of(each.notification.about)) and reminder[0] is DeadlineKind.DISSENTING_OPINION
    }
    seats = [seat.seat_id for seat in actor.seats if seat.role in VOTING_ROLES]
    if not ballots or not seats:
        return set()
    awaited = ballots_awaiting_dissent(session, set(ballots.values()), seats, now(session))
    return {occasion_id for occasion_id, ballot_id in ballots.items() if ballot_id in awaited}


def _is_of(task: Task, kinds: frozenset[K], told: Told) -> bool:
    # What a deputy has done meanwhile may still be done; it waits for nobody.
    if task.kind not in kinds or task.covered_by:
        return False
    if task.kind in _OF_A_BODY:
        return task.body_id == told.notification.body_id
    return _page_of(task.url) == _page_of(told.url)


def _page_of(url: str) -> list[str]:
    """The noun and the thing, without the tab; within the administration the whole way."""
    parts = url.partition("?")[0].split("/")
    return parts if parts[1] == "verwaltung" else parts[:3]
