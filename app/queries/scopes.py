"""What of a thing decides about permission, read off the thing itself."""

from __future__ import annotations

from uuid import UUID

from app.domain.permissions import Scope
from app.models.base import Table
from app.models.bodies import Body, Seat
from app.models.co_signatures import CoSignature
from app.models.commitments import Commitment
from app.models.measures import Measure
from app.models.need_reviews import NeedReview
from app.models.responses import AddresseeResponse


def scope_of(thing: Table | None) -> Scope:
    """The scope of a thing; None stands for the application as a whole."""
    match thing:
        case None:
            return Scope()
        case Body():
            return Scope(body_id=thing.id)
        case Seat():
            return Scope(body_id=thing.body_id, owner_ids=frozenset({thing.organisation_id}))
        case Commitment():
            return Scope(author_id=thing.author_id, owner_ids=frozenset(filter(None, [thing.organisation_id])))
        case CoSignature() | AddresseeResponse() | NeedReview():
            return Scope(owner_ids=frozenset({thing.organisation_id}))
        case Measure():
            return Scope(author_id=thing.author_id, owner_ids=frozenset({thing.responsible_organisation_id}))
        case _:
            return Scope(
                body_id=_key(thing, "body_id"),
                author_id=_key(thing, "author_id"),
                author_seat_id=_key(thing, "seat_id"),
            )


def _key(thing: Table, name: str) -> UUID | None:
    value = getattr(thing, name, None)
    return value if isinstance(value, UUID) else None
