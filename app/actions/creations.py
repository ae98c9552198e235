"""An object's id may be made by the client: the same input sent twice makes one, another is refused."""

from __future__ import annotations

import hashlib
from typing import TypeVar

from pydantic import BaseModel
from sqlmodel import Session

from app.clock import now
from app.db import insert_if_absent
from app.domain.actors import Actor
from app.domain.record import canonical_json
from app.errors import DifferentBody
from app.models.base import Table
from app.models.record import Creation

T = TypeVar("T", bound=Table)


def find_already_created(session: Session, model: type[T], form: BaseModel, *, actor: Actor) -> T | None:
    """The object an earlier sending of this very input made, or None where it is new.

    Claims the id for this input. Raises DifferentBody where the id was used for something else.
    """
    key = getattr(form, "id", None)
    if key is None:
        return None
    content = {"model": model.__name__, "form": form.model_dump(mode="json")}
    digest = hashlib.sha256(canonical_json(content).encode()).hexdigest()
    values = {"id": key, "created_at": now(session), "person_id": actor.person_id, "digest": digest}
    if insert_if_absent(session, Creation, values, beside=model):
        return None
    claimed = session.get(Creation, key)
    if claimed is None or claimed.digest != digest or claimed.person_id != actor.person_id:
        raise DifferentBody()
    found = session.get(model, key)
    if found is None:
        raise DifferentBody()
    return found
