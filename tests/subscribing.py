"""What tests of subscriptions share: a reader without an account, and the mailbox the mails arrive in."""

from __future__ import annotations

from typing import Any

from sqlmodel import SQLModel
from starlette.testclient import TestClient

from app.actions.subscriptions import forget_lapsed_subscriptions, mail_subscribers
from app.config import Settings
from app.db import Database
from app.models.outbox import OutgoingMail
from app.security import anonymous_form_token
from tests.drafting import Drafted
from tests.mails import links_of, list_mails

MAILBOX = "leserin@beispiel.example"


class Public:
    """A reader without an account, and the mailbox somebody of that name reads."""

    def __init__(self, client: TestClient, database: Database, settings: Settings) -> None:
        self.client, self.database = client, database
        self.token = anonymous_form_token(settings)

    def ask(self, *about: str, email: str = MAILBOX) -> Any:
        """Send the form."""
        self.client.cookies.clear()
        return self.client.post("/abonnieren", data={"form_token": self.token, "email": email, "about": list(about)})

    def post(self, path: str) -> Any:
        """Press the button of a page behind a link."""
        return self.client.post(path, data={"form_token": self.token})

    def subscribe(self, *about: str, email: str = MAILBOX) -> None:
        """Ask, open the mail, and confirm."""
        assert self.ask(*about, email=email).status_code == 303
        assert self.post(self.link("bestaetigen", self.mails(email)[-1])).status_code == 303

    def mails(self, email: str = MAILBOX) -> list[OutgoingMail]:
        """The mails written to a mailbox, oldest first."""
        return [each for each in list_mails(self.database) if each.address == email]

    def link(self, kind: str, mail: OutgoingMail, number: int = 0) -> str:
        """A link of a mail to confirm or to end."""
        return [path for path in links_of(self.database, mail) if path.startswith(f"/abonnieren/{kind}/")][number]

    def told(self) -> int:
        """What the worker writes now; how many mails."""
        with self.database.write() as session:
            return mail_subscribers(session)

    def everywhere(self, wanted: str = MAILBOX) -> list[str]:
        """The tables in which a text stands."""
        found: list[str] = []
        with self.database.read() as session:
            for table in SQLModel.metadata.sorted_tables:
                rows = session.connection().execute(table.select()).all()
                found += [table.name for row in rows if any(wanted in str(value) for value in row)]
        return found


def about(drafted: Drafted) -> str:
    """The recommendation as a form names it."""
    return f"recommendation:{drafted.id}"


def forget(public: Public) -> int:
    """What the worker forgets now and then."""
    with public.database.write() as session:
        return forget_lapsed_subscriptions(session)
