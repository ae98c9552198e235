"""Every page as it is seen: axe finds nothing, nothing is wider than a phone, the console stays silent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from app.domain.accounts import EXAMPLE_PASSWORD
from tests.browser.conftest import DESKTOP, PHONE, Service, axe_violations

PUBLIC = (
    "/",
    "/programm",
    "/handlungsfelder",
    "/handlungsfelder/sprachliche-integration",
    "/empfehlungen",
    "/empfehlungen/IP-2026-B-01",
    "/empfehlungen/IP-2026-B-01/entstehung",
    "/umsetzung",
    "/beteiligung",
    "/beteiligte",
    "/gremien",
    "/gremien/ag-berufsbezogene-deutschfoerderung",
    "/bedarfe",
    "/anmelden",
    "/kontakt",
    "/impressum",
    "/datenschutz",
    "/barrierefreiheit",
    "/leichte-sprache",
    "/gebaerdensprache",
    "/feedback",
    "/api/docs",
    "/gibt-es-nicht",
)
MEMBER = (
    "/aufgaben",
    "/gremien",
    "/gremien/ag-bildungs-und-erziehungspartnerschaft",
    "/gremien/ag-bildungs-und-erziehungspartnerschaft/bedarfe/neu",
    "/bedarfe",
    "/vorschlaege",
    "/empfehlungen",
    "/mitteilungen",
    "/konto",
)
OFFICE = (
    "/aufgaben",
    "/uebersicht",
    "/verwaltung",
    "/verwaltung/personen",
    "/verwaltung/organisationen",
    "/verwaltung/gremien",
)
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def look(page: Page, url: str, paths: tuple[str, ...]) -> list[str]:
    """Open each page in both widths; what is wrong with them."""
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(f"{page.url} {message.text}") if message.type == "error" else None)
    for path in paths:
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            response = page.goto(url + path)
            assert response is not None
            assert response.status < 500, path
            wrong += axe_violations(page)
            if page.evaluate(WIDER) > 0:
                wrong.append(f"{path} is wider than {size['width']} px")
    return [each for each in wrong if "404 (Not Found)" not in each]


def sign_in(page: Page, url: str, address: str) -> None:
    """Sign in with the example's password."""
    page.goto(f"{url}/anmelden")
    page.get_by_label("E-Mail").fill(f"{address}@beispiel.example")
    page.get_by_label("Passwort").fill(EXAMPLE_PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url("**/aufgaben")


def test_the_public_pages(running_example: Service, open_context: Callable[..., BrowserContext]) -> None:
    assert look(open_context().new_page(), running_example.url, PUBLIC) == []


@pytest.mark.parametrize(("address", "paths"), [("leitung-c", MEMBER), ("geschaeftsstelle", OFFICE)])
def test_the_pages_behind_the_sign_in(
    running_example: Service, open_context: Callable[..., BrowserContext], address: str, paths: tuple[str, ...]
) -> None:
    page = open_context().new_page()
    sign_in(page, running_example.url, address)
    assert look(page, running_example.url, paths) == []


def test_the_pages_can_be_read_in_the_dark_and_without_script(
    running_example: Service, open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(color_scheme="dark").new_page()
    assert look(page, running_example.url, ("/", "/empfehlungen/IP-2026-B-01")) == []
    plain = open_context(java_script_enabled=False).new_page()
    plain.goto(f"{running_example.url}/empfehlungen/IP-2026-B-01")
    assert plain.get_by_text("rechtlich nicht bindend").first.is_visible()
