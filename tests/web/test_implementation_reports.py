"""Pages of Umsetzungsberichte: looked at beforehand, frozen, published; and the picture on the page of an edition."""

from __future__ import annotations

import html

import pytest
from sqlmodel import func, select
from starlette.testclient import TestClient

from app.models.base import new_id
from app.models.implementation_reports import ImplementationReport
from app.models.record import Event
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.factories import World
from tests.reporting import REPORT, SECRET_GOAL, ReportScene, digest_of_folder

ADMINISTRATION = "/verwaltung/umsetzungsberichte"
PREFACE = "Ein **Vorwort** mit <b>spitzen</b> Klammern."


@pytest.fixture
def scene(client: TestClient, world: World, clock: MovedClock) -> ReportScene:
    return ReportScene(client, world, clock)


def events(world: World) -> int:
    """How many there are."""
    with world.database.read() as session:
        return session.exec(select(func.count()).select_from(Event)).one()


def test_the_preview_shows_the_report_and_writes_nothing(scene: ReportScene, statements: StatementCounter) -> None:
    scene.fill()
    before = events(scene.world)
    with statements:
        shown = scene.send(f"{ADMINISTRATION}/vorschau", preface=PREFACE, field_of_action_id="")
    assert shown.status_code == 200
    assert statements.count <= 30
    text = html.unescape(shown.text)
    assert "So einfrieren" in text
    assert "Ein <strong>Vorwort</strong> mit <b>spitzen</b> Klammern." in text
    assert "<b>spitzen" not in shown.text
    assert "Sechs von zehn Regionen <em>beraten</em> schon." in text
    assert SECRET_GOAL not in text
    assert shown.text.count('role="img"') >= 6
    assert "style=" not in shown.text
    assert events(scene.world) == before
    assert digest_of_folder(scene.world) == set()
    again = scene.send(f"{ADMINISTRATION}/vorwort", preface=PREFACE)
    assert PREFACE in html.unescape(again.text)


def test_the_statements_of_the_preview_do_not_grow(scene: ReportScene, statements: StatementCounter) -> None:
    scene.fill()
    counts = []
    for _time in "12":
        with statements:
            assert scene.send(f"{ADMINISTRATION}/vorschau").status_code == 200
        counts.append(statements.count)
        for number in range(3):
            scene.measure(title=f"Weitere Maßnahme {number}")
            scene.indicator(title=f"Weiterer Indikator {number}", baseline=1, baseline_on="2025-12-31")
    assert counts[0] == counts[1]


def test_a_report_is_frozen_published_and_taken_back(scene: ReportScene, statements: StatementCounter) -> None:
    scene.fill()
    fields = {"id": str(new_id()), "preface": PREFACE}
    made = [scene.send(f"{ADMINISTRATION}/neu", **fields) for _ in "12"]
    assert {each.status_code for each in made} == {303}
    page = made[0].headers["location"]
    assert made[1].headers["location"] == page
    frozen = scene.client.get(page).text
    assert "Umsetzungsbericht veröffentlichen" in frozen
    assert "Umsetzungsbericht verwerfen" in frozen
    sign_out(scene.client)
    assert scene.client.get(page).status_code == 404
    assert scene.client.get(f"{page}/bericht.pdf").status_code == 404
    refused = scene.press(f"{page}/transitions", transition="discard")
    assert refused.status_code == 422
    assert "Bitte begründen Sie diesen Schritt." in refused.text
    assert scene.press(f"{page}/transitions", transition="publish").status_code == 303
    sign_out(scene.client)
    with statements:
        shown = scene.client.get(page).text
    assert statements.count <= 6
    assert "nächste Schritte" not in shown.casefold()
    file = scene.client.get(f"{page}/bericht.pdf")
    assert file.content.startswith(b"%PDF")
    assert file.headers["content-disposition"].startswith(
        'attachment; filename="umsetzungsbericht-ip-2026-2026-03-02.pdf"'
    )
    listed = scene.client.get("/publikationen?edition=IP-2026").text
    entry = scene.publications()[0]
    assert f"/publikationen/{entry.id}" in listed
    assert scene.client.get("/publikationen?edition=unbekannt").status_code == 404
    with statements:
        of_publication = scene.client.get(f"/publikationen/{entry.id}").text
    assert statements.count <= 6
    assert f"{page}/bericht.odt" in of_publication
    sign_in(scene.client, scene.secretariat)
    assert "zuruecknehmen" not in scene.client.get(f"/publikationen/{entry.id}").text
    assert scene.press(f"{page}/transitions", transition="withdraw", reason="Ein Fehler.").status_code == 303
    sign_out(scene.client)
    assert scene.client.get(page).status_code == 404
    assert scene.client.get(f"/publikationen/{entry.id}").status_code == 404


def test_a_refused_form_keeps_what_was_written(scene: ReportScene) -> None:
    for path in ("vorschau", "neu"):
        refused = send(scene.client, scene.secretariat, f"{ADMINISTRATION}/{path}", {"preface": PREFACE})
        assert refused.status_code == 422
        assert PREFACE in html.unescape(refused.text)
    other = scene.send(f"{ADMINISTRATION}/neu", field_of_action_id=str(new_id()))
    assert other.status_code == 422
    assert digest_of_folder(scene.world) == set()


def test_only_the_secretariat_opens_the_forms(scene: ReportScene) -> None:
    fields = {"edition_id": scene.edition_id}
    for path in ("", "/neu"):
        sign_in(scene.client, scene.chair)
        assert scene.client.get(f"{ADMINISTRATION}{path}").status_code == 403
        sign_out(scene.client)
        assert scene.client.get(f"{ADMINISTRATION}{path}").status_code == 303
    for path in ("vorschau", "vorwort", "neu"):
        assert send(scene.client, scene.chair, f"{ADMINISTRATION}/{path}", fields).status_code == 403
    with scene.world.database.read() as session:
        assert session.exec(select(ImplementationReport)).all() == []


def test_one_field_is_told_alone(scene: ReportScene) -> None:
    scene.fill()
    own = scene.send(f"{ADMINISTRATION}/vorschau", field_of_action_id=scene.field_id).text
    other = scene.send(f"{ADMINISTRATION}/vorschau", field_of_action_id=scene.other_field_id).text
    assert REPORT.split("*")[0] in own
    assert REPORT.split("*")[0] not in other
    assert "Noch ist keine Empfehlung veröffentlicht, die verfolgt wird." in other


def test_the_page_of_an_edition_shows_how_far_it_is(scene: ReportScene, statements: StatementCounter) -> None:
    scene.fill()
    sign_out(scene.client)
    with statements:
        shown = scene.client.get("/ausgaben/IP-2026")
    assert statements.count <= 6
    assert "1 Empfehlung (1 Begonnen)" in shown.text
    table = scene.client.get("/ausgaben/IP-2026/umsetzung.csv").content.decode("utf-8-sig").splitlines()
    assert sum(int(row.rsplit(";", 1)[1]) for row in table[1:]) == 1


def test_the_line_of_time_of_every_page_has_its_table(scene: ReportScene) -> None:
    key = scene.fill()["measure"]["id"]
    sign_out(scene.client)
    for page, table in (
        ("/ausgaben/IP-2026/massnahmentabelle", "/ausgaben/IP-2026/zeitplan.csv"),
        (f"/massnahmen/{key}", f"/massnahmen/{key}/zeitplan.csv"),
    ):
        assert f'href="{table}"' in scene.client.get(page).text
        assert "Konzept" in scene.client.get(table).content.decode("utf-8-sig")
    with scene.world.database.read():
        slug = scene.client.get("/api/v1/fields-of-action").json()["items"]
    of_field = next(each for each in slug if each["id"] == scene.field_id)["slug"]
    assert "Konzept" in scene.client.get(f"/handlungsfelder/{of_field}/zeitplan.csv").content.decode("utf-8-sig")
