"""For those who run the service: is the process there, is it ready, what does it count."""

from __future__ import annotations

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func
from sqlmodel import col, select
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.errors import Unavailable
from app.models.outbox import OutgoingMail
from app.routers.deps import database_of
from app.schema import is_current

router = APIRouter()


@router.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def readyz(request: Request) -> Response:
    """The database answers and has this version's schema; otherwise 503 with what is missing."""
    database = database_of(request)
    try:
        if not is_current(database):
            return _not_ready("Die Datenbank hat nicht den Stand dieser Version: bitte „dialogforum migrate“ aufrufen.")
        with database.read() as session:
            waiting = session.exec(
                select(func.count())
                .select_from(OutgoingMail)
                .where(col(OutgoingMail.sent_at).is_(None), col(OutgoingMail.failed_at).is_(None))
            ).one()
    except Exception:
        return _not_ready("Die Datenbank ist nicht erreichbar.")
    return JSONResponse({"status": "ready", "mails_waiting": waiting})


@router.get("/metrics")
def metrics() -> Response:
    """Counters for Prometheus; no path names an object or a person."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _not_ready(detail: str) -> Response:
    return JSONResponse(
        {"status": "not ready", "detail": detail},
        status_code=503,
        headers={"Retry-After": str(Unavailable.retry_after)},
    )
