"""What every input shares: unknown fields are refused, texts are trimmed, what can't be stored is refused."""

from __future__ import annotations

import re
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Input(BaseModel):
    """A form or a JSON body; fields are those of the API."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


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


def _storable(text: object) -> object:
    if isinstance(text, str):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if _UNSTORABLE.search(text):
            raise PydanticCustomError("unstorable", "Der Text enthält Zeichen, die nicht gespeichert werden können.")
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())


_Text = Annotated[str, BeforeValidator(_storable)]
Line = Annotated[_Text, Field(min_length=1, max_length=300), AfterValidator(_one_line)]
"""One line: a name or title."""

ShortLine = Annotated[_Text, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
Text = Annotated[_Text, Field(min_length=1, max_length=20_000)]
"""A text a person writes; paragraphs by blank lines."""

Source = Annotated[_Text, Field(min_length=1, max_length=500), AfterValidator(_one_line)]
"""Where something stands: a study, an interview, a letter."""

OptionalText = Annotated[_Text, Field(max_length=20_000)]
Reason = Annotated[_Text, Field(max_length=5_000)]
SearchWords = Annotated[_Text, Field(max_length=200)]
"""What a list is searched for."""

WebAddress = Annotated[_Text, Field(max_length=1_000, pattern=r"^https?://[^\s]+$")]
EmailAddress = Annotated[
    _Text,
    Field(max_length=254, pattern=r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}$"),
    AfterValidator(str.casefold),
]
"""An address that can be written to; compared without regard to case."""
