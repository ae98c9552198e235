"""Tying something here to an item of another plan, and taking that back."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.creations import find_already_created
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.clock import now
from app.domain.actors import Actor
from app.domain.cross_references import REFERRING
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.errors import FieldError, Invalid, NotFound
from app.forms.cross_references import CrossReferenceForm, CrossReferenceWithdrawal
from app.i18n import _
from app.models.base import new_id
from app.models.cross_references import CrossReference
from app.queries import cross_references as queries
from app.queries import recommendations
from app.queries.base import get_for_update
from app.queries.subjects import discussion_scope, get_subject


def enter_cross_reference(session: Session, form: CrossReferenceForm, *, actor: Actor) -> tuple[CrossReference, bool]:
    """Tie a thing to an item of another plan; read by who reads the thing. The flag is False where it stood already."""
    if form.subject_type not in REFERRING:
        raise Invalid(FieldError("subject_type", _("Querverweise haben Empfehlungen und Maßnahmen.")))
    subject = get_subject(session, form.subject_type, form.subject_id, actor)
    require(Permission.CROSS_REFERENCE_MANAGE, discussion_scope(session, subject), actor)
    earlier = find_already_created(session, CrossReference, form, actor=actor)
    if earlier:
        return earlier, False
    _check_counterpart(session, form, actor)
    moment = now(session)
    made = CrossReference(
        id=form.id or new_id(moment),
        created_at=moment,
        on_type=form.subject_type,
        subject_id=subject.id,
        author_id=actor.person_id,
        organisation_id=actor.organisation_id,
        is_example=subject.is_example,
        **form.model_dump(exclude={"id", "subject_type", "subject_id"}),
    )
    data: dict[str, object] = {
        "subject_id": str(subject.id),
        "relation": form.relation.value,
        "url": form.url,
        "counterpart_id": str(form.counterpart_id) if form.counterpart_id else None,
    }
    record_creation(session, EventType.CROSS_REFERENCE_ENTERED, made, actor=actor, data=data)
    session.flush()
    return made, True


def withdraw_cross_reference(session: Session, key: UUID, form: CrossReferenceWithdrawal, *, actor: Actor) -> None:
    """Take a tie back; the record keeps that it was there."""
    found = get_for_update(session, CrossReference, key, queries.visible(actor))
    subject = get_subject(session, found.on_type, found.subject_id, actor)
    require(Permission.CROSS_REFERENCE_MANAGE, discussion_scope(session, subject), actor)
    if not form.reason:
        raise Invalid(FieldError("reason", _("Bitte begründen Sie, warum der Querverweis zurückgenommen wird.")))
    found.withdrawn_at = now(session)
    record(session, EventType.CROSS_REFERENCE_WITHDRAWN, found, actor=actor, reason=form.reason)
    session.add(found)


def _check_counterpart(session: Session, form: CrossReferenceForm, actor: Actor) -> None:
    if form.counterpart_id is None:
        return
    if form.counterpart_id == form.subject_id:
        raise Invalid(FieldError("counterpart_id", _("Eine Empfehlung verweist nicht auf sich selbst.")))
    try:
        recommendations.get_recommendation(session, form.counterpart_id, actor)
    except NotFound as error:
        raise Invalid(FieldError("counterpart_id", _("Diese Empfehlung gibt es nicht."))) from error
