"""Pages behind a link in a mail: their forms arrive from a real browser, which says where a form comes from."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlmodel import select

from app.models.people import Person
from tests.browser.conftest import Service
from tests.browser.people import Opened
from tests.factories import World
from tests.mails import links_of, list_mails

PASSWORD = "Vier Wörter sind genug"


def test_a_password_is_set_by_the_link(running: Service, open_context: Opened) -> None:
    known = World(running.database).person()
    with running.database.read() as session:
        email = str(session.exec(select(Person.email).where(Person.id == known.person_id)).one())
    page = open_context().new_page()
    page.goto(f"{running.url}/passwort-vergessen")
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_role("button", name="Link anfordern").click()
    expect(page.locator("h1")).to_have_text("Sehen Sie in Ihr Postfach")
    link = next(path for path in links_of(running.database, list_mails(running.database)[-1]) if "/passwort/" in path)
    page.goto(running.url + link)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.locator("main form").get_by_role("button").click()
    expect(page.locator("h1")).not_to_have_text("Formular abgelehnt")
    assert page.url.endswith("/aufgaben")
