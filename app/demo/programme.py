"""Loads the example programme: organisations and persons first, then each body with its story."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.bodies import create_body, transition_body
from app.actions.programmes import create_theme, create_topic
from app.actions.seats import add_membership, add_seat
from app.config import Settings
from app.demo.contributions import play_contributions
from app.demo.earlier_plan import BEGAN_ON, play_earlier_plan
from app.demo.monitoring import play_goals
from app.demo.participants import enter_organisation, enter_person
from app.demo.recommendations import play_recommendation
from app.demo.reporting import play_report
from app.demo.stage import Stage
from app.demo.ties import play_ties
from app.demo.words import DECISION_RULES
from app.domain.accounts import EXAMPLE_PASSWORD
from app.domain.actors import MembershipRole
from app.domain.bodies import BodyKind
from app.domain.editions import EditionState
from app.domain.sorting import slug
from app.forms.bodies import BodyForm, BodyTransition, MembershipForm, SeatForm
from app.forms.programmes import NameForm, TopicForm
from app.models.organisations import Organisation
from app.models.programmes import CrossCuttingTheme, Edition, FieldOfAction
from app.security import Passwords


def is_loaded(session: Session) -> bool:
    """True where the example programme stands already."""
    return session.exec(select(Organisation.id).where(col(Organisation.is_example)).limit(1)).first() is not None


def load(settings: Settings, today: datetime) -> bool:
    """Play the example programme up to now; False, and nothing is changed, where it stands already."""
    stage = Stage(settings, today)
    try:
        with stage.database.read() as session:
            if is_loaded(session):
                return False
        stage.set_to(BEGAN_ON)
        _enter_organisations(stage)
        play_earlier_plan(stage)
        stage.begin_again()
        _enter_persons(stage)
        for number, content in enumerate(stage.content["handlungsfelder"]):
            _play_field(stage, content, number)
        play_ties(stage)
        with stage.database.read() as session:
            edition_id = session.exec(select(Edition.id).where(Edition.state == EditionState.OPEN)).one()
        play_report(stage, edition_id, stage.content["umsetzungsbericht"]["vorwort"])
        stage.read_what_is_old()
        stage.write_to_nobody()
        return True
    finally:
        stage.database.dispose()


def _enter_organisations(stage: Stage) -> None:
    """Each of them has been there since the plan that is over."""
    with stage.database.write() as session:
        for each in stage.content["organisationen"]:
            enter_organisation(stage, session, each)


def _enter_persons(stage: Stage) -> None:
    password_hash = Passwords.hash(EXAMPLE_PASSWORD)
    with stage.database.write() as session:
        for each in stage.content["personen"]:
            enter_person(
                stage, session, each["name"], each["organisation"], each["adresse"], password_hash, each["rolle"]
            )
        for field in stage.content["handlungsfelder"]:
            for seat in field["arbeitsgruppe"]["sitze"]:
                for name in filter(None, (seat["person"], seat.get("vertretung"))):
                    address = seat.get("adresse", slug(name)) if name == seat["person"] else slug(name)
                    enter_person(stage, session, name, seat["organisation"], address, password_hash)
    with stage.acting() as (session, actor):
        for name in stage.content["querschnittsthemen"]:
            known = select(CrossCuttingTheme.id).where(CrossCuttingTheme.name == name)
            if session.exec(known).first() is None:
                create_theme(session, NameForm(name=name), actor=actor)


def _play_field(stage: Stage, content: dict[str, Any], number: int) -> None:
    stage.begin_again()
    body_id = _set_up_body(stage, content, number)
    play_contributions(stage, body_id, content)
    stage.begin_again()
    play_goals(stage, body_id, content)
    for recommendation in content["empfehlungen"]:
        stage.begin_again()
        play_recommendation(stage, body_id, content, recommendation)


def _set_up_body(stage: Stage, content: dict[str, Any], number: int) -> UUID:
    group = content["arbeitsgruppe"]
    stage.go_to(1)
    with stage.acting() as (session, actor):
        field = session.exec(select(FieldOfAction).where(FieldOfAction.code == content["code"])).one()
        subject = TopicForm(title=content["thema"], field_of_action_id=field.id, year=stage.today.year)
        topic, _is_new = create_topic(session, subject, actor=actor, is_example=True)
        responsible = ("geschaeftsstelle", "geschaeftsstelle-2")
        form = BodyForm(
            title=group["name"],
            kind=BodyKind.WORKING_GROUP,
            field_of_action_id=field.id,
            mandate=group["auftrag"],
            guiding_questions=[group["leitfrage"]],
            topic_id=topic.id,
            file_reference=f"DF {content['code']} - 12007/{number + 1}#1",
            rules={"decision_rule": DECISION_RULES[group["beschlussregel"]].value},
            responsible_person_ids=[stage.persons[responsible[number % 2]]],
            cover_person_ids=[stage.persons[responsible[1 - number % 2]]],
        )
        body, _is_new = create_body(session, form, actor=actor, is_example=True)
        for each in group["sitze"]:
            _fill_seat(stage, session, body.id, each, actor)
        transition_body(session, body.id, BodyTransition(transition="activate"), actor=actor)
        return body.id


def _fill_seat(stage: Stage, session: Session, body_id: UUID, content: dict[str, Any], actor: Any) -> None:
    form = SeatForm(
        organisation_id=stage.organisations[content["organisation"]],
        voting=content.get("stimmrecht", True),
        group=content.get("gruppe"),
    )
    seat, _is_new = add_seat(session, body_id, form, actor=actor)
    roles = {content["person"]: MembershipRole(content["rolle"])}
    if "vertretung" in content:
        roles[content["vertretung"]] = MembershipRole.DEPUTY
    for name, role in roles.items():
        add_membership(session, seat.id, MembershipForm(person_id=stage.persons[name], role=role), actor=actor)
