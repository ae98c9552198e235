"""A real Chromium over a running service; without one the tests are left out loudly, and fail where CI=true."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.config import PROJECT_ROOT, Settings
from app.db import Database
from app.main import create_app
from tests.backends import Template, free_port
from tests.conftest import SECRET, MovedClock

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_MISSING = "Kein Chromium gefunden: Die Tests im Browser wurden NICHT ausgeführt. Bitte installieren Sie chromium."
AXE = PROJECT_ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark these tests; leave them out where there is no browser."""
    ours = [item for item in items if "tests/browser" in item.path.as_posix()]
    for item in ours:
        item.add_marker(pytest.mark.browser)
    if CHROMIUM or not ours:
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError(_MISSING)
    items[:] = [item for item in items if item not in ours]
    config.hook.pytest_deselected(items=ours)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say it where everybody looks."""
    if CHROMIUM is None:
        terminalreporter.write_sep("!", _MISSING, red=True)


@dataclass(frozen=True)
class Service:
    """A running service, its clock and its database."""

    url: str
    app: FastAPI
    database: Database
    clock: MovedClock


@pytest.fixture
def running(template: Template, tmp_path: Any, clock: MovedClock) -> Iterator[Service]:
    """The application on a port of the loopback, with an empty programme."""
    with template.copy(tmp_path) as url:
        yield from _serve(url, tmp_path, clock)


@pytest.fixture
def running_example(example_template: Template, tmp_path: Any, example_files: Path) -> Iterator[Service]:
    """The application with the example programme, on the day it was loaded."""
    from tests.conftest import EXAMPLE_DAY

    with example_template.copy(tmp_path) as url:
        yield from _serve(url, tmp_path, MovedClock(EXAMPLE_DAY), example_files)


def _serve(database_url: str, folder: Any, clock: MovedClock, uploads: Any = None) -> Iterator[Service]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = Settings(
        database_url=database_url,
        secret_key=SECRET,
        base_url=address,
        mail_url=f"file:{folder / 'mail'}",
        upload_dir=str(uploads or folder / "uploads"),
        demo=True,
    )
    app = create_app(settings, clock)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Service(address, app, app.state.database, clock)
    finally:
        server.should_exit = True
        thread.join(timeout=5)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browsers of their own: each person has one."""
    opened: list[BrowserContext] = []

    def open_one(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": DESKTOP, "locale": "de-DE", **options})
        context.set_default_timeout(8_000)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def scene(running: Service, open_context: Callable[..., BrowserContext]) -> Any:
    """Everybody who takes part in the way of a recommendation, each with a browser."""
    from tests.browser.people import set_scene

    return set_scene(running, open_context)


def axe_violations(page: Page) -> list[str]:
    """What axe finds on the page, each with the elements it is about."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
        " 'best-practice']})).violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))"
    )
    return [f"{page.url} {each}" for each in found]
