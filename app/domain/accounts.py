"""How people come in: how long a session and a link live, what a password must be, how often one may try."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

SESSION_SPAN = timedelta(hours=12)
LINK_SPANS = {"invitation": timedelta(days=7), "password": timedelta(hours=2)}
EXAMPLE_PASSWORD = "Dialogforum-Beispiel"
"""The password of every example account; such an account signs in only where the example is meant to be shown."""

MINIMUM_PASSWORD = 12
MAXIMUM_PASSWORD = 200
TOKEN_DAYS = (30, 90, 365)
MAXIMUM_TOKEN_DAYS = 3650


class AttemptKind(StrEnum):
    """What is counted."""

    SIGN_IN = "sign_in"
    MAIL = "mail"
    STATEMENT = "statement"
    FEEDBACK = "feedback"
    SUBSCRIPTION = "subscription"
    REUSE = "reuse"
    LINK = "link"


class AccessState(StrEnum):
    """Where a person's access stands; derived, never stored."""

    CREATED = "created"
    INVITED = "invited"
    JOINED = "joined"
    ENDED = "ended"
    REDACTED = "redacted"


@dataclass(frozen=True, slots=True)
class Limit:
    """How many attempts a key has within a span; refused ones don't count, so no lock lasts for ever."""

    key: str
    attempts: int
    span: timedelta


def limits_of(kind: AttemptKind, account: str, address: str) -> tuple[Limit, ...]:
    """The limits an attempt on an account from an address must keep.

    From one address an account has few attempts; from all others together it has more, so that a stranger
    doesn't lock the owner out. Who is locked out still comes in by a link sent to the account's own mail.
    """
    network = network_of(address)
    if kind is AttemptKind.MAIL:
        hour = timedelta(hours=1)
        return Limit(f"account:{account}", 3, hour), Limit(f"address:{network}", 30, hour)
    span = timedelta(minutes=15)
    return (
        Limit(f"account:{account} address:{network}", 5, span),
        Limit(f"account:{account}", 25, span),
        Limit(f"address:{network}", 40, span),
    )


def limits_of_links(address: str) -> tuple[Limit, ...]:
    """The limits of all forms together that are sent from an address by a mailed link, without an account.

    An office answers many questions in one sitting; whoever tries links out sends more.
    """
    return (Limit(f"address:{network_of(address)}", 60, timedelta(hours=1)),)


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 network a household or office has in IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(IPv6Address(int(parsed) >> 64 << 64)) + "/64"
    return str(parsed)


def prepared_password(password: str) -> str:
    """The password as it is hashed: the same on every keyboard, whatever way it composes an umlaut."""
    return unicodedata.normalize("NFC", password)


def is_guessable(password: str, *known: str) -> bool:
    """True for a password of few different letters, or one made of what others know of the person."""
    folded = password.casefold()
    if len(set(folded)) < 5 or folded == EXAMPLE_PASSWORD.casefold():
        return True
    words = {word for text in known for word in re.findall(r"\w{4,}", text.casefold())}
    rest = folded
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < MINIMUM_PASSWORD // 2


def own_path(address: str | None) -> str | None:
    """A path of this site that one may be led on to; None for anything else."""
    if address and len(address) <= 2_000 and re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", address):
        return address
    return None


def access_state(*, is_redacted: bool, is_ended: bool, has_joined: bool, is_invited: bool) -> AccessState:
    """Where an access stands, the latest fact first."""
    if is_redacted:
        return AccessState.REDACTED
    if is_ended:
        return AccessState.ENDED
    if has_joined:
        return AccessState.JOINED
    return AccessState.INVITED if is_invited else AccessState.CREATED
