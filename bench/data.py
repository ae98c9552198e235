"""What is measured on: the example programme, 3,699 statements as needs, a thread of 500 comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import col, select

from app.actions.comments import post_comment
from app.actions.foundation import lay_foundation
from app.actions.import_statements import import_statements
from app.clock import system_clock
from app.config import Settings
from app.db import Database
from app.demo import load
from app.domain.bodies import BodyState
from app.domain.events import SubjectType
from app.domain.needs import NeedState
from app.domain.recommendations import RecommendationState
from app.forms.comments import CommentForm
from app.forms.statement_file import read_statements
from app.models.accounts import SignIn
from app.models.bodies import Body
from app.models.needs import Need
from app.models.people import Person
from app.models.recommendations import Recommendation
from app.queries.actors import actor_of
from app.schema import migrate
from app.security import SESSION_COOKIE, digest_of
from bench.floors_table import make_table
from bench.load import Request

STATEMENTS = Path(__file__).resolve().parent.parent / "tests" / "data" / "klimarat"
COOKIE, FORM_TOKEN = "c" * 40, "f" * 40
COMMENTS = 500


@dataclass(frozen=True)
class Prepared:
    """A filled database and the objects that are looked at."""

    url: str
    body_id: UUID
    need_id: UUID
    reference: str

    def pages(self, port: int) -> list[Request]:
        """What is measured, signed in unless it is public."""
        cookie = {"Cookie": f"{SESSION_COOKIE}={COOKIE}"}
        comment = f"/kommentare/need/{self.need_id}"

        def words() -> dict[str, str]:
            back = f"/bedarfe/{self.need_id}"
            sent = {"form_token": FORM_TOKEN, "id": str(uuid4()), "back": back}
            return {**sent, "text": "Das sehen wir in der Praxis genauso."}

        return [
            Request("list of needs", port, f"/bedarfe?body_id={self.body_id}", target=0.5, headers=cookie),
            Request("one need", port, f"/bedarfe/{self.need_id}", target=0.5, headers=cookie),
            Request("a thread of 500 comments", port, comment, target=0.5, headers=cookie),
            Request("Was ist zu tun?", port, "/aufgaben", target=0.5, headers=cookie),
            Request("a published recommendation", port, f"/empfehlungen/{self.reference}", floor="static"),
            Request("the same against rows", port, f"/empfehlungen/{self.reference}"),
            Request(
                "posting a comment", port, comment, floor="commit", target=0.3, status=303, headers=cookie, form=words
            ),
        ]


def prepare(url: str) -> Prepared:
    """Fill the database; takes a while and is not measured."""
    settings = Settings(database_url=url, secret_key="s" * 40)
    database = Database(settings, system_clock)
    migrate(database)
    with database.write() as session:
        lay_foundation(session)
    load(settings, datetime.now(UTC))
    make_table(database.engine)
    with database.write() as session:
        at_work = select(Body).where(Body.state == BodyState.ACTIVE).order_by(col(Body.created_at))
        body = session.exec(at_work.limit(1)).one()
    for file in sorted(STATEMENTS.glob("*.csv")):
        with database.write() as session:
            import_statements(session, body.slug, read_statements(file.read_bytes(), file.name))
    with database.write() as session:
        chair = session.exec(select(Person).where(Person.email == "leitung-b@beispiel.example")).one()
        moment = datetime.now(UTC)
        session.add(
            SignIn(
                created_at=moment,
                person_id=chair.id,
                digest=digest_of(COOKIE),
                form_secret=FORM_TOKEN,
                expires_at=moment + timedelta(hours=8),
            )
        )
        need = session.exec(
            select(Need).where(Need.body_id == body.id, Need.state == NeedState.ANSWERED).limit(1)
        ).one()
        actor = actor_of(session, chair)
        for number in range(COMMENTS):
            form = CommentForm(text=f"Beitrag {number}: " + "Aus unserer Praxis wissen wir das. " * 4)
            post_comment(session, SubjectType.NEED, need.id, form, actor=actor)
        reference = session.exec(
            select(Recommendation.reference)
            .where(Recommendation.state == RecommendationState.PUBLISHED)
            .order_by(col(Recommendation.published_at).desc())
        ).first()
    _settle(database)
    database.dispose()
    return Prepared(url, body.id, need.id, reference or "")


def _settle(database: Database) -> None:
    """What PostgreSQL's autovacuum does within a minute: without it no index alone answers, and plans are guesses."""
    if database.engine.dialect.name == "postgresql":
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM (ANALYZE)"))
