"""What is done about people: who takes part, their invitation, the end of their access, their data's removal."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.actions.creations import find_already_created
from app.actions.drafts import forget_drafts
from app.actions.follows import forget_follows
from app.actions.mail import send_mail
from app.actions.mail_preferences import forget_told
from app.actions.passwords import issue_link, void_all_links
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.seats import end_memberships_of
from app.actions.sign_ins import revoke_sign_ins
from app.actions.subscriptions import forget_subscriber
from app.actions.tokens import revoke_tokens
from app.clock import now
from app.domain.actors import Actor, PersonRole
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.organisations import OrganisationKind
from app.domain.permissions import Permission
from app.domain.sorting import sort_key
from app.errors import Conflict, FieldError, Invalid
from app.forms.people import PersonChange, PersonForm
from app.i18n import _
from app.models.accounts import ApiToken, LinkPurpose, SignIn
from app.models.base import new_id
from app.models.organisations import Organisation, OrganisationAgent
from app.models.outbox import OutgoingMail
from app.models.people import Person
from app.queries import people
from app.queries.base import get_for_update

_PAUSE_BETWEEN_INVITATIONS = timedelta(minutes=1)
_ADDRESS_CHANGED = "address_changed"


def create_person(session: Session, form: PersonForm, *, actor: Actor, is_example: bool = False) -> tuple[Person, bool]:
    """Enter a person; nobody is told before the invitation. The flag is False where the person stood already."""
    require(Permission.PERSON_MANAGE, None, actor)
    if form.role is not PersonRole.PARTICIPANT:
        require(Permission.PERSON_ROLE_GRANT, None, actor)
    earlier = find_already_created(session, Person, form, actor=actor)
    if earlier:
        return earlier, False
    _check_email(session, form.email)
    _check_organisation(session, form.organisation_id)
    person = Person(
        id=form.id or new_id(now(session)),
        created_at=now(session),
        email=form.email,
        name=form.name,
        sort_key=sort_key(form.name),
        organisation_id=form.organisation_id,
        role=form.role,
        is_example=is_example,
    )
    data = {"organisation_id": str(person.organisation_id), "role": person.role.value}
    record_creation(session, EventType.PERSON_CREATED, person, actor=actor, data=data)
    session.flush()
    return person, True


def change_person(session: Session, key: UUID, form: PersonChange, *, actor: Actor) -> Person:
    """Change who a person is here; what was said before stays said for the organisation of that time."""
    person = _managed(session, key, actor)
    changes = form.model_dump(exclude_unset=True, exclude_none=True)
    changed = {name: value for name, value in changes.items() if getattr(person, name) != value}
    role = changed.pop("role", None)
    if role is not None:
        _grant(session, person, role, actor)
    if "email" in changed:
        _check_email(session, changed["email"])
        _tell_former_address(session, person)
        _send_waiting_mail_to(session, person, changed["email"])
        void_all_links(session, person)
    if "organisation_id" in changed:
        _check_organisation(session, changed["organisation_id"])
    for name, value in changed.items():
        setattr(person, name, value)
    if changed:
        person.sort_key = sort_key(person.name)
        data: dict[str, object] = {"fields": sorted(changed), "organisation_id": str(person.organisation_id)}
        record(session, EventType.PERSON_CHANGED, person, actor=actor, data=data)
    session.add(person)
    session.flush()
    return person


def invite_person(session: Session, key: UUID, *, actor: Actor) -> Person:
    """Send the one-time link that lets a person in; an earlier link is worth nothing from then on.

    Asked for twice within a minute, one mail goes out. Raises Conflict where the person has joined already.
    """
    person = _managed(session, key, actor)
    if person.password_hash is not None:
        raise Conflict(_("Diese Person hat schon einen Zugang. Ein neues Passwort legt sie selbst fest."))
    moment = now(session)
    if person.invited_at is not None and moment - person.invited_at < _PAUSE_BETWEEN_INVITATIONS:
        return person
    organisation = session.get_one(Organisation, person.organisation_id)
    link = issue_link(session, person, LinkPurpose.INVITATION)
    send_mail(
        session,
        address=str(person.email),
        template="invitation",
        data={"name": person.name, "organisation": organisation.name, **link.said},
        person_id=person.id,
        thread_id=f"invitation.{person.id}",
    )
    person.invited_at = moment
    record(session, EventType.PERSON_INVITED, person, actor=actor)
    return person


def set_absence(session: Session, until: date | None, *, actor: Actor) -> Person:
    """Say until which day one is away, so that the cover sees one's tasks; None ends it."""
    person = get_for_update(session, Person, actor.person_id)  # type: ignore[arg-type]
    if until is not None and until < berlin_date(now(session)):
        raise Invalid(FieldError("absent_until", _("Bitte nennen Sie heute oder einen Tag danach.")))
    if until != person.absent_until:
        person.absent_until = until
        record(session, EventType.PERSON_CHANGED, person, actor=actor, data={"fields": ["absent_until"]})
    return person


def end_access(session: Session, key: UUID, *, actor: Actor, reason: str | None = None) -> Person:
    """End a person's access everywhere at once: sessions, tokens, links and seats. Said twice it is one end."""
    person = _managed(session, key, actor, ended_too=True)
    if person.ended_at is not None:
        return person
    if people.is_last_admin(session, person):
        raise Conflict(_("Das ist die letzte Person der Systemadministration. Ernennen Sie zuerst eine andere."))
    person.ended_at = now(session)
    _shut_out(session, person)
    end_memberships_of(session, person.id, actor=actor)
    record(session, EventType.PERSON_ACCESS_ENDED, person, actor=actor, reason=reason)
    session.flush()
    return person


def reopen_access(session: Session, key: UUID, *, actor: Actor, reason: str | None = None) -> Person:
    """Let a person in again, by a new invitation; seats are not given back by themselves."""
    person = _managed(session, key, actor, ended_too=True)
    if person.ended_at is None:
        return person
    person.ended_at = person.password_hash = person.invited_at = None
    record(session, EventType.PERSON_ACCESS_REOPENED, person, actor=actor, reason=reason)
    session.flush()
    return person


def redact_person(session: Session, key: UUID, *, actor: Actor, reason: str | None = None) -> Person:
    """Take name and address away for good; what the person did stays, shown for its organisation."""
    require(Permission.RECORD_REDACT, None, actor)
    person = get_for_update(session, Person, key)
    if person.role is not PersonRole.PARTICIPANT:
        require(Permission.PERSON_ROLE_GRANT, None, actor)
    if person.redacted_at is not None:
        return person
    if person.ended_at is None:
        end_access(session, key, actor=actor)
    address = person.email
    person.redacted_at = now(session)
    person.name, person.email = _("ehemaliges Mitglied"), None
    person.sort_key = sort_key(person.name)
    person.password_hash = person.absent_until = None
    _forget_traces(session, person, address)
    record(session, EventType.PERSON_REDACTED, person, actor=actor, reason=reason)
    session.flush()
    return person


def _managed(session: Session, key: UUID, actor: Actor, *, ended_too: bool = False) -> Person:
    """The person's row, held; those with a role of the whole application are the administration's alone."""
    require(Permission.PERSON_MANAGE, None, actor)
    person = get_for_update(session, Person, key)
    if person.role is not PersonRole.PARTICIPANT:
        require(Permission.PERSON_ROLE_GRANT, None, actor)
    if person.redacted_at is not None:
        raise Conflict(_("Die Daten dieser Person sind gelöscht; hier lässt sich nichts mehr ändern."))
    if person.ended_at is not None and not ended_too:
        raise Conflict(_("Der Zugang dieser Person ist beendet. Öffnen Sie ihn zuerst wieder."))
    return person


def _grant(session: Session, person: Person, role: PersonRole, actor: Actor) -> None:
    require(Permission.PERSON_ROLE_GRANT, None, actor)
    if people.is_last_admin(session, person):
        raise Conflict(_("Das ist die letzte Person der Systemadministration. Ernennen Sie zuerst eine andere."))
    data = {"from": person.role.value, "to": role.value}
    person.role = role
    record(session, EventType.PERSON_ROLE_GRANTED, person, actor=actor, data=data)


def _shut_out(session: Session, person: Person) -> None:
    revoke_sign_ins(session, person.id)
    revoke_tokens(session, person.id)
    void_all_links(session, person)


def _check_email(session: Session, email: str) -> None:
    if session.exec(select(Person.id).where(Person.email == email)).first():
        raise Invalid(FieldError("email", _("Unter dieser Adresse gibt es schon eine Person.")))


def _check_organisation(session: Session, key: UUID) -> None:
    organisation = session.get(Organisation, key)
    if organisation is None or not organisation.is_active:
        raise Invalid(FieldError("organisation_id", _("Diese Organisation gibt es nicht.")))
    if organisation.kind is OrganisationKind.COLLECTIVE:
        message = _("Eine Gesamtheit hat keine eigenen Personen. Wählen Sie eine ihrer Organisationen.")
        raise Invalid(FieldError("organisation_id", message))


def _tell_former_address(session: Session, person: Person) -> None:
    if person.email and person.joined_at:
        send_mail(session, address=person.email, template=_ADDRESS_CHANGED, person_id=person.id)


def _send_waiting_mail_to(session: Session, person: Person, address: str) -> None:
    """What was not handed over yet goes to the new mailbox; that the address was changed the former one is told."""
    session.flush()
    unsent = (col(OutgoingMail.sent_at).is_(None), col(OutgoingMail.dropped_at).is_(None))
    statement = update(OutgoingMail).where(
        col(OutgoingMail.person_id) == person.id, *unsent, col(OutgoingMail.template) != _ADDRESS_CHANGED
    )
    session.connection().execute(statement.values(address=address))


def _forget_traces(session: Session, person: Person, address: str | None) -> None:
    """What else names the person: browsers, tokens, follows, what it was told, mails; those waiting never leave."""
    execute = session.connection().execute
    execute(update(SignIn).where(col(SignIn.person_id) == person.id).values(agent=""))
    execute(update(ApiToken).where(col(ApiToken.person_id) == person.id).values(name=_("gelöscht")))
    mine = (col(OutgoingMail.person_id) == person.id) | (col(OutgoingMail.address) == address)
    moment = now(session)
    waiting = update(OutgoingMail).where(mine, col(OutgoingMail.sent_at).is_(None))
    execute(waiting.values(failed_at=moment))
    execute(update(OutgoingMail).where(mine).values(address="", data={}, last_error=""))
    forget_drafts(session, person.id)
    forget_follows(session, person.id)
    forget_told(session, person.id)
    for agent in session.exec(select(OrganisationAgent).where(OrganisationAgent.person_id == person.id)).all():
        session.delete(agent)
    session.flush()
    if address:
        forget_subscriber(session, address)
