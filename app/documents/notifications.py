"""`docs/notifications.md`, drawn from the table: `python -m app.documents.notifications` prints it."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from app.domain.deadline_reminders import DEADLINES, DeadlineRule, Overseer, ReminderStage
from app.domain.events import EventType
from app.domain.notifications import MEANINGS, RULES, SILENT, Circle, RoomFact, Rule
from app.wording import label
from app.wording.notifications import reminder_about, room_about, sentence

_INTRODUCTION = """# Who is told what

Drawn from the table in `app/domain/notifications.py` by
`python -m app.documents.notifications > docs/notifications.md`; a test keeps it true.
Every event has a row here or stands among those nobody is told of.

- Each event is told in the transaction that records it, in one `INSERT … SELECT` for all persons.
- Never told: who did it, who has no account yet, whose access has ended. Somebody in several circles is told once, of
  a task before news.
- Who muted the thing, or what it stands in, hears no news of it, but tasks and deadlines all the same; of what one
  said, the nearest counts.
- Whether a person may read it is asked when it is shown and when it is mailed, not when it is written.
- *within*: of those who follow, only persons with a seat in the body and of the Geschäftsstelle are told, even where
  the thing itself is published. Else, followers from outside are told of what is open to them when it happens.
"""


def notifications_markdown() -> str:
    """The whole document."""
    return "\n".join([_INTRODUCTION, *_circles(), *_told(), *_rooms(), *_reminders(), *_silent()])


def _circles() -> list[str]:
    rows = (f"| `{circle.value}` | {meaning} |" for circle, meaning in MEANINGS.items())
    return ["## Circles\n", "| circle | who |", "|---|---|", *rows, ""]


def _told() -> list[str]:
    head = ["| event | what is said | has a task | for whom it is news | within |", "|---|---|---|---|---|"]
    rows = (_row(event_type, RULES[event_type]) for event_type in EventType if event_type in RULES)
    return ["## Events\n", *head, *rows, ""]


def _row(event_type: EventType, rule: Rule) -> str:
    news = _names(rule.news) + (" (where a person did it)" if rule.by_persons else "")
    within = "within" if rule.within else ""
    return f"| `{event_type.value}` | {sentence(event_type.value)} | {_names(rule.tasks)} | {news} | {within} |"


def _names(circles: Iterable[Circle]) -> str:
    wanted = frozenset(circles)
    return ", ".join(f"`{circle.value}`" for circle in Circle if circle in wanted) or "–"


def _rooms() -> list[str]:
    text = (
        "What an organisation works on in its room is no part of the record and so no event. The others in the room "
        "hear of it as news, and nobody else.\n"
    )
    rows = (f"| `{room_about(fact)}` | {sentence(room_about(fact))} |" for fact in RoomFact)
    return ["## Within the room of a seat\n", text, "| occasion | what is said |", "|---|---|", *rows, ""]


def _reminders() -> list[str]:
    text = (
        "Who still has to act is reminded seven and two days before the end and at the end, the overseers after it. "
        "Every reminder is a deadline and is always mailed.\n"
    )
    head = ["| deadline | closed by the clock | stage | what is said | overseers |", "|---|---|---|---|---|"]
    return ["## Reminders\n", text, *head, *(_stage(rule, stage) for rule in DEADLINES for stage in ReminderStage), ""]


def _stage(rule: DeadlineRule, stage: ReminderStage) -> str:
    said = sentence(reminder_about(rule.kind, stage))
    told = stage is ReminderStage.MISSED
    overseers = ", ".join(f"`{each.value}`" for each in Overseer if each in rule.told_after) if told else ""
    return f"| {label(rule.kind)} | {'yes' if rule.closes else 'no'} | {label(stage)} | {said} | {overseers} |"


def _silent() -> list[str]:
    rows = (f"| `{event_type.value}` | {SILENT[event_type]} |" for event_type in EventType if event_type in SILENT)
    return ["## Nobody is told of\n", "| event | why |", "|---|---|", *rows, ""]


if __name__ == "__main__":
    sys.stdout.write(notifications_markdown())
