"""Counting requests by route, method and status (the route's pattern, never the address), and how the post stands."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUESTS = Counter("dialogforum_requests", "Beantwortete Anfragen", ["route", "method", "status"])
SECONDS = Histogram("dialogforum_request_seconds", "Dauer der Anfragen in Sekunden", ["route"])

POST: Final = {
    "worker_lag_seconds": "Um wie viel die späteste wiederkehrende Arbeit zu spät ist",
    "mails_waiting": "Mails, die auf den Versand warten",
    "mails_failing": "Wartende Mails, die schon einmal gescheitert sind",
    "mails_lag_seconds": "Wie lange die älteste fällige Mail wartet",
    "mails_dead": "Mails, die nicht zugestellt werden konnten",
    "addresses_undeliverable": "Adressen, die keine Mails annehmen",
}


class _Post(Collector):
    """What the database says of outbox and schedules at the moment of asking; nothing where it can't be asked."""

    def __init__(self) -> None:
        self.told: Mapping[str, Any] = {}

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One gauge for each number, one for each work."""
        for name, meaning in POST.items():
            if self.told.get(name) is not None:
                yield GaugeMetricFamily(f"dialogforum_{name}", meaning, value=self.told[name])
        lag = GaugeMetricFamily(
            "dialogforum_schedule_lag_seconds", "Um wie viel die Arbeit zu spät ist", labels=["work"]
        )
        failures = GaugeMetricFamily(
            "dialogforum_schedule_failures", "Wie oft sie nacheinander scheiterte", labels=["work"]
        )
        for name, each in self.told.get("schedules", {}).items():
            lag.add_metric([name], each["lag_seconds"])
            failures.add_metric([name], each["failures"])
        yield from (lag, failures)


_post = _Post()
REGISTRY.register(_post)


def show_post(state: Mapping[str, Any]) -> None:
    """From now on `/metrics` tells this of the post."""
    _post.told = state


def forget_post() -> None:
    """The database can't be asked: say nothing of the post."""
    _post.told = {}


class MetricsMiddleware:
    """Counts every answered request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note what came of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500
        taken: float | None = None

        async def note_status(message: Message) -> None:
            nonlocal status, taken
            if message["type"] == "http.response.start":
                status = message["status"]
                # A stream lasts as long as its page is open: that is no time anybody waited.
                if Headers(raw=message["headers"]).get("content-type", "").startswith("text/event-stream"):
                    taken = time.perf_counter() - began
            await send(message)

        try:
            await self.app(scope, receive, note_status)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            REQUESTS.labels(route, scope["method"], str(status)).inc()
            SECONDS.labels(route).observe(time.perf_counter() - began if taken is None else taken)
