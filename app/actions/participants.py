"""Taking over participants from a table: planned first, written only when confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from app.actions.organisations import create_organisation
from app.actions.people import create_person, invite_person
from app.actions.permissions import require
from app.domain.actors import Actor
from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.domain.permissions import Permission
from app.errors import Conflict
from app.forms.organisations import OrganisationForm
from app.forms.participants import ParticipantRow, ParticipantTable
from app.forms.people import PersonForm
from app.forms.tables import RowError
from app.i18n import _
from app.models.organisations import Organisation
from app.models.people import Person


class Outcome(StrEnum):
    """What a row would do, or did."""

    NEW = "new"
    KNOWN = "known"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the preview."""

    row: ParticipantRow
    organisation: Outcome
    person: Outcome
    is_incomplete: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What confirming would do; with an error in any row nothing can be confirmed."""

    rows: tuple[PlannedRow, ...]
    errors: tuple[RowError, ...]

    @property
    def new_organisations(self) -> int:
        """How many organisations would be entered."""
        return sum(planned.organisation is Outcome.NEW for planned in self.rows)

    @property
    def new_people(self) -> int:
        """How many people would be entered."""
        return sum(planned.person is Outcome.NEW for planned in self.rows)


def plan_participants(session: Session, table: ParticipantTable, *, actor: Actor) -> Plan:
    """What the table would change; nothing is written."""
    require(Permission.ORGANISATION_MANAGE, None, actor)
    known = _organisations(session)
    people = _people(session, [row.email for row in table.rows if row.email])
    errors = list(table.errors)
    planned: list[PlannedRow] = []
    described = _described(table.rows)
    for row in table.rows:
        key = row.organisation.casefold()
        organisation = known.get(key)
        if organisation is not None and organisation.kind is OrganisationKind.COLLECTIVE and row.email:
            errors.append(RowError(row.line, _("Organisation: Eine Gesamtheit hat keine eigenen Personen.")))
        person = people.get(row.email) if row.email else None
        if person is not None and (organisation is None or person.organisation_id != organisation.id):
            errors.append(RowError(row.line, _("E-Mail: Diese Person gibt es schon, bei einer anderen Organisation.")))
        is_first = organisation is None and not any(each.row.organisation.casefold() == key for each in planned)
        planned.append(
            PlannedRow(
                row,
                Outcome.NEW if is_first else Outcome.KNOWN,
                Outcome.NONE if row.email is None else Outcome.NEW if person is None else Outcome.KNOWN,
                is_incomplete=organisation is None and None in described[key],
            )
        )
    return Plan(tuple(planned), tuple(sorted(errors, key=lambda each: each.line)))


def import_participants(session: Session, table: ParticipantTable, *, invite: bool, actor: Actor) -> Plan:
    """Write what the plan says, all of it or nothing; who is known stays as it is. Returns what was done."""
    plan = plan_participants(session, table, actor=actor)
    if plan.errors:
        lines = " ".join(_("Zeile {line}: {message}").format(line=e.line, message=e.message) for e in plan.errors[:10])
        raise Conflict(
            _("Inzwischen passt die Tabelle nicht mehr; nichts wurde übernommen. {lines}").format(lines=lines)
        )
    known = _organisations(session)
    described = _described(table.rows)
    for planned in plan.rows:
        row, key = planned.row, planned.row.organisation.casefold()
        if key not in known:
            known[key] = _enter(session, row.organisation, described[key], actor)
        if planned.person is Outcome.NEW and row.email and row.name:
            form = PersonForm(email=row.email, name=row.name, organisation_id=known[key].id)
            person, _is_new = create_person(session, form, actor=actor)
            if invite:
                invite_person(session, person.id, actor=actor)
    return plan


_Description = tuple[OrganisationKind | None, Level | None, ParticipationClass | None]


def _described(rows: Sequence[ParticipantRow]) -> dict[str, _Description]:
    """What the table as a whole says of each organisation."""
    found: dict[str, _Description] = {}
    for row in rows:
        kind, level, participation_class = found.get(row.organisation.casefold(), (None, None, None))
        found[row.organisation.casefold()] = (
            kind or row.kind,
            level or row.level,
            participation_class or row.participation_class,
        )
    return found


def _enter(session: Session, name: str, described: _Description, actor: Actor) -> Organisation:
    kind, level, participation_class = described
    form = OrganisationForm(
        name=name,
        kind=kind or OrganisationKind.OTHER,
        level=level or Level.NONE,
        participation_class=participation_class or ParticipationClass.OTHER,
    )
    return create_organisation(session, form, actor=actor, is_incomplete=None in described)[0]


def _organisations(session: Session) -> dict[str, Organisation]:
    return {each.name.casefold(): each for each in session.exec(select(Organisation)).all()}


def _people(session: Session, emails: Sequence[str]) -> dict[str, Person]:
    found = session.exec(select(Person).where(col(Person.email).in_(emails))).all()
    return {each.email: each for each in found if each.email}
