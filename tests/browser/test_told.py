"""The pages of what is told, with content: axe finds nothing, and a phone shows all of it without moving sideways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import update
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.documents.digests import unsubscribe_path
from app.domain.follows import FollowTarget
from app.domain.notifications import Urgency
from app.models.follows import Follow
from app.models.notifications import Notification
from app.models.programmes import CrossCuttingTheme, Edition, TargetGroup
from app.models.recommendations import Recommendation
from app.models.schedules import Schedule
from app.worker import Worker
from tests.browser.conftest import DESKTOP, PHONE, Service, axe_violations
from tests.browser.test_notifications import page_of
from tests.browser.test_pages import WIDER
from tests.drafting import Drafted, draft
from tests.factories import Known, World
from tests.following import say, say_of_list
from tests.inboxes import Inbox, need_of, recommendation_of
from tests.monitoring import MonitoringScene
from tests.web.test_outbox import dead_letter

Opened = Callable[..., BrowserContext]
CUT_OFF = """() => [...document.querySelectorAll('main td, main th, main p, main a, main button')]
    .filter(each => each.offsetParent && getComputedStyle(each).clipPath === 'none' && !each.closest('.kern-sr-only'))
    .filter(each => each.closest('thead') === null || document.documentElement.clientWidth > 767)
    .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(each => each.textContent.trim().slice(0, 60))"""


@dataclass(frozen=True)
class Told:
    """Who is told, who looks after the post, and a recommendation both know."""

    member: Known
    office: Known
    drafted: Drafted


@pytest.fixture
def told(running: Service) -> Told:
    """Somebody follows something of each kind and was told of much; the post has something of each kind."""
    world, client = World(running.database), TestClient(running.app, follow_redirects=False)
    drafted = draft(client, world, title="Übergänge zwischen Sprachförderung, Ausbildung und Beschäftigung sichern")
    member = drafted.member
    follow_all(world, client, drafted)
    inbox = Inbox(world, member)
    inbox.tell("recommendation.decision_called", recommendation_of(drafted), body=drafted.body, urgency=Urgency.TASK)
    inbox.tell("need.accepted", need_of(drafted), body=drafted.body)
    Worker(running.database).run_once()
    dead_letter(running.database, "anna@beispiel.example", "550 5.1.1 unknown")
    dead_letter(running.database, "bernd@beispiel.example", "554 5.7.1 spam " * 9)
    with running.database.write() as session:
        failing = update(Schedule).where(col(Schedule.name) == "remind")
        session.connection().execute(failing.values(failures=3, last_error="OperationalError: database is locked"))
    return Told(member, drafted.secretariat, drafted)


def follow_all(world: World, client: TestClient, drafted: Drafted) -> None:
    """Follow one of each kind, mute one, and follow two lists."""
    with world.database.read() as session:
        wide = {
            "cross_cutting_theme": session.exec(select(CrossCuttingTheme.id).order_by(CrossCuttingTheme.slug)).first(),
            "target_group": session.exec(select(TargetGroup.id).order_by(TargetGroup.slug)).first(),
            "edition": session.exec(select(Edition.id)).first(),
        }
    things = {
        **wide,
        "organisation": drafted.addressee_id,
        "body": drafted.body.id,
        "recommendation": drafted.id,
        "field_of_action": drafted.body.field_of_action_id,
    }
    for target, key in things.items():
        choice = "mute" if target == "field_of_action" else "follow"
        assert say(client, drafted.member, target, key, choice).status_code == 303, target
    say_of_list(client, drafted.member, "recommendation", year=2026, implementation_status="done", q="Übergänge")
    say_of_list(client, drafted.member, "need", body_id=drafted.body.id, state="submitted")


def looked_at(page: Page, expected: tuple[str, ...]) -> list[str]:
    """What is wrong with the page as it stands, in both widths; it must say what is expected."""
    wrong = [f"{page.url} does not say {text}" for text in expected if text not in page.inner_text("main")]
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        wrong += axe_violations(page)
        if page.evaluate(WIDER) > 0:
            wrong.append(f"{page.url} is wider than {size['width']} px")
        wrong += [f"{page.url} cuts off at {size['width']} px: {each}" for each in page.evaluate(CUT_OFF)]
    return wrong


def test_the_post_of_the_house(running: Service, open_context: Opened, told: Told) -> None:
    page = page_of(running, open_context(), told.office, "/verwaltung/post")
    expected = ("Nicht zugestellt", "550 5.1.1 unknown", "Unzustellbare Adressen", "3 Mal gescheitert", "in Ordnung")
    assert looked_at(page, expected) == []
    # Under one another on a phone, each with the name of its column.
    cells = page.locator("tbody tr").first.locator("td")
    assert len({cells.nth(number).bounding_box()["x"] for number in range(3)}) == 1  # type: ignore[index]
    assert "Stand" in cells.nth(2).evaluate("cell => getComputedStyle(cell, '::before').content")


def test_what_one_follows(running: Service, open_context: Opened, told: Told) -> None:
    page = page_of(running, open_context(), told.member, "/konto/folgen")
    with running.database.read() as session:
        followed = session.exec(select(Follow.target).where(Follow.person_id == told.member.person_id)).all()
    assert {FollowTarget.EDITION, FollowTarget.ORGANISATION, FollowTarget.LIST, FollowTarget.NEED} <= set(followed)
    expected = (
        "Ausgabe:",
        "Organisation:",
        "Zielgruppe:",
        "stummgeschaltet",
        "Veröffentlicht im Jahr: 2026",
        "Bedarf:",
    )
    assert looked_at(page, expected) == []


def test_what_one_was_told(running: Service, open_context: Opened, told: Told) -> None:
    page = page_of(running, open_context(), told.member, "/mitteilungen")
    with running.database.read() as session:
        assert session.exec(select(Notification).where(Notification.person_id == told.member.person_id)).all()
    assert looked_at(page, ("Bedarf aufgenommen", told.drafted.body.title)) == []


def test_ending_mail_without_signing_in(running: Service, open_context: Opened, told: Told) -> None:
    page = open_context().new_page()
    page.goto(running.url + unsubscribe_path(running.app.state.settings, told.member.person_id))
    assert looked_at(page, ("E-Mails abbestellen",)) == []
    page.get_by_role("main").get_by_role("button").first.click()
    assert looked_at(page, ("E-Mails abbestellt",)) == []


@pytest.mark.parametrize("kind", ["organisation", "edition", "theme", "group"])
def test_pages_with_the_new_buttons(running: Service, open_context: Opened, told: Told, kind: str) -> None:
    with running.database.read() as session:
        theme = session.exec(select(CrossCuttingTheme.slug).order_by(CrossCuttingTheme.slug)).first()
        group = session.exec(select(TargetGroup.slug).order_by(TargetGroup.slug)).first()
        edition = session.exec(select(Edition.code)).first()
    path = {
        "organisation": f"/beteiligte/{told.drafted.addressee_id}",
        "edition": f"/ausgaben/{edition}",
        "theme": f"/querschnittsthemen/{theme}",
        "group": f"/zielgruppen/{group}",
    }[kind]
    page = page_of(running, open_context(), told.member, path)
    assert looked_at(page, ("Nicht mehr folgen",)) == []


def test_goals_indicators_and_quiet_lists_are_offered_and_what_is_due_is_listed(
    running: Service, open_context: Opened
) -> None:
    world, client = World(running.database), TestClient(running.app, follow_redirects=False)
    scene = MonitoringScene(client, world)
    goal = scene.goal(public=True)
    indicator = scene.indicator(
        title="Anteil der Menschen, die nach dem Kurs ohne Unterbrechung in einen Anschlusskurs kommen",
        goal_id=goal["id"],
        rhythm="monthly",
        baseline="40",
        baseline_on="2020-01-01",
    )
    scene.goal(title="Beratung erreicht alle")
    with running.database.read() as session:
        recommendation = session.get_one(Recommendation, scene.recommendation)
        reference = recommendation.reference
    for path, expected in (
        (f"/ziele/{goal['id']}", "Folgen"),
        (f"/indikatoren/{indicator['id']}", "Folgen"),
        (f"/gremien/{scene.body.slug}/ziele", "Dieser Liste folgen"),
        ("/monitoring", "Dieser Liste folgen"),
        ("/monitoring?course=no_data", "Dieser Liste können Sie nicht folgen"),
        ("/monitoring/kontext", "Dieser Liste folgen"),
        ("/publikationen", "Dieser Liste folgen"),
        ("/beteiligung", "Dieser Liste folgen"),
        ("/aufgaben", "Neuen Wert eintragen"),
        ("/aufgaben", "Über ein vorgeschlagenes Ziel entscheiden"),
    ):
        page = page_of(running, open_context(), scene.chair, path)
        assert looked_at(page, (expected,)) == [], path
    page = page_of(running, open_context(), scene.chair, f"/empfehlungen/{reference}/nachnutzung")
    assert "Dieser Liste folgen" in page.inner_text("main")
    assert axe_violations(page) == []
    for noun in ("goal", "publication", "comment_round"):
        say_of_list(client, scene.chair, noun)
    page = page_of(running, open_context(), scene.chair, "/konto/folgen")
    assert looked_at(page, ("Ziele und ihre Indikatoren", "Publikationen", "Stellungnahmeverfahren")) == []
