"""Golden comparisons of German texts: what stands here is what a reader sees.

A row is `kind | place | words`; `[-…]` went, `[+…]` came. Old and new are written in the plain form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from uuid import UUID

import pytest

from app.domain.text import BlockChange, BlockKind, SpanKind, compare, parse_plain_form

MARKS = {SpanKind.EQUAL: "{}", SpanKind.INSERT: "[+{}]", SpanKind.DELETE: "[-{}]"}
SIGNS = {BlockKind.LIST_ITEM: "- ", BlockKind.TABLE_ROW: "| ", BlockKind.SUBHEADING: "### ", BlockKind.PARAGRAPH: ""}


def ids() -> Callable[[], UUID]:
    """Ids in the order in which they are asked for."""
    numbers = count(1)
    return lambda: UUID(int=next(numbers))


@dataclass(frozen=True)
class Golden:
    """Two texts and their comparison."""

    name: str
    old: str
    new: str
    seen: str


def told(changes: Iterable[BlockChange]) -> str:
    """The comparison as a text."""
    return "\n".join(_row(change) for change in changes)


def _row(change: BlockChange) -> str:
    first = (change.new or change.old)[0]
    number = f"{first.number}) " if first.number else ""
    words = "".join(MARKS[span.kind].format(span.text) for span in change.spans).replace("\n", "⏎")
    return f"{change.kind} | {SIGNS[first.kind]}{number}{words}"


GOLDEN = [
    Golden(
        "inclusive forms stay whole",
        """
## Empfehlung
Die Bund-Länder-Gruppe sollte alle Bürger:innen und Teilnehmer*innen vor Ort früh beraten.
""",
        """
## Empfehlung
Die Bund-Länder-Runde sollte alle Bürgerinnen und Bürger und Teilnehmer*innen vor Ort früh beraten.
""",
        "changed | Die [-Bund-Länder-Gruppe][+Bund-Länder-Runde] sollte alle "
        "[-Bürger:innen][+Bürgerinnen und Bürger] und Teilnehmer*innen vor Ort früh beraten.",
    ),
    Golden(
        "a list gains, loses and changes points",
        """
## Umsetzungshinweis
- Regionale Übersicht freier Plätze, monatlich aktualisiert
- Mustervereinbarung zwischen Kursträger, Jobcenter und Kommune
- Fahrtkosten für Teilnehmende im ländlichen Raum
""",
        """
## Umsetzungshinweis
- Regionale Übersicht freier Plätze, wöchentlich aktualisiert
- Kinderbetreuung während der Kurszeiten am Nachmittag
- Mustervereinbarung zwischen Kursträger, Jobcenter und Kommune
""",
        "changed | - Regionale Übersicht freier Plätze, [-monatlich][+wöchentlich] aktualisiert\n"
        "added | - [+Kinderbetreuung während der Kurszeiten am Nachmittag]\n"
        "unchanged | - Mustervereinbarung zwischen Kursträger, Jobcenter und Kommune\n"
        "removed | - [-Fahrtkosten für Teilnehmende im ländlichen Raum]",
    ),
    Golden(
        "a table changes in one cell and gains a row",
        """
## Umsetzungshinweis
| Land | Plätze | Frist |
| Bayern | 1.039 | 31.12.2026 |
""",
        """
## Umsetzungshinweis
| Land | Plätze | Frist |
| Bayern | 1.139 | 31.12.2026 |
| Hessen | 560 | 30.6.2027 |
""",
        "unchanged | | Land | Plätze | Frist\n"
        "changed | | Bayern | [-1.039][+1.139] | 31.12.2026\n"
        "added | | [+Hessen | 560 | 30.6.2027]",
    ),
    Golden(
        "a footnote comes, another changes",
        """
## Begründung
Gelerntes bleibt, wenn man es braucht.^[Siehe Bericht 2024, S. 12.] Jede Woche kostet Sprachpraxis.
""",
        """
## Begründung
Gelerntes bleibt, wenn man es braucht.^[Siehe Bericht 2026, S. 12.] Jede Woche kostet Sprachpraxis.^[Eigene Erhebung.]
""",
        "changed | Gelerntes bleibt, wenn man es braucht.^[Siehe Bericht [-2024][+2026], S. 12.] "
        "Jede Woche kostet Sprachpraxis.[+^[Eigene Erhebung.]]",
    ),
    Golden(
        "a paragraph moves and stays the same",
        """
## Begründung
Kursträger und Jobcenter stimmen sich vielerorts im Einzelfall ab.

Eine gemeinsame Übersicht freier Plätze gibt es nur in wenigen Regionen.

Wer einen Integrationskurs abschließt, kennt den nächsten Schritt.
""",
        """
## Begründung
Wer einen Integrationskurs abschließt, kennt den nächsten Schritt.

Kursträger und Jobcenter stimmen sich vielerorts im Einzelfall ab.

Eine gemeinsame Übersicht freier Plätze gibt es nur in wenigen Regionen.
""",
        "moved | Wer einen Integrationskurs abschließt, kennt den nächsten Schritt.\n"
        "unchanged | Kursträger und Jobcenter stimmen sich vielerorts im Einzelfall ab.\n"
        "unchanged | Eine gemeinsame Übersicht freier Plätze gibt es nur in wenigen Regionen.\n"
        "moved_away | [-Wer einen Integrationskurs abschließt, kennt den nächsten Schritt.]",
    ),
    Golden(
        "a paragraph is split",
        """
## Empfehlung
Die Länder sollten Übergangsklassen einrichten. Die Träger sollten Anschlüsse verbindlich vereinbaren.
""",
        """
## Empfehlung
Die Länder sollten Übergangsklassen einrichten.

Die Träger sollten Anschlüsse verbindlich vereinbaren.
""",
        "split | Die Länder sollten Übergangsklassen einrichten.[- ][+⏎⏎]"
        "Die Träger sollten Anschlüsse verbindlich vereinbaren.",
    ),
    Golden(
        "two paragraphs are joined",
        """
## Empfehlung
Die Länder sollten Übergangsklassen einrichten.

Die Träger sollten Anschlüsse verbindlich vereinbaren.
""",
        """
## Empfehlung
Die Länder sollten Übergangsklassen einrichten. Die Träger sollten Anschlüsse verbindlich vereinbaren.
""",
        "merged | Die Länder sollten Übergangsklassen einrichten.[-⏎⏎][+ ]"
        "Die Träger sollten Anschlüsse verbindlich vereinbaren.",
    ),
    Golden(
        "a paragraph becomes a tracked part",
        """
## Empfehlung
Die Länder sollten Übergangsklassen einrichten.
""",
        """
## Empfehlung
a) Die Länder sollten Übergangsklassen einrichten.
""",
        "retyped | a) Die Länder sollten Übergangsklassen einrichten.",
    ),
    Golden(
        "a sentence that is written anew stands whole",
        """
## Ziel
Niemand wartet länger als einen Monat auf den Anschluss an seinen Sprachkurs in der Stadt.
""",
        """
## Ziel
Wer seinen Sprachkurs beendet, findet binnen vier Wochen Arbeit oder Ausbildung in der Stadt.
""",
        "removed | [-Niemand wartet länger als einen Monat auf den Anschluss an seinen Sprachkurs in der Stadt.]\n"
        "added | [+Wer seinen Sprachkurs beendet, findet binnen vier Wochen Arbeit oder Ausbildung in der Stadt.]",
    ),
]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.name)
def test_a_german_comparison_reads_as_it_always_did(golden: Golden) -> None:
    make_id = ids()
    old = parse_plain_form(golden.old, (), new_id=make_id)
    new = parse_plain_form(golden.new, old, new_id=make_id)
    assert told(compare(old, new, with_departures=True)) == golden.seen
