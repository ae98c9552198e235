"""Giving evidence for a need, proposal, recommendation or measure."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.creations import find_already_created
from app.actions.permissions import require
from app.actions.record import record
from app.clock import now
from app.domain.actors import Actor
from app.domain.events import EventType, SubjectType
from app.domain.permissions import Permission
from app.forms.contributions import EvidenceForm
from app.models.base import new_id
from app.models.needs import Evidence
from app.queries import subjects

_EVENTS = {
    SubjectType.NEED: EventType.NEED_EVIDENCE_ADDED,
    SubjectType.PROPOSAL: EventType.PROPOSAL_EVIDENCE_ADDED,
    SubjectType.RECOMMENDATION: EventType.RECOMMENDATION_EVIDENCE_ADDED,
    SubjectType.MEASURE: EventType.MEASURE_EVIDENCE_ADDED,
}


def add_evidence(
    session: Session, on_type: SubjectType, on_id: UUID, form: EvidenceForm, *, actor: Actor
) -> tuple[Evidence, bool]:
    """Name a source for a thing. The flag is False where it stood already."""
    subject = subjects.get_subject(session, on_type, on_id, actor, for_update=True)
    scope = subjects.discussion_scope(session, subject)
    require(Permission.EVIDENCE_ADD, scope, actor)
    earlier = find_already_created(session, Evidence, form, actor=actor)
    if earlier:
        return earlier, False
    moment = now(session)
    evidence = Evidence(
        id=form.id or new_id(moment),
        created_at=moment,
        subject_type=on_type,
        subject_id=on_id,
        kind=form.kind,
        source=form.source,
        url=form.url,
        summary=form.summary,
        author_id=actor.person_id,
        organisation_id=actor.organisation_id,
    )
    session.add(evidence)
    texts = {"source": form.source, **({"summary": form.summary} if form.summary else {})}
    data = {"evidence_id": str(evidence.id), "kind": form.kind.value}
    record(session, _EVENTS[on_type], subject, actor=actor, texts=texts, data=data)
    return evidence, True
