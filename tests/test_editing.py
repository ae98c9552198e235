"""The text as the editor reads it: footnotes whole, no sign replaced, nothing becomes markup that may not be."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from app.domain.text import Block, BlockKind, BlockPart
from app.editing import for_editor
from app.templating import markdown


def read(text: str, **more: object) -> dict[str, object]:
    """One block as the editor gets it."""
    block = Block(id=UUID(int=1), part=BlockPart.RECOMMENDATION, text=text, **more)  # type: ignore[arg-type]
    found: dict[str, object] = json.loads(for_editor([block]))[0]
    assert (found["id"], found["text"], found["part"]) == (str(block.id), text, "recommendation")
    return found


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('"Zitat" ... (c) -- so', "\"Zitat\" ... (c) -- so"),
        ("Zeile\nzwei", "Zeile<br>zwei"),
        ("**fett *beides*** und [Wort](https://a.example)", '<strong>fett <em>beides</em></strong> und <a href="https://a.example">Wort</a>'),
        ('Satz^[Fuß *note* [2010] "so"].', 'Satz<sup data-footnote="Fuß *note* [2010] &quot;so&quot;"></sup>.'),
        (r"2^[ und x\^[y] und ^ [z]", "2^[ und x^[y] und ^ [z]"),
        ("<b>kein</b> & so", "&lt;b&gt;kein&lt;/b&gt; &amp; so"),
    ],
)  # fmt: skip
def test_texts_are_read_as_they_are_written(text: str, html: str) -> None:
    assert read(text)["html"] == html


def test_rows_are_cells_and_headings_plain_words() -> None:
    assert read("Wer | **Was**", kind=BlockKind.TABLE_ROW)["cells"] == ["Wer", "<strong>Was</strong>"]
    assert read("A *b* <c>", kind=BlockKind.SUBHEADING)["html"] == "A *b* &lt;c&gt;"
    assert read("Text", number="a")["number"] == "a"


def test_nothing_of_a_footnote_becomes_markup() -> None:
    hostile = 'x^["><script>alert(1)</script>[y](javascript:alert(2))]'
    for shown in (str(markdown(hostile)), str(read(hostile)["html"])):
        assert "<script" not in shown
        assert 'href="javascript' not in shown
