"""What the address of a list narrows it to; an empty choice of a filter form counts as none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import model_validator

from app.forms.base import Input


class PageFilter(Input):
    """The parameters of a page with a list; an unknown one is refused."""

    after: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _without_empty_choices(cls, sent: Any) -> Any:
        if not isinstance(sent, Mapping):
            return sent
        return {name: value for name, value in sent.items() if value not in ("", [], [""])}
