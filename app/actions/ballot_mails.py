"""Mails about ballots and co-signatures: that something waits and until when, never what was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.mail import link_to, send_mail
from app.domain.actors import VOTING_ROLES
from app.i18n import _
from app.models.ballots import Ballot, BallotSeat
from app.models.bodies import Body, Membership
from app.models.co_signatures import CoSignature
from app.models.people import Person
from app.models.recommendations import Recommendation
from app.queries.co_signatures import persons_acting_for
from app.wording import label
from app.wording.dates import german_date, german_deadline


def announce_opening(session: Session, ballot: Ballot, recommendation: Recommendation, body: Body) -> None:
    """Tell the members and deputies of the electorate that a ballot is open."""
    text = _(
        "Im Gremium „{body}“ ist eine Beschlussfassung eröffnet. Ihr Sitz ist stimmberechtigt.\n"
        "Sie endet am {moment}. Bis dahin können Sie Ihre Position abgeben und ändern:\n\n{link}\n"
    ).format(body=body.title, moment=german_deadline(ballot.closes_at), link=_ballot_link(session, recommendation.id))
    _send(session, persons_voting(session, ballot.id), _("Beschlussfassung eröffnet"), text)


def announce_closing(session: Session, ballot: Ballot) -> None:
    """Tell the members and deputies of the electorate that a ballot is over, and the period that runs now."""
    text = _(
        "Eine Beschlussfassung, an der Ihr Sitz beteiligt war, ist beendet. Das Ergebnis steht hier:\n\n{link}\n\n"
        "Wer nicht uneingeschränkt zugestimmt hat, kann bis {moment} ein Sondervotum einreichen "
        "oder darauf verzichten.\n"
    ).format(link=_ballot_link(session, ballot.recommendation_id), moment=german_deadline(ballot.dissent_until))
    _send(session, persons_voting(session, ballot.id), _("Beschlussfassung beendet"), text)


def tell_co_signers(session: Session, ballot: Ballot, seat_ids: Sequence[UUID]) -> None:
    """Tell the seats named under a dissenting opinion that they stand there."""
    if not seat_ids:
        return
    text = _("Ihr Sitz ist unter einem Sondervotum als mitzeichnend genannt. Bitte prüfen Sie das:\n\n{link}\n")
    persons = persons_voting(session, ballot.id, seat_ids)
    link = _ballot_link(session, ballot.recommendation_id)
    _send(session, persons, _("Sondervotum mit Ihrem Sitz"), text.format(link=link))


def announce_request(session: Session, asked: CoSignature) -> None:
    """Tell those who act for an organisation what it is asked to sign."""
    deadline = _("Bitte antworten Sie bis {day}.").format(day=german_date(asked.due_on)) if asked.due_on else ""
    text = _("Ihre Organisation ist um {kind} zu einer Empfehlung gebeten. {deadline}\n\n{link}\n").format(
        kind=label(asked.kind), deadline=deadline, link=_request_link(session, asked)
    )
    _send(session, persons_acting_for(session, asked.organisation_id), _("Bitte um Mitzeichnung"), text)


def announce_withdrawal(session: Session, asked: CoSignature) -> None:
    """Tell those who act for an organisation that it need not sign any more."""
    text = _("Die Bitte um {kind} zu einer Empfehlung ist zurückgezogen. Sie müssen nichts mehr tun.\n").format(
        kind=label(asked.kind)
    )
    _send(session, persons_acting_for(session, asked.organisation_id), _("Bitte um Mitzeichnung zurückgezogen"), text)


def persons_voting(session: Session, ballot_id: UUID, seat_ids: Sequence[UUID] | None = None) -> Sequence[Person]:
    """The active members and deputies of a ballot's seats, each person once."""
    statement = (
        select(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .join(BallotSeat, col(BallotSeat.seat_id) == Membership.seat_id)
        .where(
            BallotSeat.ballot_id == ballot_id,
            col(Membership.role).in_(VOTING_ROLES),
            col(Membership.ended_on).is_(None),
            col(Person.ended_at).is_(None),
            col(Person.email).is_not(None),
        )
        .order_by(col(Person.id))
    )
    if seat_ids is not None:
        statement = statement.where(col(BallotSeat.seat_id).in_(seat_ids))
    return list({person.id: person for person in session.exec(statement)}.values())


def _send(session: Session, persons: Iterable[Person], subject: str, text: str) -> None:
    for person in persons:
        if person.email:
            send_mail(session, address=person.email, subject=subject, text=text, person_id=person.id)


def _ballot_link(session: Session, recommendation_id: UUID) -> str:
    return link_to(session, f"/empfehlungen/{recommendation_id}/beschluss")


def _request_link(session: Session, asked: CoSignature) -> str:
    return link_to(session, f"/empfehlungen/{asked.recommendation_id}/mitzeichnung")
