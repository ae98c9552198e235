"""Where attached files lie: by the SHA-256 of their content, whole or not at all. It knows no database."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlmodel import Session

KEPT_WITHOUT_A_ROW: Final = timedelta(days=1)
"""How long a file may lie that no row speaks of: longer than any request lasts."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that lies safely on the disk, and not yet where it is found."""

    folder: FileFolder
    path: Path
    digest: str
    size: int

    def keep(self) -> None:
        """Put it in its place; the row that speaks of it is written in the same transaction."""
        self.folder.keep(self)

    def discard(self) -> None:
        """Take it away; nothing where it was kept."""
        self.path.unlink(missing_ok=True)


class FileFolder:
    """A folder of files named by their content. Equal files lie there once; who made them stands in the rows."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def stage(self, content: bytes) -> Staged:
        """Write the content to the disk, apart from the others, so that a moment suffices to keep it."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self.root / f".{os.getpid()}-{os.urandom(8).hex()}.part"
        with fresh.open("xb") as handle:
            os.fchmod(handle.fileno(), 0o600)
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        return Staged(self, fresh, hashlib.sha256(content).hexdigest(), len(content))

    def keep(self, staged: Staged) -> None:
        """Rename it to its digest; a file of this content that lies there already is young again."""
        place = self.place_of(staged.digest)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._alone():
            if place.exists():
                os.utime(place)
                staged.discard()
            else:
                staged.path.replace(place)
                _sync(place.parent)

    def put(self, content: bytes) -> str:
        """Stage and keep at once; the digest."""
        staged = self.stage(content)
        staged.keep()
        return staged.digest

    def place_of(self, digest: str) -> Path:
        """Where a content lies or would lie."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a digest")
        return self.root / digest[:2] / digest

    def is_whole(self, digest: str) -> bool:
        """True where the content lies there, byte for byte."""
        try:
            with self.place_of(digest).open("rb") as handle:
                return hashlib.file_digest(handle, "sha256").hexdigest() == digest
        except OSError:
            return False

    def remove_all_but(self, wanted: Collection[str], *, older_than: timedelta = KEPT_WITHOUT_A_ROW) -> int:
        """Remove what no row speaks of and what was begun and never kept, once it is old; how many files."""
        removed = 0
        limit = time.time() - older_than.total_seconds()
        for path in self._files():
            if path.name in wanted:
                continue
            with self._alone(), suppress(FileNotFoundError):
                if path.stat().st_mtime < limit:
                    path.unlink()
                    removed += 1
        return removed

    def _files(self) -> Iterator[Path]:
        yield from self.root.glob(".*.part")
        for folder in self.root.glob("[0-9a-f][0-9a-f]"):
            yield from folder.iterdir()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One of all processes at a time: what is being kept is not removed in the same moment."""
        with (self.root / ".lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def folder_of(session: Session) -> FileFolder:
    """The folder that belongs to the session's database."""
    folder: FileFolder = session.info["files"]
    return folder


def _sync(folder: Path) -> None:
    """A renamed file survives a power cut only with its folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
