"""Taking what readers write about the site, without an account, and setting it aside when it is dealt with."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from app.actions.attempts import note_attempt
from app.actions.creations import find_already_created
from app.actions.permissions import require
from app.clock import now
from app.domain.accounts import AttemptKind, Limit, network_of
from app.domain.actors import PUBLIC_ACTOR, Actor
from app.domain.permissions import Permission
from app.errors import TooMany
from app.forms.feedback import FeedbackForm
from app.i18n import _
from app.models.base import new_id
from app.models.feedback import Feedback
from app.queries.base import get_for_update

PER_HOUR = 10


def give_feedback(session: Session, form: FeedbackForm, *, address: str) -> tuple[Feedback, bool]:
    """Keep what a reader wrote, and not who it was; TooMany where one address writes too often."""
    earlier = find_already_created(session, Feedback, form, actor=PUBLIC_ACTOR)
    if earlier:
        return earlier, False
    limit = Limit(f"feedback:{network_of(address)}", PER_HOUR, timedelta(hours=1))
    wait = note_attempt(session, AttemptKind.FEEDBACK, [limit])
    if wait is not None:
        raise TooMany(
            wait, _("Von Ihrem Anschluss kamen in kurzer Zeit viele Rückmeldungen. Bitte versuchen Sie es später.")
        )
    made = Feedback(
        id=form.id or new_id(now(session)),
        created_at=now(session),
        text=form.text,
        rating=form.rating,
        page=form.page,
        contact=form.contact or "",
    )
    session.add(made)
    return made, True


def settle_feedback(session: Session, key: UUID, *, actor: Actor) -> None:
    """Delete what is dealt with: nothing is kept of readers longer than it is needed."""
    require(Permission.FEEDBACK_READ, None, actor)
    session.delete(get_for_update(session, Feedback, key))
