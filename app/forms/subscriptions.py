"""What a reader sends to be told of news by mail."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from app.domain.subscriptions import TOPIC_PATTERN, Topic, topic_of
from app.forms.base import Input
from app.i18n import _

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_TOPICS_AT_ONCE = 20


def _mailbox(typed: str) -> str:
    """The address as servers know it: without regard to case, a name with umlauts in its ASCII form."""
    local, at, domain = typed.casefold().rpartition("@")
    if at and not local.isascii():
        raise ValueError(_("An Adressen mit Umlauten vor dem @ können wir leider nicht schreiben."))
    try:
        labels = domain.encode("idna").decode().split(".")
    except UnicodeError:
        labels = []
    is_named = len(labels) > 1 and all(_LABEL.fullmatch(each) for each in labels) and not labels[-1].isdecimal()
    address = f"{local}@{'.'.join(labels)}"
    if not is_named or not _LOCAL.fullmatch(local) or len(local) > 64 or len(address) > 254:
        raise ValueError(_("Das ist keine E-Mail-Adresse. Bitte schreiben Sie sie wie name@beispiel.de."))
    return address


Mailbox = Annotated[str, Field(min_length=1, max_length=254), AfterValidator(_mailbox)]
TopicWord = Annotated[str, Field(pattern=TOPIC_PATTERN)]


class SubscriptionForm(Input):
    """An address, and what it wants to be told of."""

    email: Mailbox
    about: list[TopicWord] = Field(min_length=1, max_length=_TOPICS_AT_ONCE)

    @property
    def topics(self) -> list[Topic]:
        """What was chosen, each once."""
        return [topic_of(word) for word in dict.fromkeys(self.about)]


class SubscriptionWanted(Input):
    """What the address of the form's page asks for."""

    about: TopicWord | None = None

    @property
    def topic(self) -> Topic | None:
        """What is to be chosen already."""
        return topic_of(self.about) if self.about else None
