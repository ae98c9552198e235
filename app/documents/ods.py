"""A table as ODS: numbers and dates as such, words as words, so that nothing in it is run as a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from odfdo import Document as OdfDocument
from odfdo import Element

from app.documents.document import Cell, Table, cell_text, readable
from app.domain.deadlines import BERLIN

_NO_SHEET_NAME: Final = re.compile(r"[\[\]*?:/\\']")


def ods_of(table: Table) -> bytes:
    """The table as a file with one sheet; its first row holds the column headings."""
    made = OdfDocument("spreadsheet")
    body = made.body
    body.clear()
    sheet = Element.from_tag("table:table")
    sheet.set_attribute("table:name", _NO_SHEET_NAME.sub(" ", readable(table.caption))[:31].strip() or "Tabelle")
    head = Element.from_tag("table:table-header-rows")
    head.append(_row(table.head))
    sheet.append(head)
    for row in table.rows:
        sheet.append(_row(row))
    body.append(sheet)
    made.meta.title = readable(table.caption)
    made.meta.set_language("de-DE")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _row(cells: Sequence[Cell]) -> Element:
    row = Element.from_tag("table:table-row")
    for value in cells:
        row.append(_cell(value))
    return row


def _cell(value: Cell) -> Element:
    cell = Element.from_tag("table:table-cell")
    for name, said in _typed(value).items():
        cell.set_attribute(f"office:{name}", said)
    for line in readable(cell_text(value)).split("\n") if value is not None else ():
        paragraph = Element.from_tag("text:p")
        paragraph.append(line)
        cell.append(paragraph)
    return cell


def _typed(value: Cell) -> dict[str, str]:
    """How a spreadsheet reads the value; times as they are in Berlin."""
    match value:
        case None:
            return {}
        case bool():
            return {"value-type": "string"}
        case int() | Decimal():
            return {"value-type": "float", "value": f"{value}"}
        case datetime():
            local = value.astimezone(BERLIN).replace(tzinfo=None, microsecond=0)
            return {"value-type": "date", "date-value": local.isoformat()}
        case date():
            return {"value-type": "date", "date-value": value.isoformat()}
        case _:
            return {"value-type": "string"}
