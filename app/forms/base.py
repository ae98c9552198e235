"""What every input shares: unknown fields are refused, texts are trimmed, what can't be stored is refused."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from app.domain.deadlines import is_plausible_date

LARGEST_NUMBER = 2**31 - 1
"""What a column of whole numbers holds on both databases."""

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Input(BaseModel):
    """A form, a JSON body or what an address asks for; no field lets in what a database or a calendar can't hold."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _can_be_stored(cls, sent: Any) -> Any:
        return [_storable(each) for each in sent] if isinstance(sent, list) else _storable(sent)

    @field_validator("*", mode="after")
    @classmethod
    def _can_be_reckoned_with(cls, value: Any) -> Any:
        if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
            raise PydanticCustomError("out_of_range", "Diese Zahl ist zu groß oder zu klein.")
        if isinstance(value, date) and not is_plausible_date(value.date() if isinstance(value, datetime) else value):
            raise PydanticCustomError("out_of_range", "Dieses Datum liegt zu weit zurück oder zu weit voraus.")
        return value


class Creation(Input):
    """An input that makes an object; `id` may be made by the client, so that sent twice it makes one."""

    id: UUID | None = None


class Wanted(Input):
    """What the address of a page asks for; an empty field of its filter form counts as not asked."""

    @model_validator(mode="before")
    @classmethod
    def _leave_out_what_is_empty(cls, sent: Any) -> Any:
        if isinstance(sent, dict):
            return {name: value for name, value in sent.items() if value not in ("", [""])}
        return sent


class Nothing(Input):
    """The body of a call that takes none: left out or empty."""


def _storable(text: object) -> object:
    if isinstance(text, str):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if _UNSTORABLE.search(text):
            raise PydanticCustomError("unstorable", "Der Text enthält Zeichen, die nicht gespeichert werden können.")
    return text


def one_line(text: str) -> str:
    """Line breaks and runs of blanks become one blank."""
    return " ".join(text.split())


Line = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(one_line)]
"""One line: a name or title."""

ShortLine = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]
FileReference = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(one_line)]
"""A Geschäftszeichen, as the registry of an office gives it."""

Text = Annotated[str, Field(min_length=1, max_length=20_000)]
"""A text a person writes; paragraphs by blank lines."""

Source = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(one_line)]
"""Where something stands: a study, an interview, a letter."""

OptionalText = Annotated[str, Field(max_length=20_000)]
Reason = Annotated[str, Field(max_length=5_000)]
SearchWords = Annotated[str, Field(max_length=200)]
"""What a list is searched for."""

WebAddress = Annotated[str, Field(max_length=1_000, pattern=r"^https?://[^\s]+$")]
EmailAddress = Annotated[
    str,
    Field(max_length=254, pattern=r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}$"),
    AfterValidator(str.casefold),
]
"""An address that can be written to; compared without regard to case."""
