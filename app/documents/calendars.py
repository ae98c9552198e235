"""Entries for a reader's own calendar; they name nothing that isn't public, and hold no link that opens by itself."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from icalendar import Calendar, Event

from app.actions.mail import host_of
from app.config import Settings
from app.documents.mail_content import CalendarFile
from app.domain.deadline_reminders import DeadlineKind
from app.domain.deadlines import BERLIN, last_day
from app.i18n import _
from app.wording.reminders import deadline_title


def calendar_file(
    *, key: str, title: str, due_at: datetime, made_at: datetime, link: str | None = None
) -> CalendarFile:
    """One deadline as a file of RFC 5545: the whole last day where it ends at midnight, else the moment.

    With the same `key` a later file replaces the entry of an earlier one.
    """
    event: Any = Event()
    event.add("uid", key)
    event.add("dtstamp", made_at.astimezone(UTC))
    # Of two files with one key the one made later holds; programs that look at the number alone agree.
    event.add("sequence", int(made_at.timestamp()) // 60 - _FIRST_MINUTE)
    event.add("summary", _("Dialogforum: {title}").format(title=title))
    is_midnight = due_at.astimezone(BERLIN).time() == time()
    event.add("dtstart", last_day(due_at) if is_midnight else due_at.astimezone(UTC))
    event.add("transp", "TRANSPARENT")
    if link:
        event.add("url", link)
        event.add("description", link)
    calendar: Any = Calendar()
    calendar.add("prodid", "-//Dialogforum//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return CalendarFile(f"frist-{last_day(due_at).isoformat()}.ics", calendar.to_ical())


def deadline_file(
    settings: Settings,
    kind: DeadlineKind,
    subject_id: UUID,
    *,
    due_at: datetime,
    made_at: datetime,
    path: str | None = None,
) -> CalendarFile:
    """The entry of a deadline, the same in whatever mail it travels; `path` is a page that asks who one is."""
    return calendar_file(
        key=f"{kind.value}.{subject_id}@{host_of(settings.base_url)}",
        title=deadline_title(kind),
        due_at=due_at,
        made_at=made_at,
        link=f"{settings.base_url}{path}" if path else None,
    )


_FIRST_MINUTE = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()) // 60
