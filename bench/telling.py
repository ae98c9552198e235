"""How long telling 10,000 persons of one publication takes, beside a bare INSERT … SELECT of as many rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

from sqlalchemy import Column, DateTime, MetaData, String, Table, Uuid, func, insert, literal, select
from sqlmodel import col
from sqlmodel import select as select_one

from app.actions.record import record
from app.clock import system_clock
from app.config import Settings
from app.db import Database
from app.domain.actors import SYSTEM_ACTOR
from app.domain.events import EventType
from app.domain.follows import FollowTarget
from app.models.base import new_id
from app.models.follows import Follow
from app.models.notifications import Notification
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.recommendations import Recommendation
from tests.crowd import gather_followers

MANY = 10_000
_TOLD = Table(
    "bench_told",
    MetaData(),
    Column("occasion_id", Uuid),
    Column("person_id", Uuid),
    Column("about", String),
    Column("happened_at", DateTime(timezone=True)),
)


def compare(url: str, rounds: int) -> bool:
    """Print milliseconds from the first statement to the commit, for both; True where everybody was told."""
    database = Database(Settings(database_url=url, secret_key="s" * 40), system_clock)
    try:
        recommendation = _gather(database)
        own, bare = [], []
        for _round in range(rounds):
            own.append(_timed(lambda: _tell(database, recommendation)))
            bare.append(_timed(lambda: _copy(database)))
        with database.read() as session:
            told = select_one(func.count()).select_from(Notification)
            rows = session.exec(told.where(col(Notification.place_id) == recommendation.id)).one()
    finally:
        database.dispose()
    ratio = median(one / other for one, other in zip(own, bare, strict=True))
    print(f"telling {MANY} of a publication: {median(own):.0f} ms, a bare copy of as many rows: {median(bare):.0f} ms")
    print(f"the {ratio:.1f}-fold of the floor, median of {rounds} rounds")
    return rows >= MANY * rounds


def _gather(database: Database) -> Recommendation:
    moment = datetime.now(UTC)
    with database.write() as session:
        found = session.exec(select_one(Recommendation).where(col(Recommendation.published_at).is_not(None))).first()
        assert found is not None, "the example programme has published something"
        organisation_id = session.exec(select_one(Organisation.id).limit(1)).one()
        gather_followers(session, MANY, organisation_id, FollowTarget.RECOMMENDATION, found.id, moment)
        _TOLD.create(session.connection())
    with database.write() as session:
        # What a database has learnt of its tables by itself after a while: how many rows there are.
        session.connection().exec_driver_sql("ANALYZE")
    return found


def _tell(database: Database, recommendation: Recommendation) -> None:
    with database.write() as session:
        found = session.get_one(Recommendation, recommendation.id)
        record(session, EventType.RECOMMENDATION_PUBLISHED, found, actor=SYSTEM_ACTOR)


def _copy(database: Database) -> None:
    with database.write() as session:
        columns = (literal(new_id(), Uuid()), col(Person.id), literal("bench"), col(Person.created_at))
        persons = select(*columns).where(col(Person.id).in_(select(col(Follow.person_id)))).limit(MANY)
        session.connection().execute(insert(_TOLD).from_select(list(_TOLD.c.keys()), persons))


def _timed(work: Callable[[], None]) -> float:
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1000
