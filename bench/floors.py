"""What the pages are held to: bare Starlette with the same bytes, 25 rows by SQLModel and Jinja2, one bare insert."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from jinja2 import Environment
from sqlalchemy import insert
from sqlmodel import Session, col, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app.config import Settings
from app.db import make_engine
from app.models.needs import Need
from bench.floors_table import ROWS

BODIES: dict[str, str] = json.loads(Path(os.environ["BENCH_BODIES"]).read_text())
ENGINE = make_engine(Settings(database_url=os.environ["BENCH_DATABASE_URL"], secret_key="s" * 40))
WRITING = ENGINE.execution_options(dialogforum_writes=True)
PAGE = Environment(autoescape=True).from_string(
    "<!DOCTYPE html><title>Bedarfe</title><ul>"
    "{% for need in needs %}<li><a href='/bedarfe/{{ need.id }}'>{{ need.title }}</a> {{ need.state }}"
    "<p>{{ need.description }}</p>{% endfor %}</ul>"
)


def same_bytes(request: Request) -> Response:
    """The page's own bytes."""
    return HTMLResponse(BODIES[request.path_params["name"]])


def rows(_request: Request) -> Response:
    """25 rows, nothing else."""
    with Session(ENGINE) as session:
        found = session.exec(select(Need).order_by(col(Need.created_at).desc(), col(Need.id).desc()).limit(25)).all()
        return HTMLResponse(PAGE.render(needs=found))


def commit(_request: Request) -> Response:
    """One insert."""
    with WRITING.begin() as connection:
        connection.execute(insert(ROWS).values(id=uuid4(), written_at=datetime.now(UTC), text="x" * 200))
    return RedirectResponse("/", 303)


app = Starlette(
    routes=[
        Route("/static/{name:path}", same_bytes),
        Route("/rows", rows),
        Route("/commit", commit, methods=["POST"]),
    ]
)
