"""Letting an organisation without an account answer a round: its link, answering by it and taking an answer back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.attempts import note_attempt, note_linked_form
from app.actions.consultations import require_open
from app.actions.creations import find_already_created
from app.actions.moves import move
from app.actions.permissions import require
from app.actions.record import record
from app.actions.statement_link_mails import INVITED, mail_link
from app.actions.statements import Attached, submit_statement
from app.clock import now
from app.domain.accounts import AttemptKind, Limit
from app.domain.actors import Actor, ActorKind
from app.domain.consultations import INVITING_AUDIENCES, STATEMENT
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.errors import Conflict, FieldError, Invalid, NotFound, TooMany
from app.forms.consultations import LinkedStatementForm, StatementForm, StatementLinkForm
from app.i18n import _
from app.models.base import new_id
from app.models.consultations import CommentRound, RoundOrganisation, Statement, StatementLink
from app.models.organisations import Organisation
from app.queries import consultations
from app.queries import statement_links as queries
from app.queries.base import get_for_update

_STATEMENTS_AN_HOUR = 30


def make_statement_link(
    session: Session, round_id: UUID, form: StatementLinkForm, *, actor: Actor
) -> tuple[StatementLink, bool]:
    """Make the link of an organisation the round asks, and mail it where an address is given.

    An earlier link of the organisation ends with it. The flag is False where this very input made it before.
    """
    found = get_for_update(session, CommentRound, round_id, consultations.visible_rounds(actor, now(session)))
    require(Permission.RECOMMENDATION_CONSULT, found, actor)
    made = find_already_created(session, StatementLink, form, actor=actor)
    if made is not None:
        return made, False
    require_open(session, found)
    _ask(session, found, form.organisation_id)
    earlier = select(StatementLink).where(
        StatementLink.round_id == found.id,
        StatementLink.organisation_id == form.organisation_id,
        col(StatementLink.revoked_at).is_(None),
    )
    for link in session.exec(earlier).all():
        _revoke(session, found, link, actor)
    session.flush()
    moment = now(session)
    made = StatementLink(
        id=form.id or new_id(moment),
        created_at=moment,
        round_id=found.id,
        organisation_id=form.organisation_id,
        address=form.address or "",
    )
    session.add(made)
    data = {"link_id": str(made.id), "organisation_id": str(made.organisation_id)}
    record(session, EventType.ROUND_LINK_MADE, found, actor=actor, data=data)
    session.flush()
    mail_link(session, made, INVITED)
    return made, True


def revoke_statement_link(session: Session, key: UUID, *, actor: Actor) -> StatementLink:
    """Take a link back: it opens nothing any more; what was sent by it stays. Twice changes nothing."""
    link = get_for_update(session, StatementLink, key)
    found = get_for_update(session, CommentRound, link.round_id, consultations.visible_rounds(actor, now(session)))
    require(Permission.RECOMMENDATION_CONSULT, found, actor)
    if link.revoked_at is None:
        _revoke(session, found, link, actor)
    return link


def post_statement_by_link(
    session: Session, link_id: UUID, form: LinkedStatementForm, *, address: str, attached: Attached | None = None
) -> tuple[Statement, bool]:
    """Answer as the organisation the link was made for. Raises Conflict for a revoked link, Closed after the end.

    TooMany where by this link, or from this address, very many are sent.
    """
    found, link, speaker = _speaking(session, link_id)
    fields = form.model_dump(exclude={"alt_text"})
    sent = StatementForm(**fields)
    earlier = find_already_created(session, Statement, sent, actor=speaker)
    if earlier is not None:
        return earlier, False
    require_open(session, found)
    note_linked_form(session, address)
    limit = Limit(f"statement_link:{link.id}", _STATEMENTS_AN_HOUR, timedelta(hours=1))
    wait = note_attempt(session, AttemptKind.STATEMENT, [limit])
    if wait is not None:
        raise TooMany(wait, _("Mit diesem Link kamen in kurzer Zeit viele Stellungnahmen. Bitte warten Sie etwas."))
    return submit_statement(session, found, sent, speaker=speaker, attached=attached, link_id=link.id), True


def withdraw_statement_by_link(session: Session, link_id: UUID, statement_id: UUID) -> Statement:
    """Take back what was sent by this link, until the deadline and while it is not answered.

    Raises NotFound for what was sent otherwise, Conflict for a revoked link, Closed after the end.
    """
    found, link, speaker = _speaking(session, link_id)
    statement = get_for_update(session, Statement, statement_id, col(Statement.link_id) == link.id)
    require_open(session, found)
    move(session, statement, STATEMENT, "withdraw", actor=speaker)
    return statement


def _speaking(session: Session, link_id: UUID) -> tuple[CommentRound, StatementLink, Actor]:
    """The round and the link, held, and who speaks by it: nobody but the organisation it was made for."""
    followed = queries.follow(session, link_id)
    if followed is None:
        raise NotFound()
    found = get_for_update(session, CommentRound, followed.round.id)
    link = get_for_update(session, StatementLink, link_id)
    if link.revoked_at is not None:
        raise Conflict(_("Dieser Link wurde gesperrt. Es wurde nichts geändert."))
    return found, link, Actor(kind=ActorKind.SYSTEM, organisation_id=link.organisation_id)


def _ask(session: Session, found: CommentRound, organisation_id: UUID) -> None:
    """The organisation is one of those the round asks by name; where it asks everybody, from now on this one, too."""
    if session.get(RoundOrganisation, (found.id, organisation_id)) is not None:
        return
    organisation = session.get(Organisation, organisation_id)
    if found.audience in INVITING_AUDIENCES or organisation is None or not organisation.is_active:
        message = _("Diese Organisation ist in diesem Stellungnahmeverfahren nicht gefragt.")
        raise Invalid(FieldError("organisation_id", message))
    session.add(RoundOrganisation(round_id=found.id, organisation_id=organisation_id))
    session.flush()


def _revoke(session: Session, found: CommentRound, link: StatementLink, actor: Actor) -> None:
    link.revoked_at = now(session)
    session.add(link)
    data = {"link_id": str(link.id), "organisation_id": str(link.organisation_id)}
    record(session, EventType.ROUND_LINK_REVOKED, found, actor=actor, data=data)
