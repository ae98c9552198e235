"""What the text of a recommendation says about itself: its problems, and what changed in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from app.domain.text.blocks import MAX_BLOCK_CHARACTERS, MAX_BLOCKS, MAX_TEXT_CHARACTERS, Block
from app.domain.text.comparison import ChangeKind
from app.i18n import _
from app.wording.labels import label

_PROBLEMS: dict[str, str] = {
    "too_many_blocks": _("Der Text hat zu viele Absätze; höchstens {blocks} sind möglich."),
    "total_too_long": _("Der Text ist zu lang; höchstens {total} Zeichen sind möglich."),
    "id_repeated": _("Diese Kennung steht schon an einem anderen Absatz."),
    "text_missing": _("Hier fehlt der Text."),
    "text_too_long": _("Dieser Absatz ist zu lang; höchstens {characters} Zeichen sind möglich."),
    "text_malformed": _("Der Text enthält Zeichen, die nicht gespeichert werden können."),
    "number_malformed": _("Als Nummer ist ein kleiner Buchstabe oder eine Zahl bis 99 möglich."),
    "number_not_allowed": _("Nur Absätze und Listenpunkte der Empfehlung selbst tragen eine Nummer."),
    "number_repeated": _("Diese Nummer gibt es in der Empfehlung schon."),
    "text_before_heading": _("Vor diesem Text fehlt die Überschrift seines Teils, zum Beispiel „## Empfehlung“."),
    "heading_unknown": _("Diese Überschrift gehört zu keinem Teil einer Empfehlung."),
}
_CHANGES: dict[ChangeKind, str] = {
    ChangeKind.UNCHANGED: _("Unverändert"),
    ChangeKind.CHANGED: _("Geändert"),
    ChangeKind.ADDED: _("Neu"),
    ChangeKind.REMOVED: _("Entfallen"),
    ChangeKind.MOVED: _("Verschoben"),
    ChangeKind.MOVED_AND_CHANGED: _("Verschoben und geändert"),
    ChangeKind.MOVED_AWAY: _("Stand hier, jetzt an anderer Stelle"),
    ChangeKind.RETYPED: _("Anders eingeordnet"),
    ChangeKind.SPLIT: _("Geteilt"),
    ChangeKind.MERGED: _("Zusammengefasst"),
}


def text_problem(code: str) -> str:
    """What must be mended in a text, as a whole sentence."""
    return _PROBLEMS[code].format(
        blocks=f"{MAX_BLOCKS:,}".replace(",", "."),
        total=f"{MAX_TEXT_CHARACTERS:,}".replace(",", "."),
        characters=f"{MAX_BLOCK_CHARACTERS:,}".replace(",", "."),
    )


def change_label(kind: ChangeKind) -> str:
    """What happened to a block between two versions."""
    return _CHANGES[kind]


def block_places(blocks: Iterable[Block], numbers: Mapping[UUID, int]) -> str:
    """How blocks are quoted: part, paragraph and, where one is tracked by itself, its number."""
    return "; ".join(_place(block, numbers.get(block.id)) for block in blocks)


def _place(block: Block, number: int | None) -> str:
    told = label(block.part)
    if number:
        told += _(", Absatz {number}").format(number=number)
    return f"{told} ({block.number})" if block.number else told
