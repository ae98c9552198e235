"""Tables of the implementation as CSV: who does what until when, and how far each recommendation is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from app.documents.csv import csv_of
from app.documents.document import Cell
from app.i18n import _
from app.models.organisations import Organisation
from app.queries.implementation import Tracked
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


TRACKED_HEAD = (
    _("Empfehlung"),
    _("Titel"),
    _("Handlungsfeld"),
    _("Thema"),
    _("Zielgruppen"),
    _("Veröffentlicht"),
    _("Stand der Umsetzung"),
    _("Maßnahmen"),
    _("davon bestätigt"),
    _("davon überfällig"),
    _("Angesprochene"),
    _("ohne Antwort"),
)


def tracked_table(tracked: Iterable[Tracked], field_names: Mapping[UUID, str]) -> bytes:
    """The followed recommendations with how far each is, as CSV."""
    return csv_of(TRACKED_HEAD, (_tracked_row(one, field_names) for one in tracked))


def _tracked_row(one: Tracked, field_names: Mapping[UUID, str]) -> list[Cell]:
    recommendation, view = one.recommendation, one.view
    return [
        recommendation.reference,
        recommendation.title,
        field_names.get(recommendation.field_of_action_id),
        recommendation.topic.title if recommendation.topic else None,
        ", ".join(group.name for group in one.target_groups),
        one.published_on,
        label(view.status),
        view.measures,
        view.verified,
        view.overdue_measures,
        view.addressees,
        view.silent,
    ]


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
