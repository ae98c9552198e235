"""Nothing is forgotten: words have labels, templates are shown, the state has one writer, migrations fit the models."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

import app.domain
from app.config import PROJECT_ROOT, Settings
from app.db import Database
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.schema import alembic_config, is_current, migrate
from app.wording import event_sentence, label, permission_refused
from tests import backends
from tests.conftest import BACKEND, SECRET

APP = PROJECT_ROOT / "app"
TEMPLATES = PROJECT_ROOT / "templates"
# No page says these as a word: they choose what is shown or done.
WITHOUT_LABEL = {
    "ActorKind",
    "AttemptKind",
    "Capability",
    "ChangeKind",
    "Circle",
    "MergeOutcome",
    "SpanKind",
    "SubjectType",
}
# Said in sentences of their own.
SENTENCES = {"EventType", "Permission"}


def words() -> Iterator[type[StrEnum]]:
    """Every set of words of the domain."""
    for module in pkgutil.walk_packages(app.domain.__path__, "app.domain."):
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, StrEnum) and thing.__module__ == module.name:
                yield thing


def test_every_word_has_a_german_label() -> None:
    missing = []
    for kind in words():
        if kind.__name__ in WITHOUT_LABEL | SENTENCES:
            continue
        for word in kind:
            try:
                said = label(word)
            except LookupError:
                said = ""
            if not said:
                missing.append(f"{kind.__name__}.{word.name}")
    assert missing == []


def test_every_event_and_permission_has_its_sentence() -> None:
    for kind in EventType:
        assert event_sentence(kind)
    for permission in Permission:
        assert permission_refused(permission)


def test_the_state_has_one_writer() -> None:
    writers = set()
    for file in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, (ast.AugAssign, ast.AnnAssign))
                else []
            )
            for target in targets:
                named = isinstance(target, ast.Attribute) and target.attr == "state"
                if named and ast.unparse(target) != "application.state":
                    writers.add(str(file.relative_to(APP)))
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr" and "'state'" in ast.unparse(node):
                writers.add(str(file.relative_to(APP)))
    # Of the others one builds an answer, one follows a chain that is checked.
    assert writers == {"actions/moves.py", "routers/api/recommendations.py", "queries/record.py"}


def test_every_template_is_used() -> None:
    everything = "\n".join(file.read_text() for file in [*APP.rglob("*.py"), *TEMPLATES.rglob("*.*")])
    named = set(re.findall(r"[\w/-]+\.(?:html|xml)", everything))
    templates = {str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*.*")}
    built = {name for name in templates if name.startswith("pages/")}
    # A mail is named without its folder: send_mail(session, template="invitation", …).
    built |= {f"mails/{word}.html" for word in re.findall(r'"([a-z_]+)"', everything)}
    assert templates - named - built == set()
    folders = {name.split("/")[0] for name in templates}
    assert {name for name in named if "/" in name and name.split("/")[0] in folders} <= templates


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[tuple[Database, Config]]:
    """An empty database of its own and the migrations' configuration for it."""
    with backends.template(BACKEND, tmp_path) as made:
        database = Database(Settings(database_url=made.url, secret_key=SECRET))
        migrate(database)
        yield database, alembic_config()
        database.dispose()


def test_the_migrations_make_what_the_models_say_and_can_go_back(fresh: tuple[Database, Config]) -> None:
    database, config = fresh
    assert is_current(database)
    with database.engine.execution_options(dialogforum_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.check(config)
    with database.engine.execution_options(dialogforum_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with database.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    assert not is_current(database)
    migrate(database)
    assert is_current(database)
