"""Which characters the fonts in the PDF hold. Asked only after a document was refused."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import typst

BOX: Final = "\N{WHITE SQUARE}"
_ALWAYS_HELD: Final = range(0x250)
"""Latin with all accents of European languages: the fonts hold it."""
_MOST_MISSING: Final = 300
"""So many missing characters are named one by one; beyond them all of the kind become boxes."""
_SOURCE: Final = b"""
#set document(title: "x")
#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"))
#par(sys.inputs.words)
"""


def printable(text: str) -> str:
    """The text with a box for each character that no font holds."""
    missing: list[str] = []
    unusual = sorted({character for character in text if ord(character) not in _ALWAYS_HELD})
    _find_missing(unusual, missing)
    return text.translate(dict.fromkeys(map(ord, missing), BOX))


def _find_missing(characters: list[str], missing: list[str]) -> None:
    if not characters or _are_held("".join(characters)):
        return
    if len(characters) == 1 or len(missing) >= _MOST_MISSING:
        missing += characters
        return
    middle = len(characters) // 2
    _find_missing(characters[:middle], missing)
    _find_missing(characters[middle:], missing)


@lru_cache(maxsize=4096)
def _are_held(characters: str) -> bool:
    """Whether these can all be set; each by itself, so that they do not combine."""
    compiler = typst.Compiler(_SOURCE, ignore_system_fonts=True)
    try:
        compiler.compile(format="pdf", sys_inputs={"words": " ".join(characters)}, pdf_standards=["a-2a", "ua-1"])
    except typst.TypstError:
        return False
    return True
