"""Plays the plan of 2012, which is over: its eleven forums, what they agreed on, and how it was adopted.

What became of it is in `earlier_plan_followed`. Each step is taken in all forums on one day, in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.actions.bodies import create_body, transition_body
from app.actions.editions import create_edition, transition_edition
from app.actions.evidence import add_evidence
from app.actions.goals import propose_goal, transition_goal
from app.actions.needs import post_need, transition_need
from app.actions.positions import take_position
from app.actions.programmes import create_field, create_programme
from app.actions.recommendation_transitions import transition_recommendation
from app.actions.recommendations import draft_recommendation
from app.actions.seats import add_membership, add_seat
from app.actions.versions import post_version
from app.demo.earlier_plan_followed import follow_plan
from app.demo.forum import COORDINATION, REPORTER, Forum
from app.demo.participants import enter_organisation, enter_person
from app.demo.stage import Stage
from app.demo.words import EVIDENCE
from app.domain.actors import Actor, MembershipRole
from app.domain.bodies import BodyKind
from app.domain.consensus import Position
from app.domain.editions import FieldKind
from app.domain.events import SubjectType
from app.domain.goals import GoalKind
from app.domain.text.blocks import BlockPart
from app.forms.ballots import PositionForm
from app.forms.bodies import BodyForm, BodyTransition, MembershipForm, SeatForm
from app.forms.contributions import EvidenceForm
from app.forms.editions import EditionForm, EditionTransition
from app.forms.goals import GoalForm, GoalTransition
from app.forms.needs import NeedForm, NeedTransition
from app.forms.programmes import FieldForm, ProgrammeForm
from app.forms.recommendation_transitions import RecommendationTransition
from app.forms.recommendations import RecommendationForm
from app.forms.versions import BlockInput, VersionForm
from app.models.ballots import Ballot

BEGAN_ON = date(2010, 12, 1)
"""Work on the plan began in December 2010; it was presented at the fifth Integrationsgipfel."""

PRESENTED_ON = date(2012, 1, 31)


def play_earlier_plan(stage: Stage) -> None:
    """From December 2010 to the archive."""
    edition_id, forums = _set_up(stage)
    for day, step in _STEPS:
        stage.set_to(day)
        with stage.acting_long_ago(COORDINATION) as (session, actor):
            for forum in forums:
                step(stage, session, forum, actor)
    _adopt(stage, edition_id, forums)
    follow_plan(stage, edition_id, forums)


def _set_up(stage: Stage) -> tuple[UUID, list[Forum]]:
    plan = stage.earlier
    with stage.database.write() as session:
        for each in plan["organisationen"]:
            enter_organisation(stage, session, each)
        for each in plan["personen"]:
            enter_person(stage, session, each["name"], each["organisation"], each["adresse"], None, each["rolle"])
    with stage.acting_long_ago(COORDINATION) as (session, actor):
        about = ProgrammeForm(title=plan["programm"]["titel"], description=plan["programm"]["beschreibung"])
        programme, _is_new = create_programme(session, about, actor=actor)
        session.flush()
        edition_form = EditionForm(programme_id=programme.id, **_titled(plan["ausgabe"]))
        edition, _is_new = create_edition(session, edition_form, actor=actor)
        forums = [_set_up_forum(stage, session, each, programme.id, actor) for each in plan["dialogforen"]]
        return edition.id, forums


def _titled(content: dict[str, Any]) -> dict[str, Any]:
    return {"code": content["code"], "title": content["titel"]}


def _set_up_forum(stage: Stage, session: Session, content: dict[str, Any], programme_id: UUID, actor: Actor) -> Forum:
    lead = content["federfuehrung"]
    unproven = " (ohne Quelle)" if lead.get("ohne_beleg") else ""
    described = FieldForm(
        programme_id=programme_id,
        name=content["name"],
        code=f"DF{content['nummer']}",
        kind=FieldKind.DIALOGUE_FORUM,
        description=(
            f"Dialogforum {content['nummer']} des Nationalen Aktionsplans Integration (2012), Bericht auf den Seiten "
            f"{content['seiten']}. Federführung: {lead['wer']}{unproven}."
        ),
    )
    made, _is_new = create_field(session, described, actor=actor)
    session.flush()
    form = BodyForm(
        title=f"Dialogforum {content['nummer']}: {content['name']}",
        kind=BodyKind.DIALOGUE_FORUM,
        field_of_action_id=made.id,
        mandate="Das Dialogforum vereinbart überprüfbare Ziele und Maßnahmen für den Aktionsplan.",
        responsible_person_ids=[stage.persons[COORDINATION]],
    )
    body, _is_new = create_body(session, form, actor=actor, is_example=True)
    forum = Forum(content, made.id, body.id)
    for each in stage.earlier["sitze"]:
        votes = "person" in each
        seat_form = SeatForm(organisation_id=stage.organisations[each["organisation"]], voting=votes)
        seat, _is_new = add_seat(session, body.id, seat_form, actor=actor)
        if votes:
            member = MembershipForm(person_id=stage.persons[each["person"]], role=MembershipRole(each["rolle"]))
            add_membership(session, seat.id, member, actor=actor)
            forum.seats[each["person"]] = seat.id
    transition_body(session, body.id, BodyTransition(transition="activate"), actor=actor)
    return forum


def _post_need(stage: Stage, session: Session, forum: Forum, _actor: Actor) -> None:
    """What the forum found: the situation its report begins with."""
    content = forum.content["lage"]
    author = stage.person_in(session, REPORTER)
    form = NeedForm(
        body_id=forum.body_id, title=content["titel"], description=content["text"], seat_id=forum.seats[REPORTER]
    )
    need, _is_new = post_need(session, form, actor=author)
    evidence = EvidenceForm(
        kind=EVIDENCE[content["art"]],
        source=stage.earlier["quellen"].get(content.get("quelle"), "Eigene Erhebung des Dialogforums (Beispiel)"),
        summary=content["aussage"],
    )
    add_evidence(session, SubjectType.NEED, need.id, evidence, actor=author)
    transition_need(session, need.id, NeedTransition(transition="submit"), actor=author)
    forum.need_id = need.id


def _accept_need(_stage: Stage, session: Session, forum: Forum, actor: Actor) -> None:
    assert forum.need_id
    transition_need(session, forum.need_id, NeedTransition(transition="accept"), actor=actor)


def _propose_goals(stage: Stage, session: Session, forum: Forum, actor: Actor) -> None:
    for above in forum.content["ziele"]:
        strategic = _propose(stage, session, forum, above, GoalKind.STRATEGIC, None, actor)
        for each in above["operativ"]:
            _propose(stage, session, forum, each, GoalKind.OPERATIVE, strategic, actor)


def _propose(
    stage: Stage,
    session: Session,
    forum: Forum,
    content: dict[str, Any],
    kind: GoalKind,
    parent_id: UUID | None,
    actor: Actor,
) -> UUID:
    source = stage.earlier["quellen"].get(content.get("beleg"))
    form = GoalForm(
        body_id=forum.body_id,
        kind=kind,
        title=content["titel"],
        description=f"Inhaltlich nach: {source}. Der Wortlaut ist ein Beispiel." if source else "",
        parent_id=parent_id,
    )
    goal, _is_new = propose_goal(session, form, actor=actor)
    forum.goals[content["titel"]] = goal.id
    return goal.id


def _agree_goals(stage: Stage, session: Session, forum: Forum, actor: Actor) -> None:
    form = GoalTransition(
        transition="agree",
        decided_on=stage.moment.date(),
        decision_reference=f"Ergebnis der dritten Veranstaltung des Dialogforums {forum.content['nummer']} (Beispiel)",
    )
    for key in forum.goals.values():
        transition_goal(session, key, form, actor=actor)


def _draft(stage: Stage, session: Session, forum: Forum, actor: Actor) -> None:
    content = forum.content["empfehlung"]
    assert forum.need_id
    form = RecommendationForm(
        body_id=forum.body_id,
        title=content["titel"],
        need_ids=[forum.need_id],
        addressee_ids=[stage.organisations[name] for name in forum.content["adressaten"]],
    )
    made, _is_new = draft_recommendation(session, form, actor=actor)
    blocks = [
        BlockInput(part=BlockPart.PROBLEM_STATEMENT, text=forum.content["lage"]["text"]),
        BlockInput(part=BlockPart.GOAL, text=forum.content["ziele"][0]["titel"]),
        *(BlockInput(part=BlockPart.RECOMMENDATION, number=number, text=content[number]) for number in "ab"),
    ]
    post_version(session, made.id, VersionForm(base_version=0, blocks=blocks, note="Bericht des Forums"), actor=actor)
    forum.recommendation_id = stage.recommendations[forum.name] = made.id


def _call_decision(_stage: Stage, session: Session, forum: Forum, actor: Actor) -> None:
    for name in ("start_review", "call_decision"):
        _move(session, forum, name, actor)


def _vote(stage: Stage, session: Session, forum: Forum, _actor: Actor) -> None:
    ballot = session.exec(select(Ballot.id).where(Ballot.recommendation_id == forum.recommendation_id)).one()
    for person, seat_id in forum.seats.items():
        form = PositionForm(seat_id=seat_id, position=Position.AGREE)
        take_position(session, ballot, form, actor=stage.person_in(session, person))


def _carry(_stage: Stage, session: Session, forum: Forum, actor: Actor) -> None:
    _move(session, forum, "carry", actor)


def _endorse(_stage: Stage, session: Session, forum: Forum, actor: Actor) -> None:
    _move(session, forum, "endorse", actor)


_STEPS: tuple[tuple[date, Callable[[Stage, Session, Forum, Actor], None]], ...] = (
    (date(2011, 2, 14), _post_need),
    (date(2011, 3, 7), _accept_need),
    (date(2011, 4, 11), _propose_goals),
    (date(2011, 6, 6), _agree_goals),
    (date(2011, 7, 4), _draft),
    (date(2011, 9, 1), _call_decision),
    (date(2011, 9, 5), _vote),
    (date(2011, 10, 10), _carry),
    (date(2011, 11, 14), _endorse),
)


def _adopt(stage: Stage, edition_id: UUID, forums: list[Forum]) -> None:
    """The plan was laid before the Bundesregierung in December 2011 and presented in January 2012."""
    keys = [forum.recommendation_id for forum in forums if forum.recommendation_id]
    adoption = stage.earlier["verabschiedung"]
    for day, form in (
        (date(2011, 12, 5), EditionTransition(transition="freeze", recommendation_ids=keys)),
        (
            PRESENTED_ON,
            EditionTransition(
                transition="adopt",
                recommendation_ids=keys,
                deciding_body=adoption["durch"],
                decided_on=PRESENTED_ON,
                decision_reference=adoption["fundstelle"],
            ),
        ),
        (PRESENTED_ON, EditionTransition(transition="publish")),
    ):
        stage.set_to(day, 11)
        with stage.acting_long_ago(COORDINATION) as (session, actor):
            transition_edition(session, edition_id, form, actor=actor)


def _move(session: Session, forum: Forum, name: str, actor: Actor) -> None:
    assert forum.recommendation_id
    transition_recommendation(session, forum.recommendation_id, RecommendationTransition(transition=name), actor=actor)
