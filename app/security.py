"""Secrets, passwords and form tokens; it knows no request."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from functools import cache
from uuid import UUID

from itsdangerous import BadSignature, Signer, URLSafeTimedSerializer
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.config import Settings

SESSION_COOKIE = "dialogforum_session"
NOTICE_COOKIE = "dialogforum_notice"
ANONYMOUS_FORM_SECONDS = 4 * 3600
MAXIMUM_BODY = 5 * 1024 * 1024
MAXIMUM_UPLOAD = 16 * 1024 * 1024
"""With a file: more than one may have, so that the form comes back with its text and says so."""


def new_secret() -> str:
    """A fresh secret of 256 bits for a cookie, token or link; only its digest is stored."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored of a secret: SHA-256 as hex; a random secret needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


@cache
def _hasher(memory_kibibytes: int) -> PasswordHash:
    return PasswordHash((Argon2Hasher(memory_cost=memory_kibibytes),))


class Passwords:
    """argon2id; hashing takes its time and is done before a write transaction opens."""

    memory_kibibytes = 64 * 1024

    @classmethod
    def hash(cls, password: str) -> str:
        """The hash to store."""
        return _hasher(cls.memory_kibibytes).hash(password)

    @classmethod
    def verify(cls, password: str, stored: str | None) -> bool:
        """True for the right password; takes as long where there is no account, so nothing is told by time."""
        expected = stored or _unknown_account(cls.memory_kibibytes)
        return _hasher(cls.memory_kibibytes).verify(password, expected) and stored is not None


@cache
def _unknown_account(memory_kibibytes: int) -> str:
    return _hasher(memory_kibibytes).hash(secrets.token_hex(16))


def anonymous_form_token(settings: Settings) -> str:
    """A signed token with its time, for forms of readers without a session."""
    return _serializer(settings).dumps(secrets.token_hex(8))


def is_anonymous_form_token(settings: Settings, token: str) -> bool:
    """True where we signed it within the last four hours."""
    try:
        _serializer(settings).loads(token, max_age=ANONYMOUS_FORM_SECONDS)
    except BadSignature:
        return False
    return True


def same_secret(one: str, other: str) -> bool:
    """Compare without telling by time how much agrees."""
    return hmac.compare_digest(one.encode(), other.encode())


def sign_keys(settings: Settings, purpose: str, keys: Sequence[UUID]) -> str:
    """A word for a link that only we can make: it names rows and what it is good for, and holds no secret."""
    packed = base64.urlsafe_b64encode(b"".join(key.bytes for key in keys)).rstrip(b"=")
    return _signer(settings, purpose).sign(packed).decode()


def signed_keys(settings: Settings, purpose: str, word: str) -> list[UUID]:
    """The keys such a word names; empty where we didn't make it for this purpose."""
    try:
        packed = _signer(settings, purpose).unsign(word)
        found = base64.urlsafe_b64decode(packed + b"=" * (-len(packed) % 4))
        return [UUID(bytes=found[start : start + 16]) for start in range(0, len(found), 16)]
    except (BadSignature, binascii.Error, ValueError):
        return []


def _signer(settings: Settings, purpose: str) -> Signer:
    return Signer(settings.secret_key, salt=f"link:{purpose}", digest_method=hashlib.sha256)


def _serializer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secret_key, salt="form")
