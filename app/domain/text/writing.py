"""Words that are set apart as restricted Markdown: markers hug their words, and no sign of the text reads as one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

_BLANKS: Final = re.compile(r"[^\S\n\u00a0]+")
_EDGES: Final = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
_OUTER_SIGNS: Final = re.compile(r"([\W_]*)(.*?)([\W_]*)", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(?=[!-/:-@\[-`{-~]|\Z)|\^(?=\[|\Z)|[\[\]]|&(?=#?\w+;)|(?<!\w)_|_(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetWords:
    """Words set alike; with `note` a footnote stands here and `text` is empty."""

    text: str = ""
    is_bold: bool = False
    is_italic: bool = False
    address: str | None = None
    note: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing sets the words apart."""
        return not (self.is_bold or self.is_italic or self.address)


def written(runs: Iterable[SetWords]) -> str:
    """The runs as one text; a line feed in them stays."""
    joined = _shaped(_joined(runs))
    has_markers = sum(run.text.count("*") for run in joined) > 1 or any(not run.is_plain for run in joined)
    text = "".join(_marked(run, has_markers) for run in joined)
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def _joined(runs: Iterable[SetWords]) -> list[SetWords]:
    """Neighbours that are set alike as one; blanks once."""
    found = []
    said = (run for run in runs if run.text or run.note is not None)
    for (look, is_note), group in groupby(
        said, key=lambda run: (replace(run, text="", note=None), run.note is not None)
    ):
        members = list(group)
        if is_note:
            found += members
        else:
            text = _BLANKS.sub(" ", "".join(run.text for run in members))
            found += [replace(look, text=text)] if text else []
    return found


def _shaped(runs: Sequence[SetWords]) -> list[SetWords]:
    """Blanks, and signs that a marker may not touch beside a word, lie outside of what is set apart."""
    found = []
    for place, run in enumerate(runs):
        if run.is_plain or run.note is not None:
            found.append(run)
            continue
        before = runs[place - 1].text[-1:] if place else ""
        after = runs[place + 1].text[:1] if place + 1 < len(runs) else ""
        match = _EDGES.fullmatch(run.text)
        assert match is not None
        head, body, tail = match.groups()
        signs = _OUTER_SIGNS.fullmatch(body)
        assert signs is not None
        is_beside_a_word = (not head and before.isalnum()) or (not tail and after.isalnum())
        if not signs.group(2) and is_beside_a_word:
            # A marker between a sign and a word would be read as a sign itself.
            found.append(SetWords(text=run.text))
            continue
        if not head and before.isalnum():
            head, body = signs.group(1), body[len(signs.group(1)) :]
        if not tail and after.isalnum() and signs.group(3):
            body, tail = body[: -len(signs.group(3))], signs.group(3)
        parts = (SetWords(text=head), replace(run, text=body.replace("\n", " ")), SetWords(text=tail))
        found += [part for part in parts if part.text]
    return found


def _marked(run: SetWords, has_markers: bool) -> str:
    if run.note is not None:
        return f"^[{_balanced(run.note)}]"
    text = _ESCAPED.sub(lambda sign: f"\\{sign.group()}", run.text)
    if has_markers:
        text = text.replace("*", "\\*")
    markers = "**" * run.is_bold + "*" * run.is_italic
    text = f"{markers}{text}{markers[::-1]}"
    return f"[{text}]({run.address})" if run.address else text


def _balanced(note: str) -> str:
    """A footnote's text, whose brackets must not end it."""
    depth = 0
    for sign in re.sub(r"\\[\[\]]", "", note):
        depth += (sign == "[") - (sign == "]")
        if depth < 0:
            break
    one_line = " ".join(note.split())
    return one_line if depth == 0 else re.sub(r"(?<!\\)[\[\]]", r"\\\g<0>", one_line)
