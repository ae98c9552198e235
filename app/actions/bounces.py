"""Mail that came back: the address takes none, or this one mail was not taken. Only reports of our own mail count."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from app.actions.outbox import note_undeliverable
from app.clock import now
from app.domain.bounces import read_report
from app.models.outbox import OutgoingMail

_ERROR_LENGTH = 500


class BounceOutcome(StrEnum):
    """What became of a report."""

    NO_REPORT = "no_report"
    NOT_OURS = "not_ours"
    NOT_FINAL = "not_final"
    MAIL_REFUSED = "mail_refused"
    ADDRESS_REFUSED = "address_refused"


def take_bounce(session: Session, content: bytes) -> BounceOutcome:
    """Note what a report says of a mail of ours to the address it went to; anything else is left alone.

    The Message-ID of our mail is known to nobody but its reader, so nobody can silence an address by a forged report.
    """
    report = read_report(content)
    if report is None:
        return BounceOutcome.NO_REPORT
    mail = _find_mail(session, report.message_id)
    failures = [each for each in report.failures if mail is not None and _is_to(mail, each.address)]
    if mail is None or (report.failures and not failures):
        return BounceOutcome.NOT_OURS
    if not failures:
        return BounceOutcome.NOT_FINAL
    for failure in failures:
        if failure.is_of_address:
            note_undeliverable(session, mail.address, failure.reason)
            return BounceOutcome.ADDRESS_REFUSED
    mail.failed_at, mail.last_error = now(session), failures[0].reason[:_ERROR_LENGTH]
    return BounceOutcome.MAIL_REFUSED


def _find_mail(session: Session, message_id: str) -> OutgoingMail | None:
    """The mail of this Message-ID, which begins with its key; none of an address that is forgotten."""
    try:
        key = UUID(message_id.strip("<>").partition("@")[0])
    except ValueError:
        return None
    mail = session.get(OutgoingMail, key)
    return mail if mail is not None and mail.message_id == message_id and mail.address else None


def _is_to(mail: OutgoingMail, address: str) -> bool:
    """The same mailbox; a domain with umlauts comes back in ASCII."""
    name, _at, domain = mail.address.casefold().rpartition("@")
    try:
        in_ascii = domain.encode("idna").decode()
    except UnicodeError:
        in_ascii = domain
    return address in {f"{name}@{domain}", f"{name}@{in_ascii}"}
