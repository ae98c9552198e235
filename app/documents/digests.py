"""What a grouped mail says when it leaves: tasks first, by body and thing; titles only where everybody reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clock import now
from app.config import Settings
from app.documents.calendars import deadline_file
from app.documents.mail_content import CalendarFile, MailContent
from app.domain.actors import Actor
from app.domain.deadline_reminders import DeadlineKind
from app.domain.notifications import Urgency
from app.i18n import _
from app.models.outbox import OutgoingMail
from app.models.people import Person
from app.queries.actors import actor_of
from app.queries.deadlines import Deadline, find_deadlines
from app.queries.digests import Contents, Mailed, get_choice, list_mailed
from app.security import sign_keys
from app.wording.dates import german_deadline
from app.wording.mails import choice_sentence, waiting_for_you, without_title
from app.wording.notifications import sentence

UNSUBSCRIBE: Final = "mail-unsubscribe"
"""What the word of the link is good for that ends mail about news and tasks."""

_SHOWN_AT_MOST: Final = 30
_FILES_AT_MOST: Final = 10
_URGENCIES: Final = tuple(Urgency)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One place with all that is told of it, and what is to be done until when and where."""

    name: str
    body: str
    url: str
    facts: tuple[str, ...]
    is_waiting: bool
    dates: tuple[tuple[Deadline, str], ...]
    happened_at: datetime

    @property
    def due_at(self) -> datetime | None:
        """The nearest of its deadlines."""
        return min((deadline.due_at for deadline, _url in self.dates), default=None)

    @property
    def text(self) -> str:
        """The words of its link."""
        return f"{self.name}: {self.facts[0]}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands below the link."""
        until = (_("Frist: {moment}").format(moment=german_deadline(self.due_at)),) if self.due_at else ()
        return (*until, *self.facts[1:])


@dataclass(frozen=True, slots=True)
class Group:
    """What is told of one body; what belongs to none has no title."""

    title: str
    things: tuple[Thing, ...]


def unsubscribe_path(settings: Settings, person_id: UUID) -> str:
    """Where mail about news and tasks is ended, without signing in."""
    return f"/mitteilungen/abbestellen/{sign_keys(settings, UNSUBSCRIBE, [person_id])}"


def digest(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent | None:
    """What its reader may still see and has not read meanwhile; None where nothing is left."""
    person = session.get(Person, mail.person_id) if mail.person_id else None
    if person is None or not person.is_active:
        return None
    actor = actor_of(session, person)
    contents = list_mailed(session, mail.id, actor)
    mailed = contents.mailed
    if not mailed:
        return None
    deadlines = find_deadlines(session, {_named(each) for each in mailed})
    things = _things(mailed, deadlines, actor)
    shown = things[:_SHOWN_AT_MOST]
    waiting = sum(thing.is_waiting for thing in things)
    path = unsubscribe_path(settings, person.id)
    data = {
        "name": person.name,
        "headline": _headline(things, waiting, contents),
        "waiting": _by_body(thing for thing in shown if thing.is_waiting),
        "waiting_number": waiting,
        "news": _by_body(thing for thing in shown if not thing.is_waiting),
        "more": contents.places - len(shown),
        "choice": choice_sentence(get_choice(session, person.id)),
        "unsubscribe_path": path,
    }
    places = {(each.told.notification.place_type, each.told.notification.place_id) for each in mailed}
    thread = ".".join(map(str, places.pop())) if len(places) == contents.places == 1 else None
    return MailContent(data, path, thread, _calendar(shown, settings, now(session)))


def _named(each: Mailed) -> tuple[str, UUID]:
    return each.told.notification.about, each.told.notification.subject_id


def _things(mailed: Sequence[Mailed], deadlines: Mapping[tuple[str, UUID], Deadline], actor: Actor) -> list[Thing]:
    """One for each place: what waits for its reader first, the nearest deadline before all, then the newest."""
    by_place: dict[UUID, list[Mailed]] = {}
    for each in mailed:
        by_place.setdefault(each.told.notification.place_id, []).append(each)
    things = [_thing(found, deadlines, actor) for found in by_place.values()]
    return sorted(
        things,
        key=lambda thing: (not thing.is_waiting, thing.due_at or _NEVER, -thing.happened_at.timestamp()),
    )


def _thing(found: Sequence[Mailed], deadlines: Mapping[tuple[str, UUID], Deadline], actor: Actor) -> Thing:
    newest_first = sorted(found, key=lambda each: each.told.notification.happened_at, reverse=True)
    ordered = sorted(
        newest_first, key=lambda each: (not each.is_waiting, _URGENCIES.index(each.told.notification.urgency))
    )
    first = ordered[0]
    told = first.told.notification
    dates = ((deadlines.get(_named(each)), each) for each in ordered)
    name = without_title(told.place_type) if first.public_title is None else f"„{first.public_title}“"
    return Thing(
        name=name,
        body=first.public_body_title or "",
        url=first.url,
        facts=_facts(ordered),
        is_waiting=first.is_waiting,
        dates=tuple(
            (deadline, each.url) for deadline, each in dates if deadline and _is_kept_by(actor, deadline, each)
        ),
        happened_at=newest_first[0].told.notification.happened_at,
    )


def _is_kept_by(actor: Actor, deadline: Deadline, mailed: Mailed) -> bool:
    """It waits for the reader now, or will: it is one organisation's alone, and the reader acts for that."""
    return mailed.is_waiting or deadline.organisation_id in actor.acts_for


def _facts(found: Iterable[Mailed]) -> tuple[str, ...]:
    """Each sentence once, with how often where it was more than once."""
    counted = Counter(sentence(each.told.notification.about) for each in found)
    return tuple(said if number == 1 else f"{said} ({number})" for said, number in counted.items())


def _by_body(things: Iterable[Thing]) -> list[Group]:
    groups: dict[str, list[Thing]] = {}
    for thing in things:
        groups.setdefault(thing.body, []).append(thing)
    return [Group(title, tuple(found)) for title, found in groups.items()]


def _headline(things: Sequence[Thing], waiting: int, contents: Contents) -> str:
    if contents.places == 1:
        return things[0].facts[0]
    if contents.is_cut_in_tasks:
        return _("Vieles wartet auf Sie") if waiting else _("Neues im Dialogforum")
    return waiting_for_you(waiting) if waiting else _("Neues im Dialogforum")


def _calendar(things: Sequence[Thing], settings: Settings, moment: datetime) -> list[CalendarFile]:
    """One file for each deadline of what is shown, the nearest ones, each with the way to where it is kept."""
    found: dict[tuple[DeadlineKind, UUID], tuple[Deadline, str]] = {}
    for thing in things:
        for deadline, url in thing.dates:
            found.setdefault((deadline.kind, deadline.subject_id), (deadline, url))
    nearest = sorted(found.values(), key=lambda each: each[0].due_at)[:_FILES_AT_MOST]
    return _named_apart(
        deadline_file(settings, deadline.kind, deadline.subject_id, due_at=deadline.due_at, made_at=moment, path=url)
        for deadline, url in nearest
    )


def _named_apart(files: Iterable[CalendarFile]) -> list[CalendarFile]:
    """The second file of a day and further ones get a number."""
    numbers: Counter[str] = Counter()
    apart = []
    for file in files:
        numbers[file.name] += 1
        number = numbers[file.name]
        apart.append(file if number == 1 else replace(file, name=file.name.replace(".ics", f"-{number}.ics")))
    return apart
