"""Marking how far a seat carries each block of a round's version; it can be changed until the round ends."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.consultations import blocks_in, require_open
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.speaking import speaking_in
from app.clock import now
from app.domain.actors import WRITING_ROLES, Actor
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.errors import Conflict, FieldError, Invalid, NotAllowed
from app.forms.marks import MarksForm
from app.i18n import _
from app.models.base import new_id
from app.models.consultations import CommentRound
from app.models.marks import MarkSheet
from app.queries import consultations
from app.queries import marks as queries
from app.queries.base import get_for_update


def mark_blocks(session: Session, round_id: UUID, form: MarksForm, *, actor: Actor) -> MarkSheet | None:
    """Set the marks of the actor's seat, all at once; what says the same again leaves no trace.

    Refused from the round's end on, and where somebody of the seat marked since the sheet was read. None where
    nothing was marked and nothing is.
    """
    found = get_for_update(session, CommentRound, round_id, consultations.visible_rounds(actor, now(session)))
    require(Permission.BLOCK_MARK, found, actor)
    speaker = speaking_in(actor, found.body_id, form.seat_id, roles=WRITING_ROLES)
    if speaker.seat_id is None or speaker.organisation_id is None:
        raise NotAllowed(_("Markieren können Sie nur für einen Sitz im Gremium."))
    require_open(session, found)
    wanted = _wanted(session, found, form)
    sheet = queries.find_sheet(session, found.id, speaker.seat_id)
    if form.sequence is not None and form.sequence != (sheet.sequence if sheet else 0):
        raise Conflict(
            _("Für Ihren Sitz hat inzwischen jemand anders markiert. Bitte sehen Sie nach und markieren Sie dann neu.")
        )
    if sheet is not None:
        if sheet.marks != wanted:
            sheet.marks = wanted
            session.add(sheet)
            record(session, EventType.MARKS_CHANGED, sheet, actor=speaker, data={"marks": wanted})
        return sheet
    if not wanted:
        return None
    moment = now(session)
    sheet = MarkSheet(
        id=new_id(moment),
        created_at=moment,
        round_id=found.id,
        recommendation_id=found.recommendation_id,
        body_id=found.body_id,
        seat_id=speaker.seat_id,
        organisation_id=speaker.organisation_id,
        marks=wanted,
        is_example=found.is_example,
    )
    record_creation(session, EventType.MARKS_MADE, sheet, actor=speaker, data={"marks": wanted})
    session.flush()
    return sheet


def _wanted(session: Session, found: CommentRound, form: MarksForm) -> dict[str, str]:
    wanted = {each.block_id: each.mark.value for each in form.marks}
    if len(wanted) != len(form.marks):
        raise Invalid(FieldError("marks", _("Ein Absatz ist zweimal genannt.")))
    known = blocks_in(session, found.recommendation_id, found.version)
    errors = [
        FieldError(f"marks.{place}.block_id", _("Diesen Absatz gibt es in der Fassung nicht."))
        for place, each in enumerate(form.marks)
        if each.block_id not in known
    ]
    if errors:
        raise Invalid(*errors)
    return {str(key): wanted[key] for key in sorted(wanted)}
