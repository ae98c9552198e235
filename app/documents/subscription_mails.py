"""What mails to subscribers say when they are handed over: only what is public then, and to whom still wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from app.config import Settings
from app.documents.mail_content import MailContent
from app.domain.deadlines import last_day
from app.i18n import _
from app.models.outbox import OutgoingMail
from app.models.subscriptions import Subscription
from app.queries import subscriptions as queries
from app.queries.recommendations import url_of
from app.queries.subscriptions import Fact, Offer
from app.security import sign_keys
from app.wording import event_sentence
from app.wording.dates import german_date

CONFIRM, END, END_ALL = "subscription-confirm", "subscription-end", "subscription-end-all"
"""What the word of a link is good for."""

_SAID_OF_ONE = 6
_SHOWN_AT_MOST = 40


@dataclass(frozen=True, slots=True)
class News:
    """One recommendation, or one of its rounds, with what happened to it, in a few words."""

    title: str
    url: str
    facts: list[str]


@dataclass(frozen=True, slots=True)
class Reason:
    """A subscription a mail comes by, and where it is ended."""

    offer: Offer
    end_path: str


def confirm_path(settings: Settings, keys: Sequence[UUID]) -> str:
    """Where the owner of a mailbox agrees to subscriptions."""
    return f"/abonnieren/bestaetigen/{sign_keys(settings, CONFIRM, keys)}"


def end_path(settings: Settings, keys: Sequence[UUID], *, all_of_address: bool = False) -> str:
    """Where these subscriptions are ended, or all of their address."""
    return f"/abonnieren/beenden/{sign_keys(settings, END_ALL if all_of_address else END, keys)}"


def confirmation(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent | None:
    """The question whether an address wants what was asked for in its name; None once nothing of it stands."""
    keys = [UUID(key) for key in mail.data.get("subscription_ids", [])]
    found = [each for each in queries.list_subscriptions(session, keys) if each.address == mail.address]
    waiting = [each for each in found if each.confirmed_at is None]
    offers = queries.offers_of(session, queries.topics_of(waiting or found))
    if not offers:
        return None
    asked = [each.id for each in waiting or found]
    path = confirm_path(settings, asked) if waiting else end_path(settings, asked)
    return MailContent({"offers": offers, "is_known": not waiting, "path": path})


def digest(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent | None:
    """What happened to what an address subscribed to, by recommendation and round; None where nothing is left."""
    run_id = mail.data.get("run_id")
    facts, subscriptions = queries.news_for(session, UUID(run_id), mail.address) if run_id else ([], [])
    if not facts:
        return None
    keys = [each.id for each in subscriptions]
    found = list(dict.fromkeys(fact.recommendation.id for fact in facts))
    shown = set(found[:_SHOWN_AT_MOST])
    data = {
        "news": _by_recommendation([fact for fact in facts if fact.recommendation.id in shown]),
        "number": len(found),
        "more": len(found) - len(shown),
        "reasons": reasons_of(session, settings, subscriptions),
        "end_all_path": end_path(settings, keys, all_of_address=True),
    }
    return MailContent(data, unsubscribe_path=end_path(settings, keys))


def reasons_of(session: Session, settings: Settings, subscriptions: Sequence[Subscription]) -> list[Reason]:
    """These subscriptions by name, each with where it is ended; what is public no more is left out."""
    offers = {offer.topic: offer for offer in queries.offers_of(session, queries.topics_of(subscriptions))}
    topics = zip(subscriptions, queries.topics_of(subscriptions), strict=True)
    return [Reason(offers[topic], end_path(settings, [each.id])) for each, topic in topics if topic in offers]


def _by_recommendation(facts: Sequence[Fact]) -> list[News]:
    grouped: dict[tuple[UUID, int | None], list[Fact]] = {}
    for fact in facts:
        grouped.setdefault((fact.recommendation.id, fact.round_number), []).append(fact)
    return [_news(found) for found in grouped.values()]


def _news(facts: Sequence[Fact]) -> News:
    recommendation, number = facts[0].recommendation, facts[0].round_number
    url = url_of(recommendation)
    if number is not None:
        url = f"/empfehlungen/{recommendation.id}/stellungnahmen?round={number}"
    said = list(dict.fromkeys(_sentence(fact) for fact in facts))
    more = len(said) - _SAID_OF_ONE
    if more > 0:
        said = [*said[:_SAID_OF_ONE], _("und {number} weitere Schritte").format(number=more)]
    return News(recommendation.title, url, said)


def _sentence(fact: Fact) -> str:
    if fact.closes_at is not None:
        day = german_date(last_day(fact.closes_at))
        return _("Öffentliches Stellungnahmeverfahren: Sie können bis zum {day} Stellung nehmen").format(day=day)
    happened = _("{fact} am {day}").format(fact=event_sentence(fact.type), day=german_date(fact.at))
    return f"{happened} ({fact.detail})" if fact.detail else happened
