"""A table as CSV: UTF-8 with its mark, semicolons, no cell a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from app.documents.document import Cell, cell_text

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def csv_of(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as a spreadsheet opens it; dates as YYYY-MM-DD, nothing for None."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_cell(name) for name in head])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Cell) -> str:
    if isinstance(value, date):
        return value.isoformat()
    text = cell_text(value)
    is_number = isinstance(value, int | Decimal)
    return f"'{text}" if not is_number and text.startswith(_FORMULA_SIGNS) else text
