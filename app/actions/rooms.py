"""Working on a statement within an organisation: the shared draft, comments, letting colleagues in, sending it."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.consultations import blocks_in, require_open
from app.actions.creations import find_already_created
from app.actions.mail import send_mail
from app.actions.notifications import notify
from app.actions.permissions import require_write
from app.actions.statements import post_statement
from app.clock import now
from app.db import insert_if_absent
from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.domain.notifications import RoomFact, Urgency
from app.errors import FieldError, Invalid, NotAllowed, NotFound, StaleVersion
from app.forms.consultations import StatementForm
from app.forms.rooms import DraftForm, RoomCommentForm, RoomReaderForm
from app.i18n import _
from app.models.base import new_id
from app.models.consultations import Statement
from app.models.people import Person
from app.models.rooms import RoomComment, RoomReader, StatementDraft
from app.queries import rooms as queries
from app.queries.rooms import Room
from app.wording.notifications import room_about


def save_draft(session: Session, round_id: UUID, seat_id: UUID, form: DraftForm, *, actor: Actor) -> StatementDraft:
    """Save the shared draft on the revision it was written on.

    Raises StaleVersion with what stands there where a colleague saved in between: nothing is overwritten.
    """
    room = _enter(session, round_id, seat_id, actor)
    draft = _hold_draft(session, room)
    former = draft.saved_by_id
    if _save(session, room, draft, form, actor) and former not in (None, actor.person_id):
        _tell_room(session, room, RoomFact.TAKEN_OVER, actor)
    return draft


def _save(session: Session, room: Room, draft: StatementDraft, form: DraftForm, actor: Actor) -> bool:
    """True where that changed anything."""
    if form.block_id is not None and form.block_id not in blocks_in(
        session, room.round.recommendation_id, room.round.version
    ):
        raise Invalid(FieldError("block_id", _("Diesen Absatz gibt es in der Fassung nicht.")))
    if form.revision != draft.revision:
        raise StaleVersion(
            _("Inzwischen hat jemand anders den Entwurf gespeichert. Beide Texte stehen hier; es ist nichts verloren."),
            yours={"text": form.text},
            theirs={"text": draft.text, "revision": draft.revision},
        )
    if (draft.text, draft.block_id, draft.publish) == (form.text, form.block_id, form.publish):
        return False
    draft.text, draft.block_id, draft.publish = form.text, form.block_id, form.publish
    _touch(session, draft, actor)
    return True


def send_draft(session: Session, round_id: UUID, seat_id: UUID, form: DraftForm, *, actor: Actor) -> Statement:
    """Save the draft and hand it in for the organisation: member or deputy, while the round is open.

    The draft is empty afterwards; what was sent stands among the statements.
    """
    if not queries.get_room(session, round_id, seat_id, actor).may_send:
        raise NotAllowed(_("Für die Organisation gibt nur ab, wer Mitglied oder Stellvertretung auf dem Sitz ist."))
    room = _enter(session, round_id, seat_id, actor)
    draft = _hold_draft(session, room)
    _save(session, room, draft, form, actor)
    if not draft.text:
        raise Invalid(FieldError("text", _("Der Entwurf ist noch leer.")))
    statement = StatementForm(text=draft.text, block_id=draft.block_id, publish=draft.publish, seat_id=seat_id)
    made, _is_new = post_statement(session, round_id, statement, actor=actor)
    draft.text, draft.block_id, draft.publish = "", None, False
    _touch(session, draft, actor)
    _tell_room(session, room, RoomFact.SENT, actor)
    return made


def post_room_comment(
    session: Session, round_id: UUID, seat_id: UUID, form: RoomCommentForm, *, actor: Actor
) -> tuple[RoomComment, bool]:
    """Say something about the draft, to those in the room; the flag is False where it stood already."""
    room = _enter(session, round_id, seat_id, actor)
    earlier = find_already_created(session, RoomComment, form, actor=actor)
    if earlier is not None:
        return earlier, False
    assert actor.person_id
    moment = now(session)
    made = RoomComment(
        id=form.id or new_id(moment),
        created_at=moment,
        round_id=room.round.id,
        seat_id=room.seat.id,
        author_id=actor.person_id,
        text=form.text,
    )
    session.add(made)
    session.flush()
    _tell_room(session, room, RoomFact.COMMENTED, actor)
    return made, True


def delete_room_comment(session: Session, round_id: UUID, seat_id: UUID, key: UUID, *, actor: Actor) -> None:
    """Take one's own comment away, for good: it was never part of the record."""
    room = _enter(session, round_id, seat_id, actor)
    found = session.get(RoomComment, key)
    if found is None or (found.round_id, found.seat_id) != (room.round.id, room.seat.id):
        raise NotFound()
    if found.author_id != actor.person_id:
        raise NotAllowed(_("Diesen Beitrag löscht nur, wer ihn geschrieben hat."))
    session.delete(found)


def let_reader_in(session: Session, round_id: UUID, seat_id: UUID, form: RoomReaderForm, *, actor: Actor) -> None:
    """Let a colleague of the same organisation into the rooms of the seat; twice changes nothing."""
    room = _enter_to_send(session, round_id, seat_id, actor)
    colleagues = {person.id for person, _is_in in queries.list_colleagues(session, room)}
    if form.person_id not in colleagues:
        raise Invalid(FieldError("person_id", _("Bitte wählen Sie eine Person Ihrer Organisation.")))
    values = {
        "seat_id": seat_id,
        "person_id": form.person_id,
        "invited_by_id": actor.person_id,
        "invited_at": now(session),
    }
    if insert_if_absent(session, RoomReader, values):
        _tell(session, room, form.person_id)


def let_reader_out(session: Session, round_id: UUID, seat_id: UUID, form: RoomReaderForm, *, actor: Actor) -> None:
    """Let a colleague in no longer; what was said in the room stays."""
    _enter_to_send(session, round_id, seat_id, actor)
    found = session.get(RoomReader, (seat_id, form.person_id))
    if found is not None:
        session.delete(found)


def _enter(session: Session, round_id: UUID, seat_id: UUID, actor: Actor) -> Room:
    room = queries.get_room(session, round_id, seat_id, actor)
    require_write(actor)
    require_open(session, room.round)
    return room


def _enter_to_send(session: Session, round_id: UUID, seat_id: UUID, actor: Actor) -> Room:
    room = _enter(session, round_id, seat_id, actor)
    if not room.may_send:
        raise NotAllowed(_("Einladen kann hier nur, wer Mitglied oder Stellvertretung auf dem Sitz ist."))
    return room


def _tell(session: Session, room: Room, person_id: UUID) -> None:
    """Write to who was let in where the room is: it stands on no other page of theirs."""
    person = session.get_one(Person, person_id)
    if person.email:
        data = {
            "name": person.name,
            "organisation": room.organisation.name,
            "path": f"/raeume/{room.round.id}/{room.seat.id}",
        }
        send_mail(session, address=person.email, template="room_invitation", data=data, person_id=person.id)


def _tell_room(session: Session, room: Room, fact: RoomFact, actor: Actor) -> None:
    """Tell the others in the room, as news: it has no record, so no event does."""
    moment = now(session)
    notify(
        session,
        occasion_id=new_id(moment),
        about=room_about(fact),
        urgency=Urgency.NEWS,
        subject_type=SubjectType.SEAT,
        subject_id=room.seat.id,
        place_type=SubjectType.COMMENT_ROUND,
        place_id=room.round.id,
        body_id=room.round.body_id,
        happened_at=moment,
        persons=queries.persons_in(room),
        doer_id=actor.person_id,
    )


def _hold_draft(session: Session, room: Room) -> StatementDraft:
    """The draft with its row held; of two who begin it at once one makes it."""
    moment = now(session)
    values = {
        "id": new_id(moment),
        "created_at": moment,
        "round_id": room.round.id,
        "seat_id": room.seat.id,
        "revision": 0,
        "text": "",
        "publish": False,
        "saved_at": moment,
    }
    if room.draft is None:
        insert_if_absent(session, StatementDraft, values)
    statement = (
        select(StatementDraft)
        .where(StatementDraft.round_id == room.round.id, col(StatementDraft.seat_id) == room.seat.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.exec(statement).one()


def _touch(session: Session, draft: StatementDraft, actor: Actor) -> None:
    draft.revision += 1
    draft.saved_at = now(session)
    draft.saved_by_id = actor.person_id
    session.add(draft)
    session.flush()
