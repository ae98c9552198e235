"""A reader subscribes on a public page, confirms by the link in the mail, and ends it: in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.db import Database
from tests.browser.conftest import DESKTOP, PHONE, Service, axe_violations
from tests.browser.people import Opened
from tests.browser.test_pages import WIDER
from tests.mails import links_of, list_mails

MAILBOX = "leserin@beispiel.example"


def link(database: Database, kind: str) -> str:
    """The newest link of its kind."""
    return next(path for path in links_of(database, list_mails(database)[-1]) if f"/{kind}/" in path)


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_subscribes_and_ends_it(running_example: Service, open_context: Opened, *, script: bool) -> None:
    context = open_context(java_script_enabled=script)
    page: Page = context.new_page()
    url, wrong = running_example.url, []

    def look() -> None:
        for size in (PHONE, DESKTOP) if script else ():
            page.set_viewport_size(size)  # type: ignore[arg-type]
            wrong.extend(axe_violations(page))
            if page.evaluate(WIDER) > 0:
                wrong.append(f"{page.url} is wider than {size['width']} px")

    page.goto(f"{url}/empfehlungen/IP-2026-B-01")
    page.get_by_text("Neues per E-Mail bekommen").click()
    look()
    expect(page.get_by_label("diese Empfehlung")).to_be_checked()
    page.get_by_label("Ihre E-Mail-Adresse").fill("keine Adresse")
    page.get_by_role("button", name="Abonnieren").click()
    expect(page.locator(".error-summary")).to_contain_text("Das ist keine E-Mail-Adresse.")
    expect(page.get_by_label("Empfehlung „")).to_be_checked()
    look()
    page.get_by_label("Ihre E-Mail-Adresse").fill(MAILBOX)
    page.get_by_role("button", name="Abonnieren").click()
    expect(page.locator("h1")).to_have_text("Bitte bestätigen Sie Ihr Abonnement")
    look()

    page.goto(url + link(running_example.database, "bestaetigen"))
    look()
    page.get_by_role("button", name="Ja, abonnieren").click()
    expect(page.locator("h1")).to_have_text("Ihr Abonnement ist bestätigt")
    look()
    page.get_by_role("link", name="Abonnement beenden").click()
    look()
    page.get_by_role("button", name="Jetzt beenden").click()
    expect(page.locator("h1")).to_have_text("Ihr Abonnement ist beendet")
    look()
    page.goto(f"{url}/handlungsfelder/bildung")
    page.get_by_text("Neues per E-Mail bekommen").click()
    look()
    page.goto(f"{url}/beteiligung")
    page.get_by_text("Neues per E-Mail bekommen").click()
    look()
    assert wrong == []
    assert context.cookies() == []
