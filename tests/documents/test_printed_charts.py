"""Pictures on paper and of breakdowns: everything written out, nothing told by colour alone, all within their frame."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from xml.etree import ElementTree as Xml

import pytest

from app.documents.charts.breakdowns import breakdown_charts
from app.documents.charts.figures import heat_figure, series_figure, status_figure, timeline_figure
from app.documents.charts.heat_map import heat_map
from app.documents.charts.printed import Chart, printed_svg
from app.documents.charts.series import series_chart
from app.documents.charts.status_bars import status_bars
from app.documents.charts.timeline import timeline
from app.documents.document import Figure
from app.documents.pdf import pdf_of
from app.domain.measures import MeasureState
from app.models.base import new_id
from app.models.indicators import Reading
from app.models.measures import Milestone
from app.queries.implementation_figures import ANSWERS, STATUSES
from app.queries.indicators import Series
from app.templating import environment
from tests.documents.reading import ReadPdf
from tests.documents.samples import a_document
from tests.documents.test_charts import MOMENT, bar_of, listed, series_with

DAY = date(2026, 4, 1)
BARS = [bar_of("b <&>", 4, 1, 4, 2, 1, 1, 1), bar_of("c", 0, 0, 2)]
ENDS = {
    "baseline": Decimal(31),
    "baseline_on": date(2024, 12, 31),
    "target": Decimal(60),
    "target_on": date(2028, 12, 31),
}


def every_chart() -> list[Chart]:
    """One of each kind, with everything it can show."""
    measures = [listed(f"Maßnahme <{state}>", state, date(2027, 6, 30)) for state in MeasureState]
    key = measures[0].measure.id
    stones = [
        Milestone(created_at=MOMENT, measure_id=key, title="Start", due_on=DAY, reached_on=reached)
        for reached in (None, DAY)
    ]
    made = [
        status_bars("felder", "Nach Feld", BARS),
        heat_map("bild", "Felder", BARS, ["B", "C"]),
        series_chart(series_with([(date(2025, 12, 31), "33.8"), (date(2026, 12, 31), "41")], **ENDS)),
        timeline("zeit", "Zeitplan", measures, {key: stones}, DAY),
    ]
    return [chart for chart in made if chart is not None]


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: type(chart).__name__)
def test_a_printed_picture_needs_nothing_beside_it(chart: Chart) -> None:
    root = Xml.fromstring(printed_svg(chart))
    _x, _y, width, height = (float(each) for each in root.get("viewBox", "").split())
    elements = list(root.iter())
    names = {element.tag.rsplit("}", 1)[1] for element in elements}
    assert not names & {"style", "script", "image", "foreignObject"}
    for element in elements:
        assert not {"style", "onclick"} & set(element.keys())
        assert element.get("class") is None
    shapes = [each for each in elements if each.tag.endswith(("}rect", "}path", "}circle"))]
    assert all(shape.get("fill") for shape in shapes)
    words = [each for each in elements if each.tag.endswith("}text")]
    assert all(each.get("font-family") and float(each.get("font-size", 0)) >= 14 for each in words)
    assert all(float(each.get("y", 0)) <= height and float(each.get("x", 0)) <= width for each in words)


def test_every_status_has_a_sign_of_its_own_in_the_key() -> None:
    chart = status_bars("felder", "Nach Feld", BARS)
    assert chart is not None
    root = Xml.fromstring(printed_svg(chart))
    signs = [each for each in root if each.get("transform", "").startswith("translate")]
    drawn = [Xml.tostring(each).split(b">", 1)[1] for each in signs]
    assert len(drawn) == len(set(drawn)) == 7


def test_figures_carry_their_numbers_and_become_tagged_pictures() -> None:
    series = series_with([(date(2025, 12, 31), "33.8")], **ENDS)
    found: list[Figure] = [
        *status_figure("felder", "Nach Feld", "Feld", BARS),
        *heat_figure("bild", "Felder", BARS, ["B", "C"]),
        *series_figure(series),
        *timeline_figure("zeit", "Zeitplan", [listed("Eine")], {}, DAY),
    ]
    assert [figure.table is not None for figure in found] == [True, False, True, True]
    assert found[0].table is not None
    assert found[0].table.rows[0][1:] == (4, 1, 4, 2, 1, 1, 1, 14)
    pdf = ReadPdf(pdf_of(a_document(*found)))
    assert [tag.value("/Alt") for tag in pdf.tags("Figure")] == [figure.alternative for figure in found]


def test_a_single_value_is_no_course() -> None:
    assert series_figure(series_with([(date(2025, 12, 31), "33.8")])) == []


def broken_down(**categories: list[str]) -> Series:
    """An indicator whose readings are told apart by sex; values of 2024 and 2025."""
    whole = series_with([(date(2024, 12, 31), "50"), (date(2025, 12, 31), "52")])
    whole.indicator.breakdowns = [{"name": "Geschlecht", "categories": list(categories)}]
    by_category = {
        f"Geschlecht: {name}": tuple(
            Reading(
                id=new_id(),
                created_at=MOMENT,
                indicator_id=whole.indicator.id,
                period=str(year),
                first_day=date(year, 1, 1),
                last_day=date(year, 12, 31),
                category=f"Geschlecht: {name}",
                value=Decimal(value),
            )
            for year, value in zip((2024, 2025), values, strict=False)
        )
        for name, values in categories.items()
    }
    return Series(whole.indicator, whole.readings, by_category, {}, None, None, False)


def test_a_breakdown_is_drawn_category_by_category_to_one_scale() -> None:
    (chart,) = breakdown_charts(broken_down(Frauen=["61", "62.5"], Männer=["40", "41"], Divers=["50"]))
    assert [panel.title for panel in chart.panels] == ["Frauen", "Männer", "Divers"]
    assert len({panel.whole for panel in chart.panels}) == 1
    women, men, _other = chart.panels
    assert women.dots[-1].text == "62,5"
    assert women.dots[0].y < men.dots[0].y
    assert all(chart.left <= dot.x <= chart.right for panel in chart.panels for dot in panel.dots)
    assert all(chart.top <= dot.y <= chart.bottom for panel in chart.panels for dot in panel.dots)
    assert "Frauen: 62,5\N{NO-BREAK SPACE}% (2025)." in chart.description
    assert chart.has_whole
    assert chart.has_provisional


def test_what_has_no_reading_has_no_picture() -> None:
    series = broken_down(Frauen=[])
    series.by_category.clear()
    assert breakdown_charts(series) == []


@pytest.mark.parametrize("words", [ANSWERS, STATUSES], ids=["answers", "statuses"])
def test_every_part_of_a_lone_bar_has_a_sign_of_its_own(words: tuple[StrEnum, ...]) -> None:
    bars = environment().get_template("macros/bars.html").module
    drawn = str(bars.stacked([(word, 2) for word in words], None, "balken"))  # type: ignore[attr-defined]
    signs = [sign.split("</svg>")[0] for sign in drawn.split("chart-key__sign")[1:]]
    assert len(signs) == len(set(signs)) == len(words)
    assert "undefined" not in drawn
