"""Telling persons what happened: who is told, in how many statements, and who is not."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from app.actions.notifications import notify
from app.domain.events import SubjectType
from app.domain.notifications import Urgency
from app.models.base import new_id
from app.models.notifications import Notification
from app.models.people import Person
from tests.factories import World

MOMENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def tell_all(
    session: Session, occasion_id: UUID, doer_id: UUID | None = None, urgency: Urgency = Urgency.DEADLINE
) -> int:
    body_id = new_id()
    return notify(
        session,
        occasion_id=occasion_id,
        about="reminder.ballot.two_days",
        urgency=urgency,
        subject_type=SubjectType.BALLOT,
        subject_id=new_id(),
        place_type=SubjectType.PROPOSAL,
        place_id=new_id(),
        body_id=body_id,
        happened_at=MOMENT,
        persons=select(col(Person.id)),
        doer_id=doer_id,
    )


def test_persons_are_told_once_but_for_who_did_it_and_who_left(session: Session, world: World) -> None:
    told, doer, gone, invited = (world.person() for _ in range(4))
    session.get_one(Person, gone.person_id).ended_at = MOMENT
    session.get_one(Person, invited.person_id).joined_at = None
    occasion_id = new_id()

    assert tell_all(session, occasion_id, doer.person_id) == 1
    assert tell_all(session, occasion_id, doer.person_id) == 0

    found = session.exec(select(Notification)).one()
    assert (found.person_id, found.occasion_id, found.urgency) == (told.person_id, occasion_id, Urgency.DEADLINE)
    assert (found.happened_at, found.read_at, found.mail_id) == (MOMENT, None, None)


@pytest.mark.parametrize("urgency", list(Urgency))
def test_it_says_how_many_were_told(session: Session, world: World, urgency: Urgency) -> None:
    for _number in range(3):
        world.person()
    assert tell_all(session, new_id(), urgency=urgency) == 3
