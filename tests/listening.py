"""An open page's line to a running service, as a browser's EventSource reads it."""

from __future__ import annotations

import http.client
import json
from typing import Any

from app.security import SESSION_COOKIE
from tests.factories import Known

PATH = "/mitteilungen/live"


class Stream:
    """An open page's line to a service."""

    def __init__(self, port: int, known: Known | None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        headers = {"Accept": "text/event-stream"}
        if known is not None:
            headers["Cookie"] = f"{SESSION_COOKIE}={known.cookie}"
        self.connection.request("GET", PATH, headers=headers)
        self.response = self.connection.getresponse()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_error: object) -> None:
        self.response.close()
        self.connection.close()

    def event(self) -> tuple[str, Any] | None:
        """The next event with its data, without the words that only keep the line open; None where the stream ended."""
        name, data = "", None
        while line := self.response.readline().decode():
            if line.startswith("event: "):
                name = line.removeprefix("event: ").strip()
            elif line.startswith("data: "):
                data = json.loads(line.removeprefix("data: "))
            elif line == "\n" and name:
                return name, data
        return None

    def unread(self) -> Any:
        """The next that is said of how many are unread."""
        event = self.event()
        assert event is not None
        assert event[0] == "unread", event
        return event[1]
