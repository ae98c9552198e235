"""A form that was sent after its writer's session had ended: where it went, and what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from app.domain.accounts import own_path


def _own(path: str) -> str:
    if own_path(path) is None:
        raise ValueError("no path of this site")
    return path


class KeptForm(BaseModel):
    """The path the form was sent to and its fields in order; never a password, never a form's token."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Annotated[str, AfterValidator(_own)]
    fields: list[tuple[str, str]] = Field(max_length=5_000)

    @property
    def texts(self) -> list[str]:
        """What a person would miss: the texts among the fields, to be shown."""
        return [value for _name, value in self.fields if " " in value.strip() and not value.startswith("[{")]


def kept_form(path: str, fields: Iterable[tuple[str, str]]) -> KeptForm | None:
    """The form to keep; None where nothing was typed that one would miss."""
    typed = [(name, value) for name, value in fields if name != "form_token" and "password" not in name]
    if own_path(path) is None or not any(value for _name, value in typed):
        return None
    return KeptForm(path=path, fields=typed)


def read_kept_form(sent: str) -> KeptForm | None:
    """The form that a sign-in carried along; None where it carried none, or nothing readable."""
    try:
        return KeptForm.model_validate_json(sent) if sent else None
    except ValidationError:
        return None
