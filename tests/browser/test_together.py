"""Two people on one recommendation: both write, both amend, what they wrote is merged, and both vote on it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext
from starlette.testclient import TestClient

from tests.browser.conftest import Service
from tests.browser.people import Visitor, let_days_pass
from tests.drafting import Drafted, draft
from tests.factories import World

FIRST = "Die Länder sollten Übergangsklassen einrichten."
MERGED = "Die Länder sollten Brücken bauen. Sie zahlen dafür."
SECOND = "Die Träger sollten Anschlüsse verbindlich vereinbaren."


class Pair:
    """Clara leads the body, Rita writes for it; each sits before a browser of her own."""

    def __init__(self, service: Service, opened: Callable[..., BrowserContext], drafted: Drafted) -> None:
        self.service, self.drafted = service, drafted
        self.wrong: list[str] = []
        self.clara = Visitor(service, opened(), self.wrong, drafted.chair)
        self.rita = Visitor(service, opened(), self.wrong, drafted.rapporteur)

    def open(self, path: str, *people: Visitor) -> None:
        """Each opens a page of the recommendation."""
        for person in people:
            person.open(f"{self.drafted.page}{path}")

    def write(self, person: Visitor, paragraph: str, more: str) -> None:
        """Put the cursor to the end of a paragraph and type on."""
        text = person.page.get_by_role("textbox", name="Text der Empfehlung")
        text.get_by_text(paragraph).click()
        person.page.keyboard.press("End")
        person.page.keyboard.type(more)


@pytest.fixture
def pair(running: Service, open_context: Callable[..., BrowserContext]) -> Pair:
    """Both before a draft that has its first version."""
    return Pair(running, open_context, draft(TestClient(running.app), World(running.database)))


def test_two_people_write_amend_merge_and_vote(pair: Pair) -> None:
    both_write_at_once(pair)
    both_amend_the_same_words(pair)
    what_they_want_is_brought_together(pair)
    both_vote(pair)
    assert pair.wrong == []


def both_write_at_once(pair: Pair) -> None:
    rita, clara = pair.rita, pair.clara
    pair.open("/bearbeiten", rita, clara)
    pair.write(rita, FIRST, " Sie zahlen dafür.")
    pair.write(clara, SECOND, " Das gilt ab Herbst.")
    rita.press("Als neue Fassung speichern")
    rita.reads("Sie zahlen dafür.")
    clara.press("Als neue Fassung speichern", 409)
    clara.reads("Inzwischen gibt es Fassung 2.")
    clara.press("Als neue Fassung speichern")
    clara.reads("Sie zahlen dafür.", "Das gilt ab Herbst.")
    clara.press("Ins Gremium geben")


def both_amend_the_same_words(pair: Pair) -> None:
    for person, wanted in ((pair.rita, "Brückenklassen"), (pair.clara, "Anschlussklassen")):
        pair.open("/aenderungsvorschlaege", person)
        person.main.get_by_role("link", name=re.compile(r"Änderung vorschlagen\s*: Absatz 2")).click()
        person.look()
        person.fill("Wortlaut", f"Die Länder sollten {wanted} einrichten. Sie zahlen dafür.")
        person.fill("Begründung", f"Vor Ort heißen sie {wanted}.")
        person.press("Änderungsvorschlag einreichen")
        person.reads(f"Vor Ort heißen sie {wanted}.")


def what_they_want_is_brought_together(pair: Pair) -> None:
    rita = pair.rita
    pair.open("/aenderungsvorschlaege", rita)
    rita.reads("2 Vorschläge warten auf eine Antwort.")
    rita.follow("Alle offenen zusammen beantworten")
    rita.reads("Mehrere ändern dieselben Wörter")
    rita.choose("Eigener Wortlaut, wie unten geschrieben")
    rita.main.get_by_role("textbox", name="Eigener Wortlaut").fill(
        "Die Länder sollten Brücken bauen. Sie zahlen dafür."
    )
    rita.choose("Teilweise übernommen")
    rita.fill("Begründung", "Beide Wörter meinen dasselbe.")
    rita.press("Antwort speichern")
    rita.reads("Alle Vorschläge sind beantwortet.")


def both_vote(pair: Pair) -> None:
    clara, rita = pair.clara, pair.rita
    pair.open("", clara)
    clara.reads(MERGED)
    clara.unfold("Beschlussfassung eröffnen")
    clara.press("Beschlussfassung eröffnen")
    for person in (clara, rita):
        pair.open("/beschluss", person)
        person.choose("Zustimmung")
        person.press("Position abgeben")
        person.reads("Festgehalten ist:")
    pair.open("/beschluss", clara)
    clara.reads("Zwischenstand für die Leitung", "2 von 3 Sitzen haben eine Position abgegeben.")
    let_days_pass(pair.service, 15)
    pair.open("/beschluss", clara, rita)
    for person in (clara, rita):
        person.reads("Angenommen.", "einvernehmlich, ohne Gegenstimme: 2 Zustimmungen, 1 Sitz ohne Position")
    pair.open("", clara)
    clara.press("Beschluss feststellen und an die Geschäftsstelle geben")
    clara.reads("Prüfung und Mitzeichnung")
