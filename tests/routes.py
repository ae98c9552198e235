"""Every route of the application, pages and API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts


@dataclass(frozen=True)
class Route:
    """One way in."""

    method: str
    path: str
    endpoint: Any


def every_route(app: FastAPI) -> Iterator[Route]:
    """Each method of each route; the mounted static files are no route."""
    for context in iter_route_contexts(app.routes):
        for method in sorted(getattr(context, "methods", None) or ()):
            if method != "HEAD":
                yield Route(method, context.path, context.endpoint)
