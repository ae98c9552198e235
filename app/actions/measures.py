"""What a person can do with a measure: plan it, change it, and move it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.creations import find_already_created
from app.actions.moves import move
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.implementation import first_report_due_on
from app.domain.measures import MEASURE, MeasureState
from app.domain.organisations import OrganisationKind
from app.domain.permissions import Permission, Scope
from app.domain.sorting import search_key
from app.errors import Conflict, FieldError, Invalid
from app.forms.measures import MeasureChange, MeasureForm, MeasureTransition
from app.i18n import _
from app.models.base import new_id
from app.models.measures import Measure, MeasureContributor
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.queries import measures as queries
from app.queries import recommendations
from app.queries.base import get_for_update
from app.queries.responses import ANSWERABLE_STATES

ENDED_STATES = frozenset({MeasureState.VERIFIED_DONE, MeasureState.ABORTED, MeasureState.DROPPED})


def plan_measure(session: Session, form: MeasureForm, *, actor: Actor) -> tuple[Measure, bool]:
    """Plan a measure on a published recommendation. The flag is False where it stood already."""
    recommendation = recommendations.get_recommendation(session, form.recommendation_id, actor)
    scope = planning_scope(session, recommendation, form.responsible_organisation_id)
    require(Permission.MEASURE_CREATE, scope, actor)
    earlier = find_already_created(session, Measure, form, actor=actor)
    if earlier:
        return earlier, False
    _require_followed(recommendation)
    _check(session, recommendation, form)
    moment = now(session)
    speaker = speaking_for(form.responsible_organisation_id, actor)
    measure = Measure(
        id=form.id or new_id(moment),
        created_at=moment,
        recommendation_id=recommendation.id,
        number=form.number,
        title=form.title,
        description=form.description,
        budget_note=form.budget_note,
        search_text=search_key(form.title, form.description),
        responsible_organisation_id=form.responsible_organisation_id,
        due_on=form.due_on,
        report_due_on=_first_report_due(session, recommendation),
        state_since=moment,
        author_id=actor.person_id,
        organisation_id=speaker.organisation_id,
        is_example=recommendation.is_example,
    )
    record_creation(
        session,
        EventType.MEASURE_PLANNED,
        measure,
        actor=speaker,
        data={
            "recommendation_id": str(recommendation.id),
            "responsible_organisation_id": str(form.responsible_organisation_id),
            "number": form.number,
            "due_on": form.due_on.isoformat() if form.due_on else None,
        },
    )
    session.flush()
    _set_contributors(session, measure, form.contributing_organisation_ids)
    return measure, True


def planning_scope(session: Session, recommendation: Recommendation, responsible_id: UUID | None = None) -> Scope:
    """Who may plan a measure on it: addressees, and whoever answers for the measure."""
    owners = session.exec(
        select(AddresseeResponse.organisation_id).where(
            AddresseeResponse.recommendation_id == recommendation.id, col(AddresseeResponse.is_addressee)
        )
    ).all()
    return planning_scope_of(owners, responsible_id)


def planning_scope_of(addressee_ids: Sequence[UUID], responsible_id: UUID | None = None) -> Scope:
    """The same where the addressees are known already."""
    return Scope(owner_ids=frozenset({*addressee_ids, *([responsible_id] if responsible_id else [])}))


def change_measure(session: Session, key: UUID, form: MeasureChange, *, actor: Actor) -> Measure:
    """Change what a running measure says of itself; what was before stays in the record."""
    measure = get_for_update(session, Measure, key, queries.visible(actor))
    require(Permission.MEASURE_REPORT, measure, actor)
    if measure.state in ENDED_STATES:
        raise Conflict(_("Diese Maßnahme ist beendet und wird nicht mehr geändert."))
    changes = form.model_dump(exclude_unset=True)
    data: dict[str, object] = {}
    texts: dict[str, str] = {}
    if "due_on" in changes and form.due_on != measure.due_on:
        data |= {"from_due_on": _day(measure.due_on), "due_on": _day(form.due_on)}
        measure.due_on = form.due_on
    if "description" in changes and (form.description or "") != measure.description:
        texts["description"] = measure.description = form.description or ""
        measure.search_text = search_key(measure.title, measure.description)
    if "budget_note" in changes and (form.budget_note or "") != measure.budget_note:
        texts["budget_note"] = measure.budget_note = form.budget_note or ""
    if form.contributing_organisation_ids is not None:
        _check_contributors(session, form.contributing_organisation_ids, measure.responsible_organisation_id)
        data["contributing_organisation_ids"] = [str(each) for each in form.contributing_organisation_ids]
        _set_contributors(session, measure, form.contributing_organisation_ids)
    if data or texts:
        speaker = speaking_for(measure.responsible_organisation_id, actor)
        record(session, EventType.MEASURE_CHANGED, measure, actor=speaker, data=data, texts=texts)
    session.add(measure)
    return measure


def transition_measure(session: Session, key: UUID, form: MeasureTransition, *, actor: Actor) -> Measure:
    """Make a move of the measure's table; verified is what another person confirms than the one who reported."""
    measure = get_for_update(session, Measure, key, queries.visible(actor))
    move(
        session,
        measure,
        MEASURE,
        form.transition,
        actor=speaking_for(measure.responsible_organisation_id, actor),
        facts=queries.facts_of(session, measure, actor),
        reason=form.reason,
    )
    return measure


def start_tracking(session: Session, recommendation: Recommendation) -> None:
    """From publication on measures owe reports: give those that have no day yet the first one."""
    statement = select(Measure).where(
        Measure.recommendation_id == recommendation.id, col(Measure.report_due_on).is_(None)
    )
    for measure in session.exec(statement).all():
        measure.report_due_on = _first_report_due(session, recommendation)
        session.add(measure)


def speaking_for(organisation_id: UUID, actor: Actor) -> Actor:
    """The actor, speaking for this organisation where it acts for it; else for its own."""
    if organisation_id in actor.acts_for:
        return replace(actor, organisation_id=organisation_id, seat_id=None)
    return actor


def _first_report_due(session: Session, recommendation: Recommendation) -> date | None:
    if recommendation.published_at is None:
        return None
    return first_report_due_on(berlin_date(recommendation.published_at), berlin_date(now(session)))


def _require_followed(recommendation: Recommendation) -> None:
    if recommendation.state not in ANSWERABLE_STATES:
        raise Conflict(_("Maßnahmen sind nur zu einer veröffentlichten, geltenden Empfehlung möglich."))
    if recommendation.tracking_closed_at is not None:
        raise Conflict(_("Die Nachverfolgung dieser Empfehlung ist abgeschlossen; neue Maßnahmen sind nicht möglich."))


def _check(session: Session, recommendation: Recommendation, form: MeasureForm) -> None:
    errors = []
    responsible = session.get(Organisation, form.responsible_organisation_id)
    if responsible is None or not responsible.is_active:
        errors.append(FieldError("responsible_organisation_id", _("Diese Organisation gibt es nicht.")))
    elif responsible.kind is OrganisationKind.COLLECTIVE:
        errors.append(
            FieldError(
                "responsible_organisation_id",
                _("Für eine Maßnahme ist immer eine einzelne Organisation verantwortlich, keine Gesamtheit."),
            )
        )
    if errors:
        raise Invalid(*errors)
    check_part(session, recommendation, form.number)
    _check_contributors(session, form.contributing_organisation_ids, form.responsible_organisation_id)


def check_part(session: Session, recommendation: Recommendation, number: str | None) -> None:
    """Refuse a part that the adopted text does not number."""
    if number is None:
        return
    parts = [known for known, _text in queries.tracked_parts(session, recommendation)]
    if number not in parts:
        raise Invalid(FieldError("number", _part_unknown(parts)))


def _part_unknown(parts: Sequence[str]) -> str:
    if not parts:
        return _("Diese Empfehlung hat keine nummerierten Teile.")
    return _("Diesen Teil hat die Empfehlung nicht. Es gibt: {parts}.").format(parts=", ".join(parts))


def _check_contributors(session: Session, keys: Sequence[UUID], responsible_id: UUID) -> None:
    wanted = set(keys)
    if not wanted:
        return
    found = set(session.exec(select(Organisation.id).where(col(Organisation.id).in_(wanted))).all())
    if found != wanted:
        raise Invalid(FieldError("contributing_organisation_ids", _("Diese Organisation gibt es nicht.")))
    if responsible_id in wanted:
        raise Invalid(
            FieldError("contributing_organisation_ids", _("Die verantwortliche Organisation wirkt ohnehin mit."))
        )


def _set_contributors(session: Session, measure: Measure, keys: Sequence[UUID]) -> None:
    standing = session.exec(select(MeasureContributor).where(MeasureContributor.measure_id == measure.id)).all()
    for row in standing:
        if row.organisation_id not in keys:
            session.delete(row)
    known = {row.organisation_id for row in standing}
    fresh = [key for key in dict.fromkeys(keys) if key not in known]
    session.add_all([MeasureContributor(measure_id=measure.id, organisation_id=key) for key in fresh])


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
