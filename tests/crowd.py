"""Very many persons at once who follow a thing, for tests and measurements of telling them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session

from app.domain.actors import PersonRole
from app.domain.follows import FollowTarget
from app.models.base import new_id
from app.models.follows import Follow
from app.models.people import Person


def gather_followers(
    session: Session, number: int, organisation_id: UUID, target: FollowTarget, target_id: UUID, moment: datetime
) -> list[UUID]:
    """So many persons of an organisation who follow this; their keys."""
    keys = [new_id(moment) for _number in range(number)]
    persons = [
        {
            "id": key,
            "created_at": moment,
            "sequence": 0,
            "head_hash": "0" * 64,
            "is_example": False,
            "email": f"viele.{place}@beispiel.example",
            "name": f"Person {place}",
            "sort_key": f"person {place}",
            "organisation_id": organisation_id,
            "role": PersonRole.PARTICIPANT,
            "joined_at": moment,
        }
        for place, key in enumerate(keys)
    ]
    follows = [
        {
            "id": new_id(moment),
            "created_at": moment,
            "person_id": key,
            "target": target,
            "target_id": target_id,
            "key": str(target_id),
            "is_automatic": False,
            "is_muted": False,
        }
        for key in keys
    ]
    columns = Follow.__table__.c.keys()  # type: ignore[attr-defined]
    connection = session.connection()
    connection.execute(insert(Person), persons)
    connection.execute(insert(Follow), [{name: row[name] for name in row if name in columns} for row in follows])
    return keys
