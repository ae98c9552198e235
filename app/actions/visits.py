"""That a person opened a body's home, kept so that the next visit shows what is new. No event: it is nobody's fact."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import case, update
from sqlmodel import Session, col

from app.clock import now
from app.db import insert_if_absent
from app.models.bodies import BodyVisit
from app.queries.body_home import VISIT_PAUSE

_WORTH_NOTING = timedelta(minutes=1)


def is_worth_noting(session: Session, visit: BodyVisit | None) -> bool:
    """False for one who looked a moment ago."""
    return visit is None or now(session) - visit.visited_at > _WORTH_NOTING


def note_visit(session: Session, body_id: UUID, person_id: UUID, *, is_first: bool) -> None:
    """Move the person's last visit to now; after a pause the former one is where the new begins."""
    moment = now(session)
    if is_first:
        insert_if_absent(session, BodyVisit, {"body_id": body_id, "person_id": person_id, "visited_at": moment})
        return
    before = case(
        (col(BodyVisit.visited_at) < moment - VISIT_PAUSE, col(BodyVisit.visited_at)), else_=col(BodyVisit.before_at)
    )
    statement = (
        update(BodyVisit)
        .where(col(BodyVisit.body_id) == body_id, col(BodyVisit.person_id) == person_id)
        .values(before_at=before, visited_at=moment)
    )
    session.connection().execute(statement)
