"""The reference number of an adopted recommendation and the codes it is made of. Never reuses a number."""

import re
from collections.abc import Collection
from typing import Final

MAX_CODE_CHARACTERS: Final = 40

_CODE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*-[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?-[0-9]{2,}")


class CodeRefused(ValueError):
    """A code that cannot stand in a reference; carries `code` (the problem) and `field`."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(f"{field}: {code}")
        self.code = code
        self.field = field


def is_code(text: str) -> bool:
    """Whether this can be the code of an edition or a field: letters, digits, inner dots and hyphens."""
    return len(text) <= MAX_CODE_CHARACTERS and _CODE.fullmatch(text) is not None


def check_code(text: str, *, field: str) -> str:
    """The code itself, or CodeRefused: `code_missing`, `code_too_long`, `code_malformed`."""
    if not text:
        raise CodeRefused("code_missing", field)
    if len(text) > MAX_CODE_CHARACTERS:
        raise CodeRefused("code_too_long", field)
    if not is_code(text):
        raise CodeRefused("code_malformed", field)
    return text


def is_reference(text: str) -> bool:
    """Whether this has the form `<edition code>-<field code>-<two digits or more>`."""
    return _REFERENCE.fullmatch(text) is not None


def make_reference(edition_code: str, field_code: str, number: int) -> str:
    """The reference of the number-th recommendation of a field in an edition, counted from 1."""
    check_code(edition_code, field="edition_code")
    check_code(field_code, field="field_code")
    if number < 1:
        raise CodeRefused("number_malformed", "number")
    return f"{edition_code}-{field_code}-{number:02d}"


def number_in(reference: str, edition_code: str, field_code: str) -> int | None:
    """The number of a reference made of these codes; None for any other text."""
    match = re.fullmatch(re.escape(f"{edition_code}-{field_code}-") + r"([0-9]{2,})", reference)
    return int(match.group(1)) if match else None


def next_reference(edition_code: str, field_code: str, taken: Collection[str]) -> str:
    """The reference after the highest ever given; `taken` names all that were given, also repealed ones."""
    numbers = (number_in(reference, edition_code, field_code) for reference in taken)
    highest = max((number for number in numbers if number is not None), default=0)
    return make_reference(edition_code, field_code, highest + 1)
