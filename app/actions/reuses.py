"""What becomes of a reuse: sent by anybody, confirmed by its mailbox, released, asked about each year, ended."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from app.actions.attempts import note_attempt
from app.actions.mail import send_mail
from app.actions.moves import move
from app.actions.record import record_creation
from app.clock import now
from app.db import hold
from app.domain.accounts import AttemptKind
from app.domain.actors import PUBLIC_ACTOR, SYSTEM_ACTOR, Actor
from app.domain.deadlines import add_months, berlin_date
from app.domain.events import EventType
from app.domain.reuses import ASKED_AGAIN_MONTHS, CONFIRM_WITHIN, REUSE, ReuseState
from app.domain.subscriptions import mailbox_limits, network_limits
from app.errors import Conflict, FieldError, Invalid, TooMany
from app.forms.reuses import ReuseForm, ReuseTransition
from app.i18n import _
from app.models.base import new_id
from app.models.recommendations import Recommendation
from app.models.reuses import Reuse, ReuseRequest
from app.queries import recommendations
from app.queries import reuses as queries
from app.queries.base import get_for_update
from app.queries.responses import ANSWERABLE_STATES

CONFIRMATION, QUESTION, OUTCOME = "reuse_confirmation", "reuse_question", "reuse_outcome"
"""The templates of mails to a mailbox."""

_OVER = (ReuseState.DECLINED, ReuseState.ENDED)


def send_reuse(session: Session, recommendation_id: UUID, form: ReuseForm, *, address: str) -> None:
    """Keep what was sent for a week and ask its mailbox by mail; TooMany where one network sends too often."""
    recommendation = recommendations.get_recommendation(session, recommendation_id, PUBLIC_ACTOR)
    if recommendation.state not in ANSWERABLE_STATES:
        raise Conflict(_("Diese Empfehlung gilt nicht mehr; eine Nachnutzung lässt sich nicht mehr eintragen."))
    moment = now(session)
    if form.since_on > berlin_date(moment):
        raise Invalid(FieldError("since_on", _("Bitte nennen Sie einen Tag, der schon war.")))
    wait = note_attempt(session, AttemptKind.REUSE, network_limits(address))
    if wait is not None:
        message = _("Von Ihrem Anschluss kamen in kurzer Zeit viele Einträge. Bitte versuchen Sie es später.")
        raise TooMany(wait, message)
    if form.id is not None and _is_known(session, form.id):
        return
    if note_attempt(session, AttemptKind.REUSE, mailbox_limits(form.mailbox)) is not None:
        return
    request = await_confirmation(session, recommendation.id, form)
    send_mail(session, address=form.mailbox, template=CONFIRMATION, data={"request_id": str(request.id)})


def await_confirmation(session: Session, recommendation_id: UUID, form: ReuseForm) -> ReuseRequest:
    """Keep what was sent until its mailbox confirms it; whoever calls has checked it, and asks."""
    moment = now(session)
    request = ReuseRequest(
        id=form.id or new_id(moment),
        created_at=moment,
        recommendation_id=recommendation_id,
        mailbox=form.mailbox,
        content=form.model_dump(mode="json", exclude={"id", "mailbox"}),
    )
    session.add(request)
    return request


def confirm_reuse(session: Session, key: UUID) -> bool:
    """The mailbox agreed: it waits for the Geschäftsstelle now. False where the link is no longer good."""
    hold(session, f"reuse {key}")
    request = queries.find_request(session, key, now(session))
    if request is None:
        return session.get(Reuse, key) is not None
    recommendation = session.get_one(Recommendation, request.recommendation_id)
    moment = now(session)
    made = Reuse(
        id=request.id,
        created_at=moment,
        recommendation_id=recommendation.id,
        mailbox=request.mailbox,
        state_since=moment,
        last_said_on=berlin_date(moment),
        is_example=recommendation.is_example,
        **ReuseForm(mailbox=request.mailbox, **request.content).model_dump(exclude={"id", "mailbox"}),
    )
    session.delete(request)
    data = {"land": made.land.value, "size_class": made.size_class.value, "since_on": made.since_on.isoformat()}
    record_creation(session, EventType.REUSE_CONFIRMED, made, actor=SYSTEM_ACTOR, data=data)
    return True


def transition_reuse(session: Session, key: UUID, form: ReuseTransition, *, actor: Actor) -> Reuse:
    """Make a move of the table; that an entry was declined or ended its mailbox is told, and then it is forgotten."""
    entry = get_for_update(session, Reuse, key, queries.visible(actor))
    move(session, entry, REUSE, form.transition, actor=actor, reason=form.reason)
    if entry.state in _OVER and entry.mailbox:
        _tell_outcome(session, entry, form.reason or "")
    _forget_mailbox(entry)
    return entry


def answer_reuse(session: Session, key: UUID, *, still_so: bool) -> Reuse | None:
    """Who holds the mailbox's link says that it still is so, or ends it; None where nothing stands to be kept."""
    if queries.find_kept(session, key) is None:
        return None
    entry = get_for_update(session, Reuse, key)
    if still_so and entry.state is ReuseState.RELEASED:
        entry.last_said_on = berlin_date(now(session))
        move(session, entry, REUSE, "reaffirm", actor=SYSTEM_ACTOR)
    elif not still_so:
        move(session, entry, REUSE, "end", actor=SYSTEM_ACTOR)
        _forget_mailbox(entry)
    return entry


def ask_about_reuses(session: Session) -> int:
    """Ask each mailbox once a year whether it still is so; how many. The worker calls it."""
    today = berlin_date(now(session))
    due = queries.reuses_to_ask(session, _months_before(today))
    for entry in due:
        entry.asked_on = today
        session.add(entry)
        send_mail(session, address=entry.mailbox, template=QUESTION, data={"reuse_id": str(entry.id)})
    return len(due)


def forget_unconfirmed_reuses(session: Session) -> int:
    """Delete what no mailbox confirmed within a week; how many. The worker calls it."""
    old = col(ReuseRequest.created_at) <= now(session) - CONFIRM_WITHIN
    return session.connection().execute(delete(ReuseRequest).where(old)).rowcount


def _is_known(session: Session, key: UUID) -> bool:
    """True for what was sent already, confirmed since or not."""
    return session.get(ReuseRequest, key) is not None or session.get(Reuse, key) is not None


def _tell_outcome(session: Session, entry: Reuse, reason: str) -> None:
    recommendation = session.get_one(Recommendation, entry.recommendation_id)
    data = {
        "name": entry.name,
        "title": recommendation.title,
        "url": recommendations.url_of(recommendation),
        "is_declined": entry.state is ReuseState.DECLINED,
        "why": reason,
    }
    send_mail(session, address=entry.mailbox, template=OUTCOME, data=data)


def _forget_mailbox(entry: Reuse) -> None:
    if entry.state in _OVER:
        entry.mailbox = ""


def _months_before(day: date) -> date:
    return add_months(day, -ASKED_AGAIN_MONTHS)
