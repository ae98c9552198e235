"""One description of a table leaves as ODS and CSV; nothing in it is ever run."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

from odfdo import Document as OdfDocument

from app.documents.csv import csv_of
from app.documents.document import Table
from app.documents.ods import ods_of
from tests.documents.samples import TABLE


def test_an_ods_reads_again_with_its_types() -> None:
    sheet = OdfDocument(io.BytesIO(ods_of(TABLE))).body.get_tables()[0]
    assert sheet.name == "Maßnahmen und Zeitplan"
    assert [list(row) for row in sheet.iter_values()] == [
        ["Nr.", "Maßnahme", "Bis", "Anteil"],
        [1, "Sprachkurse ausbauen", date(2027, 3, 1), Decimal("12.5")],
        [2, "Elternarbeit stärken [Siehe Bericht 2026.]", None, 3],
    ]


def test_a_csv_says_the_same() -> None:
    text = csv_of(TABLE.head, TABLE.rows).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text), delimiter=";"))[1:] == [
        ["1", "Sprachkurse ausbauen", "2027-03-01", "12,5"],
        ["2", "Elternarbeit stärken [Siehe Bericht 2026.]", "", "3"],
    ]


def test_no_cell_is_a_formula() -> None:
    table = Table("=A1/[x]:*?", ("=cmd",), [("=1+1",), ("+49 30",), ("@SUM(A1)",), (-5,)])
    sheet = OdfDocument(io.BytesIO(ods_of(table))).body.get_tables()[0]
    assert [row[0] for row in sheet.iter_values()] == ["=cmd", "=1+1", "+49 30", "@SUM(A1)", -5]
    assert b"formula" not in ods_of(table)
    assert csv_of(table.head, table.rows).decode("utf-8-sig").split("\r\n")[1:5] == [
        "'=1+1",
        "'+49 30",
        "'@SUM(A1)",
        "-5",
    ]


def test_a_time_is_told_as_it_is_in_berlin() -> None:
    table = Table("Zeiten", ("Zeit",), [(datetime(2026, 7, 1, 22, 30, tzinfo=UTC),)])
    sheet = OdfDocument(io.BytesIO(ods_of(table))).body.get_tables()[0]
    assert [str(value) for value in list(sheet.iter_values())[1]] == ["2026-07-02 00:30:00"]
