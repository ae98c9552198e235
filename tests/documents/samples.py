"""A document with one of everything, for the tests of every form it leaves in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from app.documents.document import (
    Document,
    Facts,
    Figure,
    Heading,
    Item,
    Items,
    Mark,
    Notice,
    Paragraph,
    Part,
    Run,
    Table,
    Tone,
)
from app.documents.markup import runs_of_markdown

AT = datetime(2026, 11, 30, 9, 0, 0, 123_456, tzinfo=UTC)
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200"><rect width="80" height="140"/></svg>"""
TABLE = Table(
    "Maßnahmen und Zeitplan",
    ("Nr.", "Maßnahme", "Bis", "Anteil"),
    [
        (1, "Sprachkurse ausbauen", date(2027, 3, 1), Decimal("12.5")),
        (2, runs_of_markdown("Elternarbeit **stärken**^[Siehe *Bericht* 2026.]"), None, Decimal(3)),
    ],
    widths=(1, 5, 2, 2),
)
EVERYTHING: tuple[Part, ...] = (
    Facts([("Geschäftszeichen", "IntB 4 - 12007/3#5"), ("Nicht angegeben", None)]),
    Heading("Empfehlung"),
    Paragraph(
        runs_of_markdown("Die Länder *sollten* [Kurse](https://example.org/a?b=1&c=2) für Bürger:innen anbieten.")
    ),
    Paragraph("Erster Teil", label="a)"),
    Items([Item("eins"), Item("zwei", label="b)")]),
    Heading("Zahlen", level=2),
    TABLE,
    Figure(SVG, "Ein Balken: 140 Kurse im Jahr 2026", "Kurse je Jahr", TABLE),
    Notice("Sondervotum: Caritas", [Paragraph("Wir sehen das anders."), Items([Item("erstens")])]),
    Paragraph("Rechtlich nicht bindend.", Tone.QUIET),
)
MARKED: tuple[Part, ...] = (
    Paragraph((Run("Es bleibt "), Run("alt", mark=Mark.DELETED), Run("neu", mark=Mark.INSERTED), Run(" am Ende."))),
    Paragraph((Run("Dieser Absatz kam.", mark=Mark.INSERTED),)),
    Paragraph((Run("Dieser Absatz ging.", mark=Mark.DELETED),)),
    Items([Item("bleibt"), Item((Run("kam dazu", mark=Mark.INSERTED),)), Item((Run("fiel weg", mark=Mark.DELETED),))]),
    Heading((Run("Überschrift", mark=Mark.DELETED),)),
    Paragraph("Schluss."),
)


def a_document(*parts: Part, title: str = "Sprachförderung in Kitas", is_draft: bool = False) -> Document:
    """A document of these parts, made at a fixed time."""
    return Document(
        title=title,
        parts=parts,
        made_at=AT,
        kind="Beschlussvorlage",
        running_title="D-26-07",
        is_draft=is_draft,
        changed_by="Geschäftsstelle",
    )
