"""How people come in: own paths, addresses that count as one, passwords others would try, the state of an access."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.accounts import (
    AccessState,
    AttemptKind,
    access_state,
    is_guessable,
    limits_of,
    network_of,
    own_path,
    prepared_password,
)
from app.domain.agents import agent_in_words


@pytest.mark.parametrize("path", ["/", "/konto", "/bedarfe?q=Kita&after=x", "/empfehlungen/IP-1.2#absatz-3", "/größe"])
def test_own_paths_are_led_on_to(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [None, "", "konto", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"],
)
def test_an_address_elsewhere_is_not(path: str | None) -> None:
    assert own_path(path) is None


@pytest.mark.parametrize("path", ["/a\\b", "/a b", "/a\nb", "\\\\evil", "/" + "a" * 2_000, "/\x7f"])
def test_a_malformed_path_is_not(path: str) -> None:
    assert own_path(path) is None


@given(some.text(max_size=50))
def test_whatever_is_sent_an_own_path_stays_on_this_site(text: str) -> None:
    found = own_path(text)
    assert found is None or (found == text and found[0] == "/" and found[1:2] not in ("/", "\\"))


def test_what_counts_as_one_address() -> None:
    assert network_of("192.0.2.7") == "192.0.2.7"
    assert network_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert network_of("testclient") == "testclient"


def test_one_address_never_uses_up_what_an_account_has() -> None:
    here, account, address = limits_of(AttemptKind.SIGN_IN, "a@b.example", "192.0.2.7")
    assert here.attempts < account.attempts < address.attempts
    assert here.key != account.key != address.key


@pytest.mark.parametrize(
    ("password", "guessable"),
    [
        ("vier blaue Lampen leuchten", False),
        ("Xk7!pq-92Lm_z", False),
        ("aaaaaaaaaaaa", True),
        ("abababababab", True),
        ("dialogforum-beispiel", True),
        ("annamuster12", True),
        ("MusterAnna!!!", True),
    ],
)
def test_passwords_made_of_what_others_know_are_guessable(password: str, guessable: bool) -> None:
    assert is_guessable(password, "Anna Muster", "anna@muster.example") is guessable


def test_an_umlaut_is_one_however_it_was_typed() -> None:
    assert prepared_password("größe") == prepared_password("gro\u0308ße")


def test_the_latest_fact_says_where_an_access_stands() -> None:
    for redacted, ended, joined, invited in product((False, True), repeat=4):
        found = access_state(is_redacted=redacted, is_ended=ended, has_joined=joined, is_invited=invited)
        facts = {
            AccessState.REDACTED: redacted,
            AccessState.ENDED: ended,
            AccessState.JOINED: joined,
            AccessState.INVITED: invited,
            AccessState.CREATED: True,
        }
        assert found == next(state for state, holds in facts.items() if holds)


def test_a_browser_is_named_in_words() -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
    assert agent_in_words(agent) == "Edge, Windows"
    assert agent_in_words("curl/8.0") == "curl/8.0"
    assert agent_in_words("") == ""
