"""A recommendation's text as one plain text to write by hand, and back into blocks. Never loses a block's id.

`## Empfehlung` opens a part, a blank line ends a paragraph, `- ` opens a list item, `a) ` a numbered part of
the recommendation, `### ` a sub-heading, `| … |` is a table row. A backslash before such a sign, or alone on
a line, makes it (or a blank line) plain text inside a block.
"""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final
from uuid import UUID, uuid4

from app.domain.text.alignment import pair_texts
from app.domain.text.blocks import NUMBER_PATTERN, Block, BlockKind, BlockPart, problems_of

# How a part is headed in the plain text: these words are its grammar, in whatever language the page is shown.
HEADINGS: Final[Mapping[BlockPart, str]] = {
    BlockPart.PROBLEM_STATEMENT: "Situationsbeschreibung",
    BlockPart.STATE_OF_PLAY: "Bisherige Entwicklungen",
    BlockPart.GOAL: "Ziel",
    BlockPart.RECOMMENDATION: "Empfehlung",
    BlockPart.RATIONALE: "Begründung",
    BlockPart.IMPLEMENTATION_NOTE: "Umsetzungshinweis",
    BlockPart.PRACTICE_EXAMPLE: "Praxisbeispiel",
    BlockPart.SOURCES: "Quellen",
}
_OTHER_HEADINGS: Final = {
    "situation": BlockPart.PROBLEM_STATEMENT,
    "problem": BlockPart.PROBLEM_STATEMENT,
    "problembeschreibung": BlockPart.PROBLEM_STATEMENT,
    "bisherige entwicklung": BlockPart.STATE_OF_PLAY,
    "ziele": BlockPart.GOAL,
    "empfehlungen": BlockPart.RECOMMENDATION,
    "umsetzungshinweise": BlockPart.IMPLEMENTATION_NOTE,
    "praxisbeispiele": BlockPart.PRACTICE_EXAMPLE,
    "quelle": BlockPart.SOURCES,
}
_PARTS: Final[Mapping[str, BlockPart]] = {
    heading.casefold(): part for part, heading in HEADINGS.items()
} | _OTHER_HEADINGS

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_HEADING: Final = re.compile(r"(#{1,6})(?:[ \t]+(.*))?")
_ITEM: Final = re.compile(r"-[ \t]+(\S.*)")
_NUMBERED: Final = re.compile(rf"({NUMBER_PATTERN})\)[ \t]+(\S.*)")
_NUMBERED_TEXT: Final = re.compile(rf"({NUMBER_PATTERN})\)\s+(\S.*)", re.DOTALL)
_NUMBERING: Final = re.compile(r"^(?:(?:\d+\.)+\d*|\d+|[IVX]+\.|[A-Za-z][.)])\s+")
# A line that would be read as one of the signs, behind any number of backslashes; or backslashes alone.
_SIGN: Final = re.compile(rf"\\*(?:#{{1,6}}(?:[ \t].*)?|-[ \t]+\S.*|(?:{NUMBER_PATTERN})\)[ \t]+\S.*|\|.*)")
_BACKSLASHES: Final = re.compile(r"\\*")
# Who edits by hand rewrites more than a comparison would call the same text.
_SAME_BLOCK: Final = 0.4


@dataclass(frozen=True, slots=True)
class PlainFormProblem:
    """What cannot be read: the line, counted from 1, and a code.

    `text_before_heading`, `heading_unknown`, and those of `problems_of`.
    """

    line: int
    code: str
    text: str


class PlainFormRefused(ValueError):
    """A plain text that is no list of blocks; carries every problem, and `code` and `line` of the first."""

    def __init__(self, problems: Sequence[PlainFormProblem]) -> None:
        super().__init__(f"line {problems[0].line}: {problems[0].code}")
        self.problems = tuple(problems)
        self.code = problems[0].code
        self.line = problems[0].line


def part_of_heading(title: str) -> BlockPart | None:
    """The part that is headed so, whatever numbering stands before it; None where no part is."""
    words = _NUMBERING.sub("", title).strip().rstrip(":").strip()
    return _PARTS.get(words.casefold())


def split_number(text: str) -> tuple[str | None, str]:
    """The number a text begins with („a) …“) and the rest; None where it begins with none."""
    match = _NUMBERED_TEXT.fullmatch(text)
    return (match.group(1), match.group(2)) if match else (None, text)


def plain_form(blocks: Sequence[Block], *, all_parts: bool = False) -> str:
    """The text to edit; with `all_parts` also the headings of the parts that are still empty."""
    order = list(BlockPart)
    missing = [part for part in order if all_parts and part not in {block.part for block in blocks}]
    sections = []
    for part, members in groupby(blocks, key=lambda block: block.part):
        while missing and order.index(missing[0]) < order.index(part):
            sections.append(f"## {HEADINGS[missing.pop(0)]}")
        sections.append(f"## {HEADINGS[part]}\n\n{_section(list(members))}")
    return "\n\n".join([*sections, *(f"## {HEADINGS[part]}" for part in missing)]) + "\n"


def parse_plain_form(
    text: str, previous: Sequence[Block] = (), *, new_id: Callable[[], UUID] = uuid4
) -> tuple[Block, ...]:
    """The blocks of a plain text; PlainFormRefused names each line that cannot be read.

    A block of `previous` keeps its id, changed or not, as long as it can be recognised. Of an unchanged one
    every character stays, also those that the plain form does not show.
    """
    reader = _Reader()
    for number, line in enumerate(_LINE_END.split(text), start=1):
        reader.read(number, line.strip())
    drafts = reader.drafts
    blocks = _with_ids([draft.block() for draft in drafts], previous, new_id)
    problems = reader.problems + [
        PlainFormProblem(drafts[problem.index].line if problem.index is not None else 1, problem.code, "")
        for problem in problems_of(blocks)
    ]
    if problems:
        raise PlainFormRefused(sorted(problems, key=lambda problem: problem.line))
    return tuple(blocks)


@dataclass(slots=True)
class _Draft:
    """A block while it is read."""

    line: int
    part: BlockPart
    kind: BlockKind
    number: str | None
    lines: list[str]

    def block(self) -> Block:
        text = "\n".join(self.lines)
        return Block(id=_NOBODY, part=self.part, kind=self.kind, number=self.number, text=text)


_NOBODY: Final = UUID(int=0)


class _Reader:
    """Reads line by line; knows the open part and the block to which a further line belongs."""

    def __init__(self) -> None:
        self.drafts: list[_Draft] = []
        self.problems: list[PlainFormProblem] = []
        self._part: BlockPart | None = None
        self._is_heading_lost = False
        self._open: _Draft | None = None

    def read(self, number: int, line: str) -> None:
        if not line:
            self._open = None
        elif heading := _HEADING.fullmatch(line):
            self._read_heading(number, line, len(heading.group(1)), heading.group(2) or "")
        elif line.startswith("|"):
            self._start(number, BlockKind.TABLE_ROW, None, _cells(line))
            self._open = None
        elif item := _ITEM.fullmatch(line):
            self._start(number, BlockKind.LIST_ITEM, *self._numbered(item.group(1)))
        elif self._numbered(line)[0] is not None:
            self._start(number, BlockKind.PARAGRAPH, *self._numbered(line))
        elif self._open is not None:
            self._open.lines.append(_bare(line))
        else:
            self._start(number, BlockKind.PARAGRAPH, None, _bare(line))

    def _read_heading(self, number: int, line: str, level: int, title: str) -> None:
        self._open = None
        if level == 3 and title:
            self._start(number, BlockKind.SUBHEADING, None, title)
            self._open = None
        elif level == 2 and title.rstrip("# ").casefold() in _PARTS:
            self._part = _PARTS[title.rstrip("# ").casefold()]
        else:
            self.problems.append(PlainFormProblem(number, "heading_unknown", line))
            self._is_heading_lost = True

    def _numbered(self, text: str) -> tuple[str | None, str]:
        match = _NUMBERED.fullmatch(text) if self._part is BlockPart.RECOMMENDATION else None
        return (match.group(1), _bare(match.group(2))) if match else (None, _bare(text))

    def _start(self, number: int, kind: BlockKind, block_number: str | None, text: str) -> None:
        if self._part is None:
            if not self._is_heading_lost:
                self.problems.append(PlainFormProblem(number, "text_before_heading", text))
            self._is_heading_lost = True
            return
        self._open = _Draft(number, self._part, kind, block_number, [text])
        self.drafts.append(self._open)


def _section(blocks: Sequence[Block]) -> str:
    """The blocks of one part: items and rows stand close together, all else apart."""
    text = ""
    for before, block in zip((None, *blocks), blocks, strict=False):
        is_close = before is not None and before.kind is block.kind and block.kind in _CLOSE
        text += "" if before is None else "\n" if is_close else "\n\n"
        text += _written(block)
    return text


_CLOSE: Final = frozenset({BlockKind.LIST_ITEM, BlockKind.TABLE_ROW})


def _written(block: Block) -> str:
    if block.kind is BlockKind.SUBHEADING:
        return f"### {_shown(block)}"
    if block.kind is BlockKind.TABLE_ROW:
        return f"| {_shown(block)} |"
    item = "- " if block.kind is BlockKind.LIST_ITEM else ""
    number = f"{block.number}) " if block.number is not None else ""
    return item + number + "\n".join(_guarded(line) for line in _shown(block).split("\n"))


def _shown(block: Block) -> str:
    """What the plain form shows of a text: no blanks around lines, headings and rows on one line."""
    if block.kind is BlockKind.SUBHEADING:
        return " ".join(block.text.split())
    if block.kind is BlockKind.TABLE_ROW:
        return _cells(block.text)
    return "\n".join(line.strip() for line in _LINE_END.split(block.text)).strip()


def _cells(row: str) -> str:
    return " ".join(row.split()).strip("| ")


def _is_sign(line: str) -> bool:
    return _SIGN.fullmatch(line) is not None or _BACKSLASHES.fullmatch(line) is not None


def _guarded(line: str) -> str:
    return f"\\{line}" if _is_sign(line) else line


def _bare(line: str) -> str:
    return line[1:] if line.startswith("\\") and _is_sign(line) else line


def _with_ids(read: Sequence[Block], previous: Sequence[Block], new_id: Callable[[], UUID]) -> list[Block]:
    """Each block with the id of the previous one it continues, or a new id; an unchanged one as it was."""
    unchanged: dict[object, deque[int]] = defaultdict(deque)
    for place, block in enumerate(previous):
        unchanged[_look(block)].append(place)
    looks = list(enumerate(map(_look, read)))
    partner = {place: unchanged[look].popleft() for place, look in looks if unchanged[look]}
    blocks = {place: previous[old_place] for place, old_place in partner.items()}
    kept = set(partner.values())
    old_places = [place for place in range(len(previous)) if place not in kept]
    new_places = [place for place in range(len(read)) if place not in partner]
    old_texts, new_texts = _texts(previous, old_places), _texts(read, new_places)
    for one, other in pair_texts(old_texts, new_texts, at_least=_SAME_BLOCK):
        place = new_places[other]
        blocks[place] = replace(read[place], id=previous[old_places[one]].id)
    return [blocks.get(place) or replace(block, id=new_id()) for place, block in enumerate(read)]


def _look(block: Block) -> tuple[BlockPart, BlockKind, str | None, str]:
    return block.part, block.kind, block.number, _shown(block)


def _texts(blocks: Sequence[Block], places: Iterable[int]) -> list[str]:
    return [_shown(blocks[place]) for place in places]
