"""What is done about organisations: entering one, completing it, its members, and who acts for it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, select

from app.actions.creations import find_already_created
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.report_link_mails import ask_for_owed_reports
from app.actions.response_link_mails import mail_open_questions
from app.clock import now
from app.domain.actors import Actor
from app.domain.events import EventType
from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.domain.permissions import Permission
from app.domain.sorting import sort_key
from app.errors import Conflict, FieldError, Invalid
from app.forms.organisations import OrganisationChange, OrganisationForm
from app.i18n import _
from app.models.base import new_id
from app.models.organisations import Organisation, OrganisationAgent, OrganisationMember
from app.models.people import Person
from app.queries import organisations
from app.queries.base import get_for_update

_CLEARABLE = {"answers_for_id", "contact_address"}


def create_organisation(
    session: Session,
    form: OrganisationForm,
    *,
    actor: Actor,
    is_example: bool = False,
    is_incomplete: bool = False,
) -> tuple[Organisation, bool]:
    """Enter an organisation; the flag is False where this very input entered it before."""
    require(Permission.ORGANISATION_MANAGE, None, actor)
    earlier = find_already_created(session, Organisation, form, actor=actor)
    if earlier:
        return earlier, False
    _check_name(session, form.name)
    made = Organisation(
        id=form.id or new_id(now(session)),
        created_at=now(session),
        name=form.name,
        sort_key=sort_key(form.name),
        kind=form.kind,
        level=form.level,
        participation_class=form.participation_class,
        contact_address=form.contact_address,
        is_example=is_example,
        is_incomplete=is_incomplete,
    )
    _answer_for(session, made, form.answers_for_id)
    data: dict[str, object] = {
        "kind": made.kind.value,
        "level": made.level.value,
        "participation_class": made.participation_class.value,
        "member_ids": [str(key) for key in form.member_ids],
        "answers_for_id": str(form.answers_for_id) if form.answers_for_id else None,
    }
    record_creation(session, EventType.ORGANISATION_CREATED, made, actor=actor, data=data)
    session.flush()
    _set_members(session, made, form.member_ids)
    return made, True


def find_or_create_by_name(session: Session, name: str, *, actor: Actor) -> Organisation:
    """The organisation of this name; a new one is to be completed by the Geschäftsstelle."""
    found = organisations.find_by_name(session, name)
    if found is not None:
        return found
    form = OrganisationForm(
        name=name, kind=OrganisationKind.OTHER, level=Level.NONE, participation_class=ParticipationClass.OTHER
    )
    return create_organisation(session, form, actor=actor, is_incomplete=True)[0]


def change_organisation(session: Session, key: UUID, form: OrganisationChange, *, actor: Actor) -> Organisation:
    """Change or complete an organisation; once saved it no longer counts as incomplete."""
    require(Permission.ORGANISATION_MANAGE, None, actor)
    made = get_for_update(session, Organisation, key)
    sent = form.model_dump(exclude_unset=True)
    changes = {name: value for name, value in sent.items() if value is not None or name in _CLEARABLE}
    members, agents = changes.pop("member_ids", None), changes.pop("agent_ids", None)
    answers_for = changes.pop("answers_for_id", made.answers_for_id)
    former_address = made.contact_address
    if "name" in changes and changes["name"] != made.name:
        _check_name(session, changes["name"], but=made)
    _check_kind(session, made, changes.get("kind", made.kind))
    for name, value in changes.items():
        setattr(made, name, value)
    made.sort_key = sort_key(made.name)
    made.is_incomplete = False
    _answer_for(session, made, answers_for)
    if members is not None or made.kind is not OrganisationKind.COLLECTIVE:
        _set_members(session, made, members or [])
    if agents is not None:
        _set_agents(session, made, agents)
    _record_change(session, made, sent, actor)
    session.add(made)
    session.flush()
    if made.contact_address != former_address:
        mail_open_questions(session, made)
        ask_for_owed_reports(session, made)
    return made


def _record_change(session: Session, made: Organisation, sent: dict[str, object], actor: Actor) -> None:
    data: dict[str, object] = {"fields": sorted(sent)}
    for name in ("kind", "level", "participation_class", "answers_for_id", "is_active"):
        if name in sent:
            value = getattr(made, name)
            data[name] = value if value is None or isinstance(value, bool) else str(value)
    for name in ("member_ids", "agent_ids"):
        keys = sent.get(name)
        if isinstance(keys, list):
            data[name] = sorted(str(key) for key in keys)
    texts = {"name": made.name} if "name" in sent else {}
    record(session, EventType.ORGANISATION_CHANGED, made, actor=actor, data=data, texts=texts)


def _check_name(session: Session, name: str, but: Organisation | None = None) -> None:
    found = session.exec(select(Organisation).where(Organisation.sort_key == sort_key(name))).all()
    if any(each.name.casefold() == name.casefold() and (but is None or each.id != but.id) for each in found):
        raise Invalid(FieldError("name", _("Eine Organisation dieses Namens gibt es schon.")))


def _check_kind(session: Session, made: Organisation, kind: OrganisationKind) -> None:
    if kind is not OrganisationKind.COLLECTIVE or made.kind is kind:
        return
    if session.exec(select(Person.id).where(Person.organisation_id == made.id).limit(1)).first():
        raise Conflict(_("Diese Organisation hat Personen; eine Gesamtheit hat keine. Ordnen Sie die Personen um."))


def _answer_for(session: Session, made: Organisation, key: UUID | None) -> None:
    """One of the two is a collective, the other answers for it."""
    made.answers_for_id = key
    if key is None:
        return
    other = session.get(Organisation, key)
    if other is None or other.id == made.id:
        raise Invalid(FieldError("answers_for_id", _("Diese Organisation gibt es nicht.")))
    collectives = [each for each in (made, other) if each.kind is OrganisationKind.COLLECTIVE]
    if len(collectives) != 1:
        message = _("Antworten kann nur eine einzelne Organisation, und nur für eine Gesamtheit wie „Kommunen“.")
        raise Invalid(FieldError("answers_for_id", message))


def _set_members(session: Session, made: Organisation, keys: Sequence[UUID]) -> None:
    if keys and made.kind is not OrganisationKind.COLLECTIVE:
        raise Invalid(FieldError("member_ids", _("Nur eine Gesamtheit hat Organisationen als Mitglieder.")))
    for member in session.exec(select(OrganisationMember).where(OrganisationMember.collective_id == made.id)).all():
        session.delete(member)
    session.flush()
    for key in dict.fromkeys(keys):
        member_organisation = session.get(Organisation, key)
        if member_organisation is None or member_organisation.kind is OrganisationKind.COLLECTIVE:
            message = _("Mitglied einer Gesamtheit kann nur eine einzelne Organisation sein, die es hier gibt.")
            raise Invalid(FieldError("member_ids", message))
        session.add(OrganisationMember(collective_id=made.id, member_id=key))
    session.flush()


def _set_agents(session: Session, made: Organisation, keys: Sequence[UUID]) -> None:
    for agent in session.exec(select(OrganisationAgent).where(OrganisationAgent.organisation_id == made.id)).all():
        session.delete(agent)
    session.flush()
    for key in dict.fromkeys(keys):
        person = session.get(Person, key)
        if person is None or not person.is_active or person.organisation_id != made.id:
            raise Invalid(
                FieldError("agent_ids", _("Für die Organisation handeln nur ihre eigenen, aktiven Personen."))
            )
        session.add(OrganisationAgent(organisation_id=made.id, person_id=key))
    session.flush()
