"""What an organisation does with its commitments: make one, change it, say that it was kept, take it back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.actions.creations import find_already_created
from app.actions.measures import check_part, speaking_for
from app.actions.moves import move
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.clock import now
from app.domain.actors import Actor
from app.domain.commitments import COMMITMENT, CommitmentState
from app.domain.events import EventType
from app.domain.permissions import Permission, Scope
from app.errors import Conflict
from app.forms.commitments import CommitmentChange, CommitmentForm, CommitmentTransition
from app.i18n import _
from app.models.base import new_id
from app.models.commitments import Commitment
from app.queries import commitments as queries
from app.queries import recommendations
from app.queries.base import get_for_update
from app.queries.responses import ANSWERABLE_STATES


def make_commitment(session: Session, form: CommitmentForm, *, actor: Actor) -> tuple[Commitment, bool]:
    """Promise something to a published recommendation for an own organisation. False where it stood already."""
    recommendation = recommendations.get_recommendation(session, form.recommendation_id, actor)
    require(Permission.COMMITMENT_KEEP, Scope(owner_ids=frozenset({form.organisation_id})), actor)
    earlier = find_already_created(session, Commitment, form, actor=actor)
    if earlier:
        return earlier, False
    if recommendation.state not in ANSWERABLE_STATES:
        raise Conflict(_("Eine Selbstverpflichtung ist nur zu einer veröffentlichten, geltenden Empfehlung möglich."))
    check_part(session, recommendation, form.number)
    moment = now(session)
    commitment = Commitment(
        id=form.id or new_id(moment),
        created_at=moment,
        recommendation_id=recommendation.id,
        number=form.number,
        title=form.title,
        description=form.description,
        due_on=form.due_on,
        state_since=moment,
        author_id=actor.person_id,
        organisation_id=form.organisation_id,
        is_example=recommendation.is_example,
    )
    record_creation(
        session,
        EventType.COMMITMENT_MADE,
        commitment,
        actor=speaking_for(form.organisation_id, actor),
        data={
            "recommendation_id": str(recommendation.id),
            "number": form.number,
            "due_on": form.due_on.isoformat() if form.due_on else None,
        },
    )
    session.flush()
    return commitment, True


def change_commitment(session: Session, key: UUID, form: CommitmentChange, *, actor: Actor) -> Commitment:
    """Change what a standing commitment says; what was promised before stays in the record."""
    commitment = get_for_update(session, Commitment, key, queries.visible(actor))
    require(Permission.COMMITMENT_KEEP, commitment, actor)
    if commitment.state is not CommitmentState.STANDING:
        raise Conflict(_("Diese Selbstverpflichtung ist beendet. Nehmen Sie sie wieder auf, um sie zu ändern."))
    changes = form.model_dump(exclude_unset=True)
    texts: dict[str, str] = {
        name: changes[name] or ""
        for name in ("title", "description")
        if name in changes and (changes[name] or name != "title") and (changes[name] or "") != getattr(commitment, name)
    }
    for name, text in texts.items():
        setattr(commitment, name, text)
    data: dict[str, object] = {}
    if "due_on" in changes and form.due_on != commitment.due_on:
        data = {"from_due_on": _day(commitment.due_on), "due_on": _day(form.due_on)}
        commitment.due_on = form.due_on
    if texts or data:
        speaker = _owner(commitment, actor)
        record(session, EventType.COMMITMENT_CHANGED, commitment, actor=speaker, data=data, texts=texts)
    session.add(commitment)
    return commitment


def transition_commitment(session: Session, key: UUID, form: CommitmentTransition, *, actor: Actor) -> Commitment:
    """Make a move of the commitment's table."""
    commitment = get_for_update(session, Commitment, key, queries.visible(actor))
    move(session, commitment, COMMITMENT, form.transition, actor=_owner(commitment, actor), reason=form.reason)
    return commitment


def _owner(commitment: Commitment, actor: Actor) -> Actor:
    """The actor in the name of the organisation whose promise it is."""
    return speaking_for(commitment.organisation_id, actor) if commitment.organisation_id else actor


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
