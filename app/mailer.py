"""Handing over one mail: to an SMTP server, or into a folder where a developer reads it. It knows no database."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from datetime import timedelta
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from app.config import Settings
from app.domain.delivery import refuses_address
from app.i18n import _

_SECONDS_A_STEP: Final = 30.0
_MAILS_A_CONNECTION: Final = 100
_DONE: Final = 250
_TAKEN: Final = frozenset({250, 251, 252})
_CLOSING: Final = 421
_TOO_LARGE: Final = 552


class NotHandedOver(Exception):
    """The server did not take this mail now; trying again later may help."""

    def __init__(self, said: str, code: int | None = None) -> None:
        super().__init__(said)
        self.code = code

    @property
    def for_log(self) -> str:
        """Of an answer the code alone: the server's words may name a person."""
        return str(self) if self.code is None else str(self.code)


class ServerAway(NotHandedOver):
    """No server takes mail at all: absent, without the encryption we ask for, or refusing us."""


class MailImpossible(NotHandedOver):
    """This mail can't be handed over as it is; trying again would not help."""


class AddressRefused(NotHandedOver):
    """The server takes no mail for this address, for good."""


class Transport(Protocol):
    """A way for mail to leave."""

    def hand_over(self, message: EmailMessage, limit: timedelta) -> None:
        """Hand over one mail within the limit in all; NotHandedOver says why it was not."""

    def close(self) -> None:
        """Nothing follows for now."""


class Folder:
    """A folder where a developer reads what would have been sent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def hand_over(self, message: EmailMessage, _limit: timedelta) -> None:
        """Write one file, named by its Message-ID; one that was written before is written over."""
        name = str(message["Message-ID"]).strip("<>").split("@")[0]
        fresh = self.folder / f".{name}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(message.as_bytes())
            fresh.rename(self.folder / f"{name}.eml")
        except OSError as error:
            raise ServerAway(str(error)) from error

    def close(self) -> None:
        """Nothing is open."""


class SmtpServer:
    """A server, reached by one connection for as many mails as follow each other."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "localhost", parts.port or 25
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.wants_tls = parse_qs(parts.query).get("tls", [""])[0] == "starttls"
        self._connection: _Connection | None = None
        self._used = 0

    def hand_over(self, message: EmailMessage, limit: timedelta) -> None:
        """Hand over one mail; a connection that the server closed between two mails is opened anew."""
        with _Stopwatch(limit) as watch:
            try:
                connection = self._begin(message, watch)
                connection.deliver(message)
            except NotHandedOver:
                self._rest_or_close()
                raise
            except (OSError, smtplib.SMTPException) as error:
                self.close()
                raise NotHandedOver(watch.sentence(error), _code_of(error)) from error
        self._used += 1
        if self._used >= _MAILS_A_CONNECTION:
            self.close()

    def close(self) -> None:
        """Take leave of the server, quickly."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.leave()

    def _begin(self, message: EmailMessage, watch: _Stopwatch) -> _Connection:
        if self._connection is not None:
            try:
                watch.watch(self._connection.line)
                self._connection.begin(message)
            except (OSError, smtplib.SMTPException, ServerAway):
                self.close()
            else:
                return self._connection
        self._connection = self._open(watch)
        self._connection.begin(message)
        return self._connection

    def _open(self, watch: _Stopwatch) -> _Connection:
        self._used, connection = 0, None
        try:
            connection = _Connection(self.host, self.port, watch)
            if self.wants_tls:
                # The default store of the machine, or what SSL_CERT_FILE names; never without encryption instead.
                connection.starttls(context=ssl.create_default_context())
            if self.user:
                connection.login(self.user, self.password)
        except (OSError, smtplib.SMTPException) as error:
            if connection is not None:
                connection.leave()
            raise ServerAway(watch.sentence(error), _code_of(error)) from error
        return connection

    def _rest_or_close(self) -> None:
        try:
            if self._connection is not None:
                self._connection.rset()
        except (OSError, smtplib.SMTPException):
            self.close()


class _Connection(smtplib.SMTP):
    """One conversation with a server, whose line a stopwatch may cut."""

    def __init__(self, host: str, port: int, watch: _Stopwatch) -> None:
        self._watch = watch
        self.line: socket.socket | None = None
        super().__init__(host, port, timeout=_SECONDS_A_STEP)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made = socket.create_connection((host, port), timeout)
        # A second handle on the line: encrypting it would leave the first without one.
        self.line = made.dup()
        self._watch.watch(self.line)
        return made

    def begin(self, message: EmailMessage) -> None:
        """Say who sends; a server that refuses that refuses everything."""
        sender, address = _address_in(message, "From"), _address_in(message, "To")
        self.ehlo_or_helo_if_needed()
        options = ["BODY=8BITMIME"] if self.has_extn("8bitmime") else []
        if not (sender + address).isascii():
            if not self.has_extn("smtputf8"):
                raise MailImpossible(_("Der Mailserver nimmt keine Adressen mit Umlauten an."))
            options.append("SMTPUTF8")
        code, answer = self.mail(sender, options)
        if code != _DONE:
            said = _said(code, answer)
            raise NotHandedOver(said, code) if code == _TOO_LARGE else ServerAway(said, code)

    def deliver(self, message: EmailMessage) -> None:
        """Say to whom, and what."""
        address = _address_in(message, "To")
        code, answer = self.rcpt(address)
        if code not in _TAKEN:
            raise self._refusal(code, answer, is_about_address=True)
        needs_utf8 = not address.isascii()
        try:
            code, answer = self.data(_as_bytes(message, has_8bit=self.has_extn("8bitmime"), needs_utf8=needs_utf8))
        except smtplib.SMTPDataError as error:
            code, answer = error.smtp_code, _bytes(error.smtp_error)
        if code != _DONE:
            raise self._refusal(code, answer, is_about_address=False)

    def _refusal(self, code: int, answer: bytes, *, is_about_address: bool) -> NotHandedOver:
        if code == _CLOSING:
            # Said of this mail, and perhaps because of it: it counts, and the next one tries a line of its own.
            self.close()
        said = _said(code, answer)
        if is_about_address and refuses_address(said, code=code):
            return AddressRefused(said, code)
        return NotHandedOver(said, code)

    def leave(self) -> None:
        """Say good-bye where the server still listens."""
        with suppress(OSError, smtplib.SMTPException):
            if self.sock is not None:
                self.sock.settimeout(1)
                self.quit()
        self.close()

    def close(self) -> None:
        """Let go of both handles on the line."""
        super().close()
        if self.line is not None:
            self.line.close()


class _Stopwatch:
    """Cuts the line when the time for one handing over is up, whatever is going on then."""

    def __init__(self, limit: timedelta) -> None:
        self.limit = limit
        self.is_over = False
        self._line: socket.socket | None = None
        self._timer = threading.Timer(limit.total_seconds(), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Stopwatch:
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()

    def watch(self, line: socket.socket | None) -> None:
        """From now on this line is cut; it is at once where the time is up already."""
        self._line = line
        if self.is_over:
            self._cut()
            raise TimeoutError

    def sentence(self, error: Exception) -> str:
        """What went wrong, for whoever looks after the service."""
        if self.is_over or isinstance(error, TimeoutError):
            return _("Der Mailserver antwortete zu langsam.")
        if isinstance(error, smtplib.SMTPResponseException):
            return _said(error.smtp_code, _bytes(error.smtp_error))
        return _("Keine Verbindung zum Mailserver: %(error)s") % {"error": str(error) or type(error).__name__}

    def _cut(self) -> None:
        self.is_over = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)


def transport_for(settings: Settings) -> Transport:
    """What `MAIL_URL` names: a folder or a server."""
    if settings.mail_url.startswith("file:"):
        return Folder(Path(settings.mail_url.removeprefix("file:")))
    return SmtpServer(settings.mail_url)


def _said(code: int, answer: bytes) -> str:
    return f"{code} {' '.join(answer.decode(errors='replace').split())}"


def _code_of(error: Exception) -> int | None:
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _bytes(answer: bytes | str) -> bytes:
    return answer if isinstance(answer, bytes) else answer.encode()


def _address_in(message: EmailMessage, header: str) -> str:
    """The address as it travels: a domain with umlauts in ASCII."""
    addresses = message[header].addresses
    if len(addresses) != 1 or not addresses[0].username or not addresses[0].domain:
        raise MailImpossible(_("Das ist keine E-Mail-Adresse."))
    domain = addresses[0].domain
    with suppress(UnicodeError):
        domain = domain if domain.isascii() else domain.encode("idna").decode()
    return f"{addresses[0].username}@{domain}"


def _as_bytes(message: EmailMessage, *, has_8bit: bool, needs_utf8: bool) -> bytes:
    policy = (SMTPUTF8 if needs_utf8 else SMTP).clone(cte_type="8bit" if has_8bit else "7bit")
    made = BytesIO()
    BytesGenerator(made, policy=policy).flatten(message)
    return made.getvalue()
