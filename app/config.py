"""Settings from the environment, read once; an unknown or malformed one stops the start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

PREFIX = "DIALOGFORUM_"
PROJECT_ROOT = Path(__file__).resolve().parent.parent
_ONLY_THE_SUITE_READS = {"TEST_DATABASE_URL", "TEST_BACKEND", "TEST_SLOW"}


class SettingsError(Exception):
    """A setting that is unknown or malformed; the text is one German line naming it."""


class Settings(BaseModel):
    """Everything that differs between installations."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database_url: str = "sqlite:///var/dialogforum.db"
    base_url: str = "http://127.0.0.1:8000"
    secret_key: str = ""
    mail_url: str = "file:var/mail"
    mail_from: str = "Dialogforum <dialogforum@localhost>"
    demo: bool = False
    upload_dir: str = "var/uploads"
    log_format: Literal["text", "json"] = "text"

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("sqlite:///… oder postgresql+psycopg://…")
        return value

    @field_validator("base_url")
    @classmethod
    def _absolute_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("eine Adresse wie https://dialogforum.example")
        return value.rstrip("/")

    @field_validator("mail_url")
    @classmethod
    def _known_mail(cls, value: str) -> str:
        parts = urlsplit(value)
        is_server = parts.scheme == "smtp" and bool(parts.hostname) and parts.query in {"", "tls=starttls"}
        if not (value.startswith("file:") or (is_server and _has_readable_port(value))):
            raise ValueError("file:<Ordner> oder smtp://nutzer:passwort@server:port?tls=starttls")
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if value and len(value) < 32:
            raise ValueError("mindestens 32 Zeichen")
        return value

    @property
    def is_sqlite(self) -> bool:
        """True where the database is a SQLite file."""
        return self.database_url.startswith("sqlite")

    @property
    def is_secure(self) -> bool:
        """True behind TLS: cookies get `Secure`, answers get HSTS."""
        return self.base_url.startswith("https://")

    def require_loopback_for_demo(self, host: str) -> None:
        """Refuse example accounts on the sign-in page of a server that others reach."""
        if self.demo and not _is_loopback(host):
            raise SettingsError(
                f"{PREFIX}DEMO=1 ist nur erlaubt, wenn der Dienst auf der eigenen Maschine lauscht, nicht auf {host}."
            )


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; the secret key is made and kept under `var/` when absent.

    Raises SettingsError with one German line for an unknown or malformed setting.
    """
    environment = os.environ if environment is None else environment
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in _ONLY_THE_SUITE_READS
    }
    for name in given:
        if name not in Settings.model_fields:
            raise SettingsError(f"Unbekannte Einstellung {PREFIX}{name.upper()}.")
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        problem = error.errors()[0]
        name = str(problem["loc"][0]).upper()
        context = problem.get("ctx", {})
        wanted = str(context.get("error") or context.get("expected") or "0 oder 1").replace(" or ", " oder ")
        raise SettingsError(f"Die Einstellung {PREFIX}{name} ist nicht lesbar; erwartet: {wanted}.") from error
    if not settings.secret_key:
        settings = settings.model_copy(update={"secret_key": _kept_secret(settings)})
    return settings


def _kept_secret(settings: Settings) -> str:
    folder = Path("var")
    if settings.is_sqlite:
        folder = Path(settings.database_url.removeprefix("sqlite:///")).parent
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secret_key"
    if not file.exists():
        fresh = folder / f"secret_key.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()
    return file.read_text().strip()


def _has_readable_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
