"""Which recommendations stand in an edition, and in what order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import Session, select

from app.actions.permissions import require
from app.actions.record import record
from app.clock import now
from app.domain.actors import Actor
from app.domain.editions import EditionState
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.recommendations import RecommendationState
from app.errors import Conflict, FieldError, Invalid
from app.forms.editions import EditionMove
from app.i18n import _
from app.models.programmes import Edition, FieldOfAction
from app.models.recommendations import Recommendation
from app.queries import editions, recommendations
from app.queries.base import get_for_update


def move_to_edition(session: Session, recommendation: Recommendation, edition_id: UUID, *, actor: Actor) -> None:
    """Put a recommendation into another edition of its programme, until it is adopted; the caller holds its row."""
    require(Permission.PROGRAMME_MANAGE, None, actor)
    if recommendation.state not in editions.MOVABLE_STATES:
        raise Conflict(
            _("Die Empfehlung bleibt in ihrer Ausgabe; verschieben lässt sie sich nur bis zur Verabschiedung.")
        )
    former = session.get_one(Edition, recommendation.edition_id)
    chosen = session.get(Edition, edition_id)
    if chosen is None or chosen.programme_id != former.programme_id:
        raise Invalid(FieldError("edition_id", _("Diese Ausgabe gibt es im Programm der Empfehlung nicht.")))
    if chosen.id == former.id:
        raise Invalid(FieldError("edition_id", _("Die Empfehlung steht schon in dieser Ausgabe.")))
    stays = recommendation.state is RecommendationState.STEERING_DECISION and chosen.state is EditionState.FROZEN
    if chosen.state is not EditionState.OPEN and not stays:
        raise Conflict(
            _("Aufnehmen kann sie nur die Ausgabe in Arbeit, nach Redaktionsschluss nur, wenn sie schon vorgelegt ist.")
        )
    carry_over(session, [recommendation], former, chosen, actor)
    for edition in (former, chosen):
        if edition.state is EditionState.FROZEN:
            members = editions.members_for_update(session, edition)
            fix_order(session, edition, in_fixed_order(edition, standing(members)))


def transfer(session: Session, form: EditionMove, *, actor: Actor) -> Recommendation:
    """The same for a recommendation named by its id."""
    seen = recommendations.visible(actor, now(session))
    recommendation = get_for_update(session, Recommendation, form.recommendation_id, seen)
    move_to_edition(session, recommendation, form.edition_id, actor=actor)
    return recommendation


def carry_over(
    session: Session, moving: Iterable[Recommendation], former: Edition, chosen: Edition, actor: Actor
) -> None:
    """Put them into the other edition, with an event each."""
    for each in moving:
        each.edition_id = chosen.id
        session.add(each)
        record(
            session,
            EventType.RECOMMENDATION_EDITION_CHANGED,
            each,
            actor=actor,
            data={"former_edition_id": str(former.id), "edition_id": str(chosen.id)},
        )
    session.flush()


def fix_order(session: Session, edition: Edition, in_order: Sequence[Recommendation]) -> None:
    """Number each within the chapter of its field; chapters stand as their first recommendation does."""
    codes = dict(session.exec(select(FieldOfAction.id, FieldOfAction.code)).all())
    chapters: dict[UUID, list[Recommendation]] = {}
    for each in in_order:
        chapters.setdefault(each.field_of_action_id, []).append(each)
    edition.order = [
        {"recommendation_id": str(each.id), "number": f"{codes[field_id]}.{number}"}
        for field_id, chapter in chapters.items()
        for number, each in enumerate(chapter, 1)
    ]
    session.add(edition)


def standing(members: Iterable[Recommendation]) -> list[Recommendation]:
    """Those that stay in their edition when it is frozen."""
    return [each for each in members if each.state in editions.STANDING_STATES]


def in_fixed_order(edition: Edition, some: Sequence[Recommendation]) -> list[Recommendation]:
    """These in the order that was fixed when the edition was frozen; others after them."""
    place = {key: number for number, key in enumerate(editions.numbers_of(edition))}
    return sorted(some, key=lambda each: place.get(each.id, len(place)))
