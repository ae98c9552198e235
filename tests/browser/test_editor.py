"""Writing in the editor as in a word processor: blocks keep their ids, quotes are German, keys alone suffice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page
from starlette.testclient import TestClient

from app.actions.sign_ins import revoke_sign_ins
from app.config import PROJECT_ROOT
from app.models.drafts import Draft
from app.models.people import Person
from app.security import SESSION_COOKIE, Passwords
from tests.browser.conftest import DESKTOP, PHONE, Service, axe_violations
from tests.drafting import Drafted, count_rows, draft
from tests.factories import Known, World

CLIPBOARD = PROJECT_ROOT / "tests" / "data" / "clipboard"
PASSWORD = "vier blaue Lampen leuchten"
PATIENCE = 20_000
Opened = Callable[..., BrowserContext]
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Desk:
    """A person before the text of a recommendation; `wrong` gathers what the console complains of."""

    def __init__(self, service: Service, context: BrowserContext, drafted: Drafted, known: Known) -> None:
        self.url = f"{service.url}{drafted.page}/bearbeiten"
        self.wrong: list[str] = []
        context.set_default_timeout(PATIENCE)
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

    def is_kept(self) -> None:
        """Wait until the server has everything that was typed."""
        while self.page.evaluate("document.querySelector('form.editor').editor.isUnkept()"):
            self.page.wait_for_timeout(20)
        self.page.locator(".editor-status__saved", has_text="Als Ihr Entwurf gesichert").wait_for()

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
    assert desk.page.evaluate("document.activeElement.closest('[data-editor-sources]') !== null")
    desk.press("Tab")
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


def test_what_a_block_rests_on_is_said_while_writing(desk: Desk, drafted: Drafted, running: Service) -> None:
    need = {"type": "need", "id": drafted.need_id}
    panel = desk.page.locator("[data-editor-sources]")
    box = panel.get_by_label("Bedarf: Lange Wartezeiten")
    desk.stand_behind("Die Länder sollten")
    panel.locator("summary").focus()
    desk.press("Enter", "Tab", "Space")
    assert panel.get_by_role("group", name="Worauf stützt sich: Empfehlung, Absatz a)?").is_visible()
    told = "Empfehlung, Absatz a) stützt sich jetzt auf „Bedarf: Lange Wartezeiten“."
    desk.page.get_by_role("status").filter(has_text=told).wait_for(state="attached")
    for size in (DESKTOP, PHONE):
        desk.page.set_viewport_size(size)  # type: ignore[arg-type]
        assert axe_violations(desk.page) == []
        assert desk.page.evaluate(WIDER) <= 0
    desk.press("Escape", "Control+z")
    assert not box.is_checked()
    desk.press("Control+y")
    assert box.is_checked()
    desk.stand_behind("Die Länder sollten")
    desk.press("Enter")
    assert [block.get("sources") for block in desk.blocks[1:4]] == [[need], [need], None], "both halves keep it"
    desk.stand_behind("Die Länder sollten")
    box.uncheck()
    desk.stand_behind("Übergangsklassen")
    desk.press("Home", "Backspace")
    assert [block.get("sources") for block in desk.blocks[1:3]] == [[need], None], "what two became keeps both's"
    desk.press("Space", "Alt+ArrowDown")
    assert [block.get("sources") for block in desk.blocks[1:3]] == [None, [need]]
    desk.is_kept()
    desk.open()
    assert [block.get("sources") for block in desk.blocks[1:3]] == [None, [need]], "the draft keeps it"
    desk.save()
    desk.page.wait_for_url(f"**{drafted.page}")
    saved = TestClient(running.app).get(f"{drafted.path}/versions/2", headers=drafted.chair.headers).json()["blocks"]
    assert [block["sources"] for block in saved] == [[], [], [need], [], []]
    desk.page.goto(f"{desk.url.removesuffix('/bearbeiten')}/herkunft")
    assert desk.page.get_by_text("1 von 5 Absätzen nennen eine Herkunft.").is_visible()
    assert desk.wrong == []


def paste(desk: Desk, html: str, text: str = "") -> None:
    """Paste what a word processor put onto the clipboard."""
    desk.page.evaluate(
        """([html, text]) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", text);
            const target = document.querySelector(".prose");
            target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [html, text],
    )


def pasted(desk: Desk, part: str) -> list[tuple[str, str]]:
    """Kind and text of each block of a part."""
    return [(block["kind"], block["text"]) for block in desk.blocks if block["part"] == part]


WORD = (
    "Die Länder sollten **verbindlich** und *dauerhaft* fördern^[Bericht der Arbeitsgruppe, S. 12.]. "
    "Mehr steht [im Bericht](https://www.bamf.example/bericht)."
)


def test_what_word_puts_on_the_clipboard_becomes_our_blocks(desk: Desk) -> None:
    desk.stand_behind("vier Wochen.")
    desk.press("Enter")
    paste(desk, (CLIPBOARD / "word.html").read_text())
    assert pasted(desk, "practice_example")[1:] == [
        ("subheading", "Was zählt"),
        ("paragraph", WORD),
        ("list_item", "Beratung vor Ort"),
        ("list_item", "Kinderbetreuung"),
        ("table_row", "Wer | **Was**"),
        ("table_row", "Länder | Mittel und Stellen"),
    ]
    assert len({block["id"] for block in desk.blocks}) == len(desk.blocks)
    assert desk.wrong == []


def test_what_libreoffice_puts_on_the_clipboard_becomes_our_blocks(desk: Desk) -> None:
    desk.stand_behind("vier Wochen.")
    desk.press("Enter")
    paste(desk, (CLIPBOARD / "libreoffice.html").read_text())
    assert pasted(desk, "practice_example")[1:] == [
        ("subheading", "Zum Stand"),
        ("paragraph", "Seit 2010 steigt der Bedarf.^[Statistisches Bundesamt.]"),
        ("list_item", "Erstens"),
        ("list_item", "Zweitens"),
    ]
    assert desk.wrong == []


def test_a_megabyte_of_html_neither_freezes_nor_gets_in(desk: Desk) -> None:
    before = desk.blocks
    desk.stand_behind("vier Wochen.")
    begun = time.monotonic()
    paste(desk, "<p style='mso-hide:none'>" + "<span class=x>Wort </span>" * 45_000 + "</p>", "Wort " * 60_000)
    assert time.monotonic() - begun < 3
    assert "zu groß" in desk.page.locator(".editor-status").inner_text()
    assert desk.blocks == before
    begun = time.monotonic()
    paste(desk, "<table>" + "<tr><td><p>a</p></td><td><b>b</b></td></tr>" * 15_000 + "</table>", "a b")
    assert time.monotonic() - begun < 15
    assert len(desk.blocks) <= len(before) + 1_000
    assert desk.wrong == []


def test_what_is_typed_is_kept_and_found_on_another_machine(
    running: Service, open_context: Opened, drafted: Drafted, desk: Desk
) -> None:
    desk.stand_behind("vier Wochen.")
    desk.type(" Und das bleibt.")
    desk.is_kept()
    other = Desk(running, open_context(), drafted, drafted.rapporteur)
    assert other.texts("practice_example") == ["In Musterstadt gelingt der Übergang in vier Wochen. Und das bleibt."]
    assert other.page.get_by_text("Sie schreiben an Ihrem Entwurf vom").is_visible()
    other.stand_behind("das bleibt.")
    other.type(" Hier geht es weiter.")
    other.is_kept()
    desk.stand_behind("das bleibt.")
    desk.type(" Dort auch.")
    desk.page.get_by_role("button", name="Mit diesem Text weiterschreiben").click()
    desk.is_kept()
    desk.save()
    desk.page.wait_for_url(f"**{drafted.page}")
    assert "Und das bleibt. Dort auch." in desk.page.get_by_role("main").inner_text()
    other.page.reload()
    assert desk.wrong + other.wrong == ["Failed to load resource: the server responded with a status of 409 (Conflict)"]


def test_leaving_the_page_keeps_the_last_words(running: Service, desk: Desk, drafted: Drafted) -> None:
    desk.stand_behind("vier Wochen.")
    desk.type(" Letzte Worte.")
    desk.page.goto("about:blank")
    deadline = time.monotonic() + 5
    while not count_rows(running.database, Draft) and time.monotonic() < deadline:
        desk.page.wait_for_timeout(20)
    desk.open()
    assert desk.texts("practice_example")[0].endswith("Letzte Worte.")


def test_a_session_that_ends_while_typing_loses_nothing(running: Service, desk: Desk, drafted: Drafted) -> None:
    with running.database.write() as session:
        person = session.get_one(Person, drafted.rapporteur.person_id)
        person.password_hash = Passwords.hash(PASSWORD)
        email = person.email
        revoke_sign_ins(session, person.id)
    desk.page.get_by_label("Titel").fill("Übergänge verlässlich sichern")
    desk.stand_behind("vier Wochen.")
    desk.type(" Nach dem Ende der Sitzung **geschrieben**.")
    desk.page.get_by_role("button", name="Anmelden und weiterschreiben").wait_for()
    desk.stand_behind("geschrieben**.")
    desk.type(" Und weiter.")
    desk.page.get_by_role("button", name="Anmelden und weiterschreiben").click()
    desk.page.get_by_label("E-Mail").fill(email)
    desk.page.get_by_label("Passwort").fill(PASSWORD)
    desk.page.get_by_role("button", name="Anmelden", exact=True).first.click()
    desk.text.wait_for()
    assert desk.texts("practice_example")[0].endswith("geschrieben\\*\\*. Und weiter.")
    assert desk.page.get_by_label("Titel").input_value() == "Übergänge verlässlich sichern"
    desk.is_kept()
    assert desk.page.evaluate("localStorage.length") == 0
    desk.save()
    desk.page.wait_for_url(f"**{drafted.page}")
    assert desk.page.get_by_role("heading", name="Übergänge verlässlich sichern").is_visible()


def test_two_people_write_and_bring_their_texts_together(
    running: Service, open_context: Opened, drafted: Drafted, desk: Desk
) -> None:
    other = Desk(running, open_context(), drafted, drafted.chair)
    for who, first, last in ((desk, " Lange.", " Gut."), (other, "", " Besser.")):
        who.stand_behind("vergehen Monate.")
        who.type(first)
        who.stand_behind("in vier Wochen.")
        who.type(last)
    other.save()
    other.page.wait_for_url(f"**{drafted.page}")
    desk.save()
    page = desk.page
    page.get_by_role("heading", name="Zwei Texte zusammenführen").wait_for()
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert axe_violations(page) == []
        assert page.evaluate(WIDER) <= 0
    for words in ("in vier Wochen. Gut.", "in vier Wochen. Besser."):
        assert page.get_by_text(words).first.is_visible()
    page.get_by_label("Ein neuer Wortlaut, hier geschrieben").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("In Musterstadt gelingt der Übergang gut.")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Zusammenführen und speichern").press("Enter")
    page.wait_for_url(f"**{drafted.page}")
    shown = page.get_by_role("main").inner_text()
    assert "vergehen Monate. Lange." in shown
    assert "In Musterstadt gelingt der Übergang gut." in shown


def test_deleting_across_parts_lets_no_text_slide_into_another_part(desk: Desk) -> None:
    before = desk.blocks
    desk.stand_behind("Die Länder")
    desk.press("Control+a", "Delete")
    assert desk.blocks == []
    assert desk.page.locator(".prose__part").count() == 8
    desk.type("Neu")
    assert [(block["part"], block["text"]) for block in desk.blocks] == [("problem_statement", "Neu")]
    desk.press("Control+z", "Control+z")
    assert desk.blocks == before
    desk.stand_behind("verbindlich")
    desk.press("Control+Shift+End", "x")
    assert desk.texts("recommendation")[1] == "Die Träger sollten Anschlüsse verbindlichx"
    assert desk.texts("implementation_note") == desk.texts("practice_example") == []
    assert desk.wrong == []


def test_a_table_is_written_by_keys(desk: Desk) -> None:
    desk.stand_behind("vier Wochen.")
    desk.press("Enter", "Control+Alt+t")
    desk.type("Wer")
    desk.press("Tab")
    desk.type("Was")
    desk.press("Enter")
    desk.type("Länder")
    desk.press("Tab")
    desk.type("Mittel | Stellen")
    assert pasted(desk, "practice_example")[1:] == [
        ("table_row", "Wer | Was"),
        ("table_row", "Länder | Mittel ¦ Stellen"),
    ]
    desk.press("Enter", "Enter")
    desk.type("Danach")
    assert pasted(desk, "practice_example")[-1] == ("paragraph", "Danach")
    desk.press("Alt+ArrowUp", "Alt+ArrowUp", "Alt+ArrowUp", "Alt+ArrowUp")
    assert desk.texts("implementation_note")[-1] == "Danach"
    desk.press("Alt+ArrowDown")
    assert desk.texts("practice_example")[0] == "Danach"
    assert desk.wrong == []
