"""Which notifications still ask their reader for something: a task that is done meanwhile is only news."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from app.domain.actors import Actor
from app.domain.events import EventType as E
from app.domain.notifications import Urgency
from app.queries.notification_places import Told
from app.queries.tasks import Task, list_tasks
from app.wording.tasks import TaskKind as K

_ASKED_BY: dict[str, frozenset[K]] = {
    E.NEED_SUBMITTED: frozenset({K.SCREEN_NEEDS}),
    E.NEED_FORWARDED: frozenset({K.SCREEN_NEEDS}),
    E.PROPOSAL_SUBMITTED: frozenset({K.SCREEN_PROPOSALS}),
    E.RECOMMENDATION_CARRIED: frozenset({K.REVIEW}),
    E.RECOMMENDATION_CARRIED_WITH_DISSENT: frozenset({K.REVIEW}),
    E.RECOMMENDATION_SUPERSEDED: frozenset({K.RECONSIDER_NEEDS}),
    E.RECOMMENDATION_REPEALED: frozenset({K.RECONSIDER_NEEDS}),
    E.ROUND_OPENED: frozenset({K.GIVE_STATEMENT}),
    E.ROUND_CLOSED: frozenset({K.CONCLUDE_ROUND, K.DISPOSE_STATEMENTS}),
    E.STATEMENT_SUBMITTED: frozenset({K.DISPOSE_STATEMENTS}),
    E.BALLOT_OPENED: frozenset({K.VOTE}),
    E.BALLOT_CLOSED: frozenset({K.CONCLUDE_BALLOT}),
    E.CO_SIGNATURE_REQUESTED: frozenset({K.CO_SIGN}),
    E.CO_SIGNATURE_REQUESTED_AGAIN: frozenset({K.CO_SIGN}),
    E.RESPONSE_ASKED: frozenset({K.RESPOND}),
    E.MEASURE_REPORTED_DONE: frozenset({K.VERIFY}),
    E.MEASURE_SENT_BACK: frozenset({K.REPORT}),
    E.MEASURE_REOPENED: frozenset({K.REPORT}),
}
"""By event, the tasks of „Was ist zu tun?“ it gives; other events ask for what that page doesn't list."""

_OF_A_BODY = frozenset({K.SCREEN_NEEDS, K.SCREEN_PROPOSALS, K.RECONSIDER_NEEDS})
"""Tasks that stand once for all such things of a body."""


def still_waiting(session: Session, actor: Actor, told: Sequence[Told]) -> set[UUID]:
    """The occasions that still wait for the actor: deadlines, and tasks that are not done.

    At most ten statements; none where no task is among them.
    """
    urgent = [each for each in told if each.notification.urgency is not Urgency.NEWS]
    is_asked = any(_may_be_done(each) for each in urgent)
    tasks = list_tasks(session, actor) if is_asked else []
    return {
        each.notification.occasion_id
        for each in urgent
        if not _may_be_done(each) or any(_is_of(task, each) for task in tasks)
    }


def _may_be_done(told: Told) -> bool:
    return told.notification.urgency is Urgency.TASK and told.notification.about in _ASKED_BY


def _is_of(task: Task, told: Told) -> bool:
    if task.kind not in _ASKED_BY[told.notification.about]:
        return False
    if task.kind in _OF_A_BODY:
        return task.body_id == told.notification.body_id
    return _page_of(task.url) == _page_of(told.url)


def _page_of(url: str) -> list[str]:
    """The noun and the thing, without the tab."""
    return url.partition("?")[0].split("/")[:3]
