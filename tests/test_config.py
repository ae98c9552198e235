"""Settings: an unknown or malformed one stops the start with a line naming it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import SettingsError, read_settings

KEY = {"DIALOGFORUM_SECRET_KEY": "k" * 40}


def test_the_defaults_serve_a_single_machine() -> None:
    settings = read_settings(KEY)
    assert settings.database_url == "sqlite:///var/dialogforum.db"
    assert not settings.demo
    assert not settings.is_secure


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIALOGFORUM_COLOUR", "red"),
        ("DIALOGFORUM_DATABASE_URL", "mysql://somewhere"),
        ("DIALOGFORUM_BASE_URL", "dialogforum.example"),
        ("DIALOGFORUM_MAIL_URL", "pigeon:loft"),
        ("DIALOGFORUM_SECRET_KEY", "short"),
        ("DIALOGFORUM_DEMO", "perhaps"),
        ("DIALOGFORUM_LOG_FORMAT", "xml"),
    ],
)
def test_a_setting_that_is_none_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({**KEY, name: value})


def test_the_secret_key_is_made_once_and_kept(tmp_path: Path) -> None:
    environment = {"DIALOGFORUM_DATABASE_URL": f"sqlite:///{tmp_path}/var/dialogforum.db"}
    first = read_settings(environment).secret_key
    assert len(first) >= 32
    assert read_settings(environment).secret_key == first
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("host", "allowed"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_example_accounts_are_shown_on_the_own_machine_alone(host: str, allowed: bool) -> None:
    settings = read_settings({**KEY, "DIALOGFORUM_DEMO": "1"})
    if allowed:
        settings.require_loopback_for_demo(host)
        return
    with pytest.raises(SettingsError, match="DEMO"):
        settings.require_loopback_for_demo(host)
