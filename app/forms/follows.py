"""What is sent to follow a thing or a list, to mute it, and to take that back."""

from __future__ import annotations

from itertools import product
from typing import Any, Final, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.domain.events import SubjectType
from app.domain.follows import FILTERS, FOLLOWED_WHOLE, STATES, FollowChoice, ListFilter
from app.domain.implementation import ImplementationStatus
from app.domain.reuses import Land, SizeClass
from app.domain.visibility import Visibility
from app.forms.base import Input, SearchWords
from app.i18n import _

MOST_AT_ONCE: Final = 20
"""Lists followed by one press of a button."""


class FollowForm(Input):
    """What a person says of a thing, a body or a field; `back` is the page it stays on."""

    choice: FollowChoice
    back: str | None = Field(default=None, max_length=2_000)


class FollowListForm(Input):
    """A list with its filters, to be followed or followed no more; the fields are those of `ListFilter`.

    Of Leitfragen, themes and target groups any of several may be meant: that is one list for each.
    """

    choice: Literal[FollowChoice.FOLLOW, FollowChoice.UNFOLLOW]
    noun: Literal[
        SubjectType.NEED,
        SubjectType.PROPOSAL,
        SubjectType.RECOMMENDATION,
        SubjectType.MEASURE,
        SubjectType.GOAL,
        SubjectType.INDICATOR,
        SubjectType.REUSE,
        SubjectType.PUBLICATION,
        SubjectType.COMMENT_ROUND,
    ]
    body_id: UUID | None = None
    field_of_action_id: UUID | None = None
    topic_id: UUID | None = None
    guiding_question_id: list[UUID] = Field(default=[], max_length=MOST_AT_ONCE)
    cross_cutting_theme_id: list[UUID] = Field(default=[], max_length=MOST_AT_ONCE)
    target_group_id: list[UUID] = Field(default=[], max_length=MOST_AT_ONCE)
    organisation_id: UUID | None = None
    recommendation_id: UUID | None = None
    land: Land | None = None
    size_class: SizeClass | None = None
    state: str | None = Field(default=None, max_length=40)
    visibility: Visibility | None = None
    implementation_status: ImplementationStatus | None = None
    year: int | None = Field(default=None, ge=1900, le=2199)
    q: SearchWords | None = None
    back: str | None = Field(default=None, max_length=2_000)

    @model_validator(mode="after")
    def _is_a_list(self) -> Self:  # noqa: N804  what comes after the check of the fields has an object
        chosen = self.list_filters[0]
        if len(self.list_filters) > MOST_AT_ONCE:
            raise ValueError(_("Das sind zu viele Listen auf einmal."))
        is_whole = self.recommendation_id is None if self.noun is SubjectType.REUSE else not chosen.narrowed_by
        if is_whole and self.noun not in FOLLOWED_WHOLE:
            raise ValueError(_("Bitte grenzen Sie die Liste zuerst ein."))
        if not set(chosen.narrowed_by) <= FILTERS[self.noun]:
            raise ValueError(_("Nach diesem Merkmal lässt sich die Liste nicht eingrenzen."))
        if self.state is not None and self.state not in list(STATES.get(self.noun, ())):
            raise ValueError(_("Diesen Stand gibt es hier nicht."))
        return self

    @property
    def list_filters(self) -> list[ListFilter]:
        """The lists as the domain knows them."""
        return lists_of(words=words_of(self.q), **self.model_dump(exclude={"choice", "q", "back"}))


def lists_of(**chosen: Any) -> list[ListFilter]:
    """A list as it is followed: one for each of several values of one kind, any of which is meant."""
    several = {name: value or [None] for name, value in chosen.items() if isinstance(value, list)}
    single = {name: value for name, value in chosen.items() if name not in several}
    return [ListFilter(**single, **dict(zip(several, values, strict=True))) for values in product(*several.values())]


def words_of(search: str | None) -> frozenset[str]:
    """The words a list is searched for, as the search itself reads them."""
    return frozenset((search or "").casefold().split()[:8])
