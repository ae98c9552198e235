"""Merging changes of one text word by word: in any order the same, no word lost, nothing decided where two meet."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import merge_texts
from app.domain.text.words import words_of

BASE = "Die Länder sollten Übergangsklassen einrichten. Die Kosten trägt der Bund."


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        (
            BASE.replace("Die Länder", "Die Länder und Kommunen"),
            BASE.replace("der Bund", "das Land"),
            "Die Länder und Kommunen sollten Übergangsklassen einrichten. Die Kosten trägt das Land.",
        ),
        (
            BASE.replace("sollten", "sollen"),
            BASE + " Das gilt ab 2027.",
            "Die Länder sollen Übergangsklassen einrichten. Die Kosten trägt der Bund. Das gilt ab 2027.",
        ),
        (BASE.replace("Bund", "Staat"), BASE.replace("Bund", "Staat"), BASE.replace("Bund", "Staat")),
        (BASE, BASE.replace("Bund", "Staat"), BASE.replace("Bund", "Staat")),
        (BASE.replace("Bund", "Staat"), BASE.replace("Bund", "Kreis"), None),
        (BASE.replace("der Bund", "das Land"), BASE.replace("Bund", "Kreis"), None),
        (BASE.replace("trägt der", "zahlt der"), BASE.replace("der Bund", "der Kreis"), "…"),
        ("", BASE.replace("Bund", "Staat"), None),
    ],
)
def test_what_lies_apart_is_merged_and_what_meets_is_not(one: str, other: str, merged: str | None) -> None:
    found = merge_texts(BASE, [one, other])
    assert found == merge_texts(BASE, [other, one])
    if merged == "…":
        assert found == BASE.replace("trägt der Bund", "zahlt der Kreis")
    else:
        assert found == merged


def test_words_side_by_side_are_for_a_person_to_decide() -> None:
    assert merge_texts("ein neues großes Haus", ["ein altes großes Haus", "ein neues kleines Haus"]) is None
    assert merge_texts("a c", ["a b c", "a d c"]) is None


SENTENCES = st.lists(st.sampled_from(["Bund", "Land", "und", "oder", "sollte", "die", "Kurse", ",", "."]), max_size=14)
TEXTS = SENTENCES.map(" ".join)


@given(base=TEXTS, one=TEXTS, other=TEXTS, third=TEXTS)
def test_one_after_the_other_in_any_order_or_at_once_is_the_same(base: str, one: str, other: str, third: str) -> None:
    found = {merge_texts(base, order) for order in permutations([one, other, third])}
    assert len(found) == 1
    for order in permutations([one, other, third]):
        newest: str | None = base
        for text in order:
            newest = None if newest is None else merge_texts(base, [text, newest])
        if newest is not None:
            assert {newest} == found


@st.composite
def apart(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A text of distinct words and changes of it that leave two words between each other."""
    words = [f"Wort{number}" for number in range(draw(st.integers(12, 30)))]
    places = [place for place in range(0, len(words), 4) if draw(st.booleans())]
    changed = []
    for place in places:
        kind = draw(st.sampled_from(["replace", "delete", "insert"]))
        fresh = [f"Neu{place}"] if kind != "delete" else []
        rest = words[place:] if kind == "insert" else words[place + 1 :]
        changed.append(" ".join(words[:place] + fresh + rest))
    return " ".join(words), changed


@given(apart(), st.randoms(use_true_random=False))
def test_disjoint_changes_all_arrive_and_lose_no_word(changes: tuple[str, list[str]], random: object) -> None:
    base, changed = changes
    shuffled = list(changed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    merged = base
    for text in shuffled:
        found = merge_texts(base, [text, merged])
        assert found is not None
        merged = found
    assert merged == merge_texts(base, changed)
    before = Counter(words_of(base))
    wanted = before.copy()
    for text in changed:
        wanted.update(Counter(words_of(text)) - before)
        wanted.subtract(before - Counter(words_of(text)))
    assert Counter(words_of(merged)) == +wanted
