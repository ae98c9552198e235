"""Tables as CSV in tests: read into rows by heading, and written again."""

from __future__ import annotations

import csv
import io


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def table_of(rows: list[dict[str, str]]) -> bytes:
    """The file of these rows."""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
