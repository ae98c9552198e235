"""Plays what a body agrees on and how it is followed: goals by decision, indicators with their readings, context."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.actions.goals import change_goal, propose_goal, transition_goal
from app.actions.indicators import define_indicator
from app.actions.readings import add_reading, correct_reading
from app.demo.stage import DAYS, Stage
from app.domain.actors import Actor
from app.domain.deadlines import BERLIN, add_months, berlin_date
from app.domain.goals import GoalKind
from app.domain.indicators import IndicatorKind, Rhythm
from app.forms.goals import GoalChange, GoalForm, GoalTransition
from app.forms.indicators import Breakdown, IndicatorForm, ReadingCorrection, ReadingForm
from app.models.goals import Goal
from app.models.programmes import FieldOfAction
from app.queries.goals import recommendation_ids_of

_ENTERED_AFTER_DAYS = 20
_QUARTER = 3
_KINDS = {"strategisch": GoalKind.STRATEGIC, "operativ": GoalKind.OPERATIVE}


def play_goals(stage: Stage, body_id: UUID, content: dict[str, Any]) -> None:
    """What the body wants to reach: proposed, agreed, each with its indicators; and the context of its field."""
    chair = content["arbeitsgruppe"]["sitze"][0]["organisation"]
    for number, each in enumerate(content.get("ziele", [])):
        stage.go_to(40 + number, 10)
        with stage.database.write() as session:
            author = stage.holder(session, body_id, chair)
            form = GoalForm(
                body_id=body_id,
                kind=_KINDS[each["art"]],
                title=each["titel"],
                parent_id=stage.goals[each["zu"]] if "zu" in each else None,
                seat_id=author.seat_id,
            )
            stage.goals[each["id"]] = propose_goal(session, form, actor=author)[0].id
    stage.go_to(52, 15)
    for each in content.get("ziele", []):
        if each.get("stand") == "vorgeschlagen":
            continue
        with stage.database.write() as session:
            decision = GoalTransition(
                transition="agree",
                decided_on=berlin_date(stage.moment),
                decision_reference="Protokoll der 2. Sitzung, TOP 4 (Beispiel)",
            )
            leader = stage.holder(session, body_id, chair)
            transition_goal(session, stage.goals[each["id"]], decision, actor=leader)
    for each in content.get("ziele", []):
        for indicator in each.get("indikatoren", []):
            stage.go_to(54, 11)
            play_indicator(stage, indicator, goal_id=stage.goals[each["id"]])
    _play_context(stage, content)


def link_goals(stage: Stage, recommendation_id: UUID, names: list[str]) -> None:
    """Say of a published recommendation which goals it serves."""
    for name in names:
        with stage.acting() as (session, actor):
            goal = session.exec(select(Goal).where(Goal.id == stage.goals[name])).one()
            linked = recommendation_ids_of(session, [goal.id], actor).get(goal.id, [])
            form = GoalChange(recommendation_ids=[*linked, recommendation_id])
            change_goal(session, goal.id, form, actor=actor)


def play_indicator(
    stage: Stage, content: dict[str, Any], *, goal_id: UUID | None = None, measure_id: UUID | None = None
) -> None:
    """An indicator from the quarter before the story began, with a value for each quarter since."""
    begun = last_of_quarter(berlin_date(stage.today - timedelta(days=DAYS)))
    with stage.acting() as (session, actor):
        form = IndicatorForm(
            goal_id=goal_id,
            measure_id=measure_id,
            title=content["name"],
            definition=content.get("definition", ""),
            kind=IndicatorKind(content["art"].lower()),
            unit=content["einheit"],
            source=content["quelle"],
            rhythm=Rhythm.QUARTERLY,
            baseline=content["ausgang"],
            baseline_on=begun,
            target=content["ziel"],
            target_on=date(stage.today.year + 2, 12, 31),
            breakdowns=[Breakdown(**each) for each in content.get("aufgegliedert", [])],
        )
        indicator_id = define_indicator(session, form, actor=actor)[0].id
    standing = stage.moment
    for number, value in enumerate(content["werte"], start=1):
        _play_reading(stage, indicator_id, content, number, value, begun)
    stage.moment = max(standing, stage.moment)


def last_of_quarter(day: date) -> date:
    """The last day of the quarter before this day's."""
    first_month = (day.month - 1) // _QUARTER * _QUARTER + 1
    return date(day.year, first_month, 1) - timedelta(days=1)


def _play_reading(
    stage: Stage, indicator_id: UUID, content: dict[str, Any], number: int, value: Any, begun: date
) -> None:
    last = add_months(begun + timedelta(days=1), _QUARTER * number) - timedelta(days=1)
    period = f"{last.year}-Q{(last.month - 1) // _QUARTER + 1}"
    entered = datetime.combine(last + timedelta(days=_ENTERED_AFTER_DAYS), time(10), tzinfo=BERLIN)
    if entered >= stage.today:
        return
    stage.moment = max(stage.moment, entered)
    is_newest = number == len(content["werte"])
    with stage.acting() as (session, actor):
        form = ReadingForm(period=period, value=value, provisional=is_newest)
        reading, _is_new = add_reading(session, indicator_id, form, actor=actor)
        for name, share in content.get("anteile", {}).items():
            of_category = ReadingForm(period=period, category=name, value=share[number - 1], provisional=is_newest)
            add_reading(session, indicator_id, of_category, actor=actor)
    if number in content.get("berichtigt", {}):
        with stage.acting() as (session, actor):
            reason = "Nachmeldung zweier Regionen (Beispiel)"
            better = ReadingCorrection(value=content["berichtigt"][number], reason=reason)
            correct_reading(session, indicator_id, reading.id, better, actor=actor)


def _play_context(stage: Stage, content: dict[str, Any]) -> None:
    for each in content.get("kontext", []):
        stage.go_to(56, 9)
        with stage.acting() as (session, actor):
            field = session.exec(select(FieldOfAction).where(FieldOfAction.code == content["code"])).one()
            define_context(session, field.id, each, stage.content["quellen"], actor)


def define_context(
    session: Session, field_id: UUID, content: dict[str, Any], sources: dict[str, str], actor: Actor
) -> None:
    """A figure of official statistics with its values; it stands with a field and proves no effect of anything."""
    form = IndicatorForm(
        title=content["name"],
        definition=content.get("definition", ""),
        kind=IndicatorKind.CONTEXT,
        unit=content["einheit"],
        source=sources[content["quelle"]],
        field_of_action_id=field_id,
        breakdowns=[Breakdown(**one) for one in content.get("aufgegliedert", [])],
    )
    indicator, _is_new = define_indicator(session, form, actor=actor)
    for reading in content["werte"]:
        sent = ReadingForm(period=str(reading["zeitraum"]), category=reading.get("fuer", ""), value=reading["wert"])
        add_reading(session, indicator.id, sent, actor=actor)
