"""Marked words as tracked changes of an ODT: accepting all gives the new text, rejecting all the old one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from odfdo import Element

from app.documents.document import Mark, Run, Runs, readable


def mark_of(runs: Runs) -> Mark:
    """The mark of a text that came or went whole; NONE where any of its words stayed."""
    marks = {run.mark for run in runs if run.text or run.note}
    return marks.pop() if len(marks) == 1 else Mark.NONE


class TrackedChanges:
    """The changes of one document, each with its author and time."""

    def __init__(self, author: str, at: datetime) -> None:
        self._author = author
        self._at = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        self._regions: list[Element] = []

    def regions(self) -> list[Element]:
        """What stands at the top of the body; nothing where nothing was changed."""
        if not self._regions:
            return []
        made = Element.from_tag("text:tracked-changes")
        made.set_attribute("text:track-changes", "false")
        for region in self._regions:
            made.append(region)
        return [made]

    def put(self, paragraph: Element, run: Run, put: Callable[[Element, Run], None]) -> None:
        """A marked run inside a paragraph."""
        if run.mark is Mark.INSERTED:
            key = self._region("text:insertion")
            paragraph.append(_sign("text:change-start", key))
            put(paragraph, run)
            paragraph.append(_sign("text:change-end", key))
        else:
            gone = Element.from_tag("text:p")
            put(gone, run)
            paragraph.append(_sign("text:change", self._region("text:deletion", gone)))

    def around(self, element: Element, mark: Mark) -> list[Element]:
        """A paragraph or list that came or went whole: its signs stand beside it, so that it goes or returns whole."""
        if mark is Mark.INSERTED:
            key = self._region("text:insertion")
            return [_sign("text:change-start", key), element, _sign("text:change-end", key)]
        if mark is Mark.DELETED:
            return [_sign("text:change", self._region("text:deletion", element))]
        return [element]

    def comment(self, words: str) -> Element:
        """A comment beside the text, by the same author at the same time."""
        made = Element.from_tag("office:annotation")
        self._sign(made)
        paragraph = Element.from_tag("text:p")
        paragraph.append(readable(words))
        made.append(paragraph)
        return made

    def _sign(self, element: Element) -> None:
        for tag, text in (("dc:creator", readable(self._author)), ("dc:date", self._at.isoformat())):
            told = Element.from_tag(tag)
            told.append(text)
            element.append(told)

    def _region(self, kind: str, gone: Element | None = None) -> str:
        key = f"ct{len(self._regions) + 1}"
        region, change, info = map(Element.from_tag, ("text:changed-region", kind, "office:change-info"))
        region.set_attribute("xml:id", key)
        region.set_attribute("text:id", key)
        self._sign(info)
        change.append(info)
        if gone is not None:
            change.append(gone)
        region.append(change)
        self._regions.append(region)
        return key


def _sign(tag: str, key: str) -> Element:
    sign = Element.from_tag(tag)
    sign.set_attribute("text:change-id", key)
    return sign
