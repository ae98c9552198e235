"""Reading what was written: the structure and text of a PDF, the text of an ODT with its changes taken or refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as Xml

import pikepdf

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


@dataclass(frozen=True)
class Tag:
    """One element of the structure tree of a PDF."""

    name: str
    entry: pikepdf.Dictionary

    def value(self, key: str) -> str | None:
        """An entry of the element, as text."""
        return str(self.entry[key]) if key in self.entry else None


class ReadPdf:
    """A PDF as a program for reading aloud finds it."""

    def __init__(self, content: bytes) -> None:
        self.file = pikepdf.open(io.BytesIO(content))
        self.root: Any = self.file.Root

    def tags(self, name: str) -> list[Tag]:
        """The elements of this name, in their order."""
        return [tag for tag in self._walk(self.root.StructTreeRoot.K) if tag.name == name]

    def _walk(self, entry: Any) -> Iterator[Tag]:
        if isinstance(entry, pikepdf.Array):
            for each in entry:
                yield from self._walk(each)
        elif isinstance(entry, pikepdf.Dictionary) and "/S" in entry:
            yield Tag(str(entry.S).lstrip("/"), entry)
            if "/K" in entry:
                yield from self._walk(entry.K)

    def metadata(self, name: str) -> str | None:
        """What the file says about itself."""
        with self.file.open_metadata() as metadata:
            found = metadata.get(name)
        return str(found) if found is not None else None


class ReadOdt:
    """An ODT as an office reads it."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            self.names = file.namelist()
            self.first = file.infolist()[0]
            self.parts = {name: file.read(name) for name in self.names}
        self.content = Xml.fromstring(self.parts["content.xml"])

    @property
    def body(self) -> Xml.Element:
        """The text itself."""
        return next(self.content.iter("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}text"))

    def found(self, name: str) -> list[Xml.Element]:
        """The elements of this name in the namespace of text."""
        return list(self.content.iter(_TEXT + name))

    def accepted(self) -> list[str]:
        """The lines of the text after every change was accepted."""
        return _Lines({}, is_accepted=True).of(self.body)

    def rejected(self) -> list[str]:
        """The lines of the text after every change was rejected, as the standard tells it (text:deletion)."""
        gone = {
            region.get(f"{_TEXT}id"): region[0]
            for region in self.found("changed-region")
            if region[0].tag == f"{_TEXT}deletion"
        }
        return _Lines(gone, is_accepted=False).of(self.body)


class _Lines:
    """Each paragraph as a line; with changes rejected, deletions stand again and insertions are left out."""

    def __init__(self, gone: dict[str | None, Xml.Element], *, is_accepted: bool) -> None:
        self.gone = gone
        self.is_accepted = is_accepted
        self.insertions: set[str | None] = set()
        self.lines: list[str] = []

    def of(self, body: Xml.Element) -> list[str]:
        """The lines of a body."""
        self._walk(body)
        return self.lines

    def _walk(self, element: Xml.Element) -> None:
        name = element.tag.removeprefix(_TEXT)
        if self._is_sign(element):
            for returned in self._returned(element):
                self._walk(returned)
        elif name in ("p", "h"):
            line = self._words(element)
            if not self._is_left_out:
                self.lines.append(line)
        elif name != "tracked-changes":
            for child in element:
                self._walk(child)

    def _words(self, element: Xml.Element) -> str:
        text = self._kept(element.text)
        for child in element:
            name = child.tag.removeprefix(_TEXT)
            if self._is_sign(child):
                text += "".join(self._words(returned) for returned in self._returned(child))
            elif name == "s":
                text += self._kept(" " * int(child.get(f"{_TEXT}c", "1")))
            elif name == "line-break":
                text += self._kept("\n")
            elif name != "note" and not name.endswith("}annotation"):
                text += self._words(child)
            text += self._kept(child.tail)
        return text

    @property
    def _is_left_out(self) -> bool:
        return not self.is_accepted and bool(self.insertions)

    def _kept(self, text: str | None) -> str:
        return "" if self._is_left_out else text or ""

    def _is_sign(self, element: Xml.Element) -> bool:
        """Whether this is a sign of a change; it opens or closes an insertion on the way."""
        name = element.tag.removeprefix(_TEXT)
        key = element.get(f"{_TEXT}change-id")
        if name == "change-start":
            self.insertions.add(key)
        elif name == "change-end":
            self.insertions.discard(key)
        return name in ("change", "change-start", "change-end")

    def _returned(self, sign: Xml.Element) -> list[Xml.Element]:
        """What stands again at this place: all of the deletion but who made it."""
        found = self.gone.get(sign.get(f"{_TEXT}change-id")) if sign.tag == f"{_TEXT}change" else None
        return list(found)[1:] if found is not None else []
