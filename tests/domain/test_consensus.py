"""Counting: every ballot of up to six seats against the rules said once more, in plain loops."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.consensus import (
    RANGES,
    DecisionRule,
    Position,
    RulesOfProcedure,
    RulesRefused,
    Strength,
    Vote,
    count,
    count_without_recusals,
    counted_position,
    is_dissent_awaited,
    may_close_early,
    may_dissent,
    strength_of,
)

Seat = tuple[str | None, Position | None]
SEATS_SAID: tuple[Position | None, ...] = (*Position, None)
YES = {Position.AGREE, Position.AGREE_WITH_RESERVATION}


def ballots(seats: int, groups: tuple[str | None, ...]) -> Iterator[tuple[Seat, ...]]:
    """Every ballot of so many seats; the order of the seats makes no difference."""
    kinds = list(product(groups, SEATS_SAID))
    return combinations_with_replacement(kinds, seats)


def counted(seats: tuple[Seat, ...], rules: RulesOfProcedure) -> Any:
    votes = [Vote(group, position) for group, position in seats if position is not None]
    return count(votes, [group for group, _ in seats], rules)


def expected(seats: tuple[Seat, ...], rules: RulesOfProcedure) -> tuple[bool, bool]:
    """Quorum and outcome, said the long way."""
    said = [position for _, position in seats]
    present = [position for position in said if position is not Position.RECUSED]
    cast = [position for position in present if position is not None]
    quorum = bool(present) and Fraction(len(cast), len(present)) > Fraction(rules.quorum_percent, 100)
    decisive = [position for position in cast if position is not Position.ABSTAIN]
    agreeing = [position for position in decisive if position in YES]
    if rules.decision_rule is DecisionRule.TAKE_NOTE:
        return quorum, quorum
    if not quorum or not agreeing:
        return quorum, False
    if rules.decision_rule is DecisionRule.QUALIFIED_MAJORITY:
        met = Fraction(len(agreeing), len(decisive)) > Fraction(rules.threshold_percent, 100)
    elif rules.decision_rule is DecisionRule.SIMPLE_MAJORITY:
        met = len(agreeing) > len(decisive) - len(agreeing)
    elif rules.decision_rule is DecisionRule.CONSENSUS:
        met = Position.OBJECT not in decisive
    elif rules.decision_rule is DecisionRule.UNANIMITY:
        met = all(position in YES for position in present)
    else:
        met = True
        for name in {group for group, _ in seats}:
            votes = [position for group, position in seats if group == name]
            for_it = sum(1 for position in votes if position in YES)
            against = votes.count(Position.OBJECT)
            met = met and (for_it > against or for_it == against == 0)
    return quorum, met


@pytest.mark.parametrize("rule", DecisionRule)
@pytest.mark.parametrize(("threshold", "quorum"), [(75, 50), (50, 0), (66, 66), (99, 99)])
def test_every_ballot_of_up_to_six_seats(rule: DecisionRule, threshold: int, quorum: int) -> None:
    rules = RulesOfProcedure(decision_rule=rule, threshold_percent=threshold, quorum_percent=quorum)
    for seats in range(7):
        for ballot in ballots(seats, (None,)):
            result = counted(ballot, rules)
            assert (result.quorum_met, result.carried) == expected(ballot, rules), ballot


@pytest.mark.parametrize("quorum", [0, 50])
def test_every_ballot_of_up_to_four_seats_in_groups(quorum: int) -> None:
    rules = RulesOfProcedure(decision_rule=DecisionRule.GROUP_MAJORITY, quorum_percent=quorum)
    for seats in range(5):
        for ballot in ballots(seats, ("Länder", "Verbände", None)):
            result = counted(ballot, rules)
            assert (result.quorum_met, result.carried) == expected(ballot, rules), ballot
            assert sum(tally.entitled for tally in result.by_group) == result.entitled
            assert sum(tally.yes for tally in result.by_group) == result.yes


def test_every_seat_is_counted_exactly_once() -> None:
    for ballot in ballots(6, (None,)):
        result = counted(ballot, RulesOfProcedure())
        said = [position for _, position in ballot]
        assert result.entitled == 6
        assert result.silent == said.count(None)
        assert result.recused == said.count(Position.RECUSED)
        assert result.cast == 6 - result.silent - result.recused
        assert result.denominator == result.cast - said.count(Position.ABSTAIN)
        assert result.more_yes_than_no == (result.yes > said.count(Position.OBJECT))
        assert not (result.carried and result.is_majority_with_dissent)


def test_the_result_has_the_names_of_the_api() -> None:
    votes = [Vote("Länder", Position.AGREE), Vote("Länder", Position.OBJECT), Vote(None, Position.RECUSED)]
    mapping = count(votes, ["Länder", "Länder", None, "Verbände"], RulesOfProcedure()).as_mapping()
    groups = mapping.pop("by_group")
    assert mapping == {
        "entitled": 4,
        "cast": 2,
        "agree": 1,
        "agree_with_reservation": 0,
        "object": 1,
        "abstain": 0,
        "recused": 1,
        "denominator": 2,
        "quorum_met": True,
        "carried": False,
        "strength": "none",
    }
    assert [group["group"] for group in groups] == ["Länder", "Verbände", None]
    assert groups[0]["cast"] == 2


def test_groups_without_a_yes_or_no_are_named_and_do_not_stop_the_others() -> None:
    rules = RulesOfProcedure(decision_rule=DecisionRule.GROUP_MAJORITY)
    votes = [Vote("Länder", Position.AGREE), Vote("Verbände", Position.ABSTAIN), Vote("", Position.AGREE)]
    result = count(votes, ["Länder", "Verbände", "", " ", "Kommunen"], rules)
    assert result.carried
    assert result.groups_without_votes == ("Kommunen", "Verbände")
    assert [(tally.group, tally.entitled) for tally in result.by_group][-1] == (None, 2)


def test_a_group_against_stops_a_large_majority() -> None:
    rules = RulesOfProcedure(decision_rule=DecisionRule.GROUP_MAJORITY)
    votes = [Vote("Verbände", Position.AGREE)] * 9 + [Vote("Länder", Position.OBJECT)]
    result = count(votes, ["Verbände"] * 9 + ["Länder"], rules)
    assert not result.carried
    assert result.is_majority_with_dissent


def test_a_recused_seat_leaves_the_quorum() -> None:
    votes = [Vote(None, Position.AGREE), Vote(None, Position.RECUSED), Vote(None, Position.RECUSED)]
    assert count(votes, [None] * 3, RulesOfProcedure()).quorum_met
    assert not count_without_recusals(votes, [None] * 3, RulesOfProcedure()).quorum_met


def test_half_the_seats_are_no_quorum_of_fifty_percent() -> None:
    votes = [Vote(None, Position.AGREE)] * 3
    assert not count(votes, [None] * 6, RulesOfProcedure()).quorum_met
    assert count(votes, [None] * 5, RulesOfProcedure()).quorum_met


@pytest.mark.parametrize("entitled", [[], [None], ["Länder"]])
def test_more_votes_than_seats_are_refused(entitled: list[str | None]) -> None:
    with pytest.raises(ValueError, match="more votes"):
        count([Vote(None, Position.AGREE)] * 2, entitled, RulesOfProcedure())


@pytest.mark.parametrize(
    ("yes", "denominator", "strength"),
    [
        (0, 0, Strength.NONE),
        (0, 3, Strength.NONE),
        (1, 1, Strength.UNANIMOUS),
        (19, 20, Strength.BROAD),
        (20, 21, Strength.STRONG),
        (3, 4, Strength.MAJORITY),
        (4, 5, Strength.BROAD),
        (1, 2, Strength.NONE),
        (2, 3, Strength.MAJORITY),
    ],
)
def test_strength(yes: int, denominator: int, strength: Strength) -> None:
    assert strength_of(yes, denominator) is strength


def test_strength_never_falls_as_agreement_grows() -> None:
    order = list(reversed(Strength))
    for denominator in range(1, 60):
        ranks = [order.index(strength_of(yes, denominator)) for yes in range(denominator + 1)]
        assert ranks == sorted(ranks)


def test_the_deputy_counts_only_where_the_member_is_missing() -> None:
    for member, deputy in product(SEATS_SAID, SEATS_SAID):
        assert counted_position(member, deputy) is (member if member is not None else deputy)


def test_what_follows_from_a_position() -> None:
    reasons = {position for position in Position if position.is_reason_required}
    assert reasons == {Position.AGREE_WITH_RESERVATION, Position.OBJECT, Position.RECUSED}
    assert [position for position in SEATS_SAID if not may_dissent(position)] == [Position.AGREE]
    waiting = {Position.OBJECT, Position.AGREE_WITH_RESERVATION, Position.ABSTAIN, None}
    assert {position for position in SEATS_SAID if is_dissent_awaited(position)} == waiting
    assert may_close_early([Position.AGREE, Position.RECUSED])
    assert not may_close_early([Position.AGREE, None])


def test_missing_keys_take_their_defaults() -> None:
    assert RulesOfProcedure.from_mapping({}).as_mapping() == {
        "decision_rule": "qualified_majority",
        "threshold_percent": 75,
        "quorum_percent": 50,
        "ballot_days": 14,
        "dissent_days": 14,
        "comment_days": 14,
        "notice_days": 21,
    }


@pytest.mark.parametrize("rule", DecisionRule)
def test_rules_survive_the_way_through_json(rule: DecisionRule) -> None:
    rules = RulesOfProcedure(decision_rule=rule, **{key: highest for key, (_, highest) in RANGES.items()})
    mapping = rules.as_mapping()
    assert RulesOfProcedure.from_mapping(mapping) == rules
    assert {type(value) for value in mapping.values()} == {str, int}


def refused(given: Mapping[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(RulesRefused) as caught:
        RulesOfProcedure.from_mapping(given)
    for problem in caught.value.problems:
        assert f"„{problem.field}“" in problem.message
    return [(problem.field, problem.code) for problem in caught.value.problems]


@pytest.mark.parametrize("key", RANGES)
@pytest.mark.parametrize("value", [True, False, 14.0, "14", None, [14], {}])
def test_only_whole_numbers_are_numbers(key: str, value: object) -> None:
    assert refused({key: value}) == [(key, "malformed")]


@pytest.mark.parametrize("key", RANGES)
def test_numbers_stay_in_their_range(key: str) -> None:
    lowest, highest = RANGES[key]
    assert refused({key: lowest - 1}) == [(key, "out_of_range")]
    assert refused({key: highest + 1}) == [(key, "out_of_range")]
    for value in (lowest, highest):
        assert RulesOfProcedure.from_mapping({key: value}).as_mapping()[key] == value


def test_every_bad_key_is_named() -> None:
    given = {"quorum": 50, "decision_rule": "dictator", "ballot_days": 0, "comment_days": 10**30}
    assert refused(given) == [
        ("quorum", "unknown"),
        ("decision_rule", "malformed"),
        ("ballot_days", "out_of_range"),
        ("comment_days", "out_of_range"),
    ]
    assert refused({"decision_rule": None}) == [("decision_rule", "malformed")]


@given(st.dictionaries(st.text(max_size=20), st.none() | st.booleans() | st.integers() | st.text(max_size=9)))
def test_no_mapping_ends_in_another_error(given_rules: dict[str, object]) -> None:
    with suppress(RulesRefused):
        rules = RulesOfProcedure.from_mapping(given_rules)
        assert set(given_rules) <= set(rules.as_mapping())
