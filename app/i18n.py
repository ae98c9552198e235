"""Translation of visible sentences: German is the source, other languages are catalogues in `locale/`."""

from __future__ import annotations

import gettext as gettext_module
from functools import cache
from pathlib import Path

DOMAIN = "dialogforum"
LOCALE_DIRECTORY = Path(__file__).resolve().parent.parent / "locale"


@cache
def catalogue(language: str = "de") -> gettext_module.NullTranslations:
    """The catalogue of a language; German, or one that is missing, gives every sentence back as written."""
    return gettext_module.translation(DOMAIN, LOCALE_DIRECTORY, [language], fallback=True)


def _(sentence: str) -> str:
    """The sentence in the language of the interface."""
    return catalogue().gettext(sentence)


def ngettext(one: str, many: str, number: int) -> str:
    """The sentence for one or for many."""
    return catalogue().ngettext(one, many, number)
