"""How long putting what 10,000 persons were told into mails takes, per 1,000, beside a bare insert of as many rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from time import perf_counter

from sqlalchemy import Column, DateTime, MetaData, String, Table, Uuid, func, insert
from sqlmodel import col, select

from app.actions.digests import AT_ONE_TIME, mail_notifications
from app.clock import system_clock
from app.config import Settings
from app.db import Database
from app.models.base import new_id
from app.models.notifications import Notification
from app.models.outbox import OutgoingMail

_MAILS = Table(
    "bench_mail",
    MetaData(),
    Column("id", Uuid),
    Column("person_id", Uuid),
    Column("address", String),
    Column("message_id", String),
    Column("due_at", DateTime(timezone=True)),
)


def compare_mails(url: str) -> bool:
    """Print milliseconds for 1,000 persons to the commit, for both; True where each got one mail.

    Everybody who was told of something in this database is due, as on the next morning.
    """
    database = Database(Settings(database_url=url, secret_key="s" * 40), _tomorrow)
    own, bare = [], []
    try:
        with database.write() as session:
            _MAILS.create(session.connection())
        while True:
            bare.append(_insert_bare(database))
            took, served = _mail(database)
            if served < AT_ONE_TIME:
                break
            own.append(took)
        with database.read() as session:
            mailed = select(func.count(), func.count(func.distinct(col(Notification.mail_id))))
            persons = select(func.count(func.distinct(col(OutgoingMail.person_id)))).where(
                OutgoingMail.template == "digest"
            )
            rows, mails = session.exec(mailed.where(col(Notification.mail_id).is_not(None))).one()
            readers = session.exec(persons).one()
    finally:
        database.dispose()
    print(
        f"{rows} notifications into {mails} mails: {median(own):.0f} ms for {AT_ONE_TIME} persons, "
        f"a bare insert of as many rows: {median(bare):.0f} ms, median of {len(own)} portions"
    )
    return mails == readers and mails >= AT_ONE_TIME


def _tomorrow() -> datetime:
    return system_clock() + timedelta(days=1)


def _mail(database: Database) -> tuple[float, int]:
    begun = perf_counter()
    with database.write() as session:
        served = mail_notifications(session)
    return (perf_counter() - begun) * 1000, served


def _insert_bare(database: Database) -> float:
    begun = perf_counter()
    with database.write() as session:
        rows = []
        for _number in range(AT_ONE_TIME):
            key = new_id()
            mine = {
                "id": key,
                "person_id": key,
                "address": "a@beispiel.example",
                "message_id": f"<{key}@beispiel.example>",
            }
            rows.append({**mine, "due_at": system_clock()})
        session.connection().execute(insert(_MAILS), rows)
    return (perf_counter() - begun) * 1000
