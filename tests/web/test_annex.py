"""The annex table: every row from stored data, as a page, CSV and ODS, and back again."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from sqlmodel import func, select
from starlette.testclient import TestClient

from app.domain.deadlines import berlin_date
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure
from app.models.record import Event
from app.wording.dates import german_date, parse_german_date
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.factories import World
from tests.monitoring import MonitoringScene
from tests.tables import rows_of, table_of

PATH = "/verwaltung/massnahmentabelle-einlesen"


@pytest.fixture
def scene(client: TestClient, world: World) -> MonitoringScene:
    return MonitoringScene(client, world)


def fill(scene: MonitoringScene) -> dict[str, Any]:
    """A strategic goal, an operative one with an indicator, and a measure with one of its own."""
    linked = [str(scene.recommendation)]
    strategic = scene.goal(public=True)
    operative = scene.goal(
        agreed=True, kind="operative", parent_id=strategic["id"], title="Höchstens 60 Tage", recommendation_ids=linked
    )
    partner = scene.world.organisation("Stadt, Land; Fluss e. V.")
    measure = scene.measure(
        goal_id=operative["id"],
        due_on="2027-12-31",
        number="a",
        contributing_organisation_ids=[str(partner)],
        milestones=[
            {"title": "Konzept: fertig", "due_on": "2026-06-30", "reached_on": "2026-06-12"},
            {"title": "Start", "due_on": "2026-09-01"},
        ],
    )
    dates = {"baseline_on": "2025-12-31", "target_on": "2028-12-31"}
    of_goal = scene.indicator(goal_id=operative["id"], baseline="118,50", target="1060", unit="Tage", **dates)
    of_measure = scene.indicator(measure_id=measure["id"], title="=SUMME(1)", baseline=-5, target=60, **dates)
    return {"operative": operative, "measure": measure, "of_goal": of_goal, "of_measure": of_measure}


def read_in(scene: MonitoringScene, content: bytes, name: str = "tabelle.csv") -> Any:
    """The preview of a table."""
    return send(scene.client, scene.secretariat, PATH, files={"file": (name, io.BytesIO(content))})


def confirm(scene: MonitoringScene, preview: Any) -> Any:
    """Do what the preview shows."""
    found = re.search(r'name="rows" value="([^"]*)"', preview.text)
    assert found, re.sub(r"\s+", " ", preview.text.split("<main")[1])[:3000]
    return send(scene.client, scene.secretariat, f"{PATH}/uebernehmen", {"rows": html.unescape(found[1])})


def counted(scene: MonitoringScene) -> tuple[int, ...]:
    """How many goals, measures, indicators and events there are."""
    with scene.world.database.read() as session:
        models = (Goal, Measure, Indicator, Event)
        return tuple(session.exec(select(func.count()).select_from(each)).one() for each in models)


def test_every_row_comes_out_of_stored_data(scene: MonitoringScene, statements: StatementCounter) -> None:
    made = fill(scene)
    field = scene.get("/fields-of-action?code=B").json()["items"][0]
    sign_out(scene.client)
    address = "/handlungsfelder/sprachliche-integration/massnahmentabelle"
    with statements:
        page = scene.client.get(address)
    assert page.status_code == 200, field
    assert statements.count <= 6
    for text in ("Höchstens 60 Tage", "Anschlusskurse in jeder Kommune", "bis 31. Dezember 2027", "von 118,50"):
        assert text in page.text, text
    rows = rows_of(scene.client.get(f"{address}.csv").content)
    assert [row["Kennung Indikator"] for row in rows] == [made["of_goal"]["id"], made["of_measure"]["id"]]
    of_goal, of_measure = rows
    assert (of_goal["Operatives Ziel"], of_goal["Maßnahme/Instrument"]) == ("Höchstens 60 Tage", "")
    assert (of_goal["Ausgangswert"], of_goal["Zielwert"], of_goal["Auf Kurs?"]) == ("118,50", "1060", "keine Daten")
    assert of_measure["Meilensteine"].splitlines() == [
        "2026-06-30: Konzept: fertig (erreicht: 2026-06-12)",
        "2026-09-01: Start",
    ]
    assert of_measure["Mitwirkende"] == "Stadt, Land; Fluss e. V."
    assert of_measure["Indikator der Zielerreichung"] == "'=SUMME(1)"
    for path in (f"{address}.ods", "/ausgaben/IP-2026/massnahmentabelle", "/ausgaben/IP-2026/massnahmentabelle.csv"):
        with statements:
            answer = scene.client.get(path)
        assert (answer.status_code, statements.count <= 6) == (200, True), path
    assert scene.client.get("/ausgaben/GIBT-ES-NICHT/massnahmentabelle").status_code == 404


@pytest.mark.parametrize("kind", ["csv", "ods"])
def test_reading_the_saved_table_in_changes_nothing(scene: MonitoringScene, kind: str) -> None:
    fill(scene)
    sign_in(scene.client, scene.secretariat)
    saved = scene.client.get(f"/handlungsfelder/sprachliche-integration/massnahmentabelle.{kind}").content
    before = counted(scene)
    preview = read_in(scene, saved, f"tabelle.{kind}")
    assert preview.status_code == 200, preview.text
    assert "wird geändert" not in preview.text
    assert ">neu<" not in preview.text
    assert confirm(scene, preview).status_code == 303
    assert counted(scene) == before


def test_a_new_table_makes_goals_measures_and_indicators_once(scene: MonitoringScene) -> None:
    organisation = scene.get(f"/organisations/{scene.responsible.organisation_id}", scene.secretariat).json()["name"]
    common = {
        "Gremium": scene.body.title,
        "Strategisches Ziel": "Alle kommen an",
        "Operatives Ziel": "Mehr Kurse",
        "Empfehlung": "IP-2026-X-01",
        "Maßnahme": "Kurse am Abend",
        "Verantwortliche": organisation,
        "Zeitplan": "31.12.2027",
        "Meilensteine": "30.06.2026: Konzept\n1. September 2026: Start",
    }
    more = {"Art": "Leistung", "Einheit": "Kurse", "Ausgangswert": "0", "Zielwert": "1.000,5"}
    more |= {"Ausgangstag": "31.12.2025", "Zieltag": "2028-12-31"}
    rows = [{**common, "Indikator": title, **more} for title in ("Kurse", "Orte")]
    before = counted(scene)
    preview = read_in(scene, table_of(rows))
    assert preview.status_code == 200, preview.text
    assert counted(scene) == before
    assert confirm(scene, preview).status_code == 303
    assert tuple(now - then for now, then in zip(counted(scene), before, strict=True))[:3] == (2, 1, 2)
    with scene.world.database.read() as session:
        measure = session.exec(select(Measure)).one()
        goal = session.get_one(Goal, measure.goal_id)
        assert (goal.title, goal.state, measure.due_on) == ("Mehr Kurse", "proposed", parse_german_date("31.12.2027"))
        assert {str(each.target) for each in session.exec(select(Indicator))} == {"1000.5"}
    after = counted(scene)
    assert confirm(scene, read_in(scene, table_of(rows))).status_code == 303
    assert counted(scene) == after
    changed = [{**row, "Zieltag": "2029-12-31", "Zeitplan": "30.06.2028"} for row in rows]
    assert confirm(scene, read_in(scene, table_of(changed))).status_code == 303
    assert counted(scene)[:3] == after[:3]
    assert counted(scene)[3] == after[3] + 3


def test_each_broken_row_is_named_and_nothing_is_written(scene: MonitoringScene) -> None:
    made = fill(scene)
    sign_in(scene.client, scene.secretariat)
    saved = scene.client.get("/handlungsfelder/sprachliche-integration/massnahmentabelle.csv").content
    first, second = rows_of(saved)
    rows = [
        {**first, "Zielwert": "viel"},
        {**second, "Empfehlung": "GIBT-ES-NICHT"},
        {**first, "Operatives Ziel": "Anders genannt"},
        {**second, "Verantwortliche": "Niemand"},
        {**second, "Meilensteine": "bald: Konzept"},
        {**first, "Gremium": "AG Nirgends"},
        {**first, "Operatives Ziel": "", "Strategisches Ziel": "", "Kennung Ziel": ""},
    ]
    before = counted(scene)
    preview = read_in(scene, table_of(rows))
    assert preview.status_code == 422
    lines = {int(line) for line in re.findall(r"<strong>Zeile (\d+)</strong>", preview.text)}
    assert len(lines) == len(rows)
    assert counted(scene) == before
    assert "Die Spalte „Unbekannt“ ist unbekannt" in read_in(scene, b"Unbekannt\n1\n").text
    late = {**first, "Zieltag": "2020-01-01"}
    refused = confirm(scene, read_in(scene, table_of([late])))
    assert refused.status_code == 409
    assert "Zeile 2: Der Zielwert muss nach dem Ausgangswert liegen." in refused.text
    assert counted(scene) == before
    assert scene.get(f"/indicators/{made['of_goal']['id']}").json()["target_on"] == "2028-12-31"


def test_only_the_geschaeftsstelle_reads_tables_in(scene: MonitoringScene) -> None:
    for known in (scene.chair, scene.responsible):
        sign_in(scene.client, known)
        assert scene.client.get(PATH).status_code == 403
        assert send(scene.client, known, f"{PATH}/uebernehmen", {"rows": "[]"}).status_code == 403
    assert send(scene.client, scene.secretariat, f"{PATH}/uebernehmen", {"rows": "[]"}).status_code == 422


def test_days_are_read_as_people_write_them(clock: MovedClock) -> None:
    day = berlin_date(clock())
    for text in (day.isoformat(), f"{day:%d.%m.%Y}", german_date(day)):
        assert parse_german_date(text) == day
    for text in ("bald", "31.02.2026", "31. Brumaire 2026"):
        assert parse_german_date(text) is None
