"""For which seat a person writes in a body: the one named, or the only one there is."""

from __future__ import annotations

from uuid import UUID

from app.domain.actors import Actor, MembershipRole
from app.errors import FieldError, Invalid
from app.i18n import _


def speaking_in(
    actor: Actor,
    body_id: UUID,
    seat_id: UUID | None,
    *,
    roles: frozenset[MembershipRole] | None = None,
) -> Actor:
    """The actor, speaking from its seat in the body; unchanged where it has none there.

    Raises Invalid where the seat named is not the actor's, or several are and none is named.
    """
    seats = {seat.seat_id: seat for seat in actor.seats_in(body_id, roles)}
    if seat_id is not None:
        if seat_id not in seats:
            raise Invalid(FieldError("seat_id", _("Sie haben diesen Sitz im Gremium nicht inne.")))
        return actor.speaking_for(seats[seat_id])
    if len(seats) > 1:
        raise Invalid(
            FieldError("seat_id", _("Sie haben hier mehrere Sitze. Bitte nennen Sie, für welchen Sie schreiben."))
        )
    return actor.speaking_for(next(iter(seats.values()))) if seats else actor
