"""Handing over one mail: to an SMTP server, or into a folder where a developer reads it. It knows no database."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from app.config import Settings

Transport = Callable[[EmailMessage], None]
_TIMEOUT_SECONDS = 20


class MailRefused(Exception):
    """The address itself is refused for good; trying again would not help."""


def transport_for(settings: Settings) -> Transport:
    """What `MAIL_URL` names: a folder or a server."""
    if settings.mail_url.startswith("file:"):
        folder = Path(settings.mail_url.removeprefix("file:"))
        return lambda message: _write(message, folder)
    return lambda message: _send(message, settings.mail_url)


def _write(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").split("@")[0]
    fresh = folder / f".{name}"
    fresh.write_bytes(message.as_bytes())
    fresh.rename(folder / f"{name}.eml")


def _send(message: EmailMessage, url: str) -> None:
    parts = urlsplit(url)
    wants_tls = parse_qs(parts.query).get("tls", [""])[0] == "starttls"
    with smtplib.SMTP(parts.hostname or "localhost", parts.port or 25, timeout=_TIMEOUT_SECONDS) as server:
        if wants_tls:
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            if code >= 550:
                raise MailRefused(f"{code} {answer!r}") from error
            raise
