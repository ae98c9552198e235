"""The annex table as CSV and ODS, a row for each goal, measure and indicator, to be read in again; and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from app.documents.csv import csv_of
from app.documents.document import Cell, Table
from app.documents.ods import ods_of
from app.domain.goals import GoalKind
from app.forms.annex import COLUMNS
from app.i18n import _
from app.models.measures import Milestone
from app.queries.annex import AnnexGoal, AnnexMeasure
from app.queries.indicators import Series
from app.wording import label
from app.wording.dates import german_date
from app.wording.numbers import german_period, with_unit


def annex_csv(branches: Iterable[AnnexGoal]) -> bytes:
    """The table as CSV."""
    table = annex_table("", branches)
    return csv_of(table.head, table.rows)


def annex_ods(caption: str, branches: Iterable[AnnexGoal]) -> bytes:
    """The table as ODS."""
    return ods_of(annex_table(caption, branches))


def annex_table(caption: str, branches: Iterable[AnnexGoal]) -> Table:
    """The rows with their heading."""
    head = [titles[0] for titles in COLUMNS.values()]
    return Table(caption, head, [list(row.values()) for row in annex_rows(branches)])


def annex_rows(branches: Iterable[AnnexGoal]) -> list[dict[str, Cell]]:
    """Each row by the names of its columns (`forms.annex.COLUMNS`)."""
    return [row for branch in branches for row in _rows(branch)]


def paper_table(caption: str, branches: Iterable[AnnexGoal]) -> Table:
    """The same for reading, in the five columns of the plan of 2012: a row for each goal and each measure."""
    head = (
        _("Operatives Ziel"),
        _("Maßnahme/Instrument"),
        _("Verantwortliche"),
        _("Zeitplan"),
        _("Indikatoren der Zielerreichung"),
    )
    rows: list[list[Cell]] = []
    for branch in branches:
        goal = branch.goal.title if branch.goal else _("ohne Ziel")
        if branch.goal is not None and (branch.series or not branch.measures):
            rows.append([goal, _whole(branch), None, None, _indicators(branch.series)])
        rows += [[goal, *_for_reading(each)] for each in branch.measures]
    return Table(caption, head, rows, widths=(3, 3.4, 2.8, 2.6, 3.4))


def milestones_text(milestones: Sequence[Milestone]) -> str:
    """One milestone a line: "2026-06-30: Konzept liegt vor (erreicht: 2026-06-12)"."""
    return "\n".join(_milestone(each.due_on, each.title, each.reached_on) for each in milestones)


def _whole(branch: AnnexGoal) -> str:
    return _("zum Ziel insgesamt") if branch.measures else _("noch keine Maßnahme")


def _for_reading(entry: AnnexMeasure) -> list[Cell]:
    measure, responsible = entry.measure, entry.measure.responsible_organisation
    reference = measure.recommendation.reference if measure.recommendation else None
    about = " ".join(filter(None, (reference, f"{measure.number})" if measure.number else None)))
    until = _("bis {day}").format(day=german_date(measure.due_on)) if measure.due_on else _("ohne Datum")
    stones = [f"{german_date(each.due_on)}: {each.title}{_reached(each)}" for each in entry.milestones]
    helping = _("mit: {names}").format(names=", ".join(each.name for each in entry.contributors))
    return [
        "\n".join(filter(None, (measure.title, about, label(measure.state)))),
        "\n".join(filter(None, (responsible.name if responsible else None, helping if entry.contributors else None))),
        "\n".join([until, *stones]),
        _indicators(entry.series),
    ]


def _reached(stone: Milestone) -> str:
    return f" ({_('erreicht')})" if stone.reached_on else ""


def _indicators(series: Iterable[Series]) -> str:
    """Each with where it is to go, where it stands, and whether it is on its way."""
    return "\n".join(_indicator(one) for one in series) or _("noch keiner")


def _indicator(one: Series) -> str:
    indicator, latest = one.indicator, one.latest
    said = []
    if indicator.baseline is not None:
        said.append(_("von {value}").format(value=with_unit(indicator.baseline, indicator.unit)))
    if indicator.target is not None:
        said.append(_("auf {value}").format(value=with_unit(indicator.target, indicator.unit)))
    if latest is not None:
        said.append(_("zuletzt {value}").format(value=with_unit(latest.value, indicator.unit)))
    if one.judgement is not None:
        said.append(label(one.judgement.course))
    return f"{indicator.title}: {', '.join(said)}" if said else indicator.title


def _milestone(due_on: date, title: str, reached_on: date | None) -> str:
    reached = f" ({_('erreicht')}: {reached_on.isoformat()})" if reached_on else ""
    return f"{due_on.isoformat()}: {title}{reached}"


def _rows(branch: AnnexGoal) -> Iterator[dict[str, Cell]]:
    """First what is measured at the goal itself, then each measure with its own indicators."""
    for one in branch.series:
        yield _row(branch, None, one)
    for each in branch.measures:
        if not each.series:
            yield _row(branch, each, None)
        for one in each.series:
            yield _row(branch, each, one)
    if not branch.series and not branch.measures:
        yield _row(branch, None, None)


def _row(branch: AnnexGoal, entry: AnnexMeasure | None, one: Series | None) -> dict[str, Cell]:
    cells: dict[str, Cell] = dict.fromkeys(COLUMNS)
    goal, measure = branch.goal, entry.measure if entry else None
    if goal is not None:
        is_operative = goal.kind is GoalKind.OPERATIVE
        cells |= {
            "body": goal.body.title if goal.body else None,
            "strategic": branch.strategic.title if branch.strategic else None,
            "operative": goal.title if is_operative else None,
            "goal_id": str(goal.id),
        }
    if measure is not None and entry is not None:
        recommendation, responsible = measure.recommendation, measure.responsible_organisation
        cells |= {
            "reference": recommendation.reference if recommendation else None,
            "number": measure.number,
            "measure": measure.title,
            "responsible": responsible.name if responsible else None,
            "contributors": "\n".join(each.name for each in entry.contributors) or None,
            "due_on": measure.due_on,
            "milestones": milestones_text(entry.milestones) or None,
            "state": label(measure.state),
            "measure_id": str(measure.id),
        }
    return cells | _indicator_cells(one)


def _indicator_cells(one: Series | None) -> dict[str, Cell]:
    if one is None:
        return {}
    indicator, latest = one.indicator, one.latest
    number: dict[str, Decimal | None] = {"baseline": indicator.baseline, "target": indicator.target}
    return {
        "indicator": indicator.title,
        "kind": label(indicator.kind),
        "unit": indicator.unit,
        **number,
        "baseline_on": indicator.baseline_on,
        "target_on": indicator.target_on,
        "direction": label(indicator.direction) if indicator.direction else None,
        "source": indicator.source or None,
        "latest": f"{with_unit(latest.value, indicator.unit)}, {german_period(latest.period)}" if latest else None,
        "course": label(one.judgement.course) if one.judgement else None,
        "indicator_id": str(indicator.id),
    }
