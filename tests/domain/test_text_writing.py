"""Words that are set apart, as restricted Markdown: markers hug their words, and what is read is what was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.document import Run
from app.documents.markup import runs_of_markdown
from app.domain.text import SetWords, written
from app.markup import parser_for_writing


def plain(text: str) -> SetWords:
    return SetWords(text=text)


def bold(text: str) -> SetWords:
    return SetWords(text=text, is_bold=True)


def italic(text: str) -> SetWords:
    return SetWords(text=text, is_italic=True)


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([], ""),
        ([plain("  Ein   Satz.  ")], "Ein Satz."),
        ([plain("Die "), bold("Länder"), plain(" sollten.")], "Die **Länder** sollten."),
        ([plain("Die"), bold(" Länder "), plain("sollten.")], "Die **Länder** sollten."),
        ([bold("Län"), bold("der")], "**Länder**"),
        ([plain("Die "), italic("Länder,"), plain("die")], "Die *Länder*,die"),
        ([plain("vor"), bold("(nicht)"), plain("nach")], "vor(**nicht**)nach"),
        ([SetWords(text="wichtig", is_bold=True, is_italic=True)], "***wichtig***"),
        ([SetWords(text="Bericht", address="https://a.example/x")], "[Bericht](https://a.example/x)"),
        ([SetWords(text="Bericht", address="https://a.example", is_bold=True)], "[**Bericht**](https://a.example)"),
        ([plain("Wort"), SetWords(note="Siehe [1]."), plain(".")], "Wort^[Siehe [1].]."),
        ([plain("Wort"), SetWords(note="Klammer ] zu")], "Wort^[Klammer \\] zu]"),
        ([plain("Wort"), SetWords(note="zwei\n Zeilen")], "Wort^[zwei Zeilen]"),
        ([plain("eine\nzweite")], "eine\nzweite"),
        ([plain("eine "), bold("zweite\nZeile")], "eine **zweite Zeile**"),
        ([plain("Teilnehmer*innen")], "Teilnehmer*innen"),
        ([plain("Teilnehmer*innen und Bürger*innen")], "Teilnehmer\\*innen und Bürger\\*innen"),
        ([plain("Teilnehmer*innen "), bold("immer")], "Teilnehmer\\*innen **immer**"),
        ([plain("snake_case _kursiv_")], "snake_case \\_kursiv\\_"),
        ([plain("[kein Verweis](x)")], "\\[kein Verweis\\](x)"),
        ([plain("AT&amp;T")], "AT\\&amp;T"),
        ([plain("C:\\[Pfad]")], "C:\\\\\\[Pfad\\]"),
        ([plain("hoch^[2]")], "hoch\\^\\[2\\]"),
    ],
)
def test_what_is_written(runs: list[SetWords], text: str) -> None:
    assert written(runs) == text


WORDS = st.text(alphabet="abÄß1 .,:;!?()[]*_^\\&#-„“", max_size=12)
RUNS = st.lists(
    st.builds(
        SetWords,
        text=WORDS,
        is_bold=st.booleans(),
        is_italic=st.booleans(),
        address=st.sampled_from([None, None, "https://a.example/x"]),
    ),
    max_size=5,
)


@given(RUNS)
def test_what_is_read_is_what_was_said(runs: list[SetWords]) -> None:
    """No word is lost and no sign of the text is taken for a marker.

    Two ways of setting apart that meet within a word can't be told apart in Markdown: there a blank stands between.
    """
    spoken = [run for run in runs if run.text]
    runs = []
    for run in spoken:
        runs += [plain(" "), run] if runs and not run.is_plain and not runs[-1].is_plain else [run]
    said = "".join(run.text for run in runs)
    (token,) = parser_for_writing().parseInline(written(runs))
    read = "".join(each.content for each in token.children or ())
    assert _letters(read) == _letters(said)


@given(st.lists(st.sampled_from(["Länder", "und", "Kommunen", "sollten", "früh"]), min_size=3, max_size=6), st.data())
def test_what_is_set_apart_is_read_set_apart(words: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(words) - 1))
    is_bold, is_italic = data.draw(st.sampled_from([(True, False), (False, True), (True, True)]))
    runs = [
        SetWords(text=f"{word} ", is_bold=is_bold and number == place, is_italic=is_italic and number == place)
        for number, word in enumerate(words)
    ]
    read = runs_of_markdown(written(runs))
    assert Run(words[place], is_bold=is_bold, is_italic=is_italic) in read
    assert "".join(run.text for run in read) == " ".join(words)


def _letters(text: str) -> str:
    return "".join(text.split())
