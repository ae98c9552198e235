"""What a notification's place is called and where its page is; the caller has asked whether the reader may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, String, Uuid, bindparam, cast, literal, null, union_all
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.i18n import _
from app.models.bodies import Body
from app.models.consultations import CommentRound, Statement
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure
from app.models.needs import Need
from app.models.notifications import Notification
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.programmes import Edition, Programme
from app.models.proposals import Proposal
from app.models.publications import Publication
from app.models.recommendations import Recommendation
from app.queries import bodies, recommendations
from app.queries.built import built_once, keys_of
from app.wording.notifications import sentence

_TAB = {
    SubjectType.COMMENT_ROUND: "/stellungnahmen",
    SubjectType.STATEMENT: "/stellungnahmen",
    SubjectType.AMENDMENT: "/aenderungsvorschlaege",
    SubjectType.BALLOT: "/beschluss",
    SubjectType.POSITION: "/beschluss",
    SubjectType.DISSENTING_OPINION: "/beschluss",
    SubjectType.CO_SIGNATURE: "/mitzeichnung",
    SubjectType.RESPONSE: "/umsetzung",
    SubjectType.NEED_REVIEW: "/wirkung",
    SubjectType.REUSE: "/nachnutzung",
}
"""Where on a recommendation's pages the thing stands."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notification with what its reader needs: the title of its place, the way there, its body's title if known."""

    notification: Notification
    title: str
    url: str
    body_title: str
    is_example: bool = False

    @property
    def text(self) -> str:
        """What it says in a few German words."""
        return sentence(self.notification.about)


@dataclass(frozen=True, slots=True)
class _Named:
    title: str
    url: str
    is_example: bool


def with_places(session: Session, notifications: Sequence[Notification], actor: Actor) -> list[Told]:
    """The same notifications in their order with titles and addresses; at most three statements.

    One whose place is gone by now is left out.
    """
    named = _named(session, notifications, actor)
    told = []
    for each in notifications:
        place = named.get((each.place_type, each.place_id))
        if place is None:
            continue
        body = place if each.place_type is SubjectType.BODY else named.get((SubjectType.BODY, each.body_id))
        url = _address(each, place.url, actor)
        told.append(Told(each, place.title, url, body.title if body else "", place.is_example))
    return told


def _named(
    session: Session, notifications: Sequence[Notification], actor: Actor
) -> dict[tuple[SubjectType, UUID | None], _Named]:
    keys: dict[SubjectType, set[UUID]] = {}
    for each in notifications:
        keys.setdefault(each.place_type, set()).add(each.place_id)
        if each.body_id:
            keys.setdefault(SubjectType.BODY, set()).add(each.body_id)
    wanted = keys.pop(SubjectType.RECOMMENDATION, set())
    found = _titles(session, keys, actor) if keys else {}
    if wanted:
        statement = select(Recommendation).where(col(Recommendation.id).in_(wanted))
        seen = session.exec(statement).all()
        recommendations.show_as_seen(session, seen, actor)
        for each_one in seen:
            place = _Named(each_one.title, recommendations.url_of(each_one), each_one.is_example)
            found[SubjectType.RECOMMENDATION, each_one.id] = place
    return found


def _titles(
    session: Session, keys: Mapping[SubjectType, set[UUID]], actor: Actor
) -> dict[tuple[SubjectType, UUID | None], _Named]:
    asked = {f"of_{noun.value}": list(keys.get(noun, ())) for noun in _PAGES}
    rows = session.connection().execute(_everything_named(actor), {**asked, **keys_of(actor)}).all()
    found: dict[tuple[SubjectType, UUID | None], _Named] = {}
    for row in rows:
        noun = SubjectType(row.noun)
        url = _PAGES[noun].format(id=row.id, word=row.word)
        found[noun, row.id] = _Named(row.title, url, row.is_example)
    return found


_PAGES = {
    SubjectType.NEED: "/bedarfe/{id}",
    SubjectType.PROPOSAL: "/vorschlaege/{id}",
    SubjectType.MEASURE: "/massnahmen/{id}",
    SubjectType.GOAL: "/ziele/{id}",
    SubjectType.INDICATOR: "/indikatoren/{id}",
    SubjectType.PUBLICATION: "/publikationen/{id}",
    SubjectType.BODY: "/gremien/{word}",
    SubjectType.ORGANISATION: "/verwaltung/organisationen/{id}",
    SubjectType.PERSON: "/verwaltung/personen/{id}",
    SubjectType.EDITION: "/ausgaben/{word}",
    SubjectType.PROGRAMME: "/programm",
    SubjectType.STATEMENT: "/beteiligung#stellungnahme-{id}",
    SubjectType.COMMENT_ROUND: "/raeume/{id}",
}


def is_named_in_address(noun: SubjectType) -> bool:
    """The address of such a thing's page says what it is called: it is as confidential as the title."""
    return "{word}" in _PAGES.get(noun, "")


@built_once
def _everything_named(actor: Actor) -> Any:
    return union_all(
        _row(SubjectType.NEED, Need, Need.title),
        _row(SubjectType.PROPOSAL, Proposal, Proposal.title),
        _row(SubjectType.MEASURE, Measure, Measure.title),
        _row(SubjectType.GOAL, Goal, Goal.title),
        _row(SubjectType.INDICATOR, Indicator, Indicator.title),
        _row(SubjectType.PUBLICATION, Publication, Publication.title),
        _row(SubjectType.BODY, Body, Body.title, Body.slug).where(bodies.visible(actor)),
        _row(SubjectType.ORGANISATION, Organisation, Organisation.name),
        _row(SubjectType.PERSON, Person, Person.name),
        _row(SubjectType.EDITION, Edition, Edition.title, Edition.code),
        _row(SubjectType.PROGRAMME, Programme, Programme.title),
        _row(SubjectType.STATEMENT, Statement, literal(_("Ihre Stellungnahme"))),
        _row(SubjectType.COMMENT_ROUND, CommentRound, literal(_("Interner Raum zur Stellungnahme"))),
    )


def _row(noun: SubjectType, model: Any, title: Any, word: Any = None) -> Any:
    columns: list[Any] = [
        literal(noun.value, String).label("noun"),
        cast(col(model.id), Uuid).label("id"),
        cast(title, String).label("title"),
        cast(null() if word is None else col(word), String).label("word"),
        cast(col(model.is_example), Boolean).label("is_example"),
    ]
    keys: Any = bindparam(f"of_{noun.value}", expanding=True, type_=Uuid())
    return select(*columns).where(col(model.id).in_(keys))


def _address(notification: Notification, page: str, actor: Actor) -> str:
    """Straight to the thing: its comment, its tab, its report."""
    subject, key = notification.subject_type, notification.subject_id
    if subject is SubjectType.COMMENT:
        return f"/kommentare/{notification.place_type.value}/{notification.place_id}#kommentar-{key}"
    if subject is SubjectType.PERSON:
        return "/konto" if key == actor.person_id else _PAGES[subject].format(id=key)
    if notification.place_type is SubjectType.COMMENT_ROUND:
        return f"{page}/{key}"
    if subject is SubjectType.SEAT and actor.is_secretariat:
        return f"/verwaltung{page}/sitze/{key}"
    if subject is SubjectType.REUSE and actor.is_secretariat:
        return f"/verwaltung/nachnutzungen/{key}"
    if subject is SubjectType.COMMITMENT:
        return f"/selbstverpflichtungen/{key}"
    if notification.place_type is SubjectType.RECOMMENDATION:
        return page + _TAB.get(subject, "")
    return page
