"""A path segment that nothing of its kind has yet."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlmodel import Session, col, select

from app.db import hold
from app.domain.sorting import slug


def free_slug(session: Session, model: Any, text: str) -> str:
    """The text as a slug; a second of the same name is numbered. Two at once wait for each other."""
    wanted = slug(text)
    hold(session, f"slug:{model.__name__}")
    column = col(model.slug)
    taken = set(session.exec(select(column).where(column.startswith(wanted, autoescape=True))).all())
    if wanted not in taken:
        return wanted
    return next(each for number in count(2) if (each := f"{wanted}-{number}") not in taken)
