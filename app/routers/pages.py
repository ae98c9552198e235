"""How a page or a redirect is made: every template's context, and the notice shown once after a form."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote

from fastapi import Request
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.clock import Clock
from app.domain.recommendations import RecommendationState
from app.errors import ApplicationError, Invalid, Overtaken, TooMany
from app.i18n import _
from app.models.base import new_id
from app.models.recommendations import Recommendation
from app.queries import recommendations
from app.routers.deps import FORM_TOKEN_FIELD, Visitor, database_of, form_token, settings_of, with_unread
from app.routers.opened_forms import opened_with
from app.security import NOTICE_COOKIE
from app.templating import Holes, KeptPage, render_template

_PAGE = "the page made of it"
_SECRET = re.compile(r"/{(?:word|secret)}")


def render(
    request: Request, template: str, *, status: int = 200, kept: dict[str, Any] | None = None, **context: Any
) -> HTMLResponse:
    """The page for this reader; a public one carries no cookie and may be kept for a minute.

    `kept` is an answer of `queries.kept`: read at the same address, the page made of it is given again. What else
    it shows must then follow from the address.
    """
    visitor = _visitor_of_page(request, status)
    notice = unquote(request.cookies.get(NOTICE_COOKIE, "")) if visitor.sign_in else ""
    around = {
        "request_path": request.url.path,
        "feedback_path": _without_secret(request),
        "status": status,
        "actor": visitor.actor,
        "account": visitor.account,
        "notice": notice or None,
        "opened_with": opened_with,
        **_standing(database_of(request).clock),
    }
    if kept is not None and request.method == "GET" and status == 200 and not notice:
        content = _kept_page(request, template, visitor, kept, {**around, **kept, **context})
    else:
        own = {"csrf_field": lambda: _form_field(form_token(request)), "id_for_form": new_id}
        # A refused form comes back with its text, also where that was not UTF-8.
        content = render_template(template, {**around, **own, **(kept or {}), **context}).encode("utf-8", "replace")
    response = HTMLResponse(content, status_code=status)
    if notice:
        response.delete_cookie(NOTICE_COOKIE, path="/")
    return response


def _kept_page(
    request: Request, template: str, visitor: Visitor, kept: dict[str, Any], context: dict[str, Any]
) -> bytes:
    """The page made of the kept answer; the one last asked for lies with it."""
    key = (template, request.url.path, request.url.query, visitor.account)
    known: tuple[Hashable, KeptPage] | None = kept.get(_PAGE)
    if known is None or known[0] != key:
        holes = Holes()
        own = {"csrf_field": lambda: _form_field(holes.token), "id_for_form": holes.new_id}
        known = kept[_PAGE] = key, KeptPage(render_template(template, {**context, **own}))
    return known[1].fill(form_token(request), new_id)


def see_other(request: Request, url: str, notice: str | None = None) -> RedirectResponse:
    """After a form: on to the page (303), which says the notice once."""
    response = RedirectResponse(url, status_code=303)
    visitor: Visitor = getattr(request.state, "visitor", Visitor())
    if notice and visitor.sign_in:
        response.set_cookie(
            NOTICE_COOKIE,
            quote(notice),
            max_age=60,
            path="/",
            httponly=True,
            samesite="lax",
            secure=settings_of(request).is_secure,
        )
    return response


def csv_file(request: Request, name: str, content: bytes) -> Response:
    """A table to save; like a page, a public one may be kept for a minute."""
    return saved_file(request, name, content, "text/csv; charset=utf-8")


def saved_file(request: Request, name: str, content: bytes, media_type: str) -> Response:
    """A file to save; like a page, a public one may be kept for a minute."""
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": cache_control(request)},
    )


def cache_control(request: Request) -> str:
    """How long a file may be kept: a minute where nobody signed in, by cookie or by token."""
    visitor: Visitor = getattr(request.state, "visitor", Visitor())
    is_private = visitor.sign_in is not None or "authorization" in request.headers
    return "private, no-cache" if is_private else "public, max-age=60"


def address_with(request: Request, *, after: str | None) -> str:
    """This page's address with another place in the list."""
    url = request.url.remove_query_params("after")
    if after:
        url = url.include_query_params(after=after)
    return f"{url.path}?{url.query}" if url.query else url.path


def list_addresses(request: Request, next_cursor: str | None) -> dict[str, Any]:
    """`next_url` and `first_url` of a list's page, for its pagination; None where there is no such page."""
    return {
        "next_url": address_with(request, after=next_cursor) if next_cursor else None,
        "first_url": address_with(request, after=None) if "after" in request.query_params else None,
    }


def field_errors(error: ApplicationError | None) -> dict[str, str]:
    """What a form's page shows: field → message; a refusal without a field stands under `form`."""
    if error is None:
        return {}
    if isinstance(error, Invalid) and error.errors:
        return {each.field: each.message for each in error.errors}
    if isinstance(error, Overtaken):
        theirs = {name: _("Inzwischen steht hier: %(text)s") % {"text": text} for name, text in error.theirs.items()}
        return {"form": error.detail, **theirs}
    return {"form": error.detail}


def with_pause(response: Response, error: ApplicationError | None) -> Response:
    """The page of a refused form; where too much was sent, it says how long to wait."""
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _without_secret(request: Request) -> str:
    """The page's address as feedback names it: what a signed link carries stays with its holder."""
    route = getattr(request.scope.get("route"), "path", "")
    return _SECRET.split(route)[0] if _SECRET.search(route) else request.url.path


def _visitor_of_page(request: Request, status: int) -> Visitor:
    """Who reads the page; of a form that was refused nobody has counted yet what is unread."""
    visitor: Visitor = getattr(request.state, "visitor", Visitor())
    if visitor.account is None or visitor.account.unread is not None:
        return visitor
    if status >= 500:
        # The database may be what failed.
        return replace(visitor, account=replace(visitor.account, unread=0))
    with database_of(request).read() as session:
        return with_unread(request, session, visitor)


def _standing(clock: Clock) -> dict[str, Any]:
    """Where a recommendation stands and since when, as the clock has it and not as the worker last recorded it."""

    def state_of(recommendation: Recommendation) -> RecommendationState:
        return recommendations.state_seen(recommendation, clock())

    def since_of(recommendation: Recommendation) -> datetime:
        return recommendations.since_seen(recommendation, clock())

    return {"state_of": state_of, "since_of": since_of}


def _form_field(token: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(FORM_TOKEN_FIELD, token)
