"""Mails as a mail program shows them: read by everybody, light and dark, wide and narrow, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext
from starlette.testclient import TestClient

from app.db import Database
from app.domain.events import SubjectType
from app.domain.notifications import MailRhythm, Urgency
from tests.browser.conftest import DESKTOP, PHONE, axe_violations
from tests.browser.test_pages import WIDER
from tests.factories import World
from tests.mails import html_of
from tests.occasions import choose, notify_of
from tests.test_digest_mails import last_mail
from tests.test_mails import KEPT, kept
from tests.voting import assemble

pytestmark = pytest.mark.browser


def htmls(database: Database, world: World, client: TestClient) -> list[str]:
    """Every kind of mail about oneself, and one with a task and news."""
    held = assemble(world, client)
    held.open()
    known = held.members[0]
    choose(world, known, MailRhythm.AT_ONCE)
    place = (SubjectType.RECOMMENDATION, held.recommendation_id)
    ballot = (SubjectType.BALLOT, held.ballot_id)
    told = {"subject": ballot, "place": place, "body": held.body}
    notify_of(database, known.person_id, about="ballot.opened", urgency=Urgency.TASK, **told)
    notify_of(database, known.person_id, about="body.changed", subject=(SubjectType.BODY, held.body.id))
    mails = [last_mail(database), *(kept(database, name, data) for name, data in KEPT.items())]
    return [html_of(database, mail) for mail in mails]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_mails_are_for_everybody(
    database: Database,
    world: World,
    client: TestClient,
    open_context: Callable[..., BrowserContext],
    scheme: Literal["light", "dark"],
) -> None:
    page = open_context(color_scheme=scheme).new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    for html in htmls(database, world, client):
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.set_content(html)
            assert page.evaluate(WIDER) <= 0
        assert axe_violations(page) == []
    assert fetched == []
