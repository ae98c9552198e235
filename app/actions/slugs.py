"""Readable path segments, unique among their noun's."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from app.domain.sorting import slug


def free_slug(session: Session, model: Any, text: str) -> str:
    """The slug of a title; where another has it, the next one that is free ("bildung-2")."""
    wanted = slug(text)
    column = col(model.slug)
    taken = set(session.exec(select(column).where(column.startswith(wanted, autoescape=True))).all())
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found
