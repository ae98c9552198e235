"""Who takes part in the example: organisations and persons, entered before anything is told of them."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from app.actions.organisations import create_organisation
from app.actions.people import create_person
from app.demo.stage import Stage
from app.domain.actors import SYSTEM_ACTOR, PersonRole
from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.forms.organisations import OrganisationForm
from app.forms.people import PersonForm


def enter_organisation(stage: Stage, session: Session, content: dict[str, Any]) -> None:
    """An organisation as the content's file has it."""
    answers = content.get("antwortet")
    form = OrganisationForm(
        name=content["voll"],
        kind=OrganisationKind(content["art"]),
        level=Level(content["ebene"]),
        participation_class=ParticipationClass(content["klasse"]),
        member_ids=[stage.organisations[name] for name in content.get("mitglieder", [])],
        answers_for_id=stage.organisations[answers] if answers else None,
        contact_address=content.get("postfach"),
    )
    made, _is_new = create_organisation(session, form, actor=SYSTEM_ACTOR, is_example=True)
    stage.organisations[content["name"]] = made.id


def enter_person(
    stage: Stage,
    session: Session,
    name: str,
    organisation: str,
    address: str,
    password_hash: str | None,
    role: str = "participant",
) -> None:
    """A person who has set a password; without one, somebody who can't sign in any more."""
    form = PersonForm(
        email=f"{address}@beispiel.example",
        name=name,
        organisation_id=stage.organisations[organisation],
        role=PersonRole(role),
    )
    person, _is_new = create_person(session, form, actor=SYSTEM_ACTOR, is_example=True)
    person.password_hash = password_hash
    person.joined_at = person.created_at
    stage.persons[address] = stage.persons[name] = person.id
