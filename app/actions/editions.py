"""What the Geschäftsstelle does with editions: open, freeze, adopt as a whole, publish, archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, select

from app.actions.adoption import adopt_recommendation
from app.actions.creations import find_already_created
from app.actions.edition_contents import carry_over, fix_order, in_fixed_order, standing
from app.actions.moves import decide, move
from app.actions.permissions import require
from app.actions.programmes import chosen_programme
from app.actions.publication import publish_recommendation
from app.actions.record import record, record_creation
from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date, is_plausible_date
from app.domain.editions import EDITION, EditionState
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.recommendations import RecommendationState
from app.errors import Conflict, FieldError, Invalid, MoveBlocked
from app.forms.editions import EditionChange, EditionForm, EditionTransition, NextEdition
from app.i18n import _, ngettext
from app.models.base import new_id
from app.models.programmes import Edition
from app.models.recommendations import Recommendation
from app.queries import editions, programmes
from app.queries.base import get_for_update


def create_edition(session: Session, form: EditionForm, *, actor: Actor) -> tuple[Edition, bool]:
    """Open an edition; Conflict where the programme already works on one."""
    require(Permission.PROGRAMME_MANAGE, None, actor)
    earlier = find_already_created(session, Edition, form, actor=actor)
    if earlier:
        return earlier, False
    programme_id = chosen_programme(session, form.programme_id)
    if programmes.find_open_edition(session, programme_id) is not None:
        raise Conflict(
            _("Es ist schon eine Ausgabe in Arbeit. Eine neue öffnet sich, wenn deren Redaktionsschluss gesetzt wird.")
        )
    return _open(session, programme_id, NextEdition(code=form.code, title=form.title), actor, form.id, "code"), True


def change_edition(session: Session, key: UUID, form: EditionChange, *, actor: Actor) -> Edition:
    """Give an edition another title, until it is adopted."""
    require(Permission.PROGRAMME_MANAGE, None, actor)
    edition = get_for_update(session, Edition, key)
    if edition.state not in {EditionState.OPEN, EditionState.FROZEN}:
        raise Conflict(_("Der Titel einer verabschiedeten Ausgabe steht fest."))
    if edition.title != form.title:
        edition.title = form.title
        record(session, EventType.EDITION_CHANGED, edition, actor=actor, texts={"title": form.title})
    return edition


def transition_edition(session: Session, key: UUID, form: EditionTransition, *, actor: Actor) -> Edition:
    """Make a move of the edition's table with everything it brings about."""
    edition = get_for_update(session, Edition, key)
    decide(edition, EDITION, form.transition, actor=actor, reason=form.reason)
    match form.transition:
        case "freeze":
            _freeze(session, edition, form, actor)
        case "adopt":
            _adopt(session, edition, form, actor)
        case "publish":
            _publish(session, edition, actor)
        case _:
            move(session, edition, EDITION, form.transition, actor=actor, reason=form.reason)
    return edition


def _freeze(session: Session, edition: Edition, form: EditionTransition, actor: Actor) -> None:
    """Fix the order; what isn't presented for adoption moves to the next edition, which opens."""
    members = editions.members_for_update(session, edition)
    staying = standing(members)
    leaving = [each for each in members if each.state in editions.LEAVING_STATES]
    if not staying:
        raise Conflict(_("In dieser Ausgabe ist noch keine Empfehlung zur Verabschiedung vorgelegt."))
    chosen = _chosen(form, staying, _("Diese Empfehlung ist in dieser Ausgabe nicht zur Verabschiedung vorgelegt."))
    if leaving and form.next is None:
        raise Invalid(_next_is_missing(len(leaving)))
    in_order = [*chosen, *(each for each in staying if each not in chosen)]
    move(
        session,
        edition,
        EDITION,
        "freeze",
        actor=actor,
        reason=form.reason,
        data={"recommendation_ids": [str(each.id) for each in in_order]},
    )
    fix_order(session, edition, in_order)
    session.flush()
    if form.next is not None:
        following = _open(session, edition.programme_id, form.next, actor, None, "next.code")
        carry_over(session, leaving, edition, following, actor)


def _adopt(session: Session, edition: Edition, form: EditionTransition, actor: Actor) -> None:
    """Adopt all that is chosen at once; what is left moves on to the edition that is open."""
    members = editions.members_for_update(session, edition)
    presented = [each for each in members if each.state is RecommendationState.STEERING_DECISION]
    chosen = _chosen(form, presented, _("Diese Empfehlung ist in dieser Ausgabe nicht zur Verabschiedung vorgelegt."))
    if presented and not chosen:
        raise Invalid(FieldError("recommendation_ids", _("Bitte wählen Sie mindestens eine Empfehlung.")))
    deciding_body, decided_on, decision_reference = _decision(session, form)
    leaving = [each for each in presented if each not in chosen]
    following = _following(session, edition, form, leaving, actor)
    refused: list[str] = []
    for each in in_fixed_order(edition, chosen):
        try:
            adopt_recommendation(
                session,
                each,
                deciding_body=deciding_body,
                decided_on=decided_on,
                decision_reference=decision_reference,
                actor=actor,
            )
        except MoveBlocked as blocked:
            refused.append(_("„{title}“: {missing}").format(title=each.title, missing=blocked.detail))
    if refused:
        raise MoveBlocked(refused)
    edition.deciding_body, edition.decided_on = deciding_body, decided_on
    edition.decision_reference = decision_reference
    move(
        session,
        edition,
        EDITION,
        "adopt",
        actor=actor,
        reason=form.reason,
        data={"recommendation_ids": [str(each.id) for each in chosen], "decided_on": decided_on.isoformat()},
        texts={"deciding_body": deciding_body, "decision_reference": decision_reference},
    )
    if following is not None:
        carry_over(session, leaving, edition, following, actor)
        left = {each.id for each in leaving}
        edition.order = [entry for entry in edition.order if UUID(entry["recommendation_id"]) not in left]


def _publish(session: Session, edition: Edition, actor: Actor) -> None:
    """Publish every adopted recommendation of the edition, in its order."""
    members = editions.members_for_update(session, edition)
    adopted = [each for each in members if each.state is RecommendationState.ADOPTED]
    for each in in_fixed_order(edition, adopted):
        publish_recommendation(session, each, actor=actor)
    edition.published_at = now(session)
    move(session, edition, EDITION, "publish", actor=actor)


def _open(
    session: Session, programme_id: UUID, form: NextEdition, actor: Actor, key: UUID | None, field: str
) -> Edition:
    if session.exec(select(Edition).where(Edition.code == form.code)).first() is not None:
        raise Invalid(FieldError(field, _("Dieses Kürzel hat schon eine andere Ausgabe.")))
    edition = Edition(
        id=key or new_id(now(session)),
        created_at=now(session),
        programme_id=programme_id,
        title=form.title,
        code=form.code,
    )
    record_creation(session, EventType.EDITION_CREATED, edition, actor=actor, data={"programme_id": str(programme_id)})
    session.flush()
    return edition


def _following(
    session: Session, edition: Edition, form: EditionTransition, leaving: Sequence[Recommendation], actor: Actor
) -> Edition | None:
    """The open edition that takes what is left; made where there is none."""
    if not leaving:
        return None
    found = programmes.find_open_edition(session, edition.programme_id)
    if found is not None:
        return found
    if form.next is None:
        raise Invalid(_next_is_missing(len(leaving)))
    return _open(session, edition.programme_id, form.next, actor, None, "next.code")


def _chosen(form: EditionTransition, among: Sequence[Recommendation], refusal: str) -> list[Recommendation]:
    if form.recommendation_ids is None:
        raise Invalid(FieldError("recommendation_ids", _("Bitte nennen Sie die Empfehlungen in ihrer Reihenfolge.")))
    known = {each.id: each for each in among}
    if len(set(form.recommendation_ids)) != len(form.recommendation_ids):
        raise Invalid(FieldError("recommendation_ids", _("Eine Empfehlung ist doppelt genannt.")))
    if any(key not in known for key in form.recommendation_ids):
        raise Invalid(FieldError("recommendation_ids", refusal))
    return [known[key] for key in form.recommendation_ids]


def _decision(session: Session, form: EditionTransition) -> tuple[str, date, str]:
    errors = [
        FieldError(name, _("Bitte füllen Sie dieses Feld aus."))
        for name in ("deciding_body", "decided_on", "decision_reference")
        if not getattr(form, name)
    ]
    if form.decided_on is not None and form.decided_on > berlin_date(now(session)):
        errors.append(FieldError("decided_on", _("Der Tag der Verabschiedung darf nicht in der Zukunft liegen.")))
    elif form.decided_on is not None and not is_plausible_date(form.decided_on):
        errors.append(FieldError("decided_on", _("Bitte prüfen Sie das Jahr.")))
    if errors or not form.deciding_body or not form.decided_on or not form.decision_reference:
        raise Invalid(*errors)
    return form.deciding_body, form.decided_on, form.decision_reference


def _next_is_missing(count: int) -> FieldError:
    return FieldError(
        "next",
        ngettext(
            "Bitte nennen Sie Kürzel und Titel der nächsten Ausgabe: {count} Empfehlung geht in sie über.",
            "Bitte nennen Sie Kürzel und Titel der nächsten Ausgabe: {count} Empfehlungen gehen in sie über.",
            count,
        ).format(count=count),
    )
