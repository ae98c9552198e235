"""Restricted Markdown as the runs of a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from app.documents.document import Run, Runs
from app.markup import parser

_SCHEMES = ("https://", "http://", "mailto:")


def runs_of_markdown(text: str) -> Runs:
    """The text as runs; an empty line breaks the line twice."""
    (token,) = parser().parseInline(text)
    return tuple(_Reading().runs(iter(token.children or ())))


@dataclass(slots=True)
class _Reading:
    """How far a reader of tokens is: what is set apart at this place."""

    bold: int = 0
    italic: int = 0
    addresses: list[str | None] = field(default_factory=list)

    def runs(self, tokens: Iterator[Token]) -> Iterator[Run]:
        """The runs up to the end, or to the end of the footnote that is read."""
        for token in tokens:
            match token.type:
                case "footnote_close":
                    return
                case "footnote_open":
                    yield Run("", note=tuple(_Reading().runs(tokens)))
                case "strong_open" | "strong_close":
                    self.bold += token.nesting
                case "em_open" | "em_close":
                    self.italic += token.nesting
                case "link_open":
                    self.addresses.append(_address(token))
                case "link_close":
                    self.addresses.pop()
                case "softbreak" | "hardbreak":
                    yield self._run("\n")
                case _:
                    if token.content:
                        yield self._run(token.content)

    def _run(self, text: str) -> Run:
        address = self.addresses[-1] if self.addresses else None
        return Run(text, is_bold=self.bold > 0, is_italic=self.italic > 0, address=address)


def _address(token: Token) -> str | None:
    address = str(token.attrGet("href") or "")
    return address if address.startswith(_SCHEMES) else None
