"""Statements built once and asked many times; who may read what is still decided by `visible(actor)` alone.

Building a statement out of expressions costs a multiple of asking it. A builder marked `@built_once` therefore runs
once for each *shape* of actor (nobody, somebody, of which role), not once for each request: it gets a stand-in of
that shape, in whose place of keys stand bind parameters, and `keys_of(actor)` fills them when the statement is asked:

    @built_once
    def _one(actor: Actor) -> SelectOfScalar[Need]:
        return select(Need).where(Need.id == bindparam("key"), visible(actor))

    session.exec(_one(actor), params={"key": key, **keys_of(actor)})

A builder sees nothing of the person but its shape: the stand-in refuses what no parameter stands for, and a
statement asked without the keys is refused by the database layer, so that nobody reads with another's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, bindparam

from app.domain.actors import Actor, ActorKind, PersonRole

S = TypeVar("S")
P = ParamSpec("P")
_SHAPES_KEPT = 512

_PERSON: Any = bindparam("actor_person", type_=Uuid())
_ORGANISATIONS: Any = bindparam("actor_organisations", type_=Uuid(), expanding=True)
_BODIES: Any = bindparam("actor_bodies", type_=Uuid(), expanding=True)
_SEATS: Any = bindparam("actor_seats", type_=Uuid(), expanding=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _StandIn(Actor):
    """Somebody of a shape; its keys are bind parameters, and its seats can't be looked at."""

    @property
    def body_ids(self) -> frozenset[UUID]:
        bodies: frozenset[UUID] = _BODIES
        return bodies

    @property
    def drafting_seat_ids(self) -> frozenset[UUID]:
        seats: frozenset[UUID] = _SEATS
        return seats


def keys_of(actor: Actor) -> dict[str, Any]:
    """What fills the parameters of a statement built once, for this actor."""
    return {
        "actor_person": actor.person_id,
        "actor_organisations": list(actor.acts_for),
        "actor_bodies": list(actor.body_ids),
        "actor_seats": list(actor.drafting_seat_ids),
    }


def built_once(build: Callable[Concatenate[Actor, P], S]) -> Any:
    """Build for each shape of actor, and each combination of the other arguments, once; `__wrapped__` builds anew."""
    kept = lru_cache(maxsize=_SHAPES_KEPT)(build)

    @wraps(build)
    def built(actor: Actor, *shape: P.args, **named: P.kwargs) -> S:
        return kept(_stand_in(actor.is_signed_in, actor.kind, actor.role), *shape, **named)  # type: ignore[arg-type]

    return built


def is_set(value: object) -> bool:
    """True where a filter narrows by this field, with a value or with the parameter that will hold it."""
    return isinstance(value, BindParameter) or (value is not None and value != () and value != [])


@cache
def _stand_in(is_signed_in: bool, kind: ActorKind, role: PersonRole | None) -> Actor:
    if not is_signed_in:
        return Actor(kind=kind, role=role)
    nothing: Any = None
    return _StandIn(kind=kind, role=role, person_id=_PERSON, acts_for=_ORGANISATIONS, seats=nothing)
