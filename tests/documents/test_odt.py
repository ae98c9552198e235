"""An ODT says the same as the PDF, in named styles; its tracked changes can be taken and refused."""

from __future__ import annotations

import io
from xml.etree import ElementTree as Xml

import pytest
from odfdo import Document as OdfDocument

from app.documents.document import DRAFT_MARK, Heading, Paragraph, Run
from app.documents.odt import odt_of
from tests.documents.reading import ReadOdt
from tests.documents.samples import EVERYTHING, MARKED, a_document
from tests.documents.test_pdf import EVIL


@pytest.fixture(scope="module")
def everything() -> ReadOdt:
    return ReadOdt(odt_of(a_document(*EVERYTHING)))


def test_its_first_entry_is_the_kind_of_file_unpacked(everything: ReadOdt) -> None:
    assert (everything.first.filename, everything.first.compress_type) == ("mimetype", 0)
    assert everything.parts["mimetype"] == b"application/vnd.oasis.opendocument.text"
    listed = {
        entry.get("{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}full-path")
        for entry in Xml.fromstring(everything.parts["META-INF/manifest.xml"])
    }
    assert "Pictures/1.svg" in listed
    assert {each for each in listed if each and not each.endswith("/")} <= set(everything.names)


def test_it_says_title_and_language_and_reads_again() -> None:
    again = OdfDocument(io.BytesIO(odt_of(a_document(*EVERYTHING))))
    assert (again.meta.title, again.meta.language) == ("Sprachförderung in Kitas", "de-DE")
    assert "Rechtlich nicht bindend." in again.get_formatted_text()


def test_every_style_it_uses_is_defined(everything: ReadOdt) -> None:
    names = {
        value
        for element in everything.body.iter()
        for key, value in element.attrib.items()
        if key.endswith("}style-name")
    }
    defined = {
        value
        for part in ("styles.xml", "content.xml")
        for element in Xml.fromstring(everything.parts[part]).iter()
        for key, value in element.attrib.items()
        if key == "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}name"
    }
    assert names <= defined


def test_headings_have_their_level_and_tables_their_head(everything: ReadOdt) -> None:
    levels = [
        each.get("{urn:oasis:names:tc:opendocument:xmlns:text:1.0}outline-level") for each in everything.found("h")
    ]
    assert levels == ["1", "2"]
    heads = list(everything.content.iter("{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-header-rows"))
    assert len(heads) == 2
    assert len(everything.found("note")) == 2


def test_a_figure_says_what_it_shows(everything: ReadOdt) -> None:
    described = list(everything.content.iter("{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}desc"))
    assert [each.text for each in described] == ["Ein Balken: 140 Kurse im Jahr 2026"]


def test_only_a_draft_bears_the_mark_of_a_draft() -> None:
    draft = ReadOdt(odt_of(a_document(*EVERYTHING, is_draft=True)))
    decided = ReadOdt(odt_of(a_document(*EVERYTHING)))
    assert DRAFT_MARK in draft.parts["styles.xml"].decode()
    assert DRAFT_MARK not in decided.parts["styles.xml"].decode()


def test_accepting_all_gives_the_new_text_and_rejecting_all_the_old_one() -> None:
    odt = ReadOdt(odt_of(a_document(*MARKED)))
    head = ["Beschlussvorlage", "Sprachförderung in Kitas"]
    assert odt.accepted() == [*head, "Es bleibt neu am Ende.", "Dieser Absatz kam.", "bleibt", "kam dazu", "Schluss."]
    assert odt.rejected() == [
        *head,
        "Es bleibt alt am Ende.",
        "Dieser Absatz ging.",
        "bleibt",
        "fiel weg",
        "Überschrift",
        "Schluss.",
    ]


def test_every_change_names_who_made_it_and_when() -> None:
    odt = ReadOdt(odt_of(a_document(*MARKED)))
    creators = [each.text for each in odt.content.iter("{http://purl.org/dc/elements/1.1/}creator")]
    dates = {each.text for each in odt.content.iter("{http://purl.org/dc/elements/1.1/}date")}
    assert creators == ["Geschäftsstelle"] * len(odt.found("changed-region"))
    assert dates == {"2026-11-30T09:00:00"}


@pytest.mark.parametrize("evil", EVIL)
def test_text_is_never_read_as_xml(evil: str) -> None:
    odt = ReadOdt(odt_of(a_document(Heading(evil), Paragraph(evil), title=evil)))
    assert odt.accepted() == ["Beschlussvorlage", evil, evil, evil]


def test_blanks_and_lines_are_kept_and_unstorable_characters_left_out() -> None:
    odt = ReadOdt(
        odt_of(a_document(Paragraph((Run("zwei  Leerzeichen\nneue Zeile \x00\ud800\uffff😀 "), Run("Ende")))))
    )
    assert odt.accepted()[-1] == "zwei  Leerzeichen\nneue Zeile 😀 Ende"
