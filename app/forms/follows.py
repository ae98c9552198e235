"""What is sent to follow a thing or a list, to mute it, and to take that back."""

from __future__ import annotations

from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.domain.events import SubjectType
from app.domain.follows import FILTERS, STATES, FollowChoice, ListFilter
from app.forms.base import Input, SearchWords
from app.i18n import _


class FollowForm(Input):
    """What a person says of a thing, a body or a field; `back` is the page it stays on."""

    choice: FollowChoice
    back: str | None = Field(default=None, max_length=2_000)


class FollowListForm(Input):
    """A list with its filters, to be followed or followed no more; the fields are those of `ListFilter`."""

    choice: Literal[FollowChoice.FOLLOW, FollowChoice.UNFOLLOW]
    noun: Literal[SubjectType.NEED, SubjectType.PROPOSAL, SubjectType.RECOMMENDATION, SubjectType.MEASURE]
    body_id: UUID | None = None
    field_of_action_id: UUID | None = None
    topic_id: UUID | None = None
    guiding_question_id: UUID | None = None
    cross_cutting_theme_id: UUID | None = None
    target_group_id: UUID | None = None
    organisation_id: UUID | None = None
    state: str | None = Field(default=None, max_length=40)
    q: SearchWords | None = None
    back: str | None = Field(default=None, max_length=2_000)

    @model_validator(mode="after")
    def _is_a_list(self) -> Self:  # noqa: N804  what comes after the check of the fields has an object
        chosen = self.list_filter
        if not chosen.narrowed_by:
            raise ValueError(_("Bitte grenzen Sie die Liste zuerst ein."))
        if not set(chosen.narrowed_by) <= FILTERS[self.noun]:
            raise ValueError(_("Nach diesem Merkmal lässt sich die Liste nicht eingrenzen."))
        if self.state is not None and self.state not in list(STATES[self.noun]):
            raise ValueError(_("Diesen Stand gibt es hier nicht."))
        return self

    @property
    def list_filter(self) -> ListFilter:
        """The list as the domain knows it."""
        sent = self.model_dump(exclude={"choice", "q", "back"})
        return ListFilter(**sent, words=words_of(self.q))


def words_of(search: str | None) -> frozenset[str]:
    """The words a list is searched for, as the search itself reads them."""
    return frozenset((search or "").casefold().split()[:8])
