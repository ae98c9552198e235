"""Reading a report that mail came back (RFC 3464). What it says is believed only of a mail we know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from app.domain.delivery import refuses_address

_OF_A_MAIL = frozenset({"message/rfc822", "text/rfc822-headers"})


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient that got nothing, in the words of its server."""

    address: str
    status: str
    said: str

    @property
    def is_of_address(self) -> bool:
        """True where the address takes no mail, for good; False where this one mail was not taken."""
        return refuses_address(f"{self.status} {self.said}" if self.status != "5.0.0" else self.said)

    @property
    def reason(self) -> str:
        """What to show to who looks after the post."""
        return " ".join(f"{self.status} {self.said}".split())


@dataclass(frozen=True, slots=True)
class Report:
    """What a server reports of one mail of ours: by its Message-ID, whom it did not reach."""

    message_id: str
    failures: tuple[Failure, ...]


def read_report(content: bytes) -> Report | None:
    """What the mail reports; None where it is no such report: an answer, a notice of absence, anything else."""
    message = message_from_bytes(content, policy=compat32)
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return None
    message_id, failures = "", tuple(_failures(message))
    for part in message.walk():
        if part is not message and part.get_content_type() in _OF_A_MAIL:
            message_id = message_id or _message_id(part)
    return Report(message_id, failures)


def _failures(message: Message) -> Iterator[Failure]:
    for part in message.walk():
        blocks = part.get_payload()
        if part.get_content_type() != "message/delivery-status" or not isinstance(blocks, list):
            continue
        for block in blocks:
            if not isinstance(block, Message) or _word(block, "Action").casefold() != "failed":
                continue
            named = _word(block, "Original-Recipient") or _word(block, "Final-Recipient")
            status = _word(block, "Status").split()
            said = _word(block, "Diagnostic-Code").partition(";")
            yield Failure(_after_type(named), status[0] if status else "", (said[2] or said[0]).strip())


def _message_id(part: Message) -> str:
    """Of a whole mail that came along, or of its head alone."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return _word(payload[0], "Message-ID") if payload and isinstance(payload[0], Message) else ""
    head = part.get_payload(decode=True)
    return _word(message_from_bytes(head, policy=compat32), "Message-ID") if isinstance(head, bytes) else ""


def _word(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _after_type(address: str) -> str:
    """`rfc822; anna@beispiel.example` without its kind, and without brackets."""
    kind, semicolon, rest = address.partition(";")
    return (rest if semicolon else kind).strip().strip("<>").casefold()
