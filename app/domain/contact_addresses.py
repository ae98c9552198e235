"""What binds a link to the mailbox it was made for: another address, another mark, and the old link opens nothing."""

from __future__ import annotations

from uuid import UUID, uuid5

NO_ADDRESS = ""
"""For a link that the Geschäftsstelle passes on itself, because there is no mailbox to write to."""


def mark_of(subject_id: UUID, address: str) -> UUID:
    """The mark a link to the subject carries beside its key; it tells nothing to who doesn't know the address."""
    return uuid5(subject_id, address)
