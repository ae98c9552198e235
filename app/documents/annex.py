"""The annex table as CSV and ODS: a row for each goal, measure and indicator, which can be read in again."""

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
    return Table(caption, head, [row for branch in branches for row in _rows(branch)])


def milestones_text(milestones: Sequence[Milestone]) -> str:
    """One milestone a line: "2026-06-30: Konzept liegt vor (erreicht: 2026-06-12)"."""
    return "\n".join(_milestone(each.due_on, each.title, each.reached_on) for each in milestones)


def _milestone(due_on: date, title: str, reached_on: date | None) -> str:
    reached = f" ({_('erreicht')}: {reached_on.isoformat()})" if reached_on else ""
    return f"{due_on.isoformat()}: {title}{reached}"


def _rows(branch: AnnexGoal) -> Iterator[list[Cell]]:
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


def _row(branch: AnnexGoal, entry: AnnexMeasure | None, one: Series | None) -> list[Cell]:
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
    return list((cells | _indicator_cells(one)).values())


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
