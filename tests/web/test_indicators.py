"""Pages of indicators: defining one, entering and correcting readings, and a series from a table."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from odfdo import Cell, Document, Row, Table
from sqlmodel import select
from starlette.testclient import TestClient

from app.models.base import new_id
from app.models.indicators import Reading
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.factories import World
from tests.monitoring import MonitoringScene


@pytest.fixture
def scene(client: TestClient, world: World) -> MonitoringScene:
    return MonitoringScene(client, world)


def readings(scene: MonitoringScene) -> list[tuple[str, str, str]]:
    """Every reading: period, category, value."""
    with scene.world.database.read() as session:
        found = session.exec(select(Reading).order_by(Reading.last_day, Reading.category)).all()
        return [(each.period, each.category, str(each.value)) for each in found]


def upload(scene: MonitoringScene, key: str, content: bytes, name: str = "werte.csv", **more: str) -> Any:
    """Send a table for its preview."""
    path = f"/indikatoren/{key}/werte/einlesen"
    return send(scene.client, scene.secretariat, path, more, files={"file": (name, io.BytesIO(content))})


def test_an_indicator_is_defined_with_german_numbers(scene: MonitoringScene) -> None:
    goal = scene.goal(public=True)
    path = f"/ziele/{goal['id']}/indikatoren/neu"
    sent = {
        "id": str(new_id()),
        "kind": "outcome",
        "title": "Median der Tage",
        "unit": "Tage",
        "baseline": "118,5",
        "baseline_on": "2025-12-31",
        "target": "60",
        "target_on": "2024-12-31",
        "breakdowns": "Geschlecht: Frauen, Männer\nLand",
    }
    sign_in(scene.client, scene.chair)
    assert "Woran zeigt sich" in scene.client.get(path).text
    broken = send(scene.client, scene.chair, path, sent)
    assert (broken.status_code, "Geschlecht: Frauen, Männer" in broken.text) == (422, True)
    early = send(scene.client, scene.chair, path, {**sent, "breakdowns": "Geschlecht: Frauen, Männer"})
    assert early.status_code == 422
    assert "Der Zielwert muss nach dem Ausgangswert liegen." in early.text
    assert 'value="118,5"' in early.text
    fine = {**sent, "breakdowns": "Geschlecht: Frauen, Männer", "target_on": "2028-12-31"}
    assert send(scene.client, scene.chair, path, fine).status_code == 303
    page = scene.client.get(f"/indikatoren/{sent['id']}").text
    assert "118,5\N{NO-BREAK SPACE}Tage" in page
    assert "soll sinken" in page
    edited = f"/indikatoren/{sent['id']}/bearbeiten"
    assert "Geschlecht: Frauen, Männer" in scene.client.get(edited).text
    less = {"title": "Median der Tage", "unit": "Tage", "baseline": "118,5", "baseline_on": "2025-12-31"}
    assert send(scene.client, scene.chair, edited, less).status_code == 303
    assert scene.get(f"/indicators/{sent['id']}").json()["target"] is None
    assert send(scene.client, scene.stranger, edited, less).status_code == 403


def test_a_doubtful_number_is_asked_and_a_known_period_is_corrected(scene: MonitoringScene) -> None:
    key = scene.indicator()["id"]
    path = f"/indikatoren/{key}/werte"
    asked = send(scene.client, scene.secretariat, path, {"period": "1. Quartal 2025", "value": "1.234"})
    assert asked.status_code == 422
    assert "ist nicht eindeutig" in asked.text
    assert 'name="decimal_mark"' in asked.text
    sent = {"id": str(new_id()), "period": "1. Quartal 2025", "value": "1.234", "decimal_mark": "comma"}
    for _again in range(2):
        assert send(scene.client, scene.secretariat, path, sent).status_code == 303
    assert readings(scene) == [("2025-Q1", "", "1234")]
    twice = send(scene.client, scene.secretariat, path, {"period": "2025-Q1", "value": "1250"})
    assert twice.status_code == 409
    assert "berichtigen Sie diesen Wert" in twice.text
    correction = re.search(rf'href="({path}/[\w-]+/berichtigen)"', scene.client.get(f"/indikatoren/{key}").text)
    assert correction
    refused = send(scene.client, scene.secretariat, correction[1], {"value": "1250"})
    assert (refused.status_code, 'value="1250"' in refused.text) == (422, True)
    better = {"value": "1250", "reason": "Nachmeldung eines Landes"}
    assert send(scene.client, scene.secretariat, correction[1], better).status_code == 303
    sign_out(scene.client)
    public = scene.client.get(f"/indikatoren/{key}").text
    assert "vorher 1.234\N{NO-BREAK SPACE}%" in public
    assert "Nachmeldung eines Landes" not in public
    assert "Wert eintragen" not in public
    sign_in(scene.client, scene.secretariat)
    assert "Nachmeldung eines Landes" in scene.client.get(f"/indikatoren/{key}").text


def test_numbers_are_taken_as_people_write_them_and_words_are_refused(scene: MonitoringScene) -> None:
    key = scene.indicator()["id"]
    path = f"/indikatoren/{key}/werte"
    for value in ("viele", "etwa 12", "1,2,3", "", "12 %%"):
        refused = send(scene.client, scene.secretariat, path, {"period": "2024", "value": value})
        assert refused.status_code == 422, value
        assert f'value="{html.escape(value)}"' in refused.text
        assert 'href="#feld-value"' in refused.text
    assert readings(scene) == []
    for period, value in (("2021", "33,8"), ("2022", "33.8"), ("2023", "1.234,5"), ("2024", "1,234.5")):
        assert send(scene.client, scene.secretariat, path, {"period": period, "value": value}).status_code == 303
    assert [value for _period, _category, value in readings(scene)] == ["33.8", "33.8", "1234.5", "1234.5"]
    unknown = send(scene.client, scene.secretariat, path, {"period": "irgendwann", "value": "1"})
    assert (unknown.status_code, 'href="#feld-period"' in unknown.text) == (422, True)
    assert len(readings(scene)) == 4


def test_a_series_is_previewed_and_taken_over_once(scene: MonitoringScene) -> None:
    key = scene.indicator(breakdowns=[{"name": "Geschlecht", "categories": ["Frauen"]}])["id"]
    scene.reading(key, "2023", "31,5")
    lines = ("2023;31,5;;", "2024;1.033,25;;", "2024;12,0;Geschlecht: Frauen;", "2025;1.100;;ja")
    table = "\n".join(["Zeitraum;Wert;Ausprägung;Vorläufig", *lines])
    shown = upload(scene, key, table.encode())
    assert shown.status_code == 200, shown.text
    text = shown.text
    assert "steht schon da, bleibt so" in text
    assert "1.100\N{NO-BREAK SPACE}%" in text
    assert len(readings(scene)) == 1
    rows = re.search(r'name="rows" value="([^"]*)"', text)
    assert rows
    for expected in ("3 Werte sind eingetragen.", "0 Werte sind eingetragen."):
        fields = {"rows": html.unescape(rows[1])}
        done = send(scene.client, scene.secretariat, f"/indikatoren/{key}/werte/uebernehmen", fields)
        assert done.status_code == 303
        assert expected in scene.client.get(f"/indikatoren/{key}").text
    assert readings(scene) == [
        ("2023", "", "31.5"),
        ("2024", "", "1033.25"),
        ("2024", "Geschlecht: Frauen", "12.0"),
        ("2025", "", "1100"),
    ]


def test_each_broken_row_is_named_and_nothing_is_taken_over(scene: MonitoringScene) -> None:
    key = scene.indicator()["id"]
    scene.reading(key, "2020", 5)
    table = "Zeitraum,Wert,Vorläufig\n2019,1\nbald,2\n2021,viel\n2020,6\n2019,3\n2022,4,vielleicht\n2040,1\n"
    shown = upload(scene, key, table.encode())
    assert shown.status_code == 422
    text = shown.text
    for line in (3, 4, 5, 6, 7, 8):
        assert f"<strong>Zeile {line}</strong>" in text
    assert "steht schon in Zeile 2" in text
    assert 'name="rows"' not in text
    assert len(readings(scene)) == 1
    for content, said in (
        (b"Jahr;Menge\n2020;1\n", "Die Spalte „Menge“ ist unbekannt"),
        (b"Zeitraum\n2020\n", "fehlt die Spalte „Wert“"),
        (b"", "Die Tabelle ist leer"),
        (b"Zeitraum;Wert\n2019;1.234\n", "ist nicht eindeutig"),
    ):
        assert said in upload(scene, key, content).text
    clear = upload(scene, key, b"Zeitraum;Wert\n2019;1.234\n", decimal_mark="dot")
    assert "1,234\N{NO-BREAK SPACE}%" in clear.text
    broken = {"rows": "[]"}
    assert send(scene.client, scene.secretariat, f"/indikatoren/{key}/werte/uebernehmen", broken).status_code == 422


def test_a_series_comes_from_a_spreadsheet_too(scene: MonitoringScene) -> None:
    key = scene.indicator()["id"]
    document = Document("spreadsheet")
    document.body.clear()
    sheet = Table("Werte")
    for values in (("Zeitraum", "Wert"), ("2024", "33,8"), ("2025", "34,1")):
        row = Row()
        for value in values:
            row.append_cell(Cell(text=value))
        sheet.append_row(row)
    document.body.append(sheet)
    file = io.BytesIO()
    document.save(file)
    shown = upload(scene, key, file.getvalue(), "werte.ods")
    assert "33,8\N{NO-BREAK SPACE}%" in shown.text


def test_the_table_of_a_picture_can_be_read_in_again(scene: MonitoringScene) -> None:
    sent = {"baseline": 31, "baseline_on": "2022-12-31", "target": 60, "target_on": "2028-12-31"}
    key, other = scene.indicator(**sent)["id"], scene.indicator(title="Ein anderer")["id"]
    for period, value in (("2023", "33,80"), ("2024", "-2,5"), ("2025", 1100)):
        scene.reading(key, period, value)
    sign_out(scene.client)
    saved = scene.client.get(f"/indikatoren/{key}/werte.csv")
    assert saved.headers["content-type"].startswith("text/csv")
    assert "33,80" in saved.text
    shown = upload(scene, other, saved.content)
    assert shown.status_code == 200, shown.text
    assert "33,80\N{NO-BREAK SPACE}%" in shown.text
    assert "−2,5\N{NO-BREAK SPACE}%" in shown.text


def test_the_board_asks_little_and_never_mixes_context_with_achievement(
    scene: MonitoringScene, statements: StatementCounter
) -> None:
    fields = scene.get("/fields-of-action?code=B").json()["items"]
    context = {"kind": "context", "field_of_action_id": fields[0]["id"], "unit": "%"}
    scene.indicator(title="Quote der Bevölkerung", **context)
    goal, counted = scene.goal(public=True)["id"], []
    for number in (1, 5):
        for each in range(number):
            key = scene.indicator(goal_id=goal, title=f"Indikator {number} {each}")["id"]
            scene.reading(key, "2025", each)
        sign_out(scene.client)
        with statements:
            board = scene.client.get("/monitoring").text
        counted.append(statements.count)
    assert counted[0] == counted[1] <= 6
    assert "Indikator 5 4" in board
    assert "Quote der Bevölkerung" not in board
    with statements:
        context_page = scene.client.get("/monitoring/kontext").text
    assert statements.count <= 6
    assert "Quote der Bevölkerung" in context_page
    assert "Indikator 5 4" not in context_page
    assert "ist kein Nachweis einer Wirkung" in context_page
    assert "keine Daten" not in context_page
    assert scene.client.get("/monitoring?course=on_track").status_code == 200
    assert scene.client.get("/monitoring?course=vielleicht").status_code == 422
    assert scene.client.get("/monitoring?field_of_action=gibt-es-nicht").status_code == 404
