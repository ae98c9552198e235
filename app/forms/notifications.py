"""Which notifications a person has read."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.forms.base import Input


class ReadForm(Input):
    """Some by name, all below a key, or both; of one thing or of everything."""

    occasion_ids: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    below: UUID | None = None
    place_id: UUID | None = None

    @model_validator(mode="before")
    @classmethod
    def _says_which(cls, sent: Any) -> Any:
        if isinstance(sent, dict) and not sent.get("occasion_ids") and not sent.get("below"):
            raise PydanticCustomError("which", "Bitte laden Sie die Mitteilungen neu und wählen Sie noch einmal.")
        return sent
