"""A real mail server for tests: it asks for encryption, remembers what it took, and misbehaves as it is told."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.backends import free_port


class Mailbox:
    """What a server took and how often it was called; how it refuses, lingers and breaks off."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.lines: list[object] = []
        self.connections = 0
        self.refused: dict[str, str] = {}
        self.refuses_all = ""
        self.refuses_sender = ""
        self.refuses_text = ""
        self.breaks_at = ""
        self.lingers = 0.0

    @property
    def message_ids(self) -> Counter[str]:
        """How often each mail arrived."""
        return Counter(str(message["Message-ID"]) for message in self.received)

    @property
    def repeats(self) -> list[tuple[object, bool]]:
        """For each mail that came again: the line it had come over before, and whether it was the last on that one."""
        last = {line: place for place, line in enumerate(self.lines)}
        names = [str(message["Message-ID"]) for message in self.received]
        again = [place for place, name in enumerate(names) if name in names[place + 1 :]]
        return [(self.lines[place], last[self.lines[place]] == place) for place in again]

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, host: str, responses: list[str]) -> Any:  # noqa: N802
        if session.ssl is None:
            self.connections += 1
        session.host_name = host
        return responses

    async def handle_MAIL(self, server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if self.refuses_sender:
            return self.refuses_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._answer(server, "MAIL")

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self.refuses_all or address in self.refused:
            return self.refuses_all or self.refused[address]
        envelope.rcpt_tos.append(address)
        return await self._answer(server, "RCPT")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses_text:
            return self.refuses_text
        await asyncio.sleep(self.lingers / 2)
        answer = await self._answer(server, "DATA")
        self.received.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        self.lines.append(session.peer)
        # Taken, and not yet said so.
        await asyncio.sleep(self.lingers / 2)
        return answer

    async def _answer(self, server: Any, step: str) -> str:
        if self.breaks_at == step:
            server.transport.abort()
            raise ConnectionResetError
        return "250 OK"


class Authority:
    """Makes the certificate of a server on the loopback; who trusts `file` trusts the server."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.file = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.file))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(self.context)


@contextmanager
def running(box: Mailbox, authority: Authority | None, *, user: str = "", password: str = "") -> Iterator[str]:
    """The server, and its address as a setting; with an authority it takes mail over an encrypted line alone."""

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (user.encode(), password.encode()), handled=False)

    options: dict[str, Any] = {"ident": "test"}
    if authority is not None:
        options |= {"tls_context": authority.context, "require_starttls": True}
    if user:
        options |= {"authenticator": authenticate, "auth_required": True}
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}{'?tls=starttls' if authority else ''}"
    finally:
        controller.stop()


@contextmanager
def dripping() -> Iterator[str]:
    """A server that greets without end: a line now and then, never the last."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            while not over.is_set():
                line, _peer = listening.accept()
                threading.Thread(target=drip, args=(line,), daemon=True).start()

    def drip(line: socket.socket) -> None:
        with line, suppress(OSError):
            while not over.wait(0.05):
                line.sendall(b"220-still here\r\n")

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    try:
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        server.join(timeout=2)
