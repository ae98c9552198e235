"""Answering in a Stellungnahmeverfahren, taking an answer back, and saying what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col

from app.actions.attachments import keep_attachment
from app.actions.attempts import note_attempt
from app.actions.consultations import blocks_in, require_open
from app.actions.creations import find_already_created
from app.actions.extensions import grant_extension
from app.actions.moves import move
from app.actions.permissions import require
from app.actions.record import record_creation
from app.actions.sources import add_known_sources
from app.actions.speaking import speaking_in
from app.actions.statement_link_mails import tell_of_answer
from app.clock import now
from app.domain.accounts import AttemptKind, Limit, network_of
from app.domain.actors import PUBLIC_ACTOR, SYSTEM_ACTOR, WRITING_ROLES, Actor
from app.domain.consultations import (
    GRANTING,
    SETTLED_AT_ONCE,
    STATEMENT,
    TAKING,
    Audience,
    Disposition,
    StatementKind,
)
from app.domain.events import EventType, SubjectType
from app.domain.permissions import Permission, Scope
from app.errors import FieldError, Invalid, TooMany
from app.files import Staged
from app.forms.attachments import SentAttachment
from app.forms.consultations import (
    BulkDispositionForm,
    DispositionForm,
    OpenStatementForm,
    StatementForm,
    StatementTransition,
)
from app.i18n import _
from app.models.base import new_id
from app.models.consultations import CommentRound, RoundQuestion, Statement
from app.models.recommendations import Recommendation
from app.queries import consultations as queries
from app.queries.base import get_for_update
from app.queries.versions import blocks_of_number

_OPEN_STATEMENTS_AN_HOUR = 10


Attached = tuple[SentAttachment, Staged]
"""A file that is sent with a statement."""


def post_statement(
    session: Session, round_id: UUID, form: StatementForm, *, actor: Actor, attached: Attached | None = None
) -> tuple[Statement, bool]:
    """Answer a round for an organisation, by a text, by a file with or without one, or by one click.

    The flag is False where this very input was sent before. From the deadline on Closed is raised.
    """
    found = get_for_update(session, CommentRound, round_id, queries.known_rounds(actor, now(session)))
    speaker = speaker_in_round(session, found, actor, form.seat_id)
    earlier = find_already_created(session, Statement, form, actor=actor)
    if earlier:
        return earlier, False
    require_open(session, found)
    return submit_statement(session, found, form, speaker=speaker, attached=attached), True


def submit_statement(
    session: Session,
    found: CommentRound,
    form: StatementForm,
    *,
    speaker: Actor,
    attached: Attached | None = None,
    link_id: UUID | None = None,
) -> Statement:
    """Write down what the speaker says; "keine Einwände" and "Fehlanzeige" are settled at once by the system.

    The caller holds the round, which is open, and has asked who may speak.
    """
    if form.kind is StatementKind.STATEMENT and not form.text and attached is None:
        raise Invalid(FieldError("text", _("Bitte schreiben Sie Ihre Stellungnahme.")))
    if form.kind in SETTLED_AT_ONCE and (form.text or attached):
        raise Invalid(
            FieldError("kind", _("Mit einem Text senden Sie bitte eine Stellungnahme; sie wird beantwortet."))
        )
    made = _statement(session, found, form, speaker)
    made.kind, made.link_id = form.kind, link_id
    if attached and not made.text:
        made.text = _("Siehe Anlage.")
    _record(session, made, speaker)
    if attached:
        sent, staged = attached
        keep_attachment(session, made, sent, staged, body_id=made.body_id, actor=speaker)
    if made.kind in SETTLED_AT_ONCE:
        _settle(session, made, Disposition.SETTLED, None, SYSTEM_ACTOR)
    return made


def post_open_statement(
    session: Session, round_id: UUID, form: OpenStatementForm, *, address: str
) -> tuple[Statement, bool]:
    """Answer a public round without an account; the name given is kept and never published.

    Raises TooMany where one address sends very many within an hour.
    """
    is_public = col(CommentRound.audience) == Audience.PUBLIC
    found = get_for_update(session, CommentRound, round_id, is_public)
    earlier = find_already_created(session, Statement, form, actor=PUBLIC_ACTOR)
    if earlier:
        return earlier, False
    require_open(session, found)
    limit = Limit(f"statement:{network_of(address)}", _OPEN_STATEMENTS_AN_HOUR, timedelta(hours=1))
    wait = note_attempt(session, AttemptKind.STATEMENT, [limit])
    if wait is not None:
        raise TooMany(
            wait, _("Von Ihrem Anschluss kamen in kurzer Zeit viele Stellungnahmen. Bitte versuchen Sie es später.")
        )
    made = _statement(session, found, form, PUBLIC_ACTOR)
    made.author_name = form.author_name
    _record(session, made, PUBLIC_ACTOR)
    return made, True


def speaker_in_round(session: Session, found: CommentRound, actor: Actor, seat_id: UUID | None = None) -> Actor:
    """The actor, speaking for its seat in the body, else for an organisation the round asks; NotAllowed else.

    Who only helps or listens in the body answers for nobody.
    """
    asked = organisations_asked(session, found, actor)
    require(Permission.STATEMENT_SUBMIT, Scope(body_id=found.body_id, owner_ids=asked), actor)
    if seat_id is not None or actor.seats_in(found.body_id, WRITING_ROLES):
        return speaking_in(actor, found.body_id, seat_id, roles=WRITING_ROLES)
    if actor.organisation_id in asked:
        return replace(actor, seat_id=None)
    return replace(actor, seat_id=None, organisation_id=min(asked))


def organisations_asked(session: Session, found: CommentRound, actor: Actor) -> frozenset[UUID]:
    """The organisations in whose name the actor may answer the round beside a seat of the body."""
    if not actor.is_signed_in:
        return frozenset()
    helped = {seat.organisation_id for seat in actor.seats_in(found.body_id) if seat.role not in WRITING_ROLES}
    asked = set(queries.asked_among(session, found.id, sorted(actor.acts_for)))
    if found.audience in {Audience.PARTICIPANTS, Audience.PUBLIC} and actor.organisation_id in actor.acts_for:
        asked.add(actor.organisation_id)
    return frozenset(asked - helped)


def transition_statement(session: Session, key: UUID, form: StatementTransition, *, actor: Actor) -> Statement:
    """Make a move of a statement: take it back, or say what became of it."""
    statement = get_for_update(session, Statement, key, queries.visible_statements(actor))
    if form.transition != "dispose":
        move(session, statement, STATEMENT, form.transition, actor=actor, reason=form.reason)
        return statement
    if form.disposition is None:
        raise Invalid(FieldError("disposition", _("Bitte wählen Sie, was aus der Stellungnahme wurde.")))
    _answer(session, statement, form.disposition, form.reason, form.closes_at, actor)
    return statement


def dispose_statement(session: Session, key: UUID, form: DispositionForm, *, actor: Actor) -> Statement:
    """Say what became of one statement, and why; its author is told."""
    statement = get_for_update(session, Statement, key, queries.visible_statements(actor))
    _answer(session, statement, form.disposition, form.reason, form.closes_at, actor)
    return statement


def dispose_statements(
    session: Session, recommendation_id: UUID, form: BulkDispositionForm, *, actor: Actor
) -> Sequence[Statement]:
    """The same for several statements on one recommendation, all or none."""
    keys = sorted(set(form.statement_ids))
    of_this = col(Statement.recommendation_id) == recommendation_id
    visible = queries.visible_statements(actor)
    statements = [get_for_update(session, Statement, key, visible, of_this) for key in keys]
    for statement in statements:
        _answer(session, statement, form.disposition, form.reason, form.closes_at, actor)
    return statements


def _answer(
    session: Session,
    statement: Statement,
    disposition: Disposition,
    reason: str | None,
    closes_at: datetime | None,
    actor: Actor,
) -> None:
    """Settle it; where it asks for more time and gets it, the deadline moves in the same transaction."""
    _settle(session, statement, disposition, reason, actor)
    tell_of_answer(session, statement)
    if statement.kind is StatementKind.EXTENSION and disposition in GRANTING:
        grant_extension(session, statement, closes_at, reason=reason, actor=actor)
    elif closes_at is not None:
        message = _("Eine neue Frist nennen Sie nur, wenn Sie eine Fristverlängerung gewähren.")
        raise Invalid(FieldError("closes_at", message))


def _settle(session: Session, statement: Statement, disposition: Disposition, reason: str | None, actor: Actor) -> None:
    move(
        session,
        statement,
        STATEMENT,
        "dispose",
        actor=actor,
        reason=reason,
        data={"disposition": disposition.value},
    )
    statement.disposition = disposition
    statement.disposition_reason = reason
    statement.disposed_at = now(session)
    statement.disposed_by_id = actor.person_id
    session.add(statement)
    if disposition in TAKING:
        _name_as_source(session, statement, actor)


def _name_as_source(session: Session, statement: Statement, actor: Actor) -> None:
    """What was taken from a statement on a block is where that block comes from, as long as it lives on."""
    recommendation = session.get_one(Recommendation, statement.recommendation_id)
    living = {block.id for block in blocks_of_number(session, recommendation, recommendation.version)}
    if statement.block_id in living:
        source = (statement.block_id, SubjectType.STATEMENT, statement.id)
        add_known_sources(session, recommendation, [source], actor=actor)


def _statement(
    session: Session, found: CommentRound, form: StatementForm | OpenStatementForm, speaker: Actor
) -> Statement:
    return Statement(
        id=form.id or new_id(now(session)),
        created_at=now(session),
        round_id=found.id,
        recommendation_id=found.recommendation_id,
        body_id=found.body_id,
        author_id=speaker.person_id,
        organisation_id=speaker.organisation_id,
        seat_id=speaker.seat_id,
        text=form.text,
        block_id=_block(session, found, form),
        question_id=form.question_id,
        publish=form.publish,
        is_example=found.is_example,
    )


def _record(session: Session, made: Statement, speaker: Actor) -> None:
    data: dict[str, object] = {
        "round_id": str(made.round_id),
        "kind": made.kind.value,
        "publish": made.publish,
        "block_id": str(made.block_id) if made.block_id else None,
        "question_id": str(made.question_id) if made.question_id else None,
    }
    record_creation(session, EventType.STATEMENT_SUBMITTED, made, actor=speaker, data=data)
    session.flush()


def _block(session: Session, found: CommentRound, form: StatementForm | OpenStatementForm) -> UUID | None:
    """The block it is about: the one named, else the one of the question it answers."""
    block_id = form.block_id
    if form.question_id is not None:
        question = session.get(RoundQuestion, form.question_id)
        if question is None or question.round_id != found.id:
            raise Invalid(FieldError("question_id", _("Diese Frage gehört nicht zu diesem Stellungnahmeverfahren.")))
        block_id = block_id or question.block_id
    if form.block_id is not None and form.block_id not in blocks_in(session, found.recommendation_id, found.version):
        raise Invalid(FieldError("block_id", _("Diesen Absatz gibt es in der Fassung nicht.")))
    return block_id
