"""The one error handler: a refusal becomes a page, under /api a problem (RFC 9457)."""

from __future__ import annotations

import json
import logging
import sqlite3
from typing import Any
from urllib.parse import quote

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy import exc
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.errors import ApplicationError, Conflict, Invalid, NotFound, NotSignedIn, TooLarge, Unavailable
from app.forms.kept import KeptForm, kept_form
from app.forms.messages import invalid_from_details
from app.i18n import _
from app.middleware import protect
from app.routers.deps import settings_of
from app.routers.pages import render
from app.routers.sign_in import sign_in_page

log = logging.getLogger("dialogforum")
_DATABASE_ERRORS = (exc.DBAPIError, exc.TimeoutError, psycopg.OperationalError, sqlite3.DatabaseError)
_WITHOUT_TABLES = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)


def install(application: FastAPI) -> None:
    """Answer every error of the application here."""
    application.add_exception_handler(Exception, _unexpected)
    for kind in (ApplicationError, RequestValidationError, HTTPException, *_DATABASE_ERRORS):
        application.add_exception_handler(kind, _expected)


def _expected(request: Request, error: Exception) -> Response:
    if isinstance(error, exc.DataError) and request.method == "GET":
        return answer(request, NotFound())
    return answer(request, refusal_of(error))


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    unexpected = ApplicationError(
        _("Da ist bei uns etwas schiefgegangen. Nichts wurde halb gespeichert. Bitte versuchen Sie es noch einmal.")
    )
    unexpected.status = 500
    response = answer(request, unexpected)
    # This answer alone does not pass the middleware.
    protect(response.headers, request.url.path, is_secure=settings_of(request).is_secure)
    return response


def refusal_of(error: Exception) -> ApplicationError:
    """The application's own word for whatever was raised."""
    if isinstance(error, ApplicationError):
        return error
    if isinstance(error, RequestValidationError):
        if any(detail["loc"][0] == "path" for detail in error.errors()):
            return NotFound()
        return invalid_from_details(error.errors())
    if isinstance(error, HTTPException):
        return _of_status(error)
    return _of_database(error)


def _of_database(error: Exception) -> ApplicationError:
    # What the database says of a value would be somebody's text: only names of rules are logged.
    if isinstance(error, exc.IntegrityError):
        diagnosis = getattr(error.orig, "diag", None)
        log.warning("a constraint settled a race: %s", diagnosis.constraint_name if diagnosis else error.orig)
        return Conflict(_("Gleichzeitig hat jemand dasselbe geändert. Bitte laden Sie die Seite neu."))
    if isinstance(error, exc.DataError):
        log.warning("the database refused a value: %s", type(error.orig).__name__)
        return Invalid(detail=_("Die Anfrage enthält etwas, das nicht gespeichert oder gesucht werden kann."))
    if isinstance(error, (exc.ProgrammingError, exc.InternalError)) and not isinstance(error.orig, _WITHOUT_TABLES):
        raise error
    log.error("the database can't be reached: %s", error)
    return Unavailable()


def answer(request: Request, error: ApplicationError) -> Response:
    """The refusal as a page or a problem, with the headers it brings."""
    response = _problem(error) if _is_api(request) else _page(request, error)
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _of_status(error: HTTPException) -> ApplicationError:
    if error.status_code == 404:
        return NotFound()
    if error.status_code == 413:
        return TooLarge()
    if error.status_code == 405:
        refused = ApplicationError(_("Diese Adresse nimmt solche Anfragen nicht an."))
    else:
        refused = Invalid(detail=_("Die Anfrage ist nicht lesbar. Bitte laden Sie die Seite neu."))
    refused.status = error.status_code if error.status_code != 400 else 422
    return refused


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


class _Problem(JSONResponse):
    media_type = "application/problem+json"

    def render(self, content: Any) -> bytes:
        # The name of an unknown field may be anything, also half a character.
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def _problem(error: ApplicationError) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    return _Problem(
        {
            "type": f"/api/problems/{error.code}",
            "title": error.title,
            "status": error.status,
            "detail": error.detail,
            **error.fields,
        },
        status_code=error.status,
        headers=headers,
    )


def _page(request: Request, error: ApplicationError) -> Response:
    if isinstance(error, NotSignedIn) and request.method == "GET":
        return RedirectResponse(f"/anmelden?weiter={quote(_path_of(request))}", status_code=303)
    kept = _kept_form(request) if isinstance(error, NotSignedIn) else None
    if kept is not None:
        return sign_in_page(request, {"weiter": ""}, kept=kept, status=error.status)
    return render(
        request,
        "error.html",
        status=error.status,
        status_code=error.status,
        title=error.title,
        detail=error.detail,
    )


def _kept_form(request: Request) -> KeptForm | None:
    """What was typed into a form whose writer's session has ended; its origin was checked before it was read."""
    data = getattr(request.state, "form_data", None)
    if data is None:
        return None
    return kept_form(request.url.path, [(name, value) for name, value in data.multi_items() if isinstance(value, str)])


def _path_of(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
