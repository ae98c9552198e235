"""Which notifications a person has read."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.forms.base import Input


class ReadForm(Input):
    """Either some by name, or all up to the newest that stood on the page, of one thing or of everything."""

    occasion_ids: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    until: UUID | None = None
    place_id: UUID | None = None

    @model_validator(mode="before")
    @classmethod
    def _says_which(cls, sent: Any) -> Any:
        if isinstance(sent, dict):
            named, until, place = (bool(sent.get(name)) for name in ("occasion_ids", "until", "place_id"))
            if named == until or (named and place):
                raise PydanticCustomError("which", "Bitte laden Sie die Mitteilungen neu und wählen Sie noch einmal.")
        return sent
