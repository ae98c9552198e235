"""What waits for a person: one statement a kind of work, next deadline first. Nothing here is stored."""

from __future__ import annotations

from sqlmodel import Session

from app.clock import now
from app.domain.actors import Actor
from app.queries.kept import kept
from app.queries.tasks.base import Circle, Reader, Task
from app.queries.tasks.bodies import contributions_to_screen, recommendations_to_move
from app.queries.tasks.circles import circles_of
from app.queries.tasks.consultations import statements_to_give, voices_to_answer
from app.queries.tasks.decisions import ballots_to_vote_in
from app.queries.tasks.drafts import own_drafts
from app.queries.tasks.implementation import measures_to_report_or_verify
from app.queries.tasks.organisations import answers_to_give
from app.queries.tasks.upkeep import things_to_keep_up

__all__ = ["Circle", "Task", "list_tasks"]


@kept
def list_tasks(session: Session, actor: Actor) -> list[Task]:
    """Everything that waits for the actor, its own before what it covers, next deadline first.

    At most ten statements, however much there is; none for who may not write.
    """
    if not actor.is_signed_in or not actor.may_write:
        return []
    reader = Reader(actor=actor, moment=now(session), circles=circles_of(session, actor))
    found = [
        task
        for question in (
            ballots_to_vote_in,
            statements_to_give,
            answers_to_give,
            voices_to_answer,
            contributions_to_screen,
            recommendations_to_move,
            measures_to_report_or_verify,
            things_to_keep_up,
            own_drafts,
        )
        for task in question(session, reader)
    ]
    return sorted(found, key=lambda task: task.order)
