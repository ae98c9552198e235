"""The one writer of every state: a move is looked up in the noun's table, checked, made and recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from app.actions.permissions import require_write
from app.actions.record import record
from app.clock import now
from app.domain.actors import Actor, ActorKind
from app.domain.permissions import Scope, capabilities, is_granted
from app.domain.workflow import Offer, Transition, Workflow, blockers
from app.errors import FieldError, Invalid, MoveBlocked, MoveNotPossible, NotAllowed
from app.i18n import _
from app.models.base import Stateful
from app.models.record import Event
from app.queries.scopes import scope_of
from app.wording import blocker_sentence, label, permission_refused, transition_label

MAXIMUM_REASON = 5_000


def decide(
    subject: Stateful,
    workflow: Workflow,
    name: str,
    *,
    actor: Actor,
    facts: Any = None,
    reason: str | None = None,
    scope: Scope | None = None,
) -> Transition:
    """The row the move would follow; raises what forbids it and changes nothing.

    404 is the caller's (who can't see has no subject); then 403, 409 for the state, 422 for a missing
    reason, 409 for a guard.
    """
    rows = workflow.rows_named(name)
    if not rows:
        raise Invalid(FieldError("transition", _("Diesen Schritt gibt es nicht.")))
    state = state_of(subject)
    held = capabilities(actor, scope or scope_of(subject))
    row = workflow.find(name, state)
    if not any(is_granted(each.permission, held) for each in ([row] if row else rows)):
        raise NotAllowed(permission_refused((row or rows[0]).permission))
    require_write(actor)
    if row is None:
        raise MoveNotPossible(
            _("„{move}“ ist im Stand „{state}“ nicht möglich.").format(
                move=transition_label(workflow.noun, name), state=label(state)
            ),
            state=state.value,
        )
    if row.reason_required and actor.kind is ActorKind.PERSON and not (reason or "").strip():
        raise Invalid(FieldError("reason", _("Bitte begründen Sie diesen Schritt.")))
    if reason and len(reason) > MAXIMUM_REASON:
        raise Invalid(FieldError("reason", _("Bitte fassen Sie die Begründung kürzer, höchstens 5.000 Zeichen.")))
    found = blockers(row, facts)
    if found:
        raise MoveBlocked(blocker_sentence(each) for each in found)
    return row


def move(
    session: Session,
    subject: Stateful,
    workflow: Workflow,
    name: str,
    *,
    actor: Actor,
    facts: Any = None,
    reason: str | None = None,
    scope: Scope | None = None,
    data: Mapping[str, object] | None = None,
    texts: Mapping[str, str] | None = None,
    version: int | None = None,
    effective_at: datetime | None = None,
) -> Event:
    """Make the move and write its event; raises as `decide` does, and then nothing has changed.

    The caller holds the subject's row (`get_for_update`), so that of two at once one sees the other's state.
    """
    row = decide(subject, workflow, name, actor=actor, facts=facts, reason=reason, scope=scope)
    source = state_of(subject)
    target = row.target or _way_back(subject) or source
    if name == "suspend" and hasattr(subject, "suspended_from"):
        subject.suspended_from = source
    subject.state = target
    if hasattr(subject, "state_since") and target != source:
        subject.state_since = effective_at or now(session)
    session.add(subject)
    return record(
        session,
        row.event,
        subject,
        actor=actor,
        reason=reason,
        data=data,
        texts=texts,
        from_state=source.value,
        to_state=target.value,
        version=version,
        effective_at=effective_at,
    )


def offers(
    subject: Stateful, workflow: Workflow, actor: Actor, facts: Any = None, scope: Scope | None = None
) -> tuple[Offer, ...]:
    """The moves this actor may make now, blocked ones with what blocks them."""
    if not actor.may_write:
        return ()
    return workflow.offers(state_of(subject), capabilities(actor, scope or scope_of(subject)), facts)


def state_of(subject: Stateful) -> StrEnum:
    """The subject's state as its enum member."""
    state: StrEnum = subject.state  # type: ignore[attr-defined]
    return state


def _way_back(subject: Stateful) -> StrEnum | None:
    if state_of(subject).value != "dormant":
        return None
    way_back: StrEnum | None = getattr(subject, "suspended_from", None)
    return way_back
