"""Ways without a mouse and without script: what matters works by keyboard alone and in any browser."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.browser.conftest import Service
from tests.browser.people import BODY, Keys, Opened, Scene, Visitor
from tests.factories import World
from tests.voting import assemble


def test_a_need_is_posted_by_keyboard_alone(scene: Scene) -> None:
    objector = scene.objector
    objector.tasks()
    page, keys = objector.page, Keys(objector.page)
    keys.tab_to(page.get_by_role("link", name="Zum Inhalt springen"))
    page.keyboard.press("Enter")
    assert objector.main.evaluate("element => element === document.activeElement")
    keys.tab_to(objector.main.get_by_role("link", name="Nachsehen, was es in den Gremien Neues gibt"))
    keys.enter()
    keys.tab_to(objector.main.get_by_role("link", name=BODY))
    keys.enter()
    keys.tab_to(objector.main.get_by_role("link", name="Bedarf melden"))
    keys.enter()
    keys.tab_to(objector.field("Überschrift"))
    page.keyboard.type("Kurse ohne Kinderbetreuung")
    keys.tab_to(objector.main.get_by_role("button", name="Einreichen"))
    keys.enter()
    objector.look()
    assert page.locator(".error-summary").evaluate("element => element === document.activeElement")
    keys.tab_to(page.locator(".error-summary").get_by_role("link").first)
    page.keyboard.press("Enter")
    description = objector.field("Was fehlt, für wen")
    assert description.evaluate("element => element === document.activeElement")
    page.keyboard.type("Wer kleine Kinder hat, bricht ab.")
    keys.tab_to(objector.main.get_by_role("button", name="Einreichen"))
    keys.enter()
    objector.reads("Kurse ohne Kinderbetreuung", "Wer kleine Kinder hat, bricht ab.", "Eingereicht")
    objector.look()
    assert objector.wrong == []


def test_a_seat_votes_without_script(running: Service, open_context: Opened) -> None:
    assembly = assemble(World(running.database), TestClient(running.app))
    assembly.open()
    context = open_context(java_script_enabled=False)
    voter = Visitor(running, context, [], assembly.members[0], looks=False)
    voter.tasks()
    voter.reads("Abstimmen, eine Seite")
    voter.main.locator(".task").get_by_role("link").first.click()
    voter.choose("Ablehnung")
    voter.press("Position abgeben", 422)
    voter.reads("Bitte prüfen Sie Ihre Eingabe")
    assert voter.field("Ablehnung").is_checked()
    voter.fill("Begründung", "Der zweite Absatz geht zu weit.")
    voter.press("Position abgeben")
    voter.reads("Festgehalten ist:")
    voter.choose("Zustimmung")
    voter.press("Position ändern")
    voter.main.locator("summary", has_text="Verlauf Ihres Sitzes").click()
    voter.reads("Sie können sie bis zum Ende ändern.", "Verlauf Ihres Sitzes")
    said = voter.main.locator("details", has_text="Verlauf Ihres Sitzes").get_by_role("listitem").all_inner_texts()
    assert [text.rpartition(": ")[2] for text in said] == ["Ablehnung", "Zustimmung"]
    assert voter.wrong == []
