"""Requests sent over kept connections by a few threads, and how many a second were answered as expected."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

CONNECTIONS = 4


@dataclass(frozen=True)
class Request:
    """One kind of request: where it goes, what it carries, which status is right, and which floor it is held to."""

    name: str
    port: int
    path: str
    floor: str = "rows"
    target: float | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    form: Callable[[], dict[str, str]] | None = None

    def fetch(self) -> bytes:
        """The answer's body, once."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = self.send(connection)
        connection.close()
        return body

    def send(self, connection: http.client.HTTPConnection) -> bytes:
        """One request; ValueError for another status than expected."""
        if self.form is None:
            connection.request("GET", self.path, headers=self.headers)
        else:
            headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", self.path, urlencode(self.form()), headers)
        response = connection.getresponse()
        body = response.read()
        if response.status != self.status:
            raise ValueError(f"{self.path} answered {response.status}")
        return body

    def beside(self, port: int) -> Request:
        """The floor this page is held to, on the floors' port."""
        if self.floor == "static":
            return Request(self.name, port, f"/static/{quote(self.name)}")
        if self.floor == "commit":
            return Request(self.name, port, "/commit", status=303, form=lambda: {"text": "x" * 200})
        return Request(self.name, port, "/rows")


def measure(request: Request, count: int) -> float:
    """Requests a second over four kept connections; ValueError where one was answered otherwise."""
    problems: list[Exception] = []
    share = max(1, count // CONNECTIONS)

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", request.port, timeout=60)
        try:
            for _ in range(share):
                request.send(connection)
        except (OSError, ValueError, http.client.HTTPException) as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise ValueError(str(problems[0]))
    return share * CONNECTIONS / (time.perf_counter() - began)
