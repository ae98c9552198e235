"""Feedback from readers, without an account."""

from sqlmodel import Field

from app.models.base import Table


class Feedback(Table, table=True):
    """What a reader writes about a page."""

    text: str
    rating: int | None = None
    page: str = Field(default="", max_length=300)
    contact: str = Field(default="", max_length=254)
