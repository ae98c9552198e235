"""Reuse (Nachnutzung): who carries a recommendation out of its own accord, unasked; counted apart from measures."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.workflow import Transition, Workflow

CONFIRM_WITHIN: Final = timedelta(days=7)
"""How long what was sent waits for the mailbox to confirm it before it is deleted."""

ASKED_AGAIN_MONTHS: Final = 12
"""After how many months a mailbox is asked whether it still is so, and again after as many."""


class ReuseState(StrEnum):
    """Where an entry stands that its mailbox has confirmed."""

    CONFIRMED = "confirmed"
    RELEASED = "released"
    DECLINED = "declined"
    ENDED = "ended"


class Land(StrEnum):
    """Where it happens, by the letters of the official statistics."""

    BADEN_WUERTTEMBERG = "bw"
    BAVARIA = "by"
    BERLIN = "be"
    BRANDENBURG = "bb"
    BREMEN = "hb"
    HAMBURG = "hh"
    HESSE = "he"
    MECKLENBURG_WESTERN_POMERANIA = "mv"
    LOWER_SAXONY = "ni"
    NORTH_RHINE_WESTPHALIA = "nw"
    RHINELAND_PALATINATE = "rp"
    SAARLAND = "sl"
    SAXONY = "sn"
    SAXONY_ANHALT = "st"
    SCHLESWIG_HOLSTEIN = "sh"
    THURINGIA = "th"
    NATIONWIDE = "nationwide"


class SizeClass(StrEnum):
    """How many people live where it happens; what is no municipality has none."""

    UNDER_20_000 = "under_20000"
    UNDER_100_000 = "under_100000"
    UNDER_500_000 = "under_500000"
    FROM_500_000 = "from_500000"
    NO_MUNICIPALITY = "no_municipality"


REUSE = Workflow(
    "reuse",
    ReuseState,
    Transition(
        name="release",
        sources=frozenset({ReuseState.CONFIRMED}),
        target=ReuseState.RELEASED,
        permission=Permission.REUSE_RELEASE,
        event=EventType.REUSE_RELEASED,
    ),
    Transition(
        name="decline",
        sources=frozenset({ReuseState.CONFIRMED, ReuseState.RELEASED}),
        target=ReuseState.DECLINED,
        permission=Permission.REUSE_RELEASE,
        event=EventType.REUSE_DECLINED,
        reason_required=True,
    ),
    Transition(
        name="reaffirm",
        sources=frozenset({ReuseState.RELEASED}),
        target=None,
        permission=Permission.REUSE_KEEP,
        event=EventType.REUSE_REAFFIRMED,
    ),
    Transition(
        name="end",
        sources=frozenset({ReuseState.CONFIRMED, ReuseState.RELEASED}),
        target=ReuseState.ENDED,
        permission=Permission.REUSE_KEEP,
        event=EventType.REUSE_ENDED,
    ),
)
"""Released by the Geschäftsstelle; kept true, or ended, by who holds the mailbox's link."""
