"""People and tokens from the command line: how the first one comes in."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session

from app.actions.organisations import find_or_create_by_name
from app.actions.people import create_person, invite_person
from app.actions.tokens import make_token
from app.config import read_settings
from app.db import Database
from app.domain.actors import SYSTEM_ACTOR, PersonRole
from app.errors import FieldError, Invalid
from app.forms.accounts import TokenForm
from app.forms.messages import invalid_from
from app.forms.people import PersonForm
from app.i18n import _
from app.queries.accounts import find_person_by_email


def add_commands(commands: Any) -> None:
    """`user create` and `token create`."""
    user = commands.add_parser("user", help="Personen anlegen").add_subparsers(required=True, metavar="BEFEHL")
    create = user.add_parser("create", help="eine Person anlegen und einladen")
    create.add_argument("--email", required=True, help="Adresse der Person")
    create.add_argument("--name", required=True, help="Name der Person")
    create.add_argument("--organisation", required=True, help="Name der Organisation; fehlt sie, wird sie angelegt")
    create.add_argument(
        "--role",
        choices=[role.value for role in PersonRole],
        default=PersonRole.PARTICIPANT.value,
        help="Aufgabe in der Anwendung",
    )
    create.set_defaults(run=run_user_create)
    token = commands.add_parser("token", help="Zugangstoken anlegen").add_subparsers(required=True, metavar="BEFEHL")
    make = token.add_parser("create", help="ein Zugangstoken anlegen und ausgeben")
    make.add_argument("--email", required=True, help="Adresse der Person, für die es gilt")
    make.add_argument("--name", required=True, help="wofür es ist")
    make.add_argument("--write", action="store_true", help="auch schreiben, nicht nur lesen")
    make.add_argument("--days", type=int, default=365, help="wie viele Tage es gilt (365)")
    make.set_defaults(run=run_token_create)


@contextmanager
def _writing() -> Iterator[Session]:
    database = Database(read_settings())
    try:
        with database.write() as session:
            yield session
    finally:
        database.dispose()


def run_user_create(chosen: argparse.Namespace) -> int:
    """Make a person, the organisation where it is missing, and send the invitation."""
    with _writing() as session:
        name = " ".join(chosen.organisation.split())
        if not name:
            raise Invalid(FieldError("organisation", _("Bitte nennen Sie eine Organisation.")))
        try:
            organisation = find_or_create_by_name(session, name, actor=SYSTEM_ACTOR)
            form = PersonForm(
                email=chosen.email, name=chosen.name, organisation_id=organisation.id, role=PersonRole(chosen.role)
            )
        except ValidationError as error:
            raise invalid_from(error) from error
        person, _is_new = create_person(session, form, actor=SYSTEM_ACTOR)
        invite_person(session, person.id, actor=SYSTEM_ACTOR)
    print(f"{person.name} ist angelegt; die Einladung geht an {person.email}.")
    return 0


def run_token_create(chosen: argparse.Namespace) -> int:
    """Make a token and print nothing but its secret."""
    try:
        form = TokenForm(name=chosen.name, days=chosen.days, may_write=chosen.write)
    except ValidationError as error:
        raise invalid_from(error) from error
    with _writing() as session:
        person = find_person_by_email(session, chosen.email.strip().casefold())
        if person is None:
            raise Invalid(FieldError("email", _("Unter dieser Adresse gibt es keine Person mit Zugang.")))
        _token, secret = make_token(session, person.id, form, actor=SYSTEM_ACTOR)
    print(secret)
    return 0
