"""What a page offers its reader to follow: the thing it is about, or the list it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from sqlmodel import Session

from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.domain.follows import FOLLOWED_WHOLE, ListFilter
from app.forms.follows import MOST_AT_ONCE, lists_of, words_of
from app.i18n import _
from app.queries.following import Named, follows_all
from app.routers.pages import address_with

TAGS: Final = ("guiding_question_id", "cross_cutting_theme_id", "target_group_id")
"""What a list can be narrowed to several of."""

TOO_MANY: Final = _(
    "Dieser Liste können Sie nicht folgen, sie verbindet zu viele Merkmale. Wählen Sie weniger Leitfragen, "
    "Querschnittsthemen oder Zielgruppen zugleich."
)


@dataclass(frozen=True, slots=True)
class ListOffer:
    """The list of a page: whether it is followed, the hidden fields of the form that says so, or why it can't be."""

    is_followed: bool = False
    fields: Sequence[tuple[str, Any]] = ()
    back: str = ""
    why_not: str | None = None


def lists_to_follow(noun: SubjectType, *, q: str | None = None, **chosen: Any) -> list[ListFilter]:
    """The list as it is followed; none where it has to be narrowed first. Groups of keys: `target_group_ids=[…]`."""
    named = {name.removesuffix("s") if name.endswith("_ids") else name: value for name, value in chosen.items()}
    found = lists_of(noun=noun, words=words_of(q), **named)
    return found if found and (found[0].narrowed_by or noun in FOLLOWED_WHOLE) else []


def list_offer(
    request: Request, session: Session, actor: Actor, chosen: Sequence[ListFilter], *, why_not: str | None = None
) -> ListOffer | None:
    """The offer to follow the list, in one statement, or why not; None for a whole list and for the public."""
    if not actor.is_signed_in or not (chosen or why_not):
        return None
    if why_not or len(chosen) > MOST_AT_ONCE:
        return ListOffer(why_not=why_not or TOO_MANY)
    is_followed = follows_all(session, actor, tuple(each.key for each in chosen))
    pairs = dict.fromkeys(pair for each in chosen for pair in fields_of(each))
    return ListOffer(is_followed, list(pairs), address_with(request, after=None))


def fields_of(chosen: ListFilter) -> list[tuple[str, Any]]:
    """The list as the hidden fields of a form."""
    narrowed = {name: value for name, value in chosen.narrowed_by.items() if name != "words"}
    return list({"noun": chosen.noun, **narrowed, **_search(chosen)}.items())


def list_url(chosen: ListFilter, names: Mapping[UUID, Named]) -> str:
    """The page of a list that somebody follows; `names` are of every key in it."""
    path, parameters = _PAGES[chosen.noun]
    asked = {}
    for name, value in chosen.narrowed_by.items():
        if isinstance(value, UUID) and (chosen.noun, name) in _WITHIN:
            path = _WITHIN[chosen.noun, name].format(word=names[value].word)
            continue
        if isinstance(value, UUID) and parameters.get(name) == "field_of_action":
            value = names[value].word
        if name != "words":
            asked[parameters.get(name, name)] = value
    query = urlencode({**asked, **_search(chosen)})
    return f"{path}?{query}" if query else path


def _search(chosen: ListFilter) -> dict[str, str]:
    return {"q": " ".join(sorted(chosen.words))} if chosen.words else {}


_GROUPS = {name: f"{name}s" for name in TAGS}
_PAGES = {
    SubjectType.NEED: ("/bedarfe", _GROUPS),
    SubjectType.PROPOSAL: ("/vorschlaege", _GROUPS),
    SubjectType.RECOMMENDATION: ("/empfehlungen", {"organisation_id": "addressee_id"}),
    SubjectType.MEASURE: (
        "/massnahmen",
        {"field_of_action_id": "field_of_action", "organisation_id": "responsible"},
    ),
    SubjectType.GOAL: ("/monitoring", {"field_of_action_id": "field_of_action"}),
    SubjectType.INDICATOR: ("/monitoring/kontext", {"field_of_action_id": "field_of_action"}),
    SubjectType.REUSE: ("/empfehlungen", {}),
    SubjectType.PUBLICATION: ("/publikationen", {"field_of_action_id": "field_of_action"}),
    SubjectType.COMMENT_ROUND: ("/beteiligung", {}),
}
"""By noun: the address of its list, and what its parameters are called where that differs."""

_WITHIN = {
    (SubjectType.GOAL, "body_id"): "/gremien/{word}/ziele",
    (SubjectType.REUSE, "recommendation_id"): "/empfehlungen/{word}/nachnutzung",
}
"""Lists that stand on the pages of something else, by what they are narrowed to."""
