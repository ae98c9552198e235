"""What a page offers its reader to follow: the thing it is about, or the list it shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from sqlmodel import Session

from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.domain.follows import FollowTarget, ListFilter
from app.forms.follows import words_of
from app.queries.following import Following, Named, following_of
from app.routers.pages import address_with


@dataclass(frozen=True, slots=True)
class ListOffer:
    """The list of a page: whether it is followed, and the hidden fields of the form that says so."""

    following: Following
    fields: dict[str, Any]
    back: str


def list_filter(noun: SubjectType, *, q: str | None = None, **chosen: Any) -> ListFilter | None:
    """The list as it can be followed; None where it isn't narrowed, or by several of a kind.

    A group of keys (`target_group_ids=[…]`) stands for its one member.
    """
    single: dict[str, Any] = {}
    for name, value in chosen.items():
        if isinstance(value, Collection) and not isinstance(value, str):
            if len(value) > 1:
                return None
            name, value = f"{name.removesuffix('s')}", next(iter(value), None)
        single[name] = value
    found = ListFilter(noun=noun, words=words_of(q), **single)
    return found if found.narrowed_by else None


def list_offer(request: Request, session: Session, actor: Actor, chosen: ListFilter | None) -> ListOffer | None:
    """The offer to follow the list, in one statement; None for lists that can't be followed and for the public."""
    if chosen is None:
        return None
    following = following_of(session, actor, FollowTarget.LIST, chosen.key)
    if following is None:
        return None
    return ListOffer(following, fields_of(chosen), address_with(request, after=None))


def fields_of(chosen: ListFilter) -> dict[str, Any]:
    """The list as the hidden fields of a form."""
    narrowed = {name: value for name, value in chosen.narrowed_by.items() if name != "words"}
    return {"noun": chosen.noun, **narrowed, **_search(chosen)}


def list_url(chosen: ListFilter, names: Mapping[UUID, Named]) -> str:
    """The page of a list that somebody follows; `names` are of every key in it."""
    path, parameters = _PAGES[chosen.noun]
    asked = {}
    for name, value in chosen.narrowed_by.items():
        if name == "field_of_action_id" and isinstance(value, UUID) and chosen.noun is SubjectType.MEASURE:
            value = names[value].word
        if name != "words":
            asked[parameters.get(name, name)] = value
    return f"{path}?{urlencode({**asked, **_search(chosen)})}"


def _search(chosen: ListFilter) -> dict[str, str]:
    return {"q": " ".join(sorted(chosen.words))} if chosen.words else {}


_GROUPS = {
    "guiding_question_id": "guiding_question_ids",
    "cross_cutting_theme_id": "cross_cutting_theme_ids",
    "target_group_id": "target_group_ids",
}
_PAGES = {
    SubjectType.NEED: ("/bedarfe", _GROUPS),
    SubjectType.PROPOSAL: ("/vorschlaege", _GROUPS),
    SubjectType.RECOMMENDATION: ("/empfehlungen", {"organisation_id": "addressee_id"}),
    SubjectType.MEASURE: (
        "/massnahmen",
        {"field_of_action_id": "field_of_action", "organisation_id": "responsible"},
    ),
}
"""By noun: the address of its list, and what its parameters are called where that differs."""
