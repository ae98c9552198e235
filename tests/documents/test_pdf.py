"""A PDF is what it claims: tagged, German, with headings, table heads and alternatives, and no text is ever source."""

from __future__ import annotations

from dataclasses import replace

import pikepdf
import pytest
from typst import TypstError

from app.documents.document import DRAFT_MARK, Document, Figure, Heading, Item, Items, Notice, Paragraph, Table
from app.documents.glyphs import BOX, printable
from app.documents.markup import runs_of_markdown
from app.documents.pdf import pdf_of
from tests.documents.reading import ReadPdf
from tests.documents.samples import AT, EVERYTHING, MARKED, SVG, a_document


@pytest.fixture(scope="module")
def everything() -> ReadPdf:
    return ReadPdf(pdf_of(a_document(*EVERYTHING)))


def test_it_claims_both_standards(everything: ReadPdf) -> None:
    assert (everything.metadata("pdfaid:part"), everything.metadata("pdfaid:conformance")) == ("2", "A")
    assert everything.metadata("pdfuaid:part") == "1"


def test_it_says_its_title_and_language_and_is_tagged(everything: ReadPdf) -> None:
    assert str(everything.root.Lang).lower() == "de-de"
    assert everything.metadata("dc:title") == "Sprachförderung in Kitas"
    assert bool(everything.root.ViewerPreferences.DisplayDocTitle)
    assert bool(everything.root.MarkInfo.Marked)


def test_headings_become_headings_and_bookmarks(everything: ReadPdf) -> None:
    assert [tag.value("/T") for tag in everything.tags("H1")] == ["Empfehlung"]
    assert [tag.value("/T") for tag in everything.tags("H2")] == ["Zahlen"]
    with everything.file.open_outline() as outline:
        assert [each.title for each in outline.root] == ["Empfehlung"]


def test_a_table_has_a_head_whose_cells_name_their_column(everything: ReadPdf) -> None:
    heads = everything.tags("TH")
    assert len(everything.tags("Table")) == 2
    assert len(heads) == 8
    assert {
        str(head.entry.A[0].Scope if isinstance(head.entry.A, pikepdf.Array) else head.entry.A.Scope) for head in heads
    } == {"/Column"}


def test_a_figure_says_what_it_shows(everything: ReadPdf) -> None:
    assert [tag.value("/Alt") for tag in everything.tags("Figure")] == ["Ein Balken: 140 Kurse im Jahr 2026"]


def test_lists_links_and_footnotes_are_tagged(everything: ReadPdf) -> None:
    assert len(everything.tags("LI")) == 4
    assert len(everything.tags("Note")) == 2
    addresses = [str(note.A.URI) for page in everything.file.pages for note in page.get("/Annots", []) if "/A" in note]
    assert addresses == ["https://example.org/a?b=1&c=2"]


def test_the_same_document_makes_the_same_file() -> None:
    assert pdf_of(a_document(*EVERYTHING)) == pdf_of(a_document(*EVERYTHING))


def test_a_draft_is_another_file_than_what_was_decided() -> None:
    assert pdf_of(a_document(*EVERYTHING, is_draft=True)) != pdf_of(a_document(*EVERYTHING))
    assert DRAFT_MARK == "Entwurf - von der Bundesregierung nicht beschlossen"


def test_marked_words_and_contents_and_breadth_are_set() -> None:
    document = replace(a_document(*MARKED, *EVERYTHING), has_contents=True, is_landscape=True)
    pdf = ReadPdf(pdf_of(document))
    box = pdf.file.pages[0].MediaBox
    assert float(box[2]) > float(box[3])
    assert [tag.value("/T") for tag in pdf.tags("H1")] == ["Inhalt", "−Überschrift", "Empfehlung"]
    decorated = [tag for tag in pdf.tags("Span") if "TextDecorationType" in str(tag.entry.get("/A", ""))]
    assert len(decorated) >= 5


EVIL = (
    '#import "document.typ": *',
    '#read("/etc/passwd")',
    '#image("/etc/passwd")',
    "*fett* _kursiv_ $x^2$ `code` <label> @ref // weg /* weg */ \\u{41} \\ ~ --- = Überschrift",
    '"}],"draft":false,"parts":[{"kind":"evil"',
    "]}) #panic()",
    "{{ 7*7 }} {% raise %}",
    "</text:p><text:p>",
)


@pytest.mark.parametrize("evil", EVIL)
def test_text_is_never_read_as_source(evil: str) -> None:
    table = Table(evil, (evil, "b"), [(evil, evil)])
    parts = (
        Heading(evil),
        Paragraph(runs_of_markdown(evil), label=evil),
        Items([Item(evil)]),
        Notice(evil, [Paragraph(evil)]),
        table,
        Figure(SVG, evil, evil, table),
    )
    pdf = ReadPdf(pdf_of(a_document(*parts, title=evil)))
    assert pdf.metadata("dc:title") == evil
    assert [tag.value("/T") for tag in pdf.tags("H1")] == [evil]


@pytest.mark.parametrize("address", ["document.typ", "../../pyproject.toml", "https://example.org/x.png"])
def test_a_picture_that_wants_to_load_something_is_refused(address: str) -> None:
    evil = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
        f'<image href="{address}" width="9" height="9"/><rect width="9" height="9"/></svg>'
    )
    with pytest.raises(TypstError):
        pdf_of(a_document(Figure(evil, "Ein Feld", "Bild")))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "/innen"])
def test_only_addresses_of_the_web_and_of_mail_become_links(address: str) -> None:
    pdf = ReadPdf(pdf_of(a_document(Paragraph(runs_of_markdown(f"[hier]({address})")))))
    assert pdf.tags("Link") == []


@pytest.mark.parametrize(
    "text", ["😀", "漢字", "한국어", "\ue000", "\x00\x07", "\ud800", "a\u0301\u200d\u202e", "العربية", "\uffff"]
)
def test_any_character_a_person_can_send_makes_a_file(text: str) -> None:
    assert pdf_of(a_document(Paragraph(f"vor {text} nach"), title=f"Titel {text}")).startswith(b"%PDF-1.7")


def test_only_what_no_font_holds_becomes_a_box() -> None:
    assert printable("Größe → Ελλάδα Привет ✓ 😀 漢") == f"Größe → Ελλάδα Привет ✓ {BOX} {BOX}"


def test_a_text_of_75_000_characters_is_set_whole() -> None:
    words = "Die Länder sollten gemeinsam mit den Kommunen und den Trägern die Sprachbildung stärken. "
    paragraphs = [Paragraph(words * 9, label=f"Absatz {number}") for number in range(94)]
    document = Document(title="Lang", parts=[Heading("Empfehlung"), *paragraphs], made_at=AT, has_contents=True)
    assert sum(len(str(each.text)) for each in paragraphs) >= 75_000
    pdf = ReadPdf(pdf_of(document))
    assert len(pdf.tags("P")) >= 94
    assert len(pdf.file.pages) > 15
