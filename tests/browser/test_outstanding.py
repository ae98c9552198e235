"""Reminding several at once and reporting by the link that follows, in a real browser, looked at by axe."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlmodel import select

from app.actions.measures import plan_measure
from app.domain.deadlines import berlin_date
from app.forms.measures import MeasureForm
from app.models.measures import Measure
from app.models.organisations import Organisation
from app.security import SESSION_COOKIE
from tests.browser.conftest import DESKTOP, PHONE, Service, axe_violations
from tests.browser.people import Opened
from tests.browser.test_pages import WIDER
from tests.factories import World
from tests.implementing import publish
from tests.mails import links_of, list_mails


def looked_at(page: Page) -> None:
    """Nothing is wrong with the page, and it fits a phone."""
    assert axe_violations(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate(WIDER) <= 0
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


def test_a_reminder_leads_to_the_one_form_and_the_number_falls(running: Service, open_context: Opened) -> None:
    world = World(running.database)
    secretariat, organisation_id = world.secretariat(), world.organisation("Landkreis Beispiel")
    recommendation_id = publish(world, world.body(), [])
    with running.database.write() as session:
        session.get_one(Organisation, organisation_id).contact_address = "post@landkreis.example"
        for title in ("Anschlusskurse", "Kinderbetreuung"):
            form = MeasureForm(
                recommendation_id=recommendation_id, title=title, responsible_organisation_id=organisation_id
            )
            measure, _is_new = plan_measure(session, form, actor=world.actor(secretariat, session))
            measure.report_due_on = berlin_date(running.database.clock()) - timedelta(days=3)
    context = open_context()
    context.add_cookies([{"name": SESSION_COOKIE, "value": secretariat.cookie, "url": running.url}])
    office = context.new_page()
    office.goto(f"{running.url}/umsetzung")
    office.get_by_role("link", name="Was aussteht").click()
    office.get_by_role("link", name="2 Sachstandsbericht überfällig").click()
    looked_at(office)
    office.get_by_label("Anschlusskurse, Landkreis Beispiel auswählen").check()
    office.get_by_role("button", name="Ausgewählte erinnern").click()
    expect(office.get_by_role("status").first).to_contain_text("Eine Erinnerung ist unterwegs.")
    mail = next(each for each in list_mails(running.database) if each.template == "report_asked")
    link = next(path for path in links_of(running.database, mail) if path.startswith("/sachstand/"))
    reader = open_context().new_page()
    reader.goto(running.url + link)
    looked_at(reader)
    first, second = reader.get_by_label("Was ist erreicht?").all()
    first.fill("Alle Kurse laufen.")
    second.fill("Zwei Gruppen sind offen.")
    reader.get_by_role("button", name="Berichte veröffentlichen").click()
    expect(reader.get_by_role("heading", name="2 Berichte sind eingegangen.")).to_be_visible()
    looked_at(reader)
    with running.database.read() as session:
        assert min(session.exec(select(Measure.report_due_on)).all()) > berlin_date(running.database.clock())  # type: ignore[type-var]
    office.goto(f"{running.url}/ausstehend")
    expect(office.get_by_role("link", name="0 Sachstandsbericht überfällig")).to_be_visible()
