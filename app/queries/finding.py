"""Searching the few rows of a small table by their title; large tables keep a search key of their own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, select

from app.domain.sorting import search_key


def containing(session: Session, model: Any, title: Any, q: str | None) -> ColumnElement[bool]:
    """Every word of the search occurs in the title, whatever the case of its letters; all rows without a search."""
    words = search_key(q or "").split()[:8]
    if not words:
        return true()
    key = col(model.id)
    rows = session.exec(select(key, col(title))).all()
    return key.in_([each for each, text in rows if all(word in search_key(text) for word in words)])
