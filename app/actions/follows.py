"""Following: what a person wants to hear of. No events: it is nobody's fact but the person's own."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.clock import now
from app.db import insert_if_absent
from app.domain.follows import FollowTarget
from app.models.base import new_id
from app.models.follows import Follow


def follow_by_itself(session: Session, person_id: UUID, target: FollowTarget, target_id: UUID) -> None:
    """Let a person follow what it wrote, commented or voted on; what it said of the thing before, muting too, stays."""
    moment = now(session)
    values = {
        "id": new_id(moment),
        "created_at": moment,
        "person_id": person_id,
        "target": target,
        "target_id": target_id,
        "is_automatic": True,
        "is_muted": False,
    }
    insert_if_absent(session, Follow, values)
