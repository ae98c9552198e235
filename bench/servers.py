"""The service and the floors, each with two processes on a port of the loopback, ended with the measurement."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.backends import free_port

SECRET = "only-for-measuring-only-for-measuring-only"
WORKERS = "2"
PATIENCE = 120
"""Seconds a server may take to start or to end: the machine may have other work, too."""


@contextmanager
def service(url: str) -> Iterator[int]:
    """The Dialogforum as it is served."""
    port = free_port()
    environment = {**os.environ, "DIALOGFORUM_DATABASE_URL": url, "DIALOGFORUM_SECRET_KEY": SECRET}
    command = [str(Path(sys.executable).with_name("dialogforum")), "serve", "--no-worker"]
    with _running([*command, "--workers", WORKERS, "--port", str(port)], environment, port, "/healthz"):
        yield port


@contextmanager
def floors(url: str, bodies: dict[str, bytes]) -> Iterator[int]:
    """The floors: the same bytes, 25 rows, one insert."""
    port = free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({name: body.decode() for name, body in bodies.items()}, file)
        file.flush()
        environment = {**os.environ, "BENCH_DATABASE_URL": url, "BENCH_BODIES": file.name}
        command = [sys.executable, "-m", "uvicorn", "bench.floors:app", "--log-level", "warning"]
        with _running([*command, "--workers", WORKERS, "--port", str(port)], environment, port, "/rows"):
            yield port


@contextmanager
def _running(command: list[str], environment: dict[str, str], port: int, path: str) -> Iterator[None]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(port, path, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the server does not answer")
