"""What is sent to sign in, to set a password, and about one's own account."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from app.domain.accounts import MAXIMUM_PASSWORD, MAXIMUM_TOKEN_DAYS, MINIMUM_PASSWORD, prepared_password
from app.forms.base import Creation, EmailAddress, Input, Line
from app.i18n import _

GivenPassword = Annotated[str, Field(min_length=1, max_length=MAXIMUM_PASSWORD), AfterValidator(prepared_password)]


def _long_enough(password: str) -> str:
    if len(password) < MINIMUM_PASSWORD:
        raise PydanticCustomError(
            "value_error", "{error}", {"error": _("Bitte wählen Sie mindestens 12 Zeichen, gern einen ganzen Satz.")}
        )
    return password


ChosenPassword = Annotated[GivenPassword, AfterValidator(_long_enough)]


def _trimmed(text: object) -> object:
    return text.strip() if isinstance(text, str) else text


class _Secret(Input):
    """An input with passwords: nothing of them is trimmed."""

    model_config = ConfigDict(str_strip_whitespace=False)


class SignInForm(_Secret):
    """Who signs in."""

    email: Annotated[EmailAddress, BeforeValidator(_trimmed)]
    password: GivenPassword
    weiter: str = Field(default="", max_length=2_000)


class ForgottenPasswordForm(Input):
    """Whose password is to be set anew."""

    email: EmailAddress


class NewPasswordForm(_Secret):
    """A new password, written twice."""

    password: ChosenPassword
    repeated: GivenPassword

    @field_validator("repeated")
    @classmethod
    def _same(cls, repeated: str, others: ValidationInfo) -> str:
        if repeated != others.data.get("password", repeated):
            raise PydanticCustomError(
                "value_error", "{error}", {"error": _("Die beiden Passwörter sind nicht gleich.")}
            )
        return repeated


class PasswordChangeForm(NewPasswordForm):
    """A new password of a signed-in person, who knows the present one."""

    current: GivenPassword


class TokenForm(Creation):
    """A personal token for programs."""

    name: Annotated[Line, Field(max_length=100)]
    days: int = Field(default=90, ge=1, le=MAXIMUM_TOKEN_DAYS)
    may_write: bool = False


class AbsenceForm(Input):
    """Until when a person is away; None ends the absence."""

    absent_until: date | None = None


class RevocationForm(Input):
    """Which session or token is to be revoked."""

    id: UUID
