"""The hashed form of an event: canonical bytes that stay verifiable after a redaction.

It holds ids, times and salted digests of free texts; never a text and never a name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

GENESIS = "0" * 64
"""What the first event of a chain names as its predecessor."""


def canonical_time(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds, the one way a time is written into a hash."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical_json(content: Mapping[str, object]) -> str:
    """JSON with sorted keys and no spaces; equal contents give equal text on every database."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def salted_digest(salt: str, text: str) -> str:
    """SHA-256 over salt (32 hexadecimal digits) and text, as hex; the random salt keeps short texts unguessable."""
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


def chained_hash(previous: str, hashed: str) -> str:
    """The hash of an entry that stands behind another."""
    return hashlib.sha256(f"{previous}\n{hashed}".encode()).hexdigest()
