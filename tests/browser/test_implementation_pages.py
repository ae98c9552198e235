"""What follows a publication as it is seen: pages behind mailed links, goals, indicators, charts, the archive.

axe finds nothing, in light and in the dark, wide and on a phone; a refused form is as readable as an empty one.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import col, select

from app.actions.reuses import await_confirmation
from app.documents.need_review_links import review_path
from app.documents.response_links import answer_path
from app.documents.reuse_mails import confirm_path, keep_path
from app.documents.statement_links import path_of
from app.domain.goals import GoalKind
from app.domain.reuses import Land, SizeClass
from app.forms.reuses import ReuseForm
from app.models.consultations import StatementLink
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure
from app.models.need_reviews import NeedReview
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.models.reuses import Reuse
from tests.browser.conftest import Service, axe_violations
from tests.browser.test_pages import look

PUBLISHED = "/empfehlungen/IP-2026-B-01"
ARCHIVED = "/ausgaben/NAP-I-2012"
PAGES = (
    *(PUBLISHED + tab for tab in ("/umsetzung", "/wirkung", "/nachnutzung", "/nachnutzung/neu")),
    "/nachnutzung/angekommen",
    *("/monitoring", "/monitoring?course=no_data", "/monitoring/kontext", "/massnahmen", "/publikationen"),
    "/handlungsfelder/sprachliche-integration/massnahmentabelle",
    *(ARCHIVED, f"{ARCHIVED}/massnahmentabelle", "/monitoring?edition=NAP-I-2012"),
    *("/monitoring/kontext?edition=NAP-I-2012", "/handlungsfelder/sport", "/umsetzung?field_of_action=sport"),
    *("/empfehlungen/NAP-I-2012-DF7-01", "/empfehlungen/NAP-I-2012-DF7-01/wirkung"),
)


def links_of(running: Service) -> dict[str, str]:
    """Every link that is mailed about what follows a publication, by what it is for; and one that was altered."""
    settings = running.database.settings
    with running.database.write() as session:
        answer = session.exec(
            select(AddresseeResponse, Organisation.contact_address)
            .join(Organisation, col(Organisation.id) == AddresseeResponse.organisation_id)
            .where(col(Organisation.contact_address).is_not(None))
        ).first()
        review = session.exec(
            select(NeedReview, Organisation.contact_address)
            .join(Organisation, col(Organisation.id) == NeedReview.organisation_id)
            .where(col(Organisation.contact_address).is_not(None))
        ).first()
        statement_link = session.exec(select(StatementLink)).first()
        reuse = session.exec(select(Reuse)).first()
        assert answer is not None
        assert review is not None
        assert statement_link is not None
        assert reuse is not None
        recommendation = select(Recommendation.id).where(Recommendation.reference == "IP-2026-B-01")
        form = ReuseForm(
            name="Stadt Beispiel", land=Land.HESSE, size_class=SizeClass.UNDER_20_000, since_on="2026-01-01",
            effort="Eine halbe Stelle", result="Kürzere Wartezeiten", mailbox="rathaus@stadt.example",
        )  # fmt: skip
        waiting = await_confirmation(session, session.exec(recommendation).one(), form)
        session.flush()
        found = {
            "Rückmeldung": answer_path(settings, answer[0].id, str(answer[1])),
            "Nachfrage": review_path(settings, review[0].id, str(review[1])),
            "Stellungnahme": path_of(settings, statement_link),
            "Bestätigung": confirm_path(settings, waiting.id),
            "Stand": keep_path(settings, reuse.id),
        }
    altered = {f"{name}, verändert": path[:-6] + path[-6:].swapcase() for name, path in found.items()}
    return found | altered


def things_of(running: Service) -> list[str]:
    """The pages of a goal, an indicator with values, one of the context, and a measure, of today and of the past."""
    with running.database.read() as session:
        indicators = session.exec(select(Indicator).order_by(col(Indicator.created_at))).all()
        goals = session.exec(select(Goal).order_by(col(Goal.created_at))).all()
        measures = session.exec(select(Measure).order_by(col(Measure.created_at))).all()
        kinds = {each.kind: each for each in indicators}
        return [
            *(f"/indikatoren/{each.id}" for each in (indicators[0], *kinds.values())),
            *(f"/ziele/{each.id}" for each in (goals[0], next(g for g in goals if g.kind is GoalKind.OPERATIVE))),
            *(f"/massnahmen/{each.id}" for each in (measures[0], measures[-1])),
        ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_what_follows_a_publication(
    running_example: Service, open_context: Callable[..., BrowserContext], scheme: str
) -> None:
    page = open_context(color_scheme=scheme).new_page()
    paths = (*PAGES, *things_of(running_example))
    assert look(page, running_example.url, paths) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_behind_mailed_links(
    running_example: Service, open_context: Callable[..., BrowserContext], scheme: str
) -> None:
    page = open_context(color_scheme=scheme).new_page()
    links = links_of(running_example)
    said = look(page, running_example.url, tuple(links.values()))
    assert [each for each in said if "410 (Gone)" not in each] == []
    for name, path in links.items():
        response = page.goto(running_example.url + path)
        assert response is not None
        assert response.status in ((404, 410) if "verändert" in name else (200,)), name


@pytest.mark.parametrize("name", ["Rückmeldung", "Nachfrage", "Stellungnahme", "neu"])
def test_a_refused_form_says_what_is_missing(
    running_example: Service, open_context: Callable[..., BrowserContext], name: str
) -> None:
    page = open_context().new_page()
    path = f"{PUBLISHED}/nachnutzung/neu" if name == "neu" else links_of(running_example)[name]
    page.goto(running_example.url + path)
    send_empty(page)
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator(".error-summary")).to_be_focused()
    assert axe_violations(page) == []


def send_empty(page: Page) -> None:
    """Empty the page's form and send it as a browser does that checks nothing itself."""
    page.evaluate(
        "() => { const form = document.querySelector('main form.form'); form.noValidate = true;"
        " form.querySelectorAll('input:not([type=hidden]), textarea, select').forEach(field => {"
        "   if (['radio', 'checkbox'].includes(field.type)) field.checked = false; else field.value = ''; });"
        " form.querySelector('button[type=submit]').click(); }"
    )
    page.wait_for_load_state()
