"""The one form for all reports that are owed: its fields by measure, and what was typed into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.domain.measures import MeasureState, ReportedProgress
from app.domain.needs import EvidenceKind
from app.errors import ApplicationError, FieldError, Invalid
from app.forms.measures import CollectedReports
from app.i18n import _
from app.models.base import new_id
from app.queries.owed_reports import ReportedMeasure
from app.routers.deps import Submitted
from app.routers.pages import field_errors

_TYPED = ("text", "progress", "obstacles", "next_steps")
_SOURCE = ("kind", "source", "url", "summary")
LABELS = {
    "text": _("Was ist erreicht?"),
    "progress": _("Wie läuft die Maßnahme?"),
    "obstacles": _("Was hindert?"),
    "next_steps": _("Was kommt als Nächstes?"),
    "done": _("Die Maßnahme ist damit umgesetzt."),
    "evidence": _("Beleg"),
}
"""What the fields of a measure are called, in the form and where one of them is refused."""


@dataclass(frozen=True, slots=True)
class MeasureFields:
    """The fields of one measure, `<measure>.text` and so on, with what stands in them."""

    owed: ReportedMeasure
    values: Mapping[str, Any]
    evidence: Sequence[Mapping[str, Any]]

    @property
    def name(self) -> str:
        """What the names of its fields begin with."""
        return str(self.owed.measure.id)

    @property
    def may_finish(self) -> bool:
        """True where the measure can be reported done."""
        return self.owed.measure.state is MeasureState.IN_PROGRESS


def named_keys(submitted: Submitted) -> list[UUID]:
    """The measures the form that was sent has fields for, in its order."""
    found = (_key(name.removesuffix(".id")) for name in submitted.values if name.endswith(".id"))
    return [key for key in found if key is not None]


def read_reports(submitted: Submitted, titles: Mapping[UUID, str], *, draft: bool) -> CollectedReports:
    """The reports on the measures for which anything was typed; Invalid names measure and field."""
    sent = [(key, _sent(submitted, key)) for key in named_keys(submitted)]
    common = {"status_on": submitted.text("status_on"), "draft": draft, "text": ""}
    typed = [(key, report) for key, report in sent if report]
    if not typed:
        raise Invalid(detail=_("Bitte schreiben Sie zu mindestens einer Maßnahme, was erreicht ist."))
    reports = [{**common, **report, "id": submitted.text(f"{key}.id"), "measure_id": key} for key, report in typed]
    with naming_measures([key for key, _report in typed], titles):
        return Submitted(submitted.data).parse(CollectedReports, reports=reports)


class naming_measures:  # noqa: N801  it reads as a word of the `with` statement
    """Within it, a refusal of `reports.<place>.<field>` names the field of the form, and in words measure and field."""

    def __init__(self, keys: Sequence[UUID], titles: Mapping[UUID, str]) -> None:
        self.keys = keys
        self.titles = titles

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Invalid) and error.errors:
            raise Invalid(*dict.fromkeys(self._named(each) for each in error.errors)) from error

    def _named(self, error: FieldError) -> FieldError:
        _reports, place, *rest = error.field.split(".")
        key, field = self.keys[int(place)], ".".join(rest)
        if field == "status_on":
            return FieldError(field, error.message)
        label = LABELS.get(rest[0] if rest else "", _("Angaben"))
        named = label if label.endswith("?") else f"{label.rstrip('.')}:"
        told = _("„{title}“, {field} {message}")
        return FieldError(
            f"{key}.{field}", told.format(title=self.titles.get(key, ""), field=named, message=error.message)
        )


def kept_texts(submitted: Submitted) -> list[str]:
    """What was typed, for a page that takes it no more."""
    keys = named_keys(submitted)
    typed = (submitted.text(f"{key}.{name}").strip() for key in keys for name in ("text", "obstacles", "next_steps"))
    return [text for text in typed if text]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def fields_of(owed: Sequence[ReportedMeasure], submitted: Submitted | None) -> list[MeasureFields]:
    """The fields as they are shown: as they were sent, else what is drafted."""
    return [_again(each, submitted) if submitted else _fresh(each) for each in owed]


def form_context(
    owed: Sequence[ReportedMeasure], submitted: Submitted | None, error: ApplicationError | None, today: object
) -> dict[str, Any]:
    """What the template of the form needs."""
    return {
        "forms_of_measures": fields_of(owed, submitted),
        "status_on": submitted.text("status_on") if submitted else today,
        "labels": LABELS,
        "kinds": list(EvidenceKind),
        "progress": list(ReportedProgress),
        "today": today,
        "errors": field_errors(error),
        "example": any(each.measure.is_example for each in owed),
    }


def _sent(submitted: Submitted, key: UUID) -> dict[str, Any]:
    """What was typed for a measure; nothing where all its fields are empty."""
    report: dict[str, Any] = {name: text for name in _TYPED if (text := submitted.text(f"{key}.{name}").strip()) != ""}
    evidence = [row for row in _sources(submitted, key) if set(row) - {"kind"}]
    if evidence:
        report["evidence"] = evidence
    if submitted.text(f"{key}.done") == "true":
        report["done"] = True
    return report


def _sources(submitted: Submitted, key: UUID) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    while any(f"{key}.evidence.{len(rows)}.{name}" in submitted.values for name in _SOURCE):
        row = {name: submitted.text(f"{key}.evidence.{len(rows)}.{name}").strip() for name in _SOURCE}
        rows.append({name: value for name, value in row.items() if value})
    return rows


def _again(each: ReportedMeasure, submitted: Submitted) -> MeasureFields:
    key = each.measure.id
    values = {name: submitted.text(f"{key}.{name}") for name in ("id", "done", *_TYPED)}
    return MeasureFields(each, values, _sources(submitted, key) or [{}])


def _fresh(each: ReportedMeasure) -> MeasureFields:
    draft = each.draft
    if draft is None:
        return MeasureFields(each, {"id": str(new_id()), "done": "", **dict.fromkeys(_TYPED, "")}, [{}])
    values = {"id": str(draft.id), "done": "", **{name: getattr(draft, name) or "" for name in _TYPED}}
    sources = [{name: getattr(row, name) for name in _SOURCE} for row in each.evidence]
    return MeasureFields(each, values, sources or [{}])
