"""What addressees do with a published recommendation: they are asked, and answer as often as their answer changes."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.creations import find_already_created
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.response_link_mails import mail_questions
from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.implementation import AddresseeAnswer, response_due_on
from app.domain.permissions import Permission, Scope
from app.errors import Conflict, FieldError, Invalid
from app.forms.responses import MemberResponseForm, ResponseAnswer
from app.i18n import _
from app.models.base import new_id
from app.models.recommendations import Recommendation, Version, VersionAddressee
from app.models.responses import AddresseeResponse
from app.queries import recommendations
from app.queries import responses as queries
from app.queries.base import get_for_update


def ask_addressees(session: Session, recommendation: Recommendation, *, actor: Actor) -> int:
    """Ask each addressee of the adopted version for its answer, by mail, too; how many. Twice asks nobody again."""
    addressees = session.exec(
        select(VersionAddressee.organisation_id)
        .join(Version, col(Version.id) == VersionAddressee.version_id)
        .where(
            Version.recommendation_id == recommendation.id,
            Version.number == recommendation.adopted_version,
        )
        .order_by(col(VersionAddressee.position))
    ).all()
    asked = set(
        session.exec(
            select(AddresseeResponse.organisation_id).where(AddresseeResponse.recommendation_id == recommendation.id)
        ).all()
    )
    fresh = [key for key in addressees if key not in asked]
    due_on = response_due_on(berlin_date(recommendation.published_at or now(session)))
    made = []
    for key in fresh:
        response = AddresseeResponse(
            id=new_id(now(session)),
            created_at=now(session),
            recommendation_id=recommendation.id,
            organisation_id=key,
            due_on=due_on,
            is_example=recommendation.is_example,
        )
        data: dict[str, object] = {"organisation_id": str(key), "due_on": due_on.isoformat()}
        record_creation(session, EventType.RESPONSE_ASKED, response, actor=actor, data=data)
        made.append(response)
    session.flush()
    mail_questions(session, made)
    return len(made)


def answer_response(session: Session, key: UUID, form: ResponseAnswer, *, actor: Actor) -> AddresseeResponse:
    """Answer for an addressee, or change its answer, which takes a reason; every earlier one stays in the record.

    What stands already is not answered anew.
    """
    response = get_for_update(session, AddresseeResponse, key, queries.visible(actor))
    require(Permission.RESPONSE_ANSWER, response, actor)
    _require_answerable(session.get_one(Recommendation, response.recommendation_id))
    if _stands(response, form):
        return response
    _check(form, response.organisation_id, actor)
    _check_change(response, form)
    _set_answer(session, response, form, actor)
    return response


def add_member_response(
    session: Session, recommendation_id: UUID, form: MemberResponseForm, *, actor: Actor
) -> tuple[AddresseeResponse, bool]:
    """The own answer of a member of an addressed collective. The flag is False where it stood already."""
    recommendation = recommendations.get_recommendation(session, recommendation_id, actor)
    require(Permission.RESPONSE_ANSWER, Scope(owner_ids=frozenset({form.organisation_id})), actor)
    earlier = find_already_created(session, AddresseeResponse, form, actor=actor)
    if earlier:
        return earlier, False
    _require_answerable(recommendation)
    _require_membership(session, recommendation, form.organisation_id)
    answer = ResponseAnswer.model_validate(form.model_dump(exclude={"id", "organisation_id"}))
    _check(answer, form.organisation_id, actor)
    response = AddresseeResponse(
        id=form.id or new_id(now(session)),
        created_at=now(session),
        recommendation_id=recommendation.id,
        organisation_id=form.organisation_id,
        is_addressee=False,
        is_example=recommendation.is_example,
    )
    record_creation(
        session,
        EventType.RESPONSE_ASKED,
        response,
        actor=_speaker(form.organisation_id, actor),
        data={"organisation_id": str(form.organisation_id), "is_addressee": False},
    )
    _set_answer(session, response, answer, actor)
    session.flush()
    return response, True


def is_source_needed(organisation_id: UUID, actor: Actor) -> bool:
    """True where somebody records an answer for an organisation that isn't theirs."""
    return organisation_id not in actor.acts_for


def _set_answer(session: Session, response: AddresseeResponse, form: ResponseAnswer, actor: Actor) -> None:
    former = response.answer
    texts = {"reason": form.reason or "", "source": form.source or ""}
    # A text that was taken away is recorded as empty, so that the record says what stands now.
    texts = {name: text for name, text in texts.items() if text or getattr(response, name)}
    response.answer = form.answer
    response.reason = form.reason or ""
    response.source = form.source or ""
    response.answered_at = now(session)
    session.add(response)
    record(
        session,
        EventType.RESPONSE_ANSWERED,
        response,
        actor=_speaker(response.organisation_id, actor),
        texts=texts,
        from_state=former.value,
        to_state=form.answer.value,
        data={"organisation_id": str(response.organisation_id)},
    )


def _check(form: ResponseAnswer, organisation_id: UUID, actor: Actor) -> None:
    errors = []
    if form.answer.is_reason_required and not form.reason:
        errors.append(FieldError("reason", _("Bitte begründen Sie diese Antwort.")))
    if is_source_needed(organisation_id, actor) and not form.source:
        errors.append(
            FieldError("source", _("Bitte nennen Sie, wo die Antwort steht, zum Beispiel das Schreiben mit Datum."))
        )
    if errors:
        raise Invalid(*errors)


def _stands(response: AddresseeResponse, form: ResponseAnswer) -> bool:
    return (response.answer, response.reason, response.source) == (form.answer, form.reason or "", form.source or "")


def _check_change(response: AddresseeResponse, form: ResponseAnswer) -> None:
    """Who says something else than before says why; the former reason is none for that."""
    if response.answer in (AddresseeAnswer.PENDING, form.answer):
        return
    if not form.reason or form.reason == response.reason:
        raise Invalid(FieldError("reason", _("Bitte schreiben Sie, warum sich die Antwort ändert.")))


def _require_answerable(recommendation: Recommendation) -> None:
    if recommendation.state not in queries.ANSWERABLE_STATES:
        raise Conflict(_("Antworten sind nur möglich, solange die Empfehlung veröffentlicht ist und gilt."))


def _require_membership(session: Session, recommendation: Recommendation, organisation_id: UUID) -> None:
    earlier = session.exec(
        select(AddresseeResponse).where(
            AddresseeResponse.recommendation_id == recommendation.id,
            AddresseeResponse.organisation_id == organisation_id,
        )
    ).first()
    if earlier is not None:
        raise Conflict(
            _("Diese Organisation hat hier schon eine Antwort; ändern Sie diese."), response_id=str(earlier.id)
        )
    if not queries.addressed_collectives_of(session, recommendation, organisation_id):
        raise Invalid(
            FieldError("organisation_id", _("Diese Organisation gehört zu keinem der angesprochenen Kreise."))
        )


def _speaker(organisation_id: UUID, actor: Actor) -> Actor:
    """The actor, speaking for the organisation that answers where it is one of its own."""
    own = {actor.organisation_id, *(seat.organisation_id for seat in actor.seats)}
    is_own = organisation_id in own and organisation_id in actor.acts_for
    return replace(actor, organisation_id=organisation_id, seat_id=None) if is_own else actor
