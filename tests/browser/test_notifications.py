"""Notifications as they are seen: one arrives live without a reload; by keyboard, without script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from starlette.testclient import TestClient

from app.actions.sign_ins import revoke_sign_ins
from app.domain.notifications import Urgency
from app.routers import live_stream
from app.security import SESSION_COOKIE
from tests.browser.conftest import PHONE, Service, axe_violations
from tests.browser.people import PATIENCE, Keys
from tests.browser.test_pages import WIDER
from tests.drafting import Drafted, draft
from tests.factories import Known, World
from tests.inboxes import Inbox, forget_all, need_of, recommendation_of

TURN = """is_hidden => {
    Object.defineProperty(document, 'hidden', {value: is_hidden, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
}"""
HEADER = re.compile("Mitteilungen")
Opened = Callable[..., BrowserContext]


@pytest.fixture
def drafted(running: Service) -> Drafted:
    """A recommendation of a body; nobody has been told anything yet, and processes look five times a second."""
    running.app.state.feed.pause = 0.2
    world = World(running.database)
    made = draft(TestClient(running.app), world)
    forget_all(world)
    return made


@pytest.fixture
def inbox(running: Service, drafted: Drafted) -> Inbox:
    """What the member is told."""
    return Inbox(World(running.database), drafted.member)


def page_of(running: Service, context: BrowserContext, known: Known, path: str) -> Page:
    """The page before somebody who is signed in."""
    context.add_cookies([{"name": SESSION_COOKIE, "value": known.cookie, "url": running.url}])
    page = context.new_page()
    page.goto(running.url + path)
    return page


def listeners(running: Service) -> int:
    """How many pages listen."""
    return len(running.app.state.feed._listeners)


def is_heard(page: Page, running: Service, number: int = 1) -> None:
    """So many pages listen now."""
    comes_true(page, lambda: listeners(running) == number)


def comes_true(page: Page, question: Callable[[], bool]) -> None:
    """Something is so before long; meanwhile the browser goes on."""
    for _each in range(400):
        if question():
            return
        page.wait_for_timeout(25)
    raise AssertionError("not in time")


def says(page: Page, label: str) -> None:
    """The header says this of what is unread."""
    link = page.get_by_role("banner").get_by_role("link", name=f"Mitteilungen ({label})")
    expect(link).to_be_visible(timeout=PATIENCE)


def test_a_notification_arrives_live_without_a_reload(
    running: Service, open_context: Opened, drafted: Drafted, inbox: Inbox
) -> None:
    page = page_of(running, open_context(), drafted.member, "/aufgaben")
    page.evaluate("window.wasNotReloaded = true")
    says(page, "keine ungelesenen Mitteilungen")
    inbox.tell("recommendation.decision_called", recommendation_of(drafted), body=drafted.body, urgency=Urgency.TASK)
    says(page, "eine ungelesene Mitteilung")
    expect(page.locator("[data-figure]")).to_have_text("1")
    expect(page.locator("body > [role=status]")).to_have_text(re.compile("^Neue Mitteilung: .*, Übergänge sichern.$"))
    assert page.evaluate("window.wasNotReloaded")
    assert axe_violations(page) == []
    page.goto(f"{running.url}/mitteilungen")
    page.evaluate("window.wasNotReloaded = true")
    is_heard(page, running)
    inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    says(page, "2 ungelesene Mitteilungen")
    arrived = page.get_by_role("region", name="Soeben eingetroffen")
    expect(arrived.get_by_role("listitem")).to_have_text("Bedarf zurückgestellt Lange Wartezeiten")
    assert page.evaluate("window.wasNotReloaded")
    assert axe_violations(page) == []
    arrived.get_by_role("link", name="Bedarf zurückgestellt").click()
    page.wait_for_url(f"**/bedarfe/{drafted.need_id}")


def test_who_follows_a_notification_has_read_it(
    running: Service, open_context: Opened, drafted: Drafted, inbox: Inbox
) -> None:
    inbox.tell("recommendation.decision_called", recommendation_of(drafted), body=drafted.body)
    inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    page = page_of(running, open_context(), drafted.member, "/mitteilungen")
    page.get_by_role("main").get_by_role("link", name="Bedarf zurückgestellt").click()
    page.wait_for_url(f"**/bedarfe/{drafted.need_id}")
    says(page, "eine ungelesene Mitteilung")
    assert inbox.count() == 1


def test_it_works_by_keyboard_on_a_phone_and_in_the_dark(
    running: Service, open_context: Opened, drafted: Drafted, inbox: Inbox
) -> None:
    inbox.tell("recommendation.decision_called", recommendation_of(drafted), body=drafted.body, urgency=Urgency.TASK)
    inbox.tell("reminder.ballot.two_days", recommendation_of(drafted), body=drafted.body, urgency=Urgency.DEADLINE)
    context = open_context(viewport=PHONE, color_scheme="dark", reduced_motion="reduce")
    page = page_of(running, context, drafted.member, "/aufgaben")
    keys = Keys(page)
    keys.tab_to(page.get_by_role("banner").get_by_role("link", name=HEADER))
    keys.enter()
    assert axe_violations(page) == []
    assert page.evaluate(WIDER) == 0
    keys.tab_to(page.get_by_role("button", name="Alles dazu gelesen"))
    keys.tab_to(page.get_by_role("button", name=re.compile("^Gelesen: ")).first)
    keys.enter()
    says(page, "eine ungelesene Mitteilung")
    expect(page.get_by_role("heading", name="Gelesen", exact=True)).to_be_visible()


def test_it_works_without_script(running: Service, open_context: Opened, drafted: Drafted, inbox: Inbox) -> None:
    inbox.tell("recommendation.decision_called", recommendation_of(drafted), body=drafted.body)
    inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    page = page_of(running, open_context(java_script_enabled=False), drafted.member, "/mitteilungen")
    says(page, "2 ungelesene Mitteilungen")
    assert listeners(running) == 0
    page.get_by_role("button", name=re.compile("^Gelesen: Bedarf zurückgestellt, Lange Wartezeiten$")).click()
    says(page, "eine ungelesene Mitteilung")
    page.get_by_role("button", name="Alle als gelesen markieren").click()
    says(page, "keine ungelesenen Mitteilungen")
    expect(page.get_by_role("status")).to_have_text("Alle Mitteilungen sind als gelesen markiert.")


def test_a_line_that_broke_is_taken_up_again(
    running: Service, open_context: Opened, drafted: Drafted, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_stream, "COME_BACK_MILLISECONDS", (50, 60))
    page = page_of(running, open_context(), drafted.member, "/aufgaben")
    is_heard(page, running)
    for listener in list(running.app.state.feed._listeners):
        running.app.state.feed._loop.call_soon_threadsafe(lambda each=listener: each.end(is_refused=False))
    inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    says(page, "eine ungelesene Mitteilung")
    is_heard(page, running)


def test_a_server_that_is_just_starting_is_asked_again(
    running: Service, open_context: Opened, drafted: Drafted, inbox: Inbox
) -> None:
    context = open_context()
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=503)

    context.route("**/mitteilungen/live", refuse_once)
    page = page_of(running, context, drafted.member, "/aufgaben")
    inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    says(page, "eine ungelesene Mitteilung")
    assert refused


def test_who_was_signed_out_elsewhere_is_not_asked_for_again(
    running: Service, open_context: Opened, drafted: Drafted
) -> None:
    context = open_context()
    context.add_init_script(
        "window.lines = []; window.EventSource = class extends EventSource {"
        " constructor(...all) { super(...all); window.lines.push(this); } };"
    )
    page = page_of(running, context, drafted.member, "/aufgaben")
    is_heard(page, running)
    with running.database.write() as session:
        revoke_sign_ins(session, drafted.member.person_id)
    comes_true(page, lambda: bool(page.evaluate("window.lines[0].readyState === EventSource.CLOSED")))
    page.evaluate(TURN, True)
    page.evaluate(TURN, False)
    assert page.evaluate("window.lines.length") == 1


def test_a_page_in_the_background_keeps_no_line_open(
    running: Service, open_context: Opened, drafted: Drafted, inbox: Inbox
) -> None:
    page = page_of(running, open_context(), drafted.member, "/aufgaben")
    is_heard(page, running)
    page.evaluate(TURN, True)
    is_heard(page, running, 0)
    inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    page.evaluate(TURN, False)
    says(page, "eine ungelesene Mitteilung")
    expect(page.locator("body > [role=status]")).to_have_text("eine ungelesene Mitteilung")
