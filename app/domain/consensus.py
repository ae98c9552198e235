"""Rules of procedure and how a ballot is counted by them. Whole numbers only; never looks at who voted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final

REVISION_BALLOT_DAYS: Final = 7


class DecisionRule(StrEnum):
    """What it takes for a ballot to be carried, beside the quorum."""

    QUALIFIED_MAJORITY = "qualified_majority"
    SIMPLE_MAJORITY = "simple_majority"
    CONSENSUS = "consensus"
    UNANIMITY = "unanimity"
    GROUP_MAJORITY = "group_majority"
    TAKE_NOTE = "take_note"


class Position(StrEnum):
    """What a seat can say in a ballot."""

    AGREE = "agree"
    AGREE_WITH_RESERVATION = "agree_with_reservation"
    OBJECT = "object"
    ABSTAIN = "abstain"
    RECUSED = "recused"

    @property
    def is_reason_required(self) -> bool:
        """Whether this position is refused without a reason."""
        return self not in (Position.AGREE, Position.ABSTAIN)


class Strength(StrEnum):
    """How strongly a ballot agreed; shown only with the counts beside it."""

    UNANIMOUS = "unanimous"
    STRONG = "strong"
    BROAD = "broad"
    MAJORITY = "majority"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """What is wrong with one key: `unknown`, `malformed` or `out_of_range`, with the allowed span."""

    code: str
    field: str
    message: str
    lowest: int | None = None
    highest: int | None = None


class RulesRefused(ValueError):
    """Rules of procedure that cannot stand; carries every problem, and `code` and `field` of the first."""

    def __init__(self, problems: Sequence[RuleProblem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)
        self.code = problems[0].code
        self.field = problems[0].field


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesOfProcedure:
    """The settings of a body that a ballot pins: percentages and calendar days."""

    decision_rule: DecisionRule = DecisionRule.QUALIFIED_MAJORITY
    threshold_percent: int = 75
    quorum_percent: int = 50
    ballot_days: int = 14
    dissent_days: int = 14
    comment_days: int = 14
    notice_days: int = 21

    @classmethod
    def from_mapping(cls, given: Mapping[str, object]) -> "RulesOfProcedure":
        """The rules with these settings and the default for each missing one; RulesRefused names bad keys."""
        problems = [problem for key, value in given.items() if (problem := _problem_of(str(key), value))]
        if problems:
            raise RulesRefused(problems)
        numbers = {key: value for key, value in given.items() if isinstance(value, int)}
        rule = given.get("decision_rule", DecisionRule.QUALIFIED_MAJORITY)
        return cls(decision_rule=DecisionRule(str(rule)), **numbers)

    def as_mapping(self) -> dict[str, str | int]:
        """Every setting by its name, ready for JSON; `from_mapping` reads it back."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


# A threshold or a quorum of 100 percent could never be exceeded, and a majority below a half is none.
RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "threshold_percent": (50, 99),
    "quorum_percent": (0, 99),
    "ballot_days": (1, 365),
    "dissent_days": (0, 365),
    "comment_days": (1, 365),
    "notice_days": (0, 365),
}


@dataclass(frozen=True, slots=True)
class Vote:
    """The one position that counts for a seat, and the group the seat belongs to."""

    group: str | None
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many seats said what; the seats that said nothing are `silent`."""

    entitled: int
    agree: int
    agree_with_reservation: int
    object: int
    abstain: int
    recused: int

    @property
    def yes(self) -> int:
        """Agreement with and without reservation."""
        return self.agree + self.agree_with_reservation

    @property
    def cast(self) -> int:
        """Every position but a recusal."""
        return self.yes + self.object + self.abstain

    @property
    def denominator(self) -> int:
        """The votes a majority is measured by: yes and no, without abstentions."""
        return self.yes + self.object

    @property
    def silent(self) -> int:
        """Entitled seats without any position: shown as silence, never as consent."""
        return self.entitled - self.cast - self.recused

    @property
    def more_yes_than_no(self) -> bool:
        """Whether agreement outnumbers objection: the simple majority."""
        return self.yes > self.object


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTally(Tally):
    """The tally of one group of seats; `group` is None for all seats without a group."""

    group: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Tally):
    """What came out of a ballot, as a whole and by group of seats."""

    quorum_met: bool
    carried: bool
    strength: Strength
    by_group: tuple[GroupTally, ...]

    @property
    def groups_without_votes(self) -> tuple[str | None, ...]:
        """The groups in which no seat said yes or no."""
        return tuple(tally.group for tally in self.by_group if tally.denominator == 0)

    @property
    def is_majority_with_dissent(self) -> bool:
        """Whether the quorum is met and more said yes than no, but the rule's threshold was missed."""
        return self.quorum_met and self.more_yes_than_no and not self.carried

    def as_mapping(self) -> dict[str, Any]:
        """The result by the names of the API, with the counts by group."""
        return {
            **_counts(self),
            "quorum_met": self.quorum_met,
            "carried": self.carried,
            "strength": self.strength.value,
            "by_group": [{"group": tally.group, **_counts(tally)} for tally in self.by_group],
        }


def count(votes: Iterable[Vote], entitled: Sequence[str | None], rules: RulesOfProcedure) -> Result:
    """Count a ballot. `entitled` holds the group of every entitled seat, `votes` one a seat that voted.

    ValueError where a group has more votes than seats.
    """
    seats = Counter(_group(group) for group in entitled)
    positions = Counter((_group(vote.group), vote.position) for vote in votes)
    by_group = tuple(
        GroupTally(group=group, **_tally(seats[group], _of_group(positions, group)))
        for group in sorted(seats, key=lambda name: (name is None, name or ""))
    )
    whole = Tally(**_tally(len(entitled), _of_all(positions)))
    if any(tally.silent < 0 for tally in by_group) or whole.silent != sum(tally.silent for tally in by_group):
        raise ValueError("more votes than entitled seats")
    quorum_met = 100 * whole.cast > rules.quorum_percent * (whole.entitled - whole.recused)
    return Result(
        **asdict(whole),
        quorum_met=quorum_met,
        carried=quorum_met and _meets(rules, whole, by_group),
        strength=strength_of(whole.yes, whole.denominator),
        by_group=by_group,
    )


def count_without_recusals(votes: Iterable[Vote], entitled: Sequence[str | None], rules: RulesOfProcedure) -> Result:
    """What would come out if recused seats had stayed in quorum and electorate, without a position."""
    return count([vote for vote in votes if vote.position is not Position.RECUSED], entitled, rules)


def strength_of(yes: int, denominator: int) -> Strength:
    """How strongly `yes` of `denominator` votes agree; without a yes there is no agreement to name."""
    if yes == 0:
        return Strength.NONE
    if yes == denominator:
        return Strength.UNANIMOUS
    for percent, strength in ((95, Strength.STRONG), (75, Strength.BROAD), (50, Strength.MAJORITY)):
        if 100 * yes > percent * denominator:
            return strength
    return Strength.NONE


def counted_position(member: Position | None, deputy: Position | None) -> Position | None:
    """The position that counts for a seat: the member's; the deputy's only where the member's is missing."""
    return deputy if member is None else member


def may_dissent(position: Position | None) -> bool:
    """Whether an entitled seat with this counted position may file a dissenting opinion."""
    return position is not Position.AGREE


def is_dissent_awaited(position: Position | None) -> bool:
    """Whether adoption waits for this entitled seat to file or to waive while the period runs."""
    return position not in (Position.AGREE, Position.RECUSED)


def may_close_early(positions: Iterable[Position | None]) -> bool:
    """Whether every entitled seat has a position; `positions` holds one entry an entitled seat."""
    return all(position is not None for position in positions)


def _meets(rules: RulesOfProcedure, whole: Tally, by_group: Sequence[GroupTally]) -> bool:
    match rules.decision_rule:
        case DecisionRule.QUALIFIED_MAJORITY:
            return 100 * whole.yes > rules.threshold_percent * whole.denominator
        case DecisionRule.SIMPLE_MAJORITY:
            return 2 * whole.yes > whole.denominator
        case DecisionRule.CONSENSUS:
            return whole.object == 0 < whole.yes
        case DecisionRule.UNANIMITY:
            return whole.yes == whole.entitled - whole.recused > 0
        case DecisionRule.GROUP_MAJORITY:
            voting = [tally for tally in by_group if tally.denominator > 0]
            return bool(voting) and all(2 * tally.yes > tally.denominator for tally in voting)
        case DecisionRule.TAKE_NOTE:
            return True


def _group(name: str | None) -> str | None:
    return (name or "").strip() or None


def _of_group(positions: Counter[tuple[str | None, Position]], group: str | None) -> dict[Position, int]:
    return {position: positions[group, position] for position in Position}


def _of_all(positions: Counter[tuple[str | None, Position]]) -> dict[Position, int]:
    return {
        position: sum(number for (_, said), number in positions.items() if said is position) for position in Position
    }


def _tally(entitled: int, numbers: Mapping[Position, int]) -> dict[str, int]:
    return {"entitled": entitled, **{position.value: numbers[position] for position in Position}}


def _counts(tally: Tally) -> dict[str, object]:
    names = (
        "entitled",
        "cast",
        "agree",
        "agree_with_reservation",
        "object",
        "abstain",
        "recused",
        "denominator",
    )
    return {name: getattr(tally, name) for name in names}


def _plain(value: str | int) -> str | int:
    return str(value) if isinstance(value, str) else value


def _problem_of(key: str, value: object) -> RuleProblem | None:
    if key == "decision_rule":
        if isinstance(value, str) and value in {rule.value for rule in DecisionRule}:
            return None
        return RuleProblem("malformed", key, f"Die Beschlussregel („{key}“) ist nicht bekannt.")
    if key not in RANGES:
        return RuleProblem("unknown", key, f"Die Einstellung „{key}“ gibt es in der Verfahrensordnung nicht.")
    lowest, highest = RANGES[key]
    if isinstance(value, bool) or not isinstance(value, int):
        message = f"Die Einstellung „{key}“ muss eine ganze Zahl sein."
        return RuleProblem("malformed", key, message, lowest, highest)
    if not lowest <= value <= highest:
        message = f"Die Einstellung „{key}“ muss zwischen {lowest} und {highest} liegen."
        return RuleProblem("out_of_range", key, message, lowest, highest)
    return None
