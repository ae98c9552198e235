"""`make bench`: ratios of pages to their floors, on SQLite and on PostgreSQL, two processes each."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.comparing import compare_texts
from bench.data import Prepared, prepare
from bench.load import Request, measure
from bench.mailing import compare_mails
from bench.servers import floors, service
from bench.telling import compare
from tests.backends import own_postgresql

DURABLE = "-c fsync=on -c synchronous_commit=on -c max_connections=100"


def main() -> int:
    """Measure and print; the exit code tells only whether every request was answered as expected."""
    parser = argparse.ArgumentParser(prog="bench", description="Misst Seiten gegen Untergrenzen desselben Laufs.")
    parser.add_argument("--requests", type=int, default=150, help="Anfragen je Messung")
    parser.add_argument("--rounds", type=int, default=5, help="Messungen, deren mittlere zählt")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="nur eine Datenbank")
    chosen = parser.parse_args()
    failed = not compare_texts(chosen.rounds)
    for backend in [chosen.only] if chosen.only else ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="dialogforum-bench-") as folder, database(backend, Path(folder)) as url:
            prepared = prepare(url)
            failed = not run(backend, prepared, chosen.requests, chosen.rounds) or failed
            failed = not compare(prepared.url, chosen.rounds) or failed
            failed = not compare_mails(prepared.url) or failed
    return int(failed)


@contextmanager
def database(backend: str, folder: Path) -> Iterator[str]:
    """A database that keeps what it acknowledges: synchronous=FULL, fsync=on."""
    if backend == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    with own_postgresql(DURABLE) as server:
        yield f"{server}/postgres"


def run(backend: str, prepared: Prepared, requests: int, rounds: int) -> bool:
    """One table of ratios; True where everything was answered as expected."""
    with service(prepared.url) as page_port:
        pages = prepared.pages(page_port)
        bodies = {page.name: page.fetch() for page in pages if page.floor == "static"}
        with floors(prepared.url, bodies) as floor_port:
            print(f"\n{backend}: two processes, {requests} requests × {rounds} rounds, alternating, median")
            print(f"{'page':<34} {'floor':<8} {'requests/s':>11} {'floor/s':>9} {'ratio':>7} {'target':>7}")
            whole = True
            for page in pages:
                floor = page.beside(floor_port)
                whole = _line(page, floor, requests, rounds) and whole
            return whole


def _line(page: Request, floor: Request, requests: int, rounds: int) -> bool:
    speeds: list[tuple[float, float]] = []
    for _ in range(rounds):
        try:
            speeds.append((measure(page, requests), measure(floor, requests)))
        except ValueError as error:
            print(f"{page.name:<34} {page.floor:<8} no ratio: {error}")
            return False
    ratios = sorted(own / bare for own, bare in speeds)
    own, bare = (sorted(column)[rounds // 2] for column in zip(*speeds, strict=True))
    target = f"{page.target:.2f}" if page.target else "–"
    print(f"{page.name:<34} {page.floor:<8} {own:>11.0f} {bare:>9.0f} {ratios[rounds // 2]:>7.2f} {target:>7}")
    return True


if __name__ == "__main__":
    sys.exit(main())
