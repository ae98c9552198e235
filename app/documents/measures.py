"""The table each forum of the plan of 2012 ends with: Maßnahme × Verantwortliche × Zeitplan × Stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from app.documents.csv import csv_of
from app.documents.document import Cell
from app.i18n import _
from app.models.organisations import Organisation
from app.queries.measures import ListedMeasure
from app.wording import label

HEAD = (
    _("Empfehlung"),
    _("Titel der Empfehlung"),
    _("Teil"),
    _("Maßnahme"),
    _("Verantwortliche"),
    _("Mitwirkende"),
    _("Zeitplan (bis)"),
    _("Stand"),
    _("Überfällig"),
    _("Nächster Bericht fällig"),
)


def measures_table(measures: Iterable[ListedMeasure], contributors: Mapping[UUID, Sequence[Organisation]]) -> bytes:
    """The measures as CSV, a row each."""
    return csv_of(HEAD, (_row(each, contributors.get(each.measure.id, ())) for each in measures))


def _row(listed: ListedMeasure, contributors: Sequence[Organisation]) -> list[Cell]:
    measure = listed.measure
    recommendation, responsible = measure.recommendation, measure.responsible_organisation
    return [
        recommendation.reference if recommendation else None,
        recommendation.title if recommendation else None,
        measure.number,
        measure.title,
        responsible.name if responsible else None,
        ", ".join(each.name for each in contributors),
        measure.due_on,
        label(measure.state),
        _("ja") if listed.is_overdue else _("nein"),
        measure.report_due_on if listed.next_due_on else None,
    ]
