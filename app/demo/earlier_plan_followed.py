"""Plays what became of the plan of 2012: answers, measures to their end, readings, the question whether it helped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.actions.bodies import transition_body
from app.actions.editions import transition_edition
from app.actions.goals import change_goal
from app.actions.indicators import define_indicator
from app.actions.measures import plan_measure, transition_measure
from app.actions.need_reviews import answer_need_review, ask_about_needs
from app.actions.people import end_access
from app.actions.readings import add_reading
from app.actions.recommendation_transitions import transition_recommendation
from app.actions.reports import write_report
from app.actions.responses import answer_response
from app.demo.forum import COORDINATION, REPORTER, VERIFIER, Forum
from app.demo.monitoring import define_context
from app.demo.stage import Stage
from app.domain.actors import SYSTEM_ACTOR, Actor
from app.domain.implementation import AddresseeAnswer
from app.domain.indicators import IndicatorKind, Rhythm
from app.domain.measures import ReportedProgress
from app.domain.need_reviews import NeedReviewAnswer
from app.domain.needs import EvidenceKind
from app.forms.bodies import BodyTransition
from app.forms.editions import EditionTransition
from app.forms.goals import GoalChange
from app.forms.indicators import IndicatorForm, ReadingForm
from app.forms.measures import MeasureForm, MeasureTransition, ReportEvidence, ReportForm
from app.forms.need_reviews import NeedReviewForm
from app.forms.recommendation_transitions import RecommendationTransition
from app.forms.responses import ResponseAnswer
from app.models.need_reviews import NeedReview
from app.models.responses import AddresseeResponse


def follow_plan(stage: Stage, edition_id: UUID, forums: list[Forum]) -> None:
    """From the answers of 2012 to the archive."""
    measures = _begin(stage, forums)
    for year in (2012, 2013):
        _enter_readings(stage, forums, year)
    _ask_whether_it_helped(stage, forums)
    _enter_readings(stage, forums, 2014)
    _end_measures(stage, measures)
    _close(stage, edition_id, forums)


@dataclass(frozen=True)
class Planned:
    """A measure with how it went."""

    id: UUID
    content: dict[str, Any]


def _begin(stage: Stage, forums: list[Forum]) -> list[Planned]:
    """Who is addressed answers; the measures are planned and begun, with what is measured and the context."""
    stage.set_to(date(2012, 4, 16))
    answers = {(each["forum"], each["von"]): each for each in stage.earlier["antworten"]}
    with stage.acting_long_ago(COORDINATION) as (session, actor):
        for forum in forums:
            for name in forum.content["adressaten"]:
                _answer(stage, session, forum, name, answers.get((forum.content["nummer"], name), {}), actor)
            for each in forum.content.get("kontext", []):
                define_context(session, forum.field_id, each, stage.earlier["quellen"], actor)
    stage.set_to(date(2012, 5, 7))
    with stage.acting_long_ago(COORDINATION) as (session, actor):
        return [measure for forum in forums for measure in _plan(stage, session, forum, actor)]


def _answer(stage: Stage, session: Session, forum: Forum, name: str, content: dict[str, Any], actor: Actor) -> None:
    if content.get("antwort") == "pending":
        return
    found = session.exec(
        select(AddresseeResponse.id).where(
            AddresseeResponse.recommendation_id == forum.recommendation_id,
            AddresseeResponse.organisation_id == stage.organisations[name],
        )
    ).one()
    form = ResponseAnswer(
        answer=AddresseeAnswer(content.get("antwort", "committed")),
        reason=content.get("grund"),
        source="Schreiben an die Koordinierung des Aktionsplans (Beispiel)",
    )
    answer_response(session, found, form, actor=actor)


def _plan(stage: Stage, session: Session, forum: Forum, actor: Actor) -> Iterator[Planned]:
    assert forum.recommendation_id
    for goal in forum.operative:
        goal_id = forum.goals[goal["titel"]]
        for each in goal["massnahmen"]:
            form = MeasureForm(
                recommendation_id=forum.recommendation_id,
                title=f"{each['titel']} ({each['art']})",
                responsible_organisation_id=stage.organisations[each["verantwortlich"]],
                contributing_organisation_ids=[stage.organisations[name] for name in each.get("mitwirkend", [])],
                number=each.get("teil"),
                due_on=each["bis"],
                goal_id=goal_id,
            )
            made, _is_new = plan_measure(session, form, actor=actor)
            if each["ende"] != "entfallen":
                _make_move(session, made.id, "start", actor)
            yield Planned(made.id, each)
        _define(session, forum, goal_id, goal["indikator"], actor)
    for key in forum.goals.values():
        change_goal(session, key, GoalChange(recommendation_ids=[forum.recommendation_id]), actor=actor)


def _define(session: Session, forum: Forum, goal_id: UUID, content: dict[str, Any], actor: Actor) -> None:
    """What shows whether the goal is reached; an official baseline is told apart from the example's own."""
    form = IndicatorForm(
        goal_id=goal_id,
        title=content["titel"],
        definition=content.get("definition", ""),
        kind=IndicatorKind(content["art"].lower()),
        unit=content["einheit"],
        source=content.get("quelle", "Berichte der Verantwortlichen (Beispiel)"),
        rhythm=Rhythm.YEARLY,
        baseline=content["ausgang"],
        baseline_on=date(content.get("ausgang_am", 2011), 12, 31),
        target=content["ziel"],
        target_on=date(content["ziel_am"], 12, 31),
    )
    made, _is_new = define_indicator(session, form, actor=actor)
    forum.indicators[content["titel"]] = made.id


def _enter_readings(stage: Stage, forums: list[Forum], year: int) -> None:
    stage.set_to(date(year + 1, 3, 16))
    with stage.acting_long_ago(COORDINATION) as (session, actor):
        for forum in forums:
            for goal in forum.operative:
                content = goal["indikator"]
                if year in content["werte"]:
                    form = ReadingForm(period=str(year), value=content["werte"][year])
                    add_reading(session, forum.indicators[content["titel"]], form, actor=actor)


def _end_measures(stage: Stage, measures: list[Planned]) -> None:
    """Each comes to its end: confirmed by another person than the one who reported, aborted, or dropped."""
    stage.set_to(date(2015, 4, 13))
    with stage.acting_long_ago(COORDINATION) as (session, actor):
        for measure in measures:
            if "bericht" in measure.content:
                _report(stage, session, measure, actor)
            name = {"bestaetigt": "report_done", "abgebrochen": "abort", "entfallen": "drop"}[measure.content["ende"]]
            _make_move(session, measure.id, name, actor, measure.content.get("grund"))
    stage.set_to(date(2015, 5, 4))
    with stage.acting_long_ago(VERIFIER) as (session, actor):
        for measure in measures:
            if measure.content["ende"] == "bestaetigt":
                _make_move(session, measure.id, "verify", actor)


def _report(stage: Stage, session: Session, measure: Planned, actor: Actor) -> None:
    is_done = measure.content["ende"] == "bestaetigt"
    source = stage.earlier["quellen"].get(measure.content.get("beleg"), "Abschlussbericht (Beispiel)")
    form = ReportForm(
        text=measure.content["bericht"],
        progress=ReportedProgress.ON_SCHEDULE if is_done else ReportedProgress.AT_RISK,
        status_on=measure.content["bis"],
        evidence=[ReportEvidence(kind=EvidenceKind.PRACTICE, source=source)] if is_done else [],
    )
    write_report(session, measure.id, form, actor=actor)


def _make_move(session: Session, key: UUID, name: str, actor: Actor, reason: str | None = None) -> None:
    transition_measure(session, key, MeasureTransition(transition=name, reason=reason), actor=actor)


def _ask_whether_it_helped(stage: Stage, forums: list[Forum]) -> None:
    """After 36 months who had posted the needs is asked; some answer."""
    answers = {each["forum"]: each for each in stage.earlier["nachfragen"]}
    stage.set_to(date(2015, 2, 9))
    with stage.database.write() as session:
        ask_about_needs(session)
    stage.set_to(date(2015, 3, 2))
    with stage.acting_long_ago(REPORTER) as (session, actor):
        for forum in forums:
            content = answers.get(forum.content["nummer"])
            if content is None:
                continue
            asked = select(NeedReview.id).where(NeedReview.recommendation_id == forum.recommendation_id)
            form = NeedReviewForm(answer=NeedReviewAnswer(content["antwort"]), sentence=content["satz"], publish=True)
            answer_need_review(session, session.exec(asked).one(), form, actor=actor)


def _close(stage: Stage, edition_id: UUID, forums: list[Forum]) -> None:
    """What is not followed any more says why; the forums end, the edition goes into the archive, the persons leave."""
    reasons = {each["forum"]: each["grund"] for each in stage.earlier["abgeschlossen"]}
    stage.set_to(date(2015, 12, 7))
    with stage.acting_long_ago(COORDINATION) as (session, actor):
        for forum in forums:
            number = forum.content["nummer"]
            if number in reasons and forum.recommendation_id:
                end = RecommendationTransition(transition="close_tracking", reason=reasons[number])
                transition_recommendation(session, forum.recommendation_id, end, actor=actor)
            closing = BodyTransition(transition="close", reason="Der Aktionsplan ist abgeschlossen.")
            transition_body(session, forum.body_id, closing, actor=actor)
        transition_edition(session, edition_id, EditionTransition(transition="archive"), actor=actor)
    with stage.database.write() as session:
        for each in stage.earlier["personen"]:
            end_access(session, stage.persons[each["adresse"]], actor=SYSTEM_ACTOR)
