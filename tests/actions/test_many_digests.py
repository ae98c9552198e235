"""What 10,000 persons were told of leaves in one mail for each, in portions of few statements; none is handed over."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import and_, delete, func
from sqlmodel import col, select

from app.actions.digests import AT_ONE_TIME, mail_notifications
from app.actions.notifications import notify
from app.clock import now
from app.domain.events import SubjectType
from app.domain.follows import FollowTarget
from app.domain.notifications import Urgency
from app.models.base import new_id
from app.models.follows import Follow
from app.models.notifications import Notification
from app.models.outbox import OutgoingMail
from tests.browsing import StatementCounter
from tests.conftest import MovedClock
from tests.crowd import gather_followers
from tests.factories import World

MANY = 10_000


def tell_twice(world: World) -> None:
    """So many persons are told of two things each, and nobody of anything else."""
    body, organisation_id = world.body(), world.organisation()
    with world.database.write() as session:
        moment = now(session)
        gather_followers(session, MANY, organisation_id, FollowTarget.BODY, body.id, moment)
        session.connection().execute(delete(Notification))
        for _number in range(2):
            notify(
                session,
                occasion_id=new_id(moment),
                about="body.changed",
                urgency=Urgency.NEWS,
                subject_type=SubjectType.BODY,
                subject_id=body.id,
                place_type=SubjectType.BODY,
                place_id=body.id,
                body_id=body.id,
                happened_at=moment,
                persons=select(col(Follow.person_id)).where(Follow.target_id == body.id),
            )


@pytest.mark.slow
def test_ten_thousand_persons_get_one_mail_each(world: World, clock: MovedClock, statements: StatementCounter) -> None:
    tell_twice(world)
    clock.advance(days=1)
    served, asked = [], []
    for _portion in range(MANY // AT_ONE_TIME + 1):
        with statements, world.database.write() as session:
            served.append(mail_notifications(session))
        asked.append(statements.count)
    assert served == [AT_ONE_TIME] * (MANY // AT_ONE_TIME) + [0]
    assert max(asked) <= 8
    with world.database.read() as session:
        mails: list[UUID | None] = list(session.exec(select(OutgoingMail.person_id)).all())
        own = and_(col(OutgoingMail.id) == Notification.mail_id, col(OutgoingMail.person_id) == Notification.person_id)
        told = session.exec(select(func.count()).select_from(Notification).join(OutgoingMail, own)).one()
    assert (len(mails), len(set(mails)), told) == (MANY, MANY, 2 * MANY)
