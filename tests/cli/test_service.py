"""What the command line refuses, it says in one German line on standard error, with the code of its kind."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from app.cli.main import main
from app.config import Settings
from app.db import Database


@pytest.fixture(autouse=True)
def environment(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line works on the test's database; a service that starts though it was refused is a failure."""

    def started(*_arguments: object, **_options: object) -> None:
        pytest.fail("the service was started")

    monkeypatch.setattr("uvicorn.run", started)
    monkeypatch.setenv("DIALOGFORUM_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("DIALOGFORUM_SECRET_KEY", settings.secret_key)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code and the one line on standard error; nothing was promised on standard output."""
    code = main(arguments)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1, printed.err
    assert printed.err.startswith("dialogforum: ")
    return code, printed.err


def test_a_backup_into_a_folder_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "fehlt" / "sicherung.jsonl.gz"
    code, line = refused(capsys, "backup", str(file))
    assert code == 1
    assert str(file.parent) in line
    assert not file.parent.exists()


def test_a_backup_over_a_file_that_is_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "sicherung.jsonl.gz"
    file.write_bytes(b"wichtig")
    code, line = refused(capsys, "backup", str(file))
    assert (code, file.read_bytes()) == (1, b"wichtig")
    assert "gibt es schon" in line


@pytest.mark.parametrize(
    ("option", "value", "range_"),
    [("--port", "99999", "1 bis 65535"), ("--port", "0", "1 bis 65535"), ("--workers", "0", "1 bis 64")],
)
def test_a_number_out_of_range(capsys: pytest.CaptureFixture[str], option: str, value: str, range_: str) -> None:
    code, line = refused(capsys, "serve", option, value)
    assert code == 2
    assert option in line
    assert range_ in line


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str], workers: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, line = refused(capsys, "serve", "--port", str(port), "--workers", workers)
    assert code == 1
    assert f"127.0.0.1:{port}" in line
    assert "lauscht schon ein anderer. Wählen Sie mit --port" in line


def test_an_address_that_is_not_this_machine_s(capsys: pytest.CaptureFixture[str]) -> None:
    code, line = refused(capsys, "serve", "--host", "192.0.2.1", "--port", "8765")
    assert code == 1
    assert "192.0.2.1:8765 kann der Dienst nicht lauschen: Diese Adresse gibt es auf dieser Maschine nicht." in line
