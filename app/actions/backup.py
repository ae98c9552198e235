"""Everything in one file, and back: every table and every attached file as JSON lines, alike for both databases."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import Date, Table, Uuid, insert, select, update
from sqlmodel import Session, SQLModel

from app.domain.numbers import plain
from app.domain.record import canonical_time
from app.errors import Conflict, Invalid
from app.files import FileFolder, folder_of
from app.i18n import _
from app.models.base import ExactDecimal, UTCDateTime
from app.queries.attachments import digests_in_use
from app.queries.record import verify_record

FORMAT = "dialogforum.backup.2"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds, and the attached files it should hold and that lie nowhere."""

    rows: int
    files: int
    missing: tuple[str, ...] = ()


def write_backup(session: Session, file: Path, *, schema: str) -> Saved:
    """Write every row and every attached file into a new file, readable once it is whole.

    `schema` is the revision the rows belong to. The session reads one state from beginning to end. A file that is
    lost does not keep the rest from being saved; it is named.
    """
    fresh = file.with_name(f".{file.name}.part")
    count = 0
    with gzip.open(fresh, "wt", encoding="utf-8") as handle:
        handle.write(json.dumps({"format": FORMAT, "schema": schema}) + "\n")
        for table in SQLModel.metadata.sorted_tables:
            for row in session.connection().execute(select(table)).mappings():
                line = {"table": table.name, "row": {key: _plain(value) for key, value in row.items()}}
                handle.write(json.dumps(line, ensure_ascii=False) + "\n")
                count += 1
        missing = [digest for digest in sorted(digests_in_use(session)) if not _write_file(session, digest, handle)]
        files = len(digests_in_use(session)) - len(missing)
        handle.write(json.dumps({"rows": count, "files": files}) + "\n")
    fresh.replace(file)
    return Saved(count, files, tuple(missing))


def _write_file(session: Session, digest: str, handle: IO[str]) -> bool:
    """One attached file as a line; False where it does not lie where it should, byte for byte."""
    folder = folder_of(session)
    if not folder.is_whole(digest):
        return False
    content = base64.b64encode(folder.place_of(digest).read_bytes()).decode("ascii")
    handle.write(json.dumps({"file": digest, "content": content}) + "\n")
    return True


def restore_backup(session: Session, file: Path, *, schema: str) -> int:
    """Fill an empty database of the same schema; raises, and nothing is written, where the file is not whole.

    The record is verified before anything is committed.
    """
    for table in SQLModel.metadata.sorted_tables:
        if session.connection().execute(select(table).limit(1)).first() is not None:
            raise Conflict(_("Die Datenbank ist nicht leer. Bitte stellen Sie in eine leere Datenbank wieder her."))
    later: list[tuple[Table, dict[str, Any]]] = []
    count = 0
    for table, rows in _batches(_read(file, schema, folder_of(session))):
        own = _own_references(table)
        for row in rows:
            if any(row[name] is not None for name in own):
                later.append((table, {name: row[name] for name in (*own, *(c.name for c in table.primary_key))}))
                row.update(dict.fromkeys(own))
        session.connection().execute(insert(table), rows)
        count += len(rows)
    for table, row in later:
        keys = [column == row.pop(column.name) for column in table.primary_key]
        session.connection().execute(update(table).where(*keys).values(row))
    broken = next(verify_record(session), None)
    if broken is not None:
        raise Invalid(detail=_("Die Sicherung ist nicht unversehrt: {problem}").format(problem=broken))
    return count


def _own_references(table: Table) -> list[str]:
    return [key.parent.name for key in table.foreign_keys if key.column.table is table]


def _batches(lines: Iterator[tuple[Table, dict[str, Any]]]) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    current: Table | None = None
    rows: list[dict[str, Any]] = []
    for table, row in lines:
        if rows and current is not None and (table is not current or len(rows) >= _BATCH):
            yield current, rows
            rows = []
        current = table
        rows.append(row)
    if rows and current is not None:
        yield current, rows


def _read(file: Path, schema: str, folder: FileFolder) -> Iterator[tuple[Table, dict[str, Any]]]:
    count, files, promised = 0, 0, None
    try:
        with gzip.open(file, "rt", encoding="utf-8") as handle:
            head = json.loads(next(handle))
            if head.get("format") != FORMAT:
                raise ValueError("format")
            if head.get("schema") != schema:
                raise Invalid(detail=_("Die Sicherung gehört zu einer anderen Version der Anwendung."))
            for line in handle:
                content = json.loads(line)
                if "rows" in content:
                    promised = content["rows"], content["files"]
                    continue
                if "file" in content:
                    _put(folder, content["file"], base64.b64decode(content["content"], validate=True))
                    files += 1
                    continue
                table = SQLModel.metadata.tables[content["table"]]
                yield table, {column.name: _typed(column, content["row"][column.name]) for column in table.columns}
                count += 1
    except (OSError, EOFError, ValueError, KeyError, StopIteration, RuntimeError) as error:
        raise Invalid(detail=_("Die Datei ist keine lesbare Sicherung.")) from error
    if promised != (count, files):
        raise Invalid(detail=_("Die Sicherung ist nicht vollständig."))


def _put(folder: FileFolder, digest: str, content: bytes) -> None:
    """Lay a file down; is the restoring refused in the end, nobody speaks of it and the worker takes it away."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError("digest")
    folder.put(content)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return canonical_time(value)
    if isinstance(value, (UUID, date)):
        return str(value)
    if isinstance(value, Decimal):
        return plain(value)
    return value


def _typed(column: Any, value: Any) -> Any:
    if value is None:
        return None
    match column.type:
        case UTCDateTime():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case Uuid():
            return UUID(value)
        case ExactDecimal():
            return Decimal(value)
        case _:
            return value
