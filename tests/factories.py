"""A small world for tests: organisations, a body at work, persons on its seats, and their tokens."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from uuid import UUID

from sqlmodel import Session, select

from app.actions.record import record, record_creation
from app.clock import now
from app.db import Database
from app.domain.actors import SYSTEM_ACTOR, Actor, MembershipRole, PersonRole
from app.domain.bodies import BodyKind, BodyState, SeatState
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.domain.sorting import slug, sort_key
from app.models.accounts import ApiToken, SignIn
from app.models.base import new_id
from app.models.bodies import Body, Membership, Seat
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.programmes import FieldOfAction
from app.queries.actors import actor_of
from app.security import digest_of, new_secret

_numbers = count(1)


@dataclass(frozen=True)
class Known:
    """A person of the test world, with all that lets it in."""

    person_id: UUID
    organisation_id: UUID
    seat_id: UUID | None
    token: str
    cookie: str
    form_token: str

    @property
    def headers(self) -> dict[str, str]:
        """What an API call of this person carries."""
        return {"Authorization": f"Bearer {self.token}"}


class World:
    """Makes what a test needs; every call commits."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def organisation(
        self,
        name: str | None = None,
        kind: OrganisationKind = OrganisationKind.WELFARE,
        level: Level = Level.NONE,
        participation_class: ParticipationClass = ParticipationClass.OTHER,
        **more: object,
    ) -> UUID:
        """An organisation."""
        name = name or f"Verband {next(_numbers)}"
        with self.database.write() as session:
            made = Organisation(
                id=new_id(),
                created_at=now(session),
                name=name,
                sort_key=sort_key(name),
                kind=kind,
                level=level,
                participation_class=participation_class,
                **more,
            )
            record_creation(session, EventType.ORGANISATION_CREATED, made, actor=SYSTEM_ACTOR)
            return made.id

    def body(self, title: str | None = None, *, field: str = "B", **rules: object) -> Body:
        """A working group at work."""
        title = title or f"AG Nummer {next(_numbers)}"
        with self.database.write() as session:
            found = session.exec(select(FieldOfAction).where(FieldOfAction.code == field)).one()
            made = Body(
                id=new_id(),
                created_at=now(session),
                title=title,
                slug=slug(title),
                sort_key=sort_key(title),
                kind=BodyKind.WORKING_GROUP,
                state=BodyState.ACTIVE,
                field_of_action_id=found.id,
                rules=rules,
            )
            record_creation(session, EventType.BODY_CREATED, made, actor=SYSTEM_ACTOR)
            return made

    def seat(
        self,
        body: Body,
        organisation_id: UUID | None = None,
        *,
        voting: bool = True,
        group: str | None = None,
    ) -> UUID:
        """An empty seat of an organisation in a body."""
        organisation_id = organisation_id or self.organisation()
        with self.database.write() as session:
            made = Seat(
                id=new_id(),
                created_at=now(session),
                body_id=body.id,
                organisation_id=organisation_id,
                voting=voting,
                group=group,
                state=SeatState.FILLED,
            )
            record_creation(session, EventType.SEAT_OFFERED, made, actor=SYSTEM_ACTOR)
            return made.id

    def person(
        self,
        role: PersonRole = PersonRole.PARTICIPANT,
        *,
        organisation_id: UUID | None = None,
        name: str | None = None,
        may_write: bool = True,
    ) -> Known:
        """A person who can sign in and call the API."""
        return self._person(role, organisation_id or self.organisation(), name, may_write, None)

    def member(
        self,
        body: Body,
        role: MembershipRole = MembershipRole.MEMBER,
        *,
        seat_id: UUID | None = None,
        organisation_id: UUID | None = None,
        name: str | None = None,
        group: str | None = None,
        voting: bool = True,
    ) -> Known:
        """A person on a seat of the body (a new one, unless a seat is named)."""
        if seat_id is None:
            seat_id = self.seat(body, organisation_id, group=group, voting=voting)
        with self.database.write() as session:
            seat = session.get_one(Seat, seat_id)
            owner = seat.organisation_id
        known = self._person(PersonRole.PARTICIPANT, owner, name, True, seat_id)
        self.join(known, seat_id, role)
        return known

    def join(self, known: Known, seat_id: UUID, role: MembershipRole = MembershipRole.MEMBER) -> None:
        """Let a person sit on a further seat."""
        with self.database.write() as session:
            seat = session.get_one(Seat, seat_id)
            session.add(
                Membership(
                    created_at=now(session),
                    seat_id=seat_id,
                    person_id=known.person_id,
                    role=role,
                    started_on=berlin_date(now(session)),
                )
            )
            record(session, EventType.SEAT_MEMBER_JOINED, seat, actor=SYSTEM_ACTOR, data={"role": role.value})

    def secretariat(self) -> Known:
        """Somebody of the Geschäftsstelle."""
        return self.person(PersonRole.SECRETARIAT)

    def actor(self, known: Known, session: Session) -> Actor:
        """The person as the actor it is now."""
        return actor_of(session, session.get_one(Person, known.person_id))

    def _person(
        self, role: PersonRole, organisation_id: UUID, name: str | None, may_write: bool, seat_id: UUID | None
    ) -> Known:
        name = name or f"Person {next(_numbers)}"
        token, cookie, form_token = new_secret(), new_secret(), new_secret()
        with self.database.write() as session:
            moment = now(session)
            person = Person(
                id=new_id(),
                created_at=moment,
                email=f"{slug(name)}.{next(_numbers)}@beispiel.example",
                name=name,
                sort_key=sort_key(name),
                organisation_id=organisation_id,
                role=role,
                joined_at=moment,
            )
            record_creation(session, EventType.PERSON_CREATED, person, actor=SYSTEM_ACTOR)
            session.flush()
            session.add(
                ApiToken(
                    created_at=moment,
                    person_id=person.id,
                    name="Test",
                    digest=digest_of(token),
                    may_write=may_write,
                )
            )
            session.add(
                SignIn(
                    created_at=moment,
                    person_id=person.id,
                    digest=digest_of(cookie),
                    form_secret=form_token,
                    expires_at=moment.replace(year=moment.year + 30),
                )
            )
            return Known(person.id, organisation_id, seat_id, token, cookie, form_token)
