"""The pages on which a text is written, read and evaluated, as they are seen: wide, on a phone, dark, on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlmodel import select

from app.domain.recommendations import RecommendationState
from app.models.recommendations import Recommendation
from tests.browser.conftest import Service, axe_violations
from tests.browser.test_pages import look, sign_in
from tests.text_files import LIBREOFFICE

S = RecommendationState
Opened = Callable[..., BrowserContext]


def page_of(service: Service, state: S) -> str:
    """The page of the example's recommendation in this state."""
    with service.database.read() as session:
        found = session.exec(select(Recommendation).where(Recommendation.state == state)).one()
        return f"/empfehlungen/{found.id}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_round_and_what_its_redaktion_reads(running_example: Service, open_context: Opened, scheme: str) -> None:
    base = page_of(running_example, S.COMMENTING)
    anybody = open_context(color_scheme=scheme).new_page()
    assert look(anybody, running_example.url, (f"{base}/stellungnahmen",)) == []
    page = open_context(color_scheme=scheme).new_page()
    sign_in(page, running_example.url, "redaktion-w")
    paths = (
        "stellungnahmen?view=evaluation",
        "stellungnahmen/synopse",
        "aenderungsvorschlaege",
        "herkunft",
        "einlesen",
    )
    assert look(page, running_example.url, tuple(f"{base}/{path}" for path in paths)) == []
    page.goto(f"{running_example.url}{base}/aenderungsvorschlaege")
    page.get_by_role("link", name="Alle offenen zusammen beantworten").click()
    page.get_by_role("heading", name="beantworten", level=1).wait_for()
    assert axe_violations(page) == []


@pytest.fixture
def writer(running_example: Service, open_context: Opened) -> Page:
    """The Redaktion before the text of a draft."""
    page = open_context().new_page()
    sign_in(page, running_example.url, "redaktion-c")
    page.goto(f"{running_example.url}{page_of(running_example, S.DRAFT)}/bearbeiten")
    page.get_by_role("textbox", name="Text der Empfehlung").wait_for()
    return page


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    """A text from LibreOffice."""
    made = tmp_path / "Entwurf.odt"
    made.write_bytes(LIBREOFFICE)
    return made


def test_a_file_comes_in_and_a_refused_text_stands_there(
    running_example: Service, writer: Page, text_file: Path
) -> None:
    writer.get_by_text("Text aus Word oder LibreOffice einlesen").click()
    writer.get_by_label("Datei").set_input_files(text_file)
    writer.get_by_role("button", name="Datei einlesen").click()
    writer.get_by_text("Aus „Entwurf.odt“ eingelesen").wait_for()
    assert writer.get_by_text("nicht übernommen: Kommentare am Rand.").is_visible()
    assert axe_violations(writer) == []
    writer.get_by_label("Titel").fill("")
    writer.get_by_role("button", name="Als neue Fassung speichern").click()
    writer.get_by_role("link", name="Bitte geben Sie einen Titel an.").wait_for()
    assert "Bericht 2010" in writer.get_by_role("textbox", name="Text der Empfehlung").inner_text()
    assert axe_violations(writer) == []
    writer.goto(f"{running_example.url}/aufgaben")
    assert writer.get_by_text("Sie haben einen nicht gespeicherten Entwurf").is_visible()
    assert axe_violations(writer) == []


def test_without_script_a_file_is_read_by_keyboard_and_the_text_is_kept(
    running_example: Service, open_context: Opened, text_file: Path
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    sign_in(page, running_example.url, "redaktion-c")
    page.goto(f"{running_example.url}{page_of(running_example, S.DRAFT)}/bearbeiten")
    assert page.get_by_text("Text", exact=True).locator("visible=true").count() == 1
    page.locator("textarea[name=text]").fill("## Ziel\n\nSchon geschrieben.")
    page.get_by_role("button", name="Entwurf sichern und eine Datei einlesen").press("Enter")
    page.get_by_text("Die Datei ergänzt oder ersetzt Ihren Entwurf").wait_for()
    page.get_by_label("Datei").set_input_files(text_file)
    page.get_by_role("button", name="Datei einlesen").press("Enter")
    page.get_by_text("Aus „Entwurf.odt“ eingelesen").wait_for()
    written = page.locator("textarea[name=text]").input_value()
    assert "Schon geschrieben." in written
    assert "Bericht 2010" in written


def test_on_paper_the_table_stands_without_what_one_clicks(running_example: Service, open_context: Opened) -> None:
    page = open_context().new_page()
    sign_in(page, running_example.url, "redaktion-w")
    page.goto(f"{running_example.url}{page_of(running_example, S.COMMENTING)}/stellungnahmen/synopse")
    page.emulate_media(media="print")
    assert page.get_by_role("table").is_visible()
    for words in ("auswählen", "Ausgewählte Stellungnahmen beantworten", "Absätze markieren"):
        assert not page.get_by_text(words, exact=True).first.is_visible(), words
    page.goto(f"{running_example.url}{page_of(running_example, S.COMMENTING)}/aenderungsvorschlaege")
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Alle offenen zusammen beantworten").click()
    page.emulate_media(media="print")
    assert page.locator("ins").first.is_visible()
    assert not page.get_by_role("button", name="Antwort speichern").is_visible()
