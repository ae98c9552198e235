"""Answering in a Stellungnahmeverfahren, taking an answer back, and saying what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col

from app.actions.attempts import note_attempt
from app.actions.consultations import blocks_in
from app.actions.creations import find_already_created
from app.actions.moves import move
from app.actions.permissions import require
from app.actions.record import record_creation
from app.actions.speaking import speaking_in
from app.clock import now
from app.domain.accounts import AttemptKind, Limit, network_of
from app.domain.actors import PUBLIC_ACTOR, SYSTEM_ACTOR, WRITING_ROLES, Actor
from app.domain.consultations import (
    SETTLED_AT_ONCE,
    STATEMENT,
    Audience,
    Disposition,
    RoundState,
    StatementKind,
)
from app.domain.deadlines import is_over, last_day
from app.domain.events import EventType
from app.domain.permissions import Permission, Scope
from app.errors import Closed, FieldError, Invalid, TooMany
from app.forms.consultations import (
    BulkDispositionForm,
    DispositionForm,
    OpenStatementForm,
    StatementForm,
    StatementTransition,
)
from app.i18n import _
from app.models.base import new_id
from app.models.consultations import CommentRound, Statement
from app.queries import consultations as queries
from app.queries.base import get_for_update

_OPEN_STATEMENTS_AN_HOUR = 10


def post_statement(session: Session, round_id: UUID, form: StatementForm, *, actor: Actor) -> tuple[Statement, bool]:
    """Answer a round for an organisation; "keine Einwände" and "Fehlanzeige" are settled at once by the system.

    The flag is False where this very input was sent before. From the deadline on Closed is raised.
    """
    found = get_for_update(session, CommentRound, round_id, queries.known_rounds(actor, now(session)))
    speaker = speaker_in_round(session, found, actor, form.seat_id)
    earlier = find_already_created(session, Statement, form, actor=actor)
    if earlier:
        return earlier, False
    require_open(session, found)
    if form.kind is StatementKind.STATEMENT and not form.text:
        raise Invalid(FieldError("text", _("Bitte schreiben Sie Ihre Stellungnahme.")))
    if form.kind in SETTLED_AT_ONCE and form.text:
        raise Invalid(
            FieldError("kind", _("Mit einem Text senden Sie bitte eine Stellungnahme; sie wird beantwortet."))
        )
    _check_block(session, found, form.block_id)
    made = _statement(session, found, form.id, speaker)
    made.kind, made.text, made.block_id, made.publish = form.kind, form.text, form.block_id, form.publish
    _record(session, made, speaker)
    if made.kind in SETTLED_AT_ONCE:
        _settle(session, made, Disposition.SETTLED, None, SYSTEM_ACTOR)
    return made, True


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
    _check_block(session, found, form.block_id)
    limit = Limit(f"statement:{network_of(address)}", _OPEN_STATEMENTS_AN_HOUR, timedelta(hours=1))
    wait = note_attempt(session, AttemptKind.STATEMENT, [limit])
    if wait is not None:
        raise TooMany(
            wait, _("Von Ihrem Anschluss kamen in kurzer Zeit viele Stellungnahmen. Bitte versuchen Sie es später.")
        )
    made = _statement(session, found, form.id, PUBLIC_ACTOR)
    made.text, made.block_id, made.publish = form.text, form.block_id, form.publish
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


def require_open(session: Session, found: CommentRound) -> None:
    """Raise Closed from the deadline on, recorded or not."""
    if found.state is RoundState.CLOSED and found.closed_at and found.closed_at < found.closes_at:
        raise Closed(_("Das Stellungnahmeverfahren wurde vorzeitig geschlossen."))
    if found.state is RoundState.CLOSED or is_over(found.closes_at, now(session)):
        day = last_day(found.closes_at).strftime("%d.%m.%Y")
        raise Closed(_("Die Frist für Stellungnahmen endete am {day}.").format(day=day))


def transition_statement(session: Session, key: UUID, form: StatementTransition, *, actor: Actor) -> Statement:
    """Make a move of a statement: take it back, or say what became of it."""
    statement = get_for_update(session, Statement, key, queries.visible_statements(actor))
    if form.transition != "dispose":
        move(session, statement, STATEMENT, form.transition, actor=actor, reason=form.reason)
        return statement
    if form.disposition is None:
        raise Invalid(FieldError("disposition", _("Bitte wählen Sie, was aus der Stellungnahme wurde.")))
    _settle(session, statement, form.disposition, form.reason, actor)
    return statement


def dispose_statement(session: Session, key: UUID, form: DispositionForm, *, actor: Actor) -> Statement:
    """Say what became of one statement, and why; its author is told."""
    statement = get_for_update(session, Statement, key, queries.visible_statements(actor))
    _settle(session, statement, form.disposition, form.reason, actor)
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
        _settle(session, statement, form.disposition, form.reason, actor)
    return statements


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


def _statement(session: Session, found: CommentRound, key: UUID | None, speaker: Actor) -> Statement:
    return Statement(
        id=key or new_id(now(session)),
        created_at=now(session),
        round_id=found.id,
        recommendation_id=found.recommendation_id,
        body_id=found.body_id,
        author_id=speaker.person_id,
        organisation_id=speaker.organisation_id,
        seat_id=speaker.seat_id,
        is_example=found.is_example,
    )


def _record(session: Session, made: Statement, speaker: Actor) -> None:
    data: dict[str, object] = {
        "round_id": str(made.round_id),
        "kind": made.kind.value,
        "publish": made.publish,
        "block_id": str(made.block_id) if made.block_id else None,
    }
    record_creation(session, EventType.STATEMENT_SUBMITTED, made, actor=speaker, data=data)
    session.flush()


def _check_block(session: Session, found: CommentRound, block_id: UUID | None) -> None:
    if block_id is not None and block_id not in blocks_in(session, found.recommendation_id, found.version):
        raise Invalid(FieldError("block_id", _("Diesen Absatz gibt es in der Fassung nicht.")))
