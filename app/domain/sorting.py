"""German order and search keys, made here so that every database sorts and finds alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = {
    ord(letter): plain
    for letter, plain in {"ß": "ss", "ä": "a", "ö": "o", "ü": "u", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l"}.items()
}
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@lru_cache(maxsize=4096)
def sort_key(text: str) -> str:
    """The order of DIN 5007-1: umlauts as their vowels, ß as ss, case and accents last; 200 characters."""
    folded = text.casefold().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", plain))[:200]


def search_key(*texts: str) -> str:
    """What `?q=` is looked up in: the texts case-folded, white space as single blanks."""
    return " ".join(" ".join(text.casefold().split()) for text in texts if text)


def slug(text: str) -> str:
    """A readable path segment: "AG Über Maß" → `ag-ueber-mass`; empty text gives `ohne-titel`."""
    spelled = text.casefold().translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:80].strip("-") or "ohne-titel"
