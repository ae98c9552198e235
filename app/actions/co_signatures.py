"""Asking organisations to co-sign, their answers, and setting those back when the text goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.creations import find_already_created
from app.actions.mail import send_mail
from app.actions.moves import decide, move
from app.actions.permissions import require
from app.actions.record import record_creation
from app.clock import now
from app.domain.actors import SYSTEM_ACTOR, Actor
from app.domain.co_signatures import ANSWER_DAYS, ANSWERS, CO_SIGNATURE, OPEN_FOR_ANSWERS, CoSignatureState, due_again
from app.domain.deadlines import berlin_date, is_plausible_date
from app.domain.events import EventType
from app.domain.permissions import Permission, capabilities
from app.domain.workflow import Offer
from app.errors import Conflict, FieldError, Invalid
from app.forms.co_signatures import AnswerForm, CoSignatureForm, CoSignatureTransition
from app.i18n import _
from app.models.base import new_id
from app.models.co_signatures import CoSignature
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.queries import co_signatures as queries
from app.queries.base import get_for_update
from app.queries.recommendations import visible as visible_recommendation
from app.queries.scopes import scope_of
from app.wording import label


def request_co_signature(
    session: Session, recommendation_id: UUID, form: CoSignatureForm, *, actor: Actor
) -> tuple[CoSignature, bool]:
    """Ask an organisation to sign the newest version, which it sees from now on; four weeks where no day is named."""
    recommendation = get_for_update(session, Recommendation, recommendation_id, visible_recommendation(actor))
    require(Permission.CO_SIGNATURE_REQUEST, recommendation, actor)
    earlier = find_already_created(session, CoSignature, form, actor=actor)
    if earlier:
        return earlier, False
    _require_before_endorsement(recommendation)
    if recommendation.version == 0:
        raise Conflict(_("Es gibt noch keine Fassung, um deren Mitzeichnung gebeten werden kann."))
    organisation = session.get(Organisation, form.organisation_id)
    if organisation is None or not organisation.is_active:
        raise Invalid(FieldError("organisation_id", _("Diese Organisation gibt es nicht.")))
    if form.due_on and (form.due_on < berlin_date(now(session)) or not is_plausible_date(form.due_on)):
        raise Invalid(FieldError("due_on", _("Bitte nennen Sie einen Tag, der noch kommt.")))
    _require_not_asked(session, recommendation, form)
    moment = now(session)
    due_on = form.due_on or berlin_date(moment) + timedelta(days=ANSWER_DAYS)
    asked = CoSignature(
        id=form.id or new_id(moment),
        created_at=moment,
        recommendation_id=recommendation.id,
        organisation_id=organisation.id,
        kind=form.kind,
        scope=form.scope,
        version=recommendation.version,
        due_on=due_on,
        requested_at=moment,
        is_example=recommendation.is_example,
    )
    data: dict[str, object] = {
        "organisation_id": str(organisation.id),
        "kind": form.kind.value,
        "due_on": due_on.isoformat(),
    }
    record_creation(session, EventType.CO_SIGNATURE_REQUESTED, asked, actor=actor, data=data, version=asked.version)
    session.flush()
    return asked, True


def answer_co_signature(session: Session, key: UUID, form: AnswerForm, *, actor: Actor) -> CoSignature:
    """Answer in an organisation's name; the answer may change until the recommendation is put forward."""
    return transition_co_signature(
        session, key, CoSignatureTransition(transition=form.answer, reason=form.reason), actor=actor
    )


def transition_co_signature(session: Session, key: UUID, form: CoSignatureTransition, *, actor: Actor) -> CoSignature:
    """Answer, or withdraw the request."""
    found = queries.get_co_signature(session, key, actor)
    # The recommendation first, as every move of it does: so `endorse` and an answer wait for each other.
    recommendation = get_for_update(session, Recommendation, found.recommendation_id)
    asked = get_for_update(session, CoSignature, key, queries.visible(actor))
    decide(asked, CO_SIGNATURE, form.transition, actor=actor, reason=form.reason)
    _require_before_endorsement(recommendation)
    if form.transition == "withdraw":
        move(session, asked, CO_SIGNATURE, "withdraw", actor=actor, reason=form.reason, version=asked.version)
        _tell_of_withdrawal(session, asked)
        return asked
    asked.reason = form.reason or ""
    asked.answered_at, asked.answered_by_id = now(session), actor.person_id
    move(
        session,
        asked,
        CO_SIGNATURE,
        form.transition,
        actor=_speaking_for(actor, asked),
        reason=form.reason,
        texts={"reason": asked.reason},
        version=asked.version,
    )
    return asked


def _tell_of_withdrawal(session: Session, asked: CoSignature) -> None:
    """By mail, without a link: the organisation no longer reads what it was asked to sign."""
    for person in queries.persons_acting_for(session, asked.organisation_id):
        send_mail(
            session,
            address=person.email or "",
            template="co_signature_withdrawn",
            data={"name": person.name, "kind": label(asked.kind)},
            person_id=person.id,
        )


def co_signature_offers(asked: CoSignature, recommendation: Recommendation, actor: Actor) -> tuple[Offer, ...]:
    """The moves the actor has on a co-signature; none once the recommendation was put forward."""
    if not actor.may_write or recommendation.state not in OPEN_FOR_ANSWERS:
        return ()
    return CO_SIGNATURE.offers(asked.state, capabilities(actor, scope_of(asked)))


def may_request(recommendation: Recommendation, actor: Actor) -> bool:
    """True where the actor could ask an organisation now."""
    return (
        actor.is_secretariat
        and actor.may_write
        and recommendation.version > 0
        and recommendation.state in OPEN_FOR_ANSWERS
    )


def reset_co_signatures(session: Session, recommendation: Recommendation, *, version: int) -> None:
    """Ask everybody again, about this version: what was signed was another text."""
    for asked in _standing(session, recommendation):
        _ask_again(session, asked, version)


def renew_co_signatures(session: Session, recommendation: Recommendation, *, version: int) -> None:
    """Ask those again whose request or answer names another version than the one decided on."""
    for asked in _standing(session, recommendation):
        if asked.version != version:
            _ask_again(session, asked, version)


def _ask_again(session: Session, asked: CoSignature, version: int) -> None:
    asked.version = version
    if asked.state in ANSWERS:
        asked.reason, asked.answered_at, asked.answered_by_id = "", None, None
        moment = now(session)
        asked.due_on = due_again(asked.due_on, berlin_date(asked.requested_at), berlin_date(moment))
        asked.requested_at = moment
        move(
            session,
            asked,
            CO_SIGNATURE,
            "request_again",
            actor=SYSTEM_ACTOR,
            texts={"reason": ""},
            data={"due_on": asked.due_on.isoformat()},
            version=version,
        )
    session.add(asked)


def _standing(session: Session, recommendation: Recommendation) -> Sequence[CoSignature]:
    statement = (
        select(CoSignature)
        .where(
            CoSignature.recommendation_id == recommendation.id,
            col(CoSignature.state) != CoSignatureState.WITHDRAWN,
        )
        .with_for_update(of=CoSignature, key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.exec(statement).all()


def _require_before_endorsement(recommendation: Recommendation) -> None:
    if recommendation.state not in OPEN_FOR_ANSWERS:
        raise Conflict(_("Die Mitzeichnung ist abgeschlossen; Antworten lassen sich nicht mehr ändern."))


def _require_not_asked(session: Session, recommendation: Recommendation, form: CoSignatureForm) -> None:
    statement = select(CoSignature.id).where(
        CoSignature.recommendation_id == recommendation.id,
        CoSignature.organisation_id == form.organisation_id,
        CoSignature.kind == form.kind,
        col(CoSignature.state) != CoSignatureState.WITHDRAWN,
    )
    if session.exec(statement).first() is not None:
        raise Conflict(_("Diese Organisation ist darum schon gebeten."))


def _speaking_for(actor: Actor, asked: CoSignature) -> Actor:
    """The actor in the name of the organisation asked, which may be another than its own."""
    seat = next((held for held in actor.seats if held.organisation_id == asked.organisation_id), None)
    return actor.speaking_for(seat) if seat else replace(actor, organisation_id=asked.organisation_id)
