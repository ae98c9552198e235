"""Writing in the editor as in a word processor: blocks keep their ids, quotes are German, keys alone suffice."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page
from starlette.testclient import TestClient

from app.security import SESSION_COOKIE
from tests.browser.conftest import DESKTOP, PHONE, Service, axe_violations
from tests.drafting import Drafted, draft
from tests.factories import Known, World

Opened = Callable[..., BrowserContext]
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Desk:
    """A person before the text of a recommendation; `wrong` gathers what the console complains of."""

    def __init__(self, service: Service, context: BrowserContext, drafted: Drafted, known: Known) -> None:
        self.url = f"{service.url}{drafted.page}/bearbeiten"
        self.wrong: list[str] = []
        context.add_cookies([{"name": SESSION_COOKIE, "value": known.cookie, "url": service.url}])
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.wrong.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.open()

    def open(self) -> None:
        """Come to the editor anew."""
        self.page.goto(self.url)
        self.text.wait_for()

    @property
    def text(self) -> Any:
        """The field one writes in."""
        return self.page.get_by_role("textbox", name="Text der Empfehlung")

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """What would be saved."""
        found = self.page.evaluate("JSON.stringify(document.querySelector('form.editor').editor.blocks())")
        return list(json.loads(found))

    def texts(self, part: str) -> list[str]:
        """The texts of one part."""
        return [block["text"] for block in self.blocks if block["part"] == part]

    def stand_behind(self, words: str) -> None:
        """Put the cursor behind these words."""
        self.page.evaluate(
            """(words) => {
                const { view } = document.querySelector("form.editor").editor;
                const walker = document.createTreeWalker(view.dom, NodeFilter.SHOW_TEXT);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    const place = node.data.indexOf(words);
                    if (place < 0) continue;
                    view.focus();
                    document.getSelection().collapse(node, place + words.length);
                    return;
                }
                throw new Error(`„${words}“ is not there`);
            }""",
            words,
        )
        self.page.wait_for_timeout(30)

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type, sign by sign."""
        self.page.keyboard.type(text)

    def save(self) -> None:
        """Save as a new version."""
        self.page.get_by_role("button", name="Als neue Fassung speichern").click()


@pytest.fixture
def drafted(running: Service) -> Drafted:
    """A recommendation with a first version."""
    return draft(TestClient(running.app), World(running.database))


@pytest.fixture
def desk(running: Service, open_context: Opened, drafted: Drafted) -> Desk:
    """The rapporteur before the text."""
    return Desk(running, open_context(), drafted, drafted.rapporteur)


def test_blocks_keep_their_ids_through_splitting_joining_and_moving(desk: Desk) -> None:
    first = {block["text"]: block["id"] for block in desk.blocks}
    a, b = [block for block in desk.blocks if block["part"] == "recommendation"]
    desk.stand_behind("Die Länder sollten")
    desk.press("Enter")
    one, two, three = [block for block in desk.blocks if block["part"] == "recommendation"]
    assert (one["id"], one["number"], one["text"]) == (a["id"], "a", "Die Länder sollten")
    assert (two["number"], two["text"]) == (None, "Übergangsklassen einrichten.")
    assert two["id"] not in first.values()
    assert three == b
    desk.press("Backspace")
    desk.type(" ")
    assert [block["id"] for block in desk.blocks] == list(first.values())
    desk.press("Home", "Enter")
    assert [block["id"] for block in desk.blocks] == list(first.values()), "an empty line before takes no id"
    desk.stand_behind("Die Träger")
    desk.press("Alt+ArrowUp", "Alt+ArrowUp")
    moved = [block for block in desk.blocks if block["part"] == "recommendation"]
    assert [block["id"] for block in moved] == [b["id"], a["id"]]
    desk.press("Alt+ArrowUp", "Alt+ArrowUp", "Alt+ArrowUp")
    assert len({block["id"] for block in desk.blocks}) == len(desk.blocks) == 5
    desk.stand_behind("Die Kosten trägt")
    desk.press("Control+a", "Control+c")
    desk.stand_behind("in vier Wochen.")
    desk.press("Enter", "Control+v")
    assert len(desk.blocks) == 10
    assert len({block["id"] for block in desk.blocks}) == 10
    assert desk.wrong == []


def test_quotes_are_german_and_can_be_taken_back(desk: Desk) -> None:
    desk.stand_behind("vier Wochen.")
    desk.type(" \"Das geht's, sagt sie, 'sofort'\" -- so.")
    assert desk.texts("practice_example")[0].endswith("„Das geht’s, sagt sie, ‚sofort‘“ – so.")
    desk.type(' "')
    desk.press("Control+z")
    assert desk.texts("practice_example")[0].endswith(' so. "')


def test_what_is_typed_is_saved_as_restricted_markdown(desk: Desk, drafted: Drafted, running: Service) -> None:
    desk.stand_behind("vier Wochen.")
    desk.press("Enter")
    desk.type("- mit *Stern* und [Klammer], ")
    desk.press("Control+b")
    desk.type("fett")
    desk.press("Control+b")
    desk.type(" und ")
    desk.press("Control+i")
    desk.type("kursiv")
    desk.press("Control+i", "Control+Alt+f")
    desk.page.get_by_label("Text der Fußnote").fill("Siehe Bericht [2010], S. 3.")
    desk.press("Tab", "Enter")
    desk.save()
    desk.page.wait_for_url(f"**{drafted.page}")
    client = TestClient(running.app)
    saved = client.get(f"{drafted.path}/versions/2", headers=drafted.chair.headers).json()["blocks"]
    assert saved[-1]["kind"] == "list_item"
    assert saved[-1]["text"] == (
        "mit \\*Stern\\* und \\[Klammer\\], **fett** und *kursiv*^[Siehe Bericht [2010], S. 3.]"
    )
    first = client.get(f"{drafted.path}/versions/1", headers=drafted.chair.headers).json()["blocks"]
    assert saved[:-1] == first
    assert desk.page.get_by_text("mit *Stern* und [Klammer], fett und kursiv").is_visible()
    desk.open()
    assert [block["text"] for block in desk.blocks] == [block["text"] for block in saved]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_the_console_stays_silent(
    running: Service, open_context: Opened, drafted: Drafted, scheme: str
) -> None:
    desk = Desk(running, open_context(color_scheme=scheme), drafted, drafted.rapporteur)
    for size in (DESKTOP, PHONE):
        desk.page.set_viewport_size(size)  # type: ignore[arg-type]
        desk.stand_behind("Die Kosten trägt")
        assert axe_violations(desk.page) == []
        assert desk.page.evaluate(WIDER) <= 0
        desk.press("F1")
        assert axe_violations(desk.page) == []
        desk.press("Escape")
    assert desk.wrong == []


def test_the_keyboard_alone_writes_and_leaves(desk: Desk) -> None:
    desk.page.get_by_label("Titel").focus()
    desk.press("Tab")
    assert desk.page.evaluate("document.activeElement.closest('[role=toolbar]') !== null")
    desk.press("ArrowRight", "Tab")
    assert desk.page.evaluate("document.activeElement.getAttribute('role')") == "textbox"
    desk.press("Control+Home")
    desk.type("Neu: ")
    assert desk.texts("problem_statement")[0].startswith("Neu: Zwischen")
    assert "Situationsbeschreibung, Absatz" in desk.page.locator(".editor-status").inner_text()
    desk.press("Alt+F10")
    assert desk.page.evaluate("document.activeElement.closest('[role=toolbar]') !== null")
    desk.press("Escape", "Tab")
    assert desk.page.evaluate("document.activeElement.closest('[data-editor-place]') === null")
    assert desk.wrong == []
