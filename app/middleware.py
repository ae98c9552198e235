"""What surrounds every request: the origin check of unsafe ones, the body's limit, and the headers of every answer."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import Settings

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_WITH_FILES_BELOW = ("/anlagen/", "/stellungnahme/")
_WITHOUT_FILES = ("/entfernen", "/zurueckziehen")
_WITH_FILES = ("/attachments", "/einlesen", "/text-import", "/statement-files", "/stellungnahmen")
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class SecurityMiddleware:
    """Refuses unsafe requests of foreign origin before anything is read, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or mark it as foreign for the form dependency and the handlers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["is_foreign"] = self._is_foreign(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                protect(MutableHeaders(scope=message), scope["path"], is_secure=self.settings.is_secure)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _is_foreign(self, scope: Scope) -> bool:
        if scope["method"] in _SAFE_METHODS or scope["path"].startswith("/api/v1/"):
            return False
        headers = Headers(scope=scope)
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return True
        origin = headers.get("origin")
        if origin is None:
            return False
        try:
            return urlsplit(origin).netloc not in {headers.get("host"), urlsplit(self.settings.base_url).netloc}
        except ValueError:
            return True


def protect(headers: MutableHeaders, path: str, *, is_secure: bool) -> None:
    """Put on an answer what every answer carries; what it says itself stands."""
    headers.setdefault("Content-Security-Policy", _CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if not path.startswith("/static/"):
        headers.setdefault("Cache-Control", "private, no-cache")
    if is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


class BodyLimitMiddleware:
    """Refuses a body over the limit as soon as it is known, whether or not its length was announced."""

    def __init__(self, app: ASGIApp, limit: int, upload_limit: int) -> None:
        self.app = app
        self.limit = limit
        self.upload_limit = upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what is read; the error handler answers 413 in the caller's form."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        limit = self.upload_limit if takes_files(scope["path"]) else self.limit
        read = 0

        async def receive_within_limit() -> Message:
            nonlocal read
            if announced.isdecimal() and (len(announced) > 15 or int(announced) > limit):
                raise HTTPException(413)
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_within_limit, send)


def takes_files(path: str) -> bool:
    """True for the few addresses that files are sent to."""
    return path.endswith(_WITH_FILES) or (path.startswith(_WITH_FILES_BELOW) and not path.endswith(_WITHOUT_FILES))


class HeadMiddleware:
    """Answers HEAD as GET, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask for the page and send its headers alone."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_headers_alone(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        state = {**scope.get("state", {}), "asks_headers_alone": True}
        await self.app({**scope, "method": "GET", "state": state}, receive, send_headers_alone)
