"""People before their browsers: what they press is found as they find it, and every page they see is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response

from app.actions.passwords import take_password
from app.db import Database
from app.domain.actors import MembershipRole, PersonRole
from app.domain.deadlines import berlin_date
from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.models.people import Person
from app.security import SESSION_COOKIE, Passwords
from app.worker import Worker
from tests.browser.conftest import DESKTOP, PHONE, Service, axe_violations
from tests.factories import Known, World

PASSWORD = "vier blaue Lampen leuchten"
PATIENCE = 20_000
BODY = "AG Übergänge"
EMAIL = "mira.muster@beispiel.example"
PEOPLE = {
    "chair": "Clara Leiter",
    "rapporteur": "Rita Schreiber",
    "member": "Mira Muster",
    "objector": "Otto Einwand",
    "office": "Gesa Stelle",
    "verifier": "Vera Prüfer",
    "land": "Lena Land",
}
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
Opened = Callable[..., BrowserContext]


class Visitor:
    """One person, or nobody in particular, before a browser of their own; `wrong` gathers what is wrong with pages.

    Who `looks` not has no scripts: axe is one.
    """

    def __init__(
        self,
        service: Service,
        context: BrowserContext,
        wrong: list[str],
        known: Known | None = None,
        *,
        looks: bool = True,
    ) -> None:
        self.url = service.url
        self.looks = looks
        self.wrong = wrong
        context.set_default_timeout(PATIENCE)
        if known is not None:
            context.add_cookies([{"name": SESSION_COOKIE, "value": known.cookie, "url": service.url}])
        self.page: Page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("dialog", lambda dialog: dialog.accept())

    @property
    def main(self) -> Locator:
        """What the page says, without its frame."""
        return self.page.get_by_role("main")

    def open(self, path: str) -> None:
        """Type an address."""
        self._arrive(self.page.goto(self.url + path))

    def tasks(self) -> None:
        """Come back to what is to be done."""
        self.open("/aufgaben")

    def go_to(self, name: str) -> None:
        """Choose from the main navigation."""
        self._leave_by(self.page.get_by_role("navigation", name="Hauptnavigation").get_by_role("link", name=name))

    def follow(self, name: str) -> None:
        """Follow the first link of the page that is called so."""
        self._leave_by(self.main.get_by_role("link", name=name).first)

    def press(self, name: str, status: int = 200) -> None:
        """Press the button that is called exactly so; 422 where something is still missing."""
        self._leave_by(self.main.get_by_role("button", name=name, exact=True), status)

    def unfold(self, name: str) -> None:
        """Open what is folded away, and look at it too."""
        self.main.locator("summary", has_text=name).first.click()
        self.look()

    def fill(self, label: str, text: str) -> None:
        """Write into the field that stands open under this label."""
        self.field(label).fill(text)

    def write(self, part: str, *paragraphs: str) -> None:
        """Write paragraphs into a part of the text in the editor, as in a word processor."""
        self.page.get_by_role("region", name=part, exact=True).locator("p").last.click()
        for place, paragraph in enumerate(paragraphs):
            if place:
                self.page.keyboard.press("Enter")
            self.page.keyboard.type(paragraph)

    def choose(self, label: str) -> None:
        """Tick a box, or one of several choices."""
        self.field(label).check()

    def select(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.field(label).select_option(label=option)

    def field(self, label: str) -> Locator:
        """The visible field under this label."""
        return self.main.get_by_label(label).filter(visible=True).first

    def reads(self, *texts: str) -> None:
        """See each of these on the page."""
        for text in texts:
            found = self.main.get_by_text(text).filter(visible=True)
            assert found.count(), f"„{text}“ steht nicht auf {self.page.url}:\n{self.main.inner_text()}"

    def is_told(self, text: str) -> None:
        """See it in the notice above the page."""
        assert text in self.page.get_by_role("status").first.inner_text()

    def sign_in(self, email: str) -> None:
        """Sign in through the form that stands before what one wanted."""
        self.fill("E-Mail-Adresse", email)
        self.fill("Passwort", PASSWORD)
        self.press("Anmelden")

    def look(self) -> None:
        """Note what axe finds, and whether a phone has to scroll sideways."""
        if not self.looks:
            return
        self.wrong += axe_violations(self.page)
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        if self.page.evaluate(WIDER) > 0:
            self.wrong.append(f"{self.page.url} is wider than a phone")
        self.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]

    def _leave_by(self, way: Locator, status: int = 200) -> None:
        with self.page.expect_navigation(timeout=PATIENCE) as arrival:
            way.click()
        self._arrive(arrival.value, status)

    def _arrive(self, response: Response | None, status: int = 200) -> None:
        if response is not None and response.status != status:
            self.wrong.append(f"{self.page.url} answers {response.status}")
        self.look()

    def _hear(self, said: ConsoleMessage) -> None:
        """The console reports every refused form, whose status was looked at; what else it reports is wrong."""
        if said.type == "error" and not any(f"status of {status}" in said.text for status in (409, 422)):
            self.wrong.append(f"{self.page.url} {said.text}")


def give_password(database: Database, known: Known, email: str) -> None:
    """Let a person sign in through the form."""
    with database.write() as session:
        person = session.get_one(Person, known.person_id)
        person.email = email
        take_password(session, person, Passwords.hash(PASSWORD))


def let_days_pass(service: Service, days: int) -> None:
    """Days go by, and the worker does what fell due."""
    service.clock.advance(days=days)
    Worker(service.database).run_once()


def day(service: Service, ahead: int = 0) -> str:
    """A day as a date field takes it."""
    return (berlin_date(service.clock()) + timedelta(days=ahead)).isoformat()


@dataclass
class Scene:
    """Everybody who takes part, each before a browser of their own, and what was found wrong with the pages."""

    service: Service
    opened: Opened
    known: dict[str, Known]
    wrong: list[str] = field(default_factory=list)
    seen: dict[str, Visitor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Visitor:
        """The person with this part in the story; the member comes without a cookie and signs in."""
        if name not in self.seen:
            known = None if name in ("member", "public") else self.known[name]
            self.seen[name] = Visitor(self.service, self.opened(), self.wrong, known)
        return self.seen[name]


def set_scene(service: Service, opened: Opened) -> Scene:
    """A body of four seats, two people of the Geschäftsstelle, and a Land."""
    world = World(service.database)
    body = world.body(BODY, decision_rule="qualified_majority", threshold_percent=60, ballot_days=14, comment_days=14)
    land = world.organisation("Land Beispiel", OrganisationKind.LAND, Level.STATE, ParticipationClass.MANDATORY)
    roles = {"chair": MembershipRole.CHAIR, "rapporteur": MembershipRole.RAPPORTEUR}
    known = {
        name: world.member(
            body,
            roles.get(name, MembershipRole.MEMBER),
            name=PEOPLE[name],
            organisation_id=world.organisation(f"Verband {name}"),
        )
        for name in ("chair", "rapporteur", "member", "objector")
    }
    for name in ("office", "verifier"):
        known[name] = world.person(PersonRole.SECRETARIAT, name=PEOPLE[name])
    known["land"] = world.person(organisation_id=land, name=PEOPLE["land"])
    give_password(service.database, known["member"], EMAIL)
    return Scene(service, opened, known)


@dataclass(frozen=True)
class Keys:
    """A page used by keyboard alone."""

    page: Page

    def tab_to(self, wanted: Locator) -> None:
        """Press Tab until this has the focus, and see that it has."""
        for _press in range(120):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                shown = wanted.evaluate(_FOCUS)
                assert shown, f"Der Fokus auf {wanted} ist nicht zu sehen."
                return
        raise AssertionError(f"{wanted} ist mit der Tabulatortaste nicht zu erreichen.")

    def enter(self) -> None:
        """Press Enter on what leads to another page."""
        with self.page.expect_navigation(timeout=PATIENCE):
            self.page.keyboard.press("Enter")


_FOCUS = """element => element.matches(':focus-visible') && [null, '::after'].some((part) => {
    const style = getComputedStyle(element, part);
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
})"""
