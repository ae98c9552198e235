"""Taking over participants from a table: preview, then confirmation."""

from __future__ import annotations

import html
import io
import re
import zipfile

import pytest
from odfdo import Document, Table
from sqlmodel import Session, func, select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.actors import PersonRole
from app.domain.organisations import OrganisationKind
from app.models.organisations import Organisation
from app.models.outbox import OutgoingMail
from app.models.people import Person
from tests.browsing import send
from tests.factories import Known, World

PATH = "/verwaltung/beteiligte-einlesen"
HEADING = "Organisation;Art;Ebene;Beteiligung;Name;E-Mail\n"
GOOD = (
    HEADING
    + "Deutscher Städtetag;Kommunaler Spitzenverband;Kommune;muss;Anna Muster;Anna@Staedtetag.example\n"
    + "Deutscher Städtetag;;;;Bert Beispiel;bert@staedtetag.example\n"
    + "Verein <b>Nebenan</b>;;;;;\n"
)


def ods(rows: list[list[object]]) -> bytes:
    document = Document("spreadsheet")
    document.body.clear()
    table = Table("Beteiligte")
    table.set_values(rows)
    document.body.append(table)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def preview(client: TestClient, known: Known, content: bytes | str, name: str = "liste.csv"):
    raw = content.encode() if isinstance(content, str) else content
    return send(client, known, PATH, files={"file": (name, raw, "application/octet-stream")})


def rows_of(page: str) -> str:
    found = re.search(r'name="rows" value="([^"]*)"', page)
    assert found
    return html.unescape(found.group(1))


def counts(database: Database) -> tuple[int, int, int]:
    with database.read() as session:
        return tuple(
            session.exec(select(func.count()).select_from(m)).one() for m in (Organisation, Person, OutgoingMail)
        )


@pytest.fixture
def secretariat(world: World) -> Known:
    return world.secretariat()


@pytest.mark.parametrize("kind", ["csv", "csv with byte order mark", "tabs", "ods"])
def test_nothing_is_written_before_it_is_confirmed(
    client: TestClient, secretariat: Known, database: Database, kind: str
) -> None:
    before = counts(database)
    content: bytes = GOOD.encode("utf-8-sig" if "mark" in kind else "utf-8")
    if kind == "tabs":
        content = GOOD.replace(";", "\t").encode()
    if kind == "ods":
        content = ods([line.split(";") for line in GOOD.strip().split("\n")])
    page = preview(client, secretariat, content, "liste.ods" if kind == "ods" else "liste.csv")
    assert page.status_code == 200, page.text
    assert "Verein <b>" not in page.text
    assert "zu vervollständigen" in page.text
    assert counts(database) == before
    rows = rows_of(page.text)
    done = send(client, secretariat, f"{PATH}/uebernehmen", {"rows": rows, "invite": "true"})
    assert done.status_code == 303
    assert counts(database) == (before[0] + 2, before[1] + 2, before[2] + 2)
    with database.read() as session:
        towns = session.exec(select(Organisation).where(Organisation.name == "Deutscher Städtetag")).one()
        assert (towns.kind, towns.is_incomplete) == (OrganisationKind.MUNICIPAL_ASSOCIATION, False)
        club = session.exec(select(Organisation).where(Organisation.name == "Verein <b>Nebenan</b>")).one()
        assert club.is_incomplete
        anna = session.exec(select(Person).where(Person.email == "anna@staedtetag.example")).one()
        assert (anna.organisation_id, anna.role) == (towns.id, PersonRole.PARTICIPANT)
    assert send(client, secretariat, f"{PATH}/uebernehmen", {"rows": rows, "invite": "true"}).status_code == 303
    assert counts(database) == (before[0] + 2, before[1] + 2, before[2] + 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADING + "A;Quatsch;;;;\n", "Zeile 2</strong>: Art:"),
        (HEADING + "A;;;;Anna;\n", "Zeile 2</strong>: E-Mail:"),
        (HEADING + "A;;;;;a@b.example\n", "Zeile 2</strong>: Name:"),
        (HEADING + "\n\nA;;;;Anna;keine Adresse\n", "Zeile 4</strong>: E-Mail:"),
        (HEADING + ";;;;Anna;a@b.example\n", "Zeile 2</strong>: Organisation:"),
        (HEADING + 'A;;;;"Anna\nMuster";a@b.example\nB;Quatsch;;;;\n', "Zeile 4</strong>: Art:"),
        (HEADING + "A;;;;Anna;a@b.example\nB;;;;Bert;A@b.example\n", "schon in Zeile 2"),
        (HEADING + "A;Land;;;;\nA;Gewerkschaft;;;;\n", "Zeile 3</strong>: Art:"),
        (HEADING + "Länder;Gesamtheit (ohne eigene Personen);;;Anna;a@b.example\n", "keine eigenen Personen"),
    ],
)
def test_a_wrong_row_is_named_with_its_line_and_nothing_can_be_confirmed(
    client: TestClient, secretariat: Known, database: Database, text: str, said: str
) -> None:
    before = counts(database)
    page = preview(client, secretariat, text)
    assert page.status_code == 422
    assert said in page.text
    assert 'name="rows"' not in page.text
    assert counts(database) == before


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", b" " * (61 * 1024 * 1024))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "leer.csv", "leer"),
        (b"\n\n", "leer.csv", "leer"),
        (HEADING.encode(), "kopf.csv", "keine Zeile"),
        (b"Farbe;Form\nrot;rund\n", "fremd.csv", "unbekannt"),
        (b"Name;E-Mail\nA;a@b.example\n", "ohne.csv", "fehlt die Spalte"),
        (b"Organisation;Organisation\nA;B\n", "doppelt.csv", "zweimal"),
        (HEADING.encode() + "Städtetag".encode("latin-1"), "alt.csv", "Zeile 2 ist nicht in UTF-8"),
        (b'Organisation\n"offen', "kaputt.csv", "Anf"),
        (b"Organisation\n" + b"A\n" * 2100, "lang.csv", "2000"),
        (b"PK\x03\x04kaputt", "kaputt.ods", "nicht lesbar"),
        (b"nichts", "kaputt.ods", "nicht lesbar"),
        (bomb(), "bombe.ods", "zu gro"),
        (b"Organisation\x00\nA\n", "binaer.csv", "keine Tabelle"),
    ],
)
def test_what_is_no_such_table_is_refused_in_a_sentence(
    client: TestClient, secretariat: Known, database: Database, content: bytes, name: str, said: str
) -> None:
    before = counts(database)
    page = preview(client, secretariat, content, name)
    assert page.status_code == 422
    assert said in html.unescape(page.text)
    assert counts(database) == before


def test_no_file_is_said(client: TestClient, secretariat: Known) -> None:
    page = send(client, secretariat, PATH, {})
    assert page.status_code == 422
    assert "wählen Sie eine Datei" in page.text


def test_a_sheet_filled_to_its_end_is_read_quickly(client: TestClient, secretariat: Known) -> None:
    source = ods([["Organisation", "Name"], ["Verein", ""]])
    buffer = io.BytesIO()
    endless = (
        b'<table:table-row table:number-rows-repeated="1048000">'
        b'<table:table-cell table:number-columns-repeated="16000"/></table:table-row></table:table>'
    )
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, old.read(entry).replace(b"</table:table>", endless))
    assert preview(client, secretariat, buffer.getvalue(), "voll.ods").status_code == 200


@pytest.mark.parametrize("rows", ["", "kein json", "[]", '[{"line": 1}]', '[{"line": 1, "organisation": "A", "x": 1}]'])
def test_a_tampered_confirmation_is_refused(
    client: TestClient, secretariat: Known, database: Database, rows: str
) -> None:
    before = counts(database)
    assert send(client, secretariat, f"{PATH}/uebernehmen", {"rows": rows}).status_code == 422
    assert counts(database) == before


def test_what_changed_since_the_preview_stops_it_all(
    client: TestClient, secretariat: Known, world: World, database: Database, session: Session
) -> None:
    rows = rows_of(preview(client, secretariat, GOOD).text)
    elsewhere = world.person()
    session.get_one(Person, elsewhere.person_id).email = "bert@staedtetag.example"
    session.commit()
    before = counts(database)
    refused = send(client, secretariat, f"{PATH}/uebernehmen", {"rows": rows})
    assert refused.status_code == 409
    assert "Zeile 3" in refused.text
    assert counts(database) == before


def test_known_people_and_organisations_stay_as_they_are(
    client: TestClient, secretariat: Known, world: World, database: Database
) -> None:
    send(client, secretariat, f"{PATH}/uebernehmen", {"rows": rows_of(preview(client, secretariat, GOOD).text)})
    changed = GOOD.replace("Anna Muster", "Anders").replace("Kommunaler Spitzenverband", "Gewerkschaft")
    page = preview(client, secretariat, changed)
    assert "schon da, bleibt so" in page.text
    before = counts(database)
    send(client, secretariat, f"{PATH}/uebernehmen", {"rows": rows_of(page.text)})
    assert counts(database) == before
    with database.read() as session:
        assert session.exec(select(Person).where(Person.name == "Anders")).all() == []


def test_others_import_nothing(client: TestClient, world: World, secretariat: Known, database: Database) -> None:
    rows = rows_of(preview(client, secretariat, GOOD).text)
    before = counts(database)
    for known in (world.person(), world.person(PersonRole.ADMIN)):
        before = counts(database)
        assert preview(client, known, GOOD).status_code == 403
        assert client.get(PATH).status_code == 403
        assert send(client, known, f"{PATH}/uebernehmen", {"rows": rows}).status_code == 403
        assert counts(database) == before
    client.cookies.clear()
    assert client.get(PATH).status_code == 303
    assert client.post(PATH, files={"file": ("x.csv", GOOD.encode())}).status_code == 403
    assert counts(database) == before
