"""Subscriptions of the public: asked for, confirmed by link, ended by link; the address goes with the last one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, true, update
from sqlmodel import Session, col, select

from app.actions.attempts import forgive_attempts, note_attempt
from app.actions.mail import send_mail
from app.clock import now
from app.db import hold, insert_if_absent
from app.domain.accounts import AttemptKind
from app.domain.subscriptions import CONFIRM_WITHIN, KEPT_UNDELIVERABLE, mailbox_limits, network_limits
from app.errors import FieldError, Invalid, TooMany
from app.forms.subscriptions import SubscriptionForm
from app.i18n import _
from app.models.base import new_id
from app.models.outbox import OutgoingMail, UndeliverableAddress
from app.models.people import Person
from app.models.subscriptions import Subscription, ToldEvent
from app.queries import subscriptions as queries

CONFIRMATION, DIGEST = "subscription_confirmation", "subscription_digest"
"""The templates of mails to subscribers."""

PORTION = 500
"""To how many addresses is written in one transaction."""

_TEMPLATES = (CONFIRMATION, DIGEST)


def subscribe(session: Session, form: SubscriptionForm, *, address: str) -> None:
    """Ask the owner of a mailbox by mail whether it wants to be told; nothing tells whether it was known.

    TooMany where the asking network asks too often; a mailbox that was asked often enough gets no further mail.
    """
    if len(queries.offers_of(session, form.topics)) < len(form.topics):
        raise Invalid(FieldError("about", _("Das kann man nicht abonnieren. Bitte laden Sie die Seite neu.")))
    wait = note_attempt(session, AttemptKind.SUBSCRIPTION, network_limits(address))
    if wait is not None:
        message = _("Von Ihrem Anschluss kamen in kurzer Zeit viele Anfragen. Bitte versuchen Sie es später.")
        raise TooMany(wait, message)
    if note_attempt(session, AttemptKind.SUBSCRIPTION, mailbox_limits(form.email)) is not None:
        return
    keys = _put_down(session, form)
    send_mail(session, address=form.email, template=CONFIRMATION, data={"subscription_ids": [str(key) for key in keys]})


def confirm_subscriptions(session: Session, keys: Collection[UUID]) -> None:
    """The owner of the mailbox agreed, within a week; said twice it is agreed once.

    The mails it was asked by don't count any more, and it takes mail: it got that link.
    """
    moment = now(session)
    statement = (
        update(Subscription)
        .where(
            col(Subscription.id).in_(keys),
            col(Subscription.confirmed_at).is_(None),
            col(Subscription.created_at) > moment - CONFIRM_WITHIN,
        )
        .values(confirmed_at=moment)
        .returning(col(Subscription.address))
    )
    for address in set(session.connection().execute(statement).scalars()):
        limits = [limit.key for limit in mailbox_limits(address)]
        forgive_attempts(session, AttemptKind.SUBSCRIPTION, limits)
        session.connection().execute(delete(UndeliverableAddress).where(col(UndeliverableAddress.address) == address))


def end_subscriptions(session: Session, keys: Collection[UUID], *, all_of_address: bool = False) -> UUID | None:
    """End these subscriptions, or all of their address; with the last one every trace of the address is deleted.

    Returns one that the address still has, None where none is left.
    """
    addresses = session.exec(select(Subscription.address).where(col(Subscription.id).in_(keys)).distinct()).all()
    if not addresses:
        return None
    is_of_address = col(Subscription.address).in_(addresses)
    is_meant = is_of_address if all_of_address else col(Subscription.id).in_(keys)
    session.connection().execute(delete(Subscription).where(is_meant))
    forget_addresses(session, addresses)
    return session.exec(select(Subscription.id).where(is_of_address).limit(1)).first()


def forget_subscriber(session: Session, address: str) -> None:
    """End every subscription of an address whose owner asked to be forgotten."""
    session.connection().execute(delete(Subscription).where(col(Subscription.address) == address))
    forget_addresses(session, [address])


def mail_subscribers(session: Session) -> int:
    """Write one mail to each address that subscribed to something that happened since the last run; how many.

    Many addresses are written to in portions, each committed by itself, so that nobody waits long for the database;
    a run that was interrupted is gone on with. What a mail says is asked when it is handed over. The worker calls it.
    """
    written = 0
    while True:
        hold(session, "mail_subscribers")
        run_id = queries.find_unfinished_run(session) or _begin_run(session)
        if run_id is None:
            return written
        addresses = _write_portion(session, run_id)
        written += addresses
        if addresses < PORTION:
            return written
        session.commit()


def _begin_run(session: Session) -> UUID | None:
    """Note what happened since the last run as what is told now; None where there is nothing."""
    since = queries.news_begins_at(session)
    untold = queries.list_untold(session, since) if since else ()
    if not untold:
        return None
    run_id = new_id(now(session))
    rows = [{"event_id": key, "run_id": run_id, "happened_at": at, "is_told": False} for key, at in untold]
    session.connection().execute(insert(ToldEvent), rows)
    return run_id


def _write_portion(session: Session, run_id: UUID) -> int:
    """Write to the next addresses of a run; how many. Fewer than a portion are its last."""
    addresses = queries.addresses_to_tell(session, run_id, PORTION)
    for address in addresses:
        send_mail(session, address=address, template=DIGEST, data={"run_id": str(run_id)})
    if len(addresses) < PORTION:
        noted = update(ToldEvent).where(col(ToldEvent.run_id) == run_id).values(is_told=True)
    else:
        noted = update(Subscription).where(col(Subscription.address).in_(addresses)).values(last_run_id=run_id)
    session.connection().execute(noted)
    return len(addresses)


def forget_lapsed_subscriptions(session: Session) -> int:
    """Delete what was never confirmed, and what goes to an address that has taken no mail for a month; how many.

    The worker calls it now and then.
    """
    moment = now(session)
    never_confirmed = and_(
        col(Subscription.confirmed_at).is_(None), col(Subscription.created_at) <= moment - CONFIRM_WITHIN
    )
    is_refused = exists().where(
        and_(
            col(UndeliverableAddress.address) == Subscription.address,
            col(UndeliverableAddress.refused_at) <= moment - KEPT_UNDELIVERABLE,
        )
    )
    statement = delete(Subscription).where(or_(never_confirmed, is_refused)).returning(col(Subscription.address))
    gone = session.connection().execute(statement.execution_options(synchronize_session=False)).scalars().all()
    if gone:
        forget_addresses(session, sorted(set(gone)))
    _forget_refused(session, true())
    _forget_told(session)
    return len(gone)


def forget_addresses(session: Session, addresses: Sequence[str]) -> None:
    """Delete every trace of those of the addresses that have no subscription left; mail waiting for them never leaves.

    What the same address gets as a person of the application stays.
    """
    remaining = exists().where(col(Subscription.address) == OutgoingMail.address)
    mails = and_(
        col(OutgoingMail.address).in_(addresses),
        col(OutgoingMail.person_id).is_(None),
        col(OutgoingMail.template).in_(_TEMPLATES),
        ~remaining,
    )
    is_waiting = and_(col(OutgoingMail.sent_at).is_(None), col(OutgoingMail.dropped_at).is_(None))
    execute = session.connection().execute
    execute(update(OutgoingMail).where(mails, is_waiting).values(dropped_at=now(session), failed_at=None))
    emptied: dict[str, Any] = {"address": "", "data": {}, "last_error": "", "lease_id": None}
    execute(update(OutgoingMail).where(mails).values(emptied))
    _forget_refused(session, col(UndeliverableAddress.address).in_(addresses))


def _put_down(session: Session, form: SubscriptionForm) -> Sequence[UUID]:
    """The rows of what is asked for; one that waits for its confirmation has a week again."""
    moment = now(session)
    for topic in form.topics:
        values = {
            "id": new_id(moment),
            "created_at": moment,
            "address": form.email,
            "target": topic.target,
            "target_id": topic.target_id,
            "key": topic.key,
        }
        insert_if_absent(session, Subscription, values)
    chosen = [and_(col(Subscription.target) == each.target, col(Subscription.key) == each.key) for each in form.topics]
    meant = and_(col(Subscription.address) == form.email, or_(*chosen))
    waiting = update(Subscription).where(meant, col(Subscription.confirmed_at).is_(None))
    session.connection().execute(waiting.values(created_at=moment))
    return session.exec(select(Subscription.id).where(meant).order_by(col(Subscription.id))).all()


def _forget_refused(session: Session, which: ColumnElement[bool]) -> None:
    """What is known of addresses that nobody here has, or writes to, any more."""
    address = col(UndeliverableAddress.address)
    is_used = or_(
        exists().where(col(Subscription.address) == address),
        exists().where(func.lower(Person.email) == address),
        exists().where(col(OutgoingMail.person_id).is_(None), col(OutgoingMail.address) == address),
    )
    session.connection().execute(delete(UndeliverableAddress).where(which, ~is_used))


def _forget_told(session: Session) -> None:
    """Told events that neither a waiting mail nor the next run looks at."""
    newest = session.exec(select(func.max(ToldEvent.happened_at))).one()
    if newest is not None:
        limit = min(newest - queries.LOOKED_BACK, now(session) - KEPT_UNDELIVERABLE)
        session.connection().execute(delete(ToldEvent).where(col(ToldEvent.happened_at) < limit))
