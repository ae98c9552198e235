"""Reading a table a person sends, CSV or ODS, into rows of text that know their line; nothing is stored here."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from odfdo import Document, Row

from app.errors import FieldError, Invalid
from app.i18n import _

MAXIMUM_ROWS = 2_000
MAXIMUM_COLUMNS = 40
MAXIMUM_CELL = 2_000
_FORMULA_SIGNS = ("=", "+", "-", "@")
_MAXIMUM_UNPACKED = 60 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of one row and the line it begins at, counted from 1 with the heading."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """True where nothing stands in any cell."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in a line."""

    line: int
    message: str


def places_of(heading: Sequence[str], columns: Mapping[str, Sequence[str]], field: str = "file") -> dict[str, int]:
    """Where each column stands, by any of its titles. Raises Invalid for one that is unknown or stands twice."""
    known = {title.casefold(): name for name, titles in columns.items() for title in titles}
    places: dict[str, int] = {}
    for place, title in enumerate(heading):
        if not title:
            continue
        name = known.get(title.casefold())
        if name is None:
            expected = ", ".join(titles[0] for titles in columns.values())
            message = _("Die Spalte „{title}“ ist unbekannt. Erwartet werden: {expected}.")
            raise _refused(field, message.format(title=title[:60], expected=expected))
        if name in places:
            raise _refused(field, _("Die Spalte „{title}“ steht zweimal da.").format(title=title[:60]))
        places[name] = place
    return places


def read_table(file_name: str, content: bytes, field: str = "file") -> list[TableRow]:
    """The rows that aren't empty, the heading first. Raises Invalid with a sentence naming what can't be read."""
    rows = _read_ods(content, field) if _is_ods(file_name, content) else _read_csv(content, field)
    found: list[TableRow] = []
    for row in rows:
        if row.is_empty:
            continue
        if len(found) > MAXIMUM_ROWS:
            raise _refused(
                field, _("Bitte teilen Sie die Tabelle auf: höchstens {rows} Zeilen.").format(rows=MAXIMUM_ROWS)
            )
        found.append(row)
    if not found:
        raise _refused(field, _("Die Tabelle ist leer."))
    return found


def _is_ods(file_name: str, content: bytes) -> bool:
    return content.startswith(b"PK") or file_name.casefold().endswith(".ods")


def _read_csv(content: bytes, field: str) -> Iterator[TableRow]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = _(
            "Zeile {line} ist nicht in UTF-8 geschrieben. Speichern Sie die Tabelle als „CSV UTF-8“ oder als ODS."
        )
        raise _refused(field, message.format(line=line)) from error
    if "\x00" in text:
        raise _refused(field, _("Das ist keine Tabelle. Erwartet wird CSV oder ODS."))
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield TableRow(line, _cells(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        message = _("Zeile {line}: Die Anführungszeichen gehen nicht auf.")
        raise _refused(field, message.format(line=line)) from error


def _read_ods(content: bytes, field: str) -> Iterator[TableRow]:
    unreadable = _("Diese Datei ist nicht lesbar. Erwartet wird eine Tabelle als CSV oder ODS.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MAXIMUM_UNPACKED:
                raise _refused(field, _("Diese Datei ist entpackt zu groß."))
        document = Document(io.BytesIO(content))
        if document.get_type() != "spreadsheet":
            raise _refused(field, unreadable)
        table = document.body.get_table(0)
        rows = table.get_elements("descendant::table:table-row") if table is not None else []
    except Invalid:
        raise
    except Exception as error:  # whatever a broken archive or XML makes the library raise
        raise _refused(field, unreadable) from error
    line = 1
    for row in rows:
        if isinstance(row, Row):
            yield TableRow(line, _cells(_cells_of(row)))
            line += row.repeated or 1


def _cells_of(row: Row) -> list[str]:
    """The texts of a row; a cell repeated to the sheet's end counts once."""
    found: list[str] = []
    for cell in row.get_elements("table:table-cell"):
        text = "\n".join(paragraph.inner_text for paragraph in cell.get_elements("text:p"))
        times = int(cell.get_attribute("table:number-columns-repeated") or 1)
        found.extend([text] * min(times, MAXIMUM_COLUMNS))
        if len(found) > MAXIMUM_COLUMNS:
            break
    return found


def _cells(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(_cell(text)[:MAXIMUM_CELL] for text in texts[:MAXIMUM_COLUMNS])


def _cell(text: str) -> str:
    """Lines without what surrounds them; without the sign our own tables put before what a spreadsheet would run."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    plain = "\n".join(line for line in lines if line)
    return plain[1:] if plain.startswith("'") and plain[1:2] in _FORMULA_SIGNS else plain


def _refused(field: str, message: str) -> Invalid:
    return Invalid(FieldError(field, message))
