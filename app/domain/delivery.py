"""Handing over mail: how long, how often, what leaves first, and which refusals mean the address."""

from __future__ import annotations

import re
from datetime import timedelta

LEASE = timedelta(seconds=180)
"""How long one worker holds what it has in hand; another may take it only afterwards."""

KEPT_AFTER_SENDING = timedelta(days=30)
KEPT_AFTER_FAILING = timedelta(days=180)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""Before each further attempt; when they are used up the mail is a dead letter."""

MOST_ATTEMPTS = 25
"""So often a mail is taken in hand at most, however the attempts ended: one that ends the worker itself is given up."""

AWAY_PAUSE = timedelta(minutes=1)
"""Before a mail is taken up again whose server could not be reached: that is no attempt of the mail."""

AWAITED_TEMPLATES = frozenset({"invitation", "password_forgotten", "seated_and_invited", "subscription_confirmation"})
"""Somebody asked for the link in these: they leave first, and to undeliverable addresses too."""

GROUPED_TEMPLATES = frozenset({"digest", "subscription_digest"})
"""Told in the application as well: where the address takes no mail they are dropped, not kept."""

_ADDRESS = re.compile(r"[^\s@<>,;:\"\x00-\x1f\x7f]+@[^\s@<>,;:\"\x00-\x1f\x7f]+")
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"\b([245]\d\d)\b")


def is_address(text: str) -> bool:
    """True for one name at one domain and nothing else; whether somebody reads there is the server's to say."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def precedence_of(template: str) -> int:
    """0 leaves before 1, and 1 before 2: what goes to many subscribers delays no member's deadline."""
    if template in AWAITED_TEMPLATES:
        return 0
    return 2 if template == "subscription_digest" else 1


def handing_over_limit(lease: timedelta) -> timedelta:
    """How long one handing over may last in all: so much less than the lease that nobody else has taken it by then."""
    return lease * 2 / 3


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None where it is time to give up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def refuses_address(answer: str, *, code: int | None = None) -> bool:
    """True where a server's answer says that the address takes no mail, for good.

    By RFC 3463 the address does not exist, has moved, or is switched off, or its domain does not exist. A full mailbox,
    a relay that is not allowed or a text that is not liked says nothing of the address. Without such a status
    550, 551 and 553 of RFC 5321 do.
    """
    status = _ENHANCED.search(answer)
    if status and status.group(0) != "5.0.0":
        kind, subject, detail = (int(part) for part in status.groups())
        is_of_recipient = (subject == 1 and detail not in {7, 8}) or (subject, detail) in {(2, 0), (2, 1), (4, 4)}
        return kind == 5 and is_of_recipient
    if code is None:
        found = _CODE.search(answer)
        code = int(found.group(1)) if found else 0
    return code in {550, 551, 553}
