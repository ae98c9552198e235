"""How a table of transitions is written and read; it knows no noun and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.events import EventType
from app.domain.permissions import Capability, Permission, is_granted


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a move is blocked: a code that `wording` says in German, with its values."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


Guard = Callable[[Any], Blocker | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One row: a move, who may make it, and what it needs.

    A name may stand in several rows with different sources (other permission, other target).
    `target` None means: it stays where it is, and what is dormant goes back to where it was.
    `needs` are the fields the move requires, `takes` those it accepts.
    """

    name: str
    sources: frozenset[StrEnum]
    target: StrEnum | None
    permission: Permission
    event: EventType
    reason_required: bool = False
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A move the reader may make, or could make were it not blocked."""

    transition: Transition
    blockers: tuple[Blocker, ...] = ()

    @property
    def name(self) -> str:
        """The move's name in the API."""
        return self.transition.name

    @property
    def is_blocked(self) -> bool:
        """True where a guard is not met."""
        return bool(self.blockers)


class Workflow:
    """A noun's table of transitions."""

    def __init__(self, noun: str, states: type[StrEnum], *rows: Transition) -> None:
        self.noun = noun
        self.states = states
        self.rows = rows
        seen: set[tuple[str, StrEnum]] = set()
        for row in rows:
            for source in row.sources:
                if (row.name, source) in seen:
                    raise ValueError(f"{noun}: {row.name} stands twice for {source}")
                seen.add((row.name, source))

    def __iter__(self) -> Iterator[Transition]:
        return iter(self.rows)

    def rows_named(self, name: str) -> tuple[Transition, ...]:
        """Every row of that name; empty for a word that is no move of this noun."""
        return tuple(row for row in self.rows if row.name == name)

    def find(self, name: str, state: StrEnum) -> Transition | None:
        """The row of that name that starts in the state, or None."""
        return next((row for row in self.rows_named(name) if state in row.sources), None)

    def offers(self, state: StrEnum, capabilities: frozenset[Capability], facts: Any = None) -> tuple[Offer, ...]:
        """The moves out of a state that these capabilities grant, each with what blocks it."""
        return tuple(
            Offer(row, blockers(row, facts))
            for row in self.rows
            if state in row.sources and is_granted(row.permission, capabilities)
        )


def blockers(row: Transition, facts: Any) -> tuple[Blocker, ...]:
    """What the row's guards find missing in the facts."""
    found = (guard(facts) for guard in row.guards)
    return tuple(blocker for blocker in found if blocker is not None)
