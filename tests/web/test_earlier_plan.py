"""The plan of 2012, which is over, as the example tells it: found, read, measured, and its table read in again."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, col, func, select
from starlette.testclient import TestClient

from app.actions.need_reviews import ask_about_needs
from app.domain.bodies import BodyState
from app.domain.cross_references import Relation
from app.domain.editions import EditionState, FieldKind
from app.domain.goals import GoalKind, GoalState
from app.domain.indicators import IndicatorKind
from app.domain.measures import MeasureState
from app.domain.recommendations import RecommendationState
from app.models.bodies import Body
from app.models.cross_references import CrossReference
from app.models.goals import Goal
from app.models.indicators import Indicator, Reading
from app.models.measures import Measure
from app.models.need_reviews import NeedReview
from app.models.people import Person
from app.models.programmes import Edition, FieldOfAction
from app.models.recommendations import Recommendation
from app.models.record import Event
from app.queries.deadlines import list_deadlines
from app.security import SESSION_COOKIE
from tests.browsing import StatementCounter
from tests.conftest import EXAMPLE_DAY, Example
from tests.tables import rows_of, table_of
from tests.test_statement_counts import PUBLIC_LIMIT, signed_in

CODE = "NAP-I-2012"
TABLE = f"/ausgaben/{CODE}/massnahmentabelle"
READ_IN = "/verwaltung/massnahmentabelle-einlesen"


@pytest.fixture
def visitor(example: Example) -> Iterator[TestClient]:
    """Somebody without an account."""
    with TestClient(example.app, follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def office(example: Example) -> Iterator[TestClient]:
    """The Geschäftsstelle."""
    with TestClient(example.app, follow_redirects=False) as opened:
        opened.cookies.set(SESSION_COOKIE, signed_in(example, "geschaeftsstelle"))
        yield opened


def of_plan(session: Session) -> list[Recommendation]:
    """Its recommendations."""
    statement = select(Recommendation).join(Edition, col(Edition.id) == Recommendation.edition_id)
    return list(session.exec(statement.where(Edition.code == CODE)).all())


def test_eleven_forums_came_to_their_end_long_ago(example: Example) -> None:
    with example.database.read() as session:
        edition = session.exec(select(Edition).where(Edition.code == CODE)).one()
        assert edition.state is EditionState.ARCHIVED
        assert edition.decided_on == date(2012, 1, 31)
        assert edition.published_at is not None
        assert edition.published_at.year == 2012
        forums = session.exec(select(FieldOfAction).where(FieldOfAction.programme_id == edition.programme_id)).all()
        assert {each.kind for each in forums} == {FieldKind.DIALOGUE_FORUM}
        assert {each.code for each in forums} == {f"DF{number}" for number in range(1, 12)}
        keys = [each.id for each in forums]
        bodies = session.exec(select(Body).where(col(Body.field_of_action_id).in_(keys))).all()
        assert [each.state for each in bodies] == [BodyState.CLOSED] * 11
        found = of_plan(session)
        assert [each.state for each in found] == [RecommendationState.PUBLISHED] * 11
        measures = session.exec(select(Measure).where(col(Measure.recommendation_id).in_([x.id for x in found]))).all()
        ends = {MeasureState.VERIFIED_DONE, MeasureState.ABORTED, MeasureState.DROPPED}
        assert {each.state for each in measures} == ends
        for body in bodies:
            goals = session.exec(select(Goal).where(Goal.body_id == body.id)).all()
            assert {each.state for each in goals} == {GoalState.AGREED}
            assert sum(each.kind is GoalKind.OPERATIVE for each in goals) >= 2


def test_each_operative_goal_is_measured_and_official_baselines_say_where_they_are_from(example: Example) -> None:
    with example.database.read() as session:
        keys = [each.body_id for each in of_plan(session)]
        operative = select(Goal.id).where(col(Goal.body_id).in_(keys), Goal.kind == GoalKind.OPERATIVE)
        indicators = session.exec(select(Indicator).where(col(Indicator.goal_id).in_(operative))).all()
        assert len({each.goal_id for each in indicators}) == len(session.exec(operative).all())
        assert all(each.unit and each.source and each.baseline is not None for each in indicators)
        invented = [each for each in indicators if "(Beispiel)" not in each.source]
        assert invented == []
        courses = next(each for each in indicators if each.title == "Kursbeginne im Jahr")
        assert (courses.baseline, courses.baseline_on) == (88629, date(2010, 12, 31))
        context = select(Indicator).where(Indicator.kind == IndicatorKind.CONTEXT)
        assert all("(Beispiel)" not in each.source for each in session.exec(context))
        assert session.exec(select(func.count()).select_from(Reading)).one() > 100


def test_nothing_of_it_falls_due_any_more(example: Example) -> None:
    """Nobody is asked or reminded of what is over; who worked on it has no access any more."""
    with example.database.write() as session:
        keys = [each.id for each in of_plan(session)]
        asked = select(func.count()).select_from(NeedReview).where(col(NeedReview.recommendation_id).in_(keys))
        before = session.exec(asked).one()
        ask_about_needs(session)
        assert session.exec(asked).one() == before == 11
        assert all(each.due_at.year > 2020 for each in list_deadlines(session, EXAMPLE_DAY))
        gone = session.exec(select(Person).where(col(Person.email).like("aktionsplan-%"))).all()
        assert len(gone) == 5
        assert all(each.ended_at is not None for each in gone)


def test_today_s_pages_speak_of_today(visitor: TestClient) -> None:
    """The forums of a plan that is over stand neither among the fields nor in the numbers, but in their edition."""
    for path in ("/", "/handlungsfelder", "/umsetzung", "/monitoring", "/monitoring/kontext", "/abonnieren"):
        page = visitor.get(path).text
        assert "Medien und Integration" not in page, path
        assert "Vereine öffnen und Übungsleiterinnen gewinnen" not in page, path
    assert "Bundesweites Integrationsprogramm</h1>" in visitor.get("/programm").text
    for path in ("/", "/handlungsfelder"):
        assert 'href="/programm#ausgaben"' in visitor.get(path).text


def test_the_archive_is_found_and_says_what_it_is(visitor: TestClient) -> None:
    assert f'href="/ausgaben/{CODE}"' in visitor.get("/programm").text
    page = visitor.get(f"/ausgaben/{CODE}").text
    assert "Diese Ausgabe ist archiviert" in page
    assert "31. Januar 2012" in page
    for number in range(1, 12):
        assert f"/empfehlungen/{CODE}-DF{number}-01" in page
    for path in (TABLE, f"/monitoring?edition={CODE}", f"/monitoring/kontext?edition={CODE}"):
        assert f'href="{path}"' in page
        assert visitor.get(path).status_code == 200
    assert "Diese Ausgabe ist archiviert" not in visitor.get("/ausgaben/IP-2026").text
    assert visitor.get("/monitoring?edition=GIBT-ES-NICHT").status_code == 404


def test_today_s_recommendations_and_its_own_name_each_other(visitor: TestClient, example: Example) -> None:
    today, then = (
        "Übergänge zwischen Integrationskurs",
        "Integrationskurse erreichen mehr Berechtigte und führen weiter",
    )
    old = visitor.get(f"/empfehlungen/{CODE}-DF7-01").text
    assert "Aus einer archivierten Ausgabe" in old
    assert re.search(rf'Aufgegriffen von: <a href="/empfehlungen/IP-2026-B-01">{today}', old)
    new = visitor.get("/empfehlungen/IP-2026-B-01").text
    assert f'<a href="/empfehlungen/{CODE}-DF7-01" rel="noopener noreferrer">{CODE}-DF7-01: {then}</a>' in new
    assert "Aus einer archivierten Ausgabe" not in new
    edition = visitor.get(f"/ausgaben/{CODE}").text
    assert re.search(rf'{then} – aufgegriffen von: <a href="/empfehlungen/IP-2026-B-01">', edition)
    with example.database.read() as session:
        assert {each.relation for each in session.exec(select(CrossReference))} == set(Relation)


def test_a_forum_s_page_and_numbers_are_its_own(visitor: TestClient) -> None:
    page = visitor.get("/handlungsfelder/sport").text
    assert "Vereine öffnen und Übungsleiterinnen gewinnen" in page
    for path in ("/umsetzung", "/monitoring", "/monitoring/kontext"):
        narrowed = visitor.get(f"{path}?field_of_action=sport")
        assert narrowed.status_code == 200
        assert "Medien und Integration" in narrowed.text
        assert "Berufliche Integration" not in re.sub(r"<footer.*", "", narrowed.text, flags=re.DOTALL)


def test_its_monitoring_judges_goals_and_keeps_the_context_apart(visitor: TestClient) -> None:
    board = visitor.get(f"/monitoring?edition={CODE}").text
    for word in ("auf Kurs", "nicht auf Kurs", "keine Daten"):
        assert word in board
    assert "So wird beurteilt, ob ein Indikator auf Kurs ist" in board
    assert "Der letzte Wert erreicht den Zielwert." in board
    assert "Erwerbslosenquote" not in board
    narrowed = visitor.get(f"/monitoring?edition={CODE}&course=no_data").text
    assert "Quartiere mit dauerhaft finanzierter Quartiersarbeit" in narrowed
    assert "Beratene Vereine" not in narrowed
    context = visitor.get(f"/monitoring/kontext?edition={CODE}").text
    assert "Ein Kontextindikator ist kein Nachweis einer Wirkung" in context
    assert "Erwerbslosenquote" in context
    assert "Beratene Vereine" not in context
    assert "auf Kurs" not in re.sub(r"<nav.*?</nav>|<footer.*", "", context, flags=re.DOTALL)


def test_its_pages_ask_as_little_as_others(visitor: TestClient, example: Example) -> None:
    counter = StatementCounter(example.database.engine)
    paths = (f"/ausgaben/{CODE}", TABLE, f"/monitoring?edition={CODE}", f"/monitoring/kontext?edition={CODE}")
    narrowed = ("/umsetzung?field_of_action=sport", "/monitoring?field_of_action=sport", "/handlungsfelder/sport")
    for path in (*paths, *narrowed, f"/empfehlungen/{CODE}-DF7-01"):
        with counter:
            assert visitor.get(path).status_code == 200
        assert counter.count <= PUBLIC_LIMIT, path
    counter.stop()


def count_events(example: Example) -> int:
    """How long the record is."""
    with example.database.read() as session:
        return session.exec(select(func.count()).select_from(Event)).one()


def read_in(office: TestClient, name: str, content: bytes) -> tuple[str, Any]:
    """What the preview says of a file, and the answer to confirming it."""
    token = {"form_token": field_of(office.get(READ_IN).text, "form_token")}
    preview = office.post(READ_IN, data=token, files={"file": (name, content)})
    assert preview.status_code == 200, preview.text
    rows = field_of(preview.text, "rows")
    return preview.text, office.post(f"{READ_IN}/uebernehmen", data={**token, "rows": rows})


def field_of(page: str, name: str) -> str:
    """What a hidden field of the page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return html.unescape(found[1])


@pytest.mark.parametrize("kind", ["csv", "ods"])
def test_its_table_reads_in_as_it_was_written(office: TestClient, example: Example, kind: str) -> None:
    before = count_events(example)
    saved = office.get(f"{TABLE}.{kind}").content
    preview, answer = read_in(office, f"tabelle.{kind}", saved)
    assert preview.count("schon da, bleibt so") > 70
    assert "wird geändert" not in preview
    assert ">neu<" not in preview
    assert answer.status_code == 303
    assert count_events(example) == before
    assert office.get(f"{TABLE}.{kind}").content == saved or kind == "ods"


def test_without_keys_its_rows_are_known_by_their_titles(office: TestClient, example: Example) -> None:
    before = count_events(example)
    rows = rows_of(office.get(f"{TABLE}.csv").content)
    bare = [{name: text for name, text in row.items() if not name.startswith("Kennung")} for row in rows]
    preview, answer = read_in(office, "tabelle.csv", table_of(bare))
    assert ">neu<" not in preview
    assert "wird geändert" not in preview
    assert answer.status_code == 303
    assert count_events(example) == before


def test_what_is_over_isn_t_changed_by_a_table(office: TestClient, example: Example) -> None:
    before = count_events(example)
    rows = rows_of(office.get(f"{TABLE}.csv").content)
    line, row = next((number, each) for number, each in enumerate(rows, 2) if each["Maßnahme/Instrument"])
    row["Zeitplan (bis)"] = "2030-12-31"
    _preview, answer = read_in(office, "tabelle.csv", table_of(rows))
    assert answer.status_code == 409
    assert f"Zeile {line}: Diese Maßnahme ist beendet" in answer.text
    assert count_events(example) == before


def test_its_table_names_every_measure_and_indicator(visitor: TestClient, example: Example) -> None:
    rows = rows_of(visitor.get(f"{TABLE}.csv").content)
    with example.database.read() as session:
        keys = [each.id for each in of_plan(session)]
        measures = set(session.exec(select(Measure.title).where(col(Measure.recommendation_id).in_(keys))))
    assert {row["Maßnahme/Instrument"] for row in rows} - {""} == measures
    assert all(row["Operatives Ziel"] and row["Strategisches Ziel"] for row in rows)
    assert {row["Verantwortliche"] for row in rows if row["Maßnahme/Instrument"]} > {"Sportverband (Beispiel)"}
    course = next(row for row in rows if row["Indikator der Zielerreichung"] == "Kursbeginne im Jahr")
    assert (course["Ausgangswert"], course["Ausgangstag"], course["Einheit"]) == ("88629", "2010-12-31", "Personen")
