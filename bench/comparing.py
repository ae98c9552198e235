"""How long two versions of 75,000 characters with 500 changed words take to compare, and to set as PDF and ODT."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

from app.documents.document import Document, Paragraph, Part, Run
from app.documents.odt import odt_of
from app.documents.pdf import pdf_of
from app.domain.text import Block, BlockPart, compare
from app.models.base import new_id

CHARACTERS = 75_000
CHANGED_WORDS = 500
LIMIT = 1.0
"""Seconds a comparison may take."""
_WORDS = ["die", "der", "und", "in", "zu", "den", "für", "Länder", "Bürger:innen", "Bund-Länder-Gruppe", "sollten"]


def compare_texts(rounds: int) -> bool:
    """Print seconds for each; True where comparing stays below its limit, with the same and with other ids."""
    whole = True
    for name, old, new in _pairs():
        seconds = _timed(lambda old=old, new=new: compare(old, new), rounds)  # type: ignore[misc]
        whole = whole and seconds < LIMIT
        length = sum(len(block.text) for block in old)
        print(f"comparing {length} characters with {CHANGED_WORDS} changed words, {name}: {1000 * seconds:.0f} ms")
    parts: list[Part] = [Paragraph((Run(block.text),)) for block in old]
    document = Document(title="Text", parts=parts, made_at=datetime(2026, 1, 1, tzinfo=UTC))
    for form, write in (("PDF", pdf_of), ("ODT", odt_of)):
        print(f"setting them as {form}: {1000 * _timed(lambda write=write: write(document), 1):.0f} ms")  # type: ignore[misc]
    return whole


def _pairs() -> Iterator[tuple[str, list[Block], list[Block]]]:
    for name, size, keeps_ids in (
        ("150 blocks", 70, True),
        ("150 blocks, other ids", 70, False),
        ("4 blocks", 2900, True),
    ):
        chance = random.Random(1)
        texts: list[list[str]] = []
        while sum(len(" ".join(text)) for text in texts) < CHARACTERS:
            texts.append([_word(chance) for _place in range(size)])
        old = [Block(id=new_id(), part=BlockPart.RATIONALE, text=" ".join(text)) for text in texts]
        for _change in range(CHANGED_WORDS):
            text = chance.choice(texts)
            text[chance.randrange(size)] = f"geändert{chance.randrange(50)}"
        new = [
            Block(id=before.id if keeps_ids else new_id(), part=before.part, text=" ".join(text))
            for before, text in zip(old, texts, strict=True)
        ]
        yield name, old, new


def _word(chance: random.Random) -> str:
    return chance.choice(_WORDS) if chance.random() < 0.6 else f"Fachwort{chance.randrange(3000)}"


def _timed(work: Callable[[], object], rounds: int) -> float:
    seconds = []
    for _round in range(rounds):
        started = perf_counter()
        work()
        seconds.append(perf_counter() - started)
    return median(seconds)
