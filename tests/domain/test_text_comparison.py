"""Comparing German texts: words that stay whole, blocks that moved, and no character lost."""

import itertools
import random
import time
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import Block, BlockChange, BlockKind, BlockPart, ChangeKind, SpanKind, compare
from app.domain.text.order import longest_rising
from app.domain.text.words import compare_words, tokens_of

SPACE = UUID("6f0c1a52-0000-4000-8000-000000000000")
MARKS = {SpanKind.EQUAL: "{}", SpanKind.INSERT: "[+{}]", SpanKind.DELETE: "[-{}]"}

SENTENCES = [
    "Die Länder sollten gemeinsam mit den Kommunen verlässliche Lotsenangebote aufbauen.",
    "Einrichtungen sollten ihren Fachkräften Zeit für die Zusammenarbeit mit Eltern einräumen.",
    "Migrantenorganisationen sind als gleichberechtigte Partner in die Planung einzubeziehen.",
    "Fördervoraussetzungen des Bundes werden bis Jahresende aufeinander abgestimmt.",
    "Ehrenamtlich Engagierte erhalten eine angemessene Aufwandsentschädigung.",
]


def block(
    name: str,
    text: str,
    *,
    part: BlockPart = BlockPart.RECOMMENDATION,
    kind: BlockKind = BlockKind.PARAGRAPH,
    number: str | None = None,
) -> Block:
    return Block(id=uuid5(SPACE, name), part=part, kind=kind, number=number, text=text)


def report(names: str) -> list[Block]:
    """Blocks a, b, c … with a sentence each, in the order of the letters."""
    return [block(name, SENTENCES["abcde".index(name)]) for name in names]


def kinds(old: list[Block], new: list[Block]) -> list[str]:
    return [change.kind.value for change in compare(old, new)]


def marked(old: str, new: str) -> str:
    return "".join(MARKS[span.kind].format(span.text) for span in compare_words(old, new).spans)


@pytest.mark.parametrize(
    "word",
    [
        "Teilnehmer*innen",
        r"Teilnehmer\*innen",
        "Bürger:innen",
        "Schüler_innen",
        "Lehrer/-innen",
        "Schüler(innen)",
        "Bund-Länder-Gruppe",
        "Ein-",
        "z. B.",
        "i. d. R.",
        "u. a.",
        "bzw.",
        "Abs.",
        "1.039",
        "33,8",
        "1.039,50",
        "31.12.2026",
        "10:30",
        "D.2.1.3",
        "geht’s",
        "Gru\u0308ße",
        "https://www.example.org/a?b=c",
    ],
)
def test_one_word_is_one_token(word: str) -> None:
    assert tokens_of(f"Hier, {word} 5") == ["Hier", ",", " ", word, " ", "5"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("so. Und", ["so", ".", " ", "Und"]),
        ("und/oder", ["und", "/", "oder"]),
        ("**fett**", ["*", "*", "fett", "*", "*"]),
        ("(siehe 3).", ["(", "siehe", " ", "3", ")", "."]),
        ("§ 45", ["§", " ", "45"]),
        ("„Ja“\n\nNein", ["„", "Ja", "“", "\n\n", "Nein"]),
    ],
)
def test_blanks_and_signs_are_tokens(text: str, tokens: list[str]) -> None:
    assert tokens_of(text) == tokens


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "Die Länder sollen bis Januar 1.039 Kurse für Teilnehmer*innen anbieten.",
            "Die Länder müssen bis März 1.039 Kurse für Teilnehmer*innen und Zugewanderte anbieten.",
            (
                "Die Länder [-sollen][+müssen] bis [-Januar][+März] 1.039 Kurse für "
                "Teilnehmer*innen[+ und Zugewanderte] anbieten."
            ),
        ),
        (
            "Die Bund-Länder-Gruppe berät alle Bürger:innen vor Ort.",
            "Die Bund-Länder-Runde berät alle Bürgerinnen vor Ort.",
            "Die [-Bund-Länder-Gruppe][+Bund-Länder-Runde] berät alle [-Bürger:innen][+Bürgerinnen] vor Ort.",
        ),
        (
            "Im Jahr 2007 waren es 16,0 Prozent, also mehr als zuvor.",
            "Im Jahr 2007 waren es 16,5 Prozent, also mehr als zuvor!",
            "Im Jahr 2007 waren es [-16,0][+16,5] Prozent, also mehr als zuvor[-.][+!]",
        ),
        (
            "Kammern und Träger sollten neue Module anbieten, z. B. am Abend.",
            "Kammern und Träger sollten Module anbieten, u. a. am Abend.",
            "Kammern und Träger sollten [-neue ]Module anbieten, [-z. B.][+u. a.] am Abend.",
        ),
        ("gleich", "gleich", "gleich"),
        ("", "neu", "[+neu]"),
        ("alt", "", "[-alt]"),
        ("", "", ""),
        ("eins zwei", "drei vier", "[-eins zwei][+drei vier]"),
    ],
)
def test_words(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


def test_more_than_sixty_percent_changed_stands_whole() -> None:
    assert not compare_words("a b c d e", "a b x y z").is_rewritten
    changes = compare_words("a b c d e", "a v x y z")
    assert changes.is_rewritten
    assert [(span.kind, span.text) for span in changes.spans] == [
        (SpanKind.DELETE, "a b c d e"),
        (SpanKind.INSERT, "a v x y z"),
    ]


WORDS = st.lists(st.sampled_from(["die", "und", " ", ",", "z. B.", "\n", "Kurs", "*", "1.039"]), max_size=60)
TEXTS = st.text(max_size=60) | WORDS.map("".join) | WORDS.map(" ".join)


@given(TEXTS)
def test_tokens_are_the_text(text: str) -> None:
    assert "".join(tokens_of(text)) == text
    assert all(tokens_of(text))


@given(TEXTS, TEXTS)
def test_no_word_is_lost(old: str, new: str) -> None:
    changes = compare_words(old, new)
    assert "".join(span.text for span in changes.spans if span.kind is not SpanKind.INSERT) == old
    assert "".join(span.text for span in changes.spans if span.kind is not SpanKind.DELETE) == new
    assert all(span.text for span in changes.spans)
    neighbours = zip(changes.spans, changes.spans[1:], strict=False)
    assert all(one.kind is not other.kind for one, other in neighbours)


def test_no_word_is_lost_in_a_long_text_of_few_words() -> None:
    chance = random.Random(7)
    for different in (2, 30, 3000):
        vocabulary = [f"wort{number}" for number in range(different)]
        old = " ".join(chance.choice(vocabulary) for _ in range(2500))
        new = " ".join(chance.choice([*vocabulary, "neu"]) for _ in range(2500))
        started = time.perf_counter()
        changes = compare_words(f"Anfang {old}", f"Beginn {new}")
        assert time.perf_counter() - started < 2
        assert "".join(span.text for span in changes.spans if span.kind is not SpanKind.INSERT) == f"Anfang {old}"
        assert "".join(span.text for span in changes.spans if span.kind is not SpanKind.DELETE) == f"Beginn {new}"


def test_nothing_changed() -> None:
    assert kinds(report("abc"), report("abc")) == ["unchanged"] * 3
    assert compare([], []) == []


def test_a_word_changed() -> None:
    old, new = report("ab"), [*report("a"), block("b", SENTENCES[1].replace("Eltern", "Familien"))]
    assert kinds(old, new) == ["unchanged", "changed"]
    spans = [(span.kind.value, span.text) for span in compare(old, new)[1].spans]
    assert ("delete", "Eltern") in spans
    assert ("insert", "Familien") in spans


def test_added_and_removed_blocks_stand_where_they_were() -> None:
    changes = compare(report("abd"), report("acd"))
    assert [(change.kind.value, (change.old or change.new)[0].text) for change in changes] == [
        ("unchanged", SENTENCES[0]),
        ("removed", SENTENCES[1]),
        ("added", SENTENCES[2]),
        ("unchanged", SENTENCES[3]),
    ]
    assert kinds(report("ab"), report("b")) == ["removed", "unchanged"]


def test_the_fewest_blocks_have_moved() -> None:
    assert kinds(report("abcd"), report("dabc")) == ["moved", "unchanged", "unchanged", "unchanged"]
    changed = [block("d", SENTENCES[3].replace("Jahresende", "Mai")), *report("abc")]
    assert kinds(report("abcd"), changed) == ["moved_and_changed", "unchanged", "unchanged", "unchanged"]


@pytest.mark.parametrize(
    "new",
    [
        block("a", SENTENCES[0], kind=BlockKind.LIST_ITEM),
        block("a", SENTENCES[0], part=BlockPart.RATIONALE),
        block("a", SENTENCES[0], number="a"),
    ],
)
def test_another_kind_part_or_number_is_retyped(new: Block) -> None:
    change = compare(report("a"), [new])[0]
    assert (change.kind, change.is_retyped) == (ChangeKind.RETYPED, True)
    assert [span.kind for span in change.spans] == [SpanKind.EQUAL]


def test_a_block_under_a_new_id_is_found_by_its_words() -> None:
    new = [block("x", SENTENCES[1].replace("Zeit", "mehr Zeit")), block("y", SENTENCES[0])]
    assert kinds(report("ab"), new) == ["moved_and_changed", "unchanged"]
    assert kinds(report("a"), [block("x", SENTENCES[2])]) == ["removed", "added"]


@pytest.mark.parametrize("kept", ["first", "second", "none"])
def test_a_block_is_split(kept: str) -> None:
    old = [*report("a"), block("long", f"{SENTENCES[1]} {SENTENCES[2]}"), *report("d")]
    names = {"first": ("long", "x"), "second": ("x", "long"), "none": ("x", "y")}[kept]
    new = [*report("a"), block(names[0], SENTENCES[1]), block(names[1], SENTENCES[2]), *report("d")]
    changes = compare(old, new)
    assert [change.kind.value for change in changes] == ["unchanged", "split", "unchanged"]
    assert changes[1].new_text == f"{SENTENCES[1]}\n\n{SENTENCES[2]}"
    back = compare(new, old)
    assert [change.kind.value for change in back] == ["unchanged", "merged", "unchanged"]
    assert len(back[1].old) == 2


def test_a_new_sentence_of_its_own_is_no_split() -> None:
    new = [block("a", "Die Länder sollten Lotsenangebote aufbauen."), *report("c")]
    assert kinds(report("a"), new) == ["changed", "added"]


SOME_BLOCKS = st.lists(
    st.builds(
        lambda number, text, part: block(str(number), text, part=part),
        st.integers(0, 8),
        st.sampled_from([*SENTENCES, f"{SENTENCES[0]} {SENTENCES[1]}", "Kurz.", "?"]) | TEXTS,
        st.sampled_from(BlockPart),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


@given(SOME_BLOCKS, SOME_BLOCKS)
def test_every_block_stands_in_exactly_one_row(old: list[Block], new: list[Block]) -> None:
    changes = compare(old, new)
    assert [one for change in changes for one in change.new] == new
    assert sorted(str(one.id) for change in changes for one in change.old) == sorted(str(one.id) for one in old)
    for change in changes:
        assert_row_is_whole(change)


def assert_row_is_whole(change: BlockChange) -> None:
    spans = change.spans
    assert "".join(span.text for span in spans if span.kind is not SpanKind.INSERT) == change.old_text
    assert "".join(span.text for span in spans if span.kind is not SpanKind.DELETE) == change.new_text
    assert (change.kind is ChangeKind.ADDED) == (not change.old)
    assert (change.kind is ChangeKind.REMOVED) == (not change.new)
    assert (change.kind is ChangeKind.SPLIT) == (len(change.new) > 1)
    assert (change.kind is ChangeKind.MERGED) == (len(change.old) > 1)


@given(st.lists(st.integers(0, 9), max_size=9, unique=True))
def test_the_longest_rising_run(values: list[int]) -> None:
    run = longest_rising(values)
    longest = max(
        sum(mask >> place & 1 for place in range(len(values)))
        for mask in range(2 ** len(values))
        if is_rising([value for place, value in enumerate(values) if mask >> place & 1])
    )
    assert len(run) == longest
    assert is_rising(run)
    assert is_rising([values[index] for index in run])


def is_rising(values: list[int]) -> bool:
    return all(one < other for one, other in itertools.pairwise(values))


@pytest.mark.parametrize("same_ids", [True, False])
@pytest.mark.parametrize(("blocks", "words"), [(150, 70), (4, 2600)])
def test_a_long_text_is_compared_quickly(blocks: int, words: int, same_ids: bool) -> None:
    chance = random.Random(1)
    frequent = ["die", "der", "und", "in", "zu", "den", "für"] * 40
    vocabulary = frequent + [f"Fachwort{number}" for number in range(3000)]
    old, new = [], []
    for place in range(blocks):
        text = [chance.choice(vocabulary) for _ in range(words)]
        old.append(block(f"old {place}", " ".join(text)))
        for _ in range(500 // blocks):
            text[chance.randrange(words)] = "geändert"
        new.append(block(f"{'old' if same_ids else 'new'} {place}", " ".join(text)))
    assert sum(len(one.text) for one in old) > 75_000
    started = time.perf_counter()
    changes = compare(old, new)
    assert time.perf_counter() - started < 2
    assert {change.kind for change in changes} == {ChangeKind.CHANGED}
