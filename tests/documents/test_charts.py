"""The geometry of the pictures: everything within its frame, in German words, and told apart without colour."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import PROJECT_ROOT
from app.documents.charts.heat_map import STEPS, heat_map, shade_of
from app.documents.charts.scale import DayScale, ValueScale, day_ticks, days_around, round_values
from app.documents.charts.series import series_chart, series_csv
from app.documents.charts.status_bars import status_bars, status_csv
from app.documents.charts.timeline import nearest, timeline, timeline_csv
from app.domain.implementation import ImplementationStatus
from app.domain.indicators import IndicatorKind
from app.domain.measures import MeasureState
from app.models.base import new_id
from app.models.indicators import Indicator, Reading
from app.models.measures import Measure, Milestone
from app.queries.implementation_figures import STATUSES, Bar
from app.queries.indicators import Series
from app.queries.measures import ListedMeasure

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
NUMBERS = st.decimals(min_value=-(10**11), max_value=10**11, places=3, allow_nan=False, allow_infinity=False)


def series_with(readings: list[tuple[date, str]], **values: Any) -> Series:
    """An indicator with these readings."""
    indicator = Indicator(
        id=new_id(), created_at=MOMENT, title="Anteil", kind=IndicatorKind.OUTPUT, unit="%", goal_id=new_id(), **values
    )
    made = [
        Reading(
            id=new_id(),
            created_at=MOMENT,
            indicator_id=indicator.id,
            period=str(day.year),
            first_day=day.replace(month=1, day=1),
            last_day=day,
            value=Decimal(value),
            provisional=number == len(readings) - 1,
        )
        for number, (day, value) in enumerate(readings)
    ]
    return Series(indicator, tuple(made), {}, {}, None, None, False)


def listed(title: str, state: MeasureState = MeasureState.IN_PROGRESS, due_on: date | None = None) -> ListedMeasure:
    """A measure in a list."""
    measure = Measure(
        id=new_id(),
        created_at=MOMENT,
        title=title,
        state=state,
        state_since=MOMENT,
        due_on=due_on,
        recommendation_id=new_id(),
        responsible_organisation_id=new_id(),
    )
    return ListedMeasure(measure, False, due_on)


@given(st.lists(NUMBERS, min_size=1, max_size=8))
def test_an_axis_holds_every_value_and_nought_in_few_round_steps(values: list[Decimal]) -> None:
    steps = round_values(values)
    assert 2 <= len(steps) <= 8
    assert steps[0] <= min(*values, Decimal(0)) <= max(*values, Decimal(0)) <= steps[-1]
    assert Decimal(0) in steps
    scale = ValueScale(steps[0], steps[-1], 258, 34)
    assert all(34 <= scale.at(value) <= 258 for value in values)


@given(st.lists(st.dates(date(1900, 1, 1), date(2199, 12, 30)), min_size=1, max_size=6))
def test_an_axis_of_days_holds_every_day_and_says_few_years(days: list[date]) -> None:
    first, last = days_around(days)
    if last.year > 2199:
        return
    scale = DayScale(first, last, 66, 456)
    assert all(66 <= scale.at(day) <= 456 for day in days)
    words = [tick.text for tick in day_ticks(scale) if tick.text]
    assert 1 <= len(words) <= 16
    assert all(re.fullmatch(r"\d{4}|\d{2}/\d{4}", word) for word in words)


def test_a_series_draws_baseline_readings_and_target_each_with_its_shape() -> None:
    series = series_with(
        [(date(2025, 12, 31), "33.8"), (date(2026, 12, 31), "1234.5")],
        baseline=Decimal("31.0"),
        baseline_on=date(2024, 12, 31),
        target=Decimal(2000),
        target_on=date(2028, 12, 31),
    )
    chart = series_chart(series)
    assert chart is not None
    assert [mark.kind for mark in chart.marks] == ["baseline", "target", "final", "provisional"]
    assert chart.marks[-1].text == "1.234,5"
    assert "Ausgangswert: 31,0\N{NO-BREAK SPACE}% am 31. Dezember 2024." in chart.description
    assert chart.way.count("L") == 1
    assert "2.000" in [tick.text for tick in chart.value_ticks]
    assert series_chart(series_with([])) is None
    table = series_csv(series).decode("utf-8-sig")
    assert "2026;1234,5;;;ja;%;Wert" in table
    assert "2028-12-31;2000;;;;%;Zielwert" in table


@given(st.lists(NUMBERS, min_size=1, max_size=12))
def test_no_word_stands_on_another_and_the_newest_value_is_always_named(values: list[Decimal]) -> None:
    readings = [(date(2010 + number, 12, 31), str(value)) for number, value in enumerate(values)]
    chart = series_chart(series_with(readings))
    assert chart is not None
    assert chart.marks[-1].text
    boxes = []
    for mark in chart.marks:
        if mark.text:
            width = 9.0 * len(mark.text)
            left = mark.x - {"start": 0, "middle": width / 2, "end": width}[mark.anchor]
            boxes.append((left, mark.label_y - 17, left + width, mark.label_y))
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def bar_of(key: str, *counts: int) -> Bar:
    """A bar with these numbers, status by status."""
    padded = [*counts, *([0] * (len(STATUSES) - len(counts)))]
    return Bar(key, key.title(), tuple(zip(STATUSES, padded, strict=True)))


def test_bars_are_drawn_to_one_scale_and_name_what_there_is() -> None:
    chart = status_bars("felder", "Nach Handlungsfeld", [bar_of("b", 4, 0, 4), bar_of("c", 0, 0, 2), bar_of("w")])
    assert chart is not None
    widths = [sum(part.width for part in row.parts) for row in chart.rows]
    assert widths[0] == pytest.approx(476)
    assert widths[1] == pytest.approx(119)
    assert widths[2] == 0
    assert chart.shown == (ImplementationStatus.DONE, ImplementationStatus.STARTED)
    assert "B: 8 Empfehlungen (4 Umgesetzt, 4 Begonnen)." in chart.description
    assert status_bars("felder", "Leer", [bar_of("b")]) is None
    assert status_csv("Feld", [bar_of("b", 4, 0, 4)]).decode("utf-8-sig").splitlines()[1] == "B;4;0;4;0;0;0;0;8"


def test_shades_grow_with_the_count_and_nought_has_its_own() -> None:
    shades = [shade_of(count, 10) for count in range(11)]
    assert shades == sorted(shades)
    assert (shades[0], shades[1], shades[-1]) == (0, 1, STEPS)
    chart = heat_map("bild", "Felder", [bar_of("b", 1, 3)], ["B"])
    assert chart is not None
    assert [cell.count for cell in chart.rows[0][3]] == [1, 3, 0, 0, 0, 0, 0]
    assert heat_map("bild", "Felder", [bar_of("b")], ["B"]) is None


def test_a_timeline_holds_every_measure_and_says_where_today_is() -> None:
    found = [listed("Ohne Tag"), listed("Bald", due_on=date(2026, 6, 30)), listed("Später", due_on=date(2028, 1, 31))]
    key = found[1].measure.id
    stones = [Milestone(created_at=MOMENT, measure_id=key, title="Start", due_on=date(2029, 5, 1))]
    chart = timeline("zeit", "Zeitplan", found, {key: stones}, date(2026, 4, 1))
    assert chart is not None
    assert all(row.x >= 8 and row.x + row.width <= 472 for row in chart.rows)
    assert [row.is_open for row in chart.rows] == [True, False, False]
    assert 8 <= chart.rows[1].stones[0].x <= 472
    assert chart.today_x is not None
    assert 8 < chart.today_x < 472
    assert "heute ist der 1. April 2026" in chart.description
    assert timeline("zeit", "Zeitplan", [], {}, date(2026, 4, 1)) is None


def test_a_timeline_of_what_is_over_ends_with_its_last_day() -> None:
    found = [listed("Fertig", MeasureState.VERIFIED_DONE, date(2027, 1, 1)), listed("Weg", MeasureState.DROPPED)]
    chart = timeline("zeit", "Zeitplan", found, {}, date(2040, 4, 1))
    assert chart is not None
    assert chart.today_x is None
    assert chart.rows[0].x + chart.rows[0].width > 230
    assert chart.description == "2 Maßnahmen; alle sind beendet."


def test_a_picture_has_room_for_what_is_next() -> None:
    done = listed("Fertig", MeasureState.VERIFIED_DONE, date(2025, 1, 1))
    dropped = listed("Entfallen", MeasureState.DROPPED)
    many = [listed(f"Maßnahme {number}", due_on=date(2027, 1, number)) for number in range(1, 25)]
    found = nearest([done, dropped, *reversed(many)])
    assert len(found) == 20
    assert found[0].measure.title == "Maßnahme 1"
    assert nearest([dropped, done]) == [done]


def test_measures_without_a_day_or_reference_make_a_table_too() -> None:
    one = listed("Ohne Tag")
    one.measure.__dict__["recommendation"] = None
    assert "Ohne Tag" in timeline_csv([one], {}).decode("utf-8-sig")


def test_no_template_of_a_picture_styles_inline() -> None:
    for file in (PROJECT_ROOT / "templates" / "charts").iterdir():
        assert not re.search(r"\bstyle=|<style|<script|\son\w+=", file.read_text()), file.name
