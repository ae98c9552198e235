"""The figures of the public overview, counted from what is followed; it asks the database nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.implementation import AddresseeAnswer, ImplementationStatus
from app.domain.organisations import Level
from app.domain.sorting import sort_key
from app.models.organisations import Organisation
from app.models.programmes import FieldOfAction, TargetGroup, Topic
from app.queries.implementation import Tracked

STATUSES = (
    ImplementationStatus.DONE,
    ImplementationStatus.MOSTLY_DONE,
    ImplementationStatus.STARTED,
    ImplementationStatus.NOT_STARTED,
    ImplementationStatus.NO_RESPONSE,
    ImplementationStatus.NOT_DONE,
    ImplementationStatus.CLOSED,
)
"""From done to not done, as a bar shows them."""

ANSWERS = (
    AddresseeAnswer.COMMITTED,
    AddresseeAnswer.PARTLY_COMMITTED,
    AddresseeAnswer.DECLINED,
    AddresseeAnswer.NOT_COMPETENT,
    AddresseeAnswer.PENDING,
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a picture: `key` is the value its list is filtered by."""

    key: str
    title: str
    counts: tuple[tuple[StrEnum, int], ...]

    @property
    def total(self) -> int:
        """What the parts add up to."""
        return sum(count for _word, count in self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The numbers at the head of the overview."""

    recommendations: int
    measures: int
    verified: int
    overdue: int
    overdue_measures: int
    silent: int


def figures_of(tracked: Sequence[Tracked]) -> Figures:
    """The numbers of these recommendations."""
    return Figures(
        recommendations=len(tracked),
        measures=sum(one.view.measures for one in tracked),
        verified=sum(one.view.verified for one in tracked),
        overdue=sum(one.view.overdue for one in tracked),
        overdue_measures=sum(one.view.overdue_measures for one in tracked),
        silent=sum(one.view.silent for one in tracked),
    )


def by_field(tracked: Sequence[Tracked], fields: Iterable[FieldOfAction]) -> list[Bar]:
    """The status of the recommendations of each field, in the programme's order."""
    return [
        _bar(field.slug, field.name, [one for one in tracked if one.recommendation.field_of_action_id == field.id])
        for field in fields
    ]


def by_level(tracked: Sequence[Tracked], names: dict[Level, str]) -> list[Bar]:
    """The status by the level of those addressed; a recommendation counts on each level it addresses."""
    return [_bar(level.value, name, [one for one in tracked if level in _levels(one)]) for level, name in names.items()]


def by_year(tracked: Sequence[Tracked]) -> list[Bar]:
    """The status of the recommendations published in each year, the oldest year first."""
    return [
        _bar(str(year), str(year), [one for one in tracked if one.published_on.year == year])
        for year in reversed(years_of(tracked))
    ]


def answers_of(tracked: Sequence[Tracked]) -> tuple[tuple[StrEnum, int], ...]:
    """How many addressees gave which answer; silence is one of them."""
    counted = Counter(response.answer for one in tracked for response in one.responses)
    return tuple((answer, counted[answer]) for answer in ANSWERS)


def addressees_of(tracked: Sequence[Tracked]) -> list[Organisation]:
    """Every organisation addressed by one of them, once, in German order."""
    found = {
        response.organisation.id: response.organisation
        for one in tracked
        for response in one.responses
        if response.organisation
    }
    return sorted(found.values(), key=lambda each: (each.sort_key, each.name))


def topics_of(tracked: Iterable[Tracked]) -> list[Topic]:
    """Every topic one of them is on, once, in German order; they were loaded with their tags."""
    found = {one.recommendation.topic.id: one.recommendation.topic for one in tracked if one.recommendation.topic}
    return sorted(found.values(), key=lambda topic: (sort_key(topic.title), topic.slug))


def target_groups_of(tracked: Iterable[Tracked]) -> list[TargetGroup]:
    """Every target group one of them is for, once, in German order."""
    found = {group.id: group for one in tracked for group in one.target_groups}
    return sorted(found.values(), key=lambda group: (group.sort_key, group.slug))


def statuses_of(tracked: Iterable[Tracked]) -> tuple[tuple[StrEnum, int], ...]:
    """How many of them have come how far."""
    return _bar("", "", tracked).counts


def years_of(tracked: Sequence[Tracked]) -> list[int]:
    """The years of publication, newest first."""
    return sorted({one.published_on.year for one in tracked}, reverse=True)


def _bar(key: str, title: str, tracked: Iterable[Tracked]) -> Bar:
    counted = Counter(one.view.status for one in tracked)
    return Bar(key, title, tuple((status, counted[status]) for status in STATUSES))


def _levels(one: Tracked) -> set[Level]:
    return {response.organisation.level for response in one.responses if response.organisation}
