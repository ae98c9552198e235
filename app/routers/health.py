"""For those who run the service: is the process there, is it ready, what does it count, does a worker keep up."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlmodel import Session
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.clock import now
from app.errors import Unavailable
from app.metrics import forget_post, show_post
from app.queries.outbox import read_outbox_state
from app.queries.schedules import is_overdue, lag_of, list_schedules
from app.routers.deps import database_of
from app.schema import is_current

router = APIRouter()


@router.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def readyz(request: Request) -> Response:
    """The database answers and has this version's schema; otherwise 503 with what is missing.

    How far behind the worker is stands there as well; it makes nothing unready: pages are served without one.
    """
    database = database_of(request)
    try:
        if not is_current(database):
            return _not_ready("Die Datenbank hat nicht den Stand dieser Version: bitte „dialogforum migrate“ aufrufen.")
        with database.read() as session:
            return JSONResponse({"status": "ready", **_post(session)})
    except Exception:
        return _not_ready("Die Datenbank ist nicht erreichbar.")


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Counters for Prometheus; no path names an object or a person. The worker's are read from the database."""
    try:
        with database_of(request).read() as session:
            show_post(_post(session))
    except Exception:
        forget_post()
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _post(session: Session) -> dict[str, Any]:
    """How the outbox and the recurring works stand: numbers and moments, no address and no error's text."""
    moment, state, schedules = now(session), read_outbox_state(session), list_schedules(session)
    lags = [lag_of(each, moment).total_seconds() for each in schedules]
    is_late = not schedules or any(is_overdue(each, moment) for each in schedules)
    return {
        "worker": "late" if is_late else "on time",
        "worker_lag_seconds": round(max(lags), 1) if lags else None,
        "mails_waiting": state.waiting,
        "mails_failing": state.failing,
        "mails_lag_seconds": round(state.lag(moment).total_seconds(), 1),
        "mails_dead": state.failed,
        "addresses_undeliverable": state.undeliverable,
        "schedules": {
            each.name: {
                "due_at": each.due_at.isoformat(),
                "finished_at": each.finished_at.isoformat() if each.finished_at else None,
                "lag_seconds": round(lag_of(each, moment).total_seconds(), 1),
                "failures": each.failures,
            }
            for each in schedules
        },
    }


def _not_ready(detail: str) -> Response:
    return JSONResponse(
        {"status": "not ready", "detail": detail},
        status_code=503,
        headers={"Retry-After": str(Unavailable.retry_after)},
    )
