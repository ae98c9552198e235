"""Every kind of page that links lead to, for everybody: each is opened once and looked at, wide and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import DESKTOP, PHONE, Service, axe_violations
from tests.browser.test_pages import WIDER, sign_in

KEYED = frozenset(
    [
        *(
            "ausgaben",
            "bedarfe",
            "beteiligte",
            "empfehlungen",
            "gremien",
            "handlungsfelder",
            "indikatoren",
            "kommentare",
            "leitfragen",
            "massnahmen",
            "organisationen",
        ),
        *("personen", "querschnittsthemen", "selbstverpflichtungen", "themen", "vorschlaege", "ziele", "zielgruppen"),
    ]
)
WORDS = frozenset({"neu"})
FILE = re.compile(r"\.\w+($|\?)|^/anlagen/[0-9a-f-]{36}$")
"""What a browser saves instead of showing it."""

KEY = re.compile(r"[0-9a-f-]{32,}|\d+")
LINKS = "() => [...document.querySelectorAll('main a[href], header a[href]')].map(link => link.href)"


def shape_of(path: str) -> str:
    """Pages of one kind have one shape: what names a thing is left out, and so is every filter."""
    segments = path.partition("?")[0].partition("#")[0].strip("/").split("/")
    before = ["", *segments]
    named = [
        "*" if (place in KEYED and segment not in WORDS) or KEY.fullmatch(segment) else segment
        for place, segment in zip(before, segments, strict=False)
    ]
    return "/".join(named)


def walk(page: Page, url: str, start: str) -> list[str]:
    """Follow links until every kind of page was seen; what is wrong with them."""
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(f"{page.url} {said.text}") if said.type == "error" else None)
    waiting, known = [start], {shape_of(start)}
    while waiting:
        response = page.goto(url + waiting.pop(0))
        if response is None or response.status >= 400:
            wrong.append(f"{page.url} answers {response.status if response else 'nothing'}")
            continue
        wrong += axe_violations(page)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        if page.evaluate(WIDER) > 0:
            wrong.append(f"{page.url} is wider than a phone")
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        for link in page.evaluate(LINKS):
            path = link.removeprefix(url)
            if path.startswith("/") and not FILE.search(path) and shape_of(path) not in known:
                known.add(shape_of(path))
                waiting.append(path)
    return wrong


def test_every_public_page(running_example: Service, open_context: Callable[..., BrowserContext]) -> None:
    assert "\n".join(walk(open_context().new_page(), running_example.url, "/")) == ""


@pytest.mark.parametrize(
    "address", ["leitung-c", "redaktion-b", "gewerkschaft", "systemadministration", "geschaeftsstelle", "fachstelle"]
)
def test_every_page_behind_the_sign_in(
    running_example: Service, open_context: Callable[..., BrowserContext], address: str
) -> None:
    page = open_context().new_page()
    sign_in(page, running_example.url, address)
    assert "\n".join(walk(page, running_example.url, "/aufgaben")) == ""
