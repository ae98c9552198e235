"""What tests of notifications share: somebody is told of things, and what that person is shown."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, delete

from app.clock import now
from app.domain.events import SubjectType
from app.domain.notifications import Urgency
from app.models.base import new_id
from app.models.bodies import Body
from app.models.notifications import Notification
from app.queries.notifications import Told, count_unread, list_notifications
from tests.drafting import Drafted
from tests.factories import Known, World
from tests.occasions import Thing, notify_of


def forget_all(world: World) -> None:
    """Nobody has been told anything yet."""
    with world.database.write() as session:
        session.connection().execute(delete(Notification))


def need_of(drafted: Drafted) -> Thing:
    """The need as what is told of."""
    return SubjectType.NEED, UUID(drafted.need_id)


def recommendation_of(drafted: Drafted) -> Thing:
    """The recommendation as what is told of."""
    return SubjectType.RECOMMENDATION, UUID(drafted.id)


def rows_of(session: Session, known: Known, thing: Thing, number: int, **more: object) -> list[dict[str, object]]:
    """As many rows as that, told to the person of one thing, as they stand in the table."""
    moment = now(session)
    told = {"person_id": known.person_id, "about": "need.edited", "urgency": Urgency.NEWS, "happened_at": moment}
    told |= {"subject_type": thing[0], "subject_id": thing[1], "place_type": thing[0], "place_id": thing[1]}
    return [{**told, **more, "occasion_id": new_id(moment + timedelta(milliseconds=each))} for each in range(number)]


class Inbox:
    """Tells one person of things, and reads what it is shown."""

    def __init__(self, world: World, known: Known) -> None:
        self.world = world
        self.known = known

    def tell(
        self,
        about: str,
        subject: Thing,
        *,
        place: Thing | None = None,
        body: Body | None = None,
        urgency: Urgency = Urgency.NEWS,
    ) -> UUID:
        """One more notification, a second after the last; its occasion."""
        self.world.database.clock.advance(seconds=1)  # type: ignore[attr-defined]
        return notify_of(
            self.world.database,
            self.known.person_id,
            about=about,
            subject=subject,
            place=place,
            body=body,
            urgency=urgency,
        )

    def shown(self) -> list[Told]:
        """The first part of the list."""
        with self.world.database.read() as session:
            return list(list_notifications(session, self.world.actor(self.known, session)).items)

    def count(self) -> int:
        """The unread ones."""
        with self.world.database.read() as session:
            return count_unread(session, self.world.actor(self.known, session))
