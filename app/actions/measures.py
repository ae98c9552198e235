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
from app.domain.goals import GoalState
from app.domain.implementation import first_report_due_on
from app.domain.measures import MEASURE, MeasureState
from app.domain.organisations import OrganisationKind
from app.domain.permissions import Permission, Scope
from app.domain.sorting import search_key
from app.errors import Conflict, FieldError, Invalid
from app.forms.measures import MeasureChange, MeasureForm, MeasureTransition, MilestoneInput
from app.i18n import _
from app.models.base import new_id
from app.models.measures import Measure, MeasureContributor, Milestone
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.queries import goals, recommendations
from app.queries import measures as queries
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
    _check_goal(session, form.goal_id, actor)
    moment = now(session)
    speaker = speaking_for(form.responsible_organisation_id, actor)
    measure = Measure(
        id=form.id or new_id(moment),
        created_at=moment,
        recommendation_id=recommendation.id,
        goal_id=form.goal_id,
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
            "goal_id": str(form.goal_id) if form.goal_id else None,
            "due_on": form.due_on.isoformat() if form.due_on else None,
        },
    )
    session.flush()
    _set_contributors(session, measure, form.contributing_organisation_ids)
    _set_milestones(session, measure, form.milestones)
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
    if "goal_id" in changes and form.goal_id != measure.goal_id:
        _check_goal(session, form.goal_id, actor)
        data["goal_id"] = str(form.goal_id) if form.goal_id else None
        measure.goal_id = form.goal_id
    if form.milestones is not None and _set_milestones(session, measure, form.milestones):
        data["milestones"] = [each.due_on.isoformat() for each in form.milestones]
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


def _check_goal(session: Session, goal_id: UUID | None, actor: Actor) -> None:
    if goal_id is None:
        return
    goal = goals.find_goal(session, goal_id, actor)
    if goal is None:
        raise Invalid(FieldError("goal_id", _("Dieses Ziel gibt es nicht.")))
    if goal.state is GoalState.DROPPED:
        raise Invalid(FieldError("goal_id", _("Dieses Ziel ist aufgegeben. Bitte wählen Sie ein anderes.")))


def _set_milestones(session: Session, measure: Measure, wanted: Sequence[MilestoneInput]) -> bool:
    """Let the milestones be exactly these; whether that changed anything."""
    statement = select(Milestone).where(Milestone.measure_id == measure.id)
    standing = session.exec(statement.order_by(col(Milestone.due_on), col(Milestone.id))).all()
    fresh = sorted(((each.due_on, each.title, each.reached_on) for each in wanted), key=lambda each: each[:2])
    if sorted(((each.due_on, each.title, each.reached_on) for each in standing), key=lambda each: each[:2]) == fresh:
        return False
    for row in standing:
        session.delete(row)
    moment = now(session)
    session.add_all(
        Milestone(created_at=moment, measure_id=measure.id, title=title, due_on=due_on, reached_on=reached_on)
        for due_on, title, reached_on in fresh
    )
    return True


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
