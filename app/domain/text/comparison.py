"""What changed between two versions, block by block and word by word. For reading only: decides nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.text.alignment import Words, bag_of, pair_texts, share_of
from app.domain.text.blocks import Block
from app.domain.text.order import longest_rising
from app.domain.text.words import SpanKind, WordSpan, compare_words

# A piece belongs to a split block when nearly all its words come from there.
_FROM_THERE: Final = 0.75
_FEWEST_WORDS: Final = 3

Blocks = tuple[Block, ...]
Places = tuple[int, ...]
Pairs = dict[int, int]


class ChangeKind(StrEnum):
    """What happened to a block; the first that fits in the order split or merged, moved, retyped, changed."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    MOVED_AND_CHANGED = "moved_and_changed"
    MOVED_AWAY = "moved_away"
    RETYPED = "retyped"
    SPLIT = "split"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockChange:
    """One row of a comparison.

    `old` and `new` hold one block each, none on one side of an added or removed block, several on one side
    of a split or merger. The spans run over `old_text` and `new_text`. `is_retyped`: part, kind or number
    differ. `is_rewritten`: more than 60 percent of the words changed, so that old and new stand whole.
    """

    kind: ChangeKind
    old: tuple[Block, ...]
    new: tuple[Block, ...]
    spans: tuple[WordSpan, ...]
    is_moved: bool = False
    is_retyped: bool = False
    is_rewritten: bool = False

    @property
    def names_old_place(self) -> bool:
        """Whether a reader needs to hear where the text stood: it is elsewhere, otherwise set, or was several."""
        return bool(self.new) and bool(self.old) and (self.is_moved or self.is_retyped or len(self.old) > 1)

    @property
    def old_text(self) -> str:
        """The old text; several blocks with a blank line between them."""
        return _text_of(self.old)

    @property
    def new_text(self) -> str:
        """The new text; several blocks with a blank line between them."""
        return _text_of(self.new)


def compare(old: Sequence[Block], new: Sequence[Block], *, with_departures: bool = False) -> list[BlockChange]:
    """All blocks of both versions in the new order; a removed block stands behind its old predecessor.

    With departures a moved block also has a row, `moved_away`, where it stood.
    """
    links = _linked(old, new)
    moved = _moved(links)
    rows: dict[int | None, list[BlockChange]] = {None: []}
    for number, link in enumerate(links):
        rows[number] = [_row(old, new, link, is_moved=number in moved)]
    place_of = {place: number for number, link in enumerate(links) for place in link.old}
    anchor: int | None = None
    for place, block in enumerate(old):
        if place not in place_of:
            rows[anchor].append(_gone(block, ChangeKind.REMOVED))
        elif place_of[place] not in moved:
            anchor = place_of[place]
        elif with_departures:
            rows[anchor].append(_gone(block, ChangeKind.MOVED_AWAY))
    return [row for key in (None, *range(len(links))) for row in rows[key]]


@dataclass(frozen=True, slots=True)
class _Link:
    """Places in the old and the new list that hold the same text; no old place for an added block."""

    old: tuple[int, ...]
    new: tuple[int, ...]


def _linked(old: Sequence[Block], new: Sequence[Block]) -> list[_Link]:
    """Every new place in exactly one link, by id first and then by likeness, in the new order."""
    old_bags, new_bags = [bag_of(block.text) for block in old], [bag_of(block.text) for block in new]
    new_by_id = {block.id: place for place, block in enumerate(new)}
    pairs = {place: new_by_id[block.id] for place, block in enumerate(old) if block.id in new_by_id}
    free_old = set(range(len(old))) - set(pairs)
    free_new = set(range(len(new))) - set(pairs.values())
    splits = _divided(pairs, old_bags, new_bags, free_new)
    mergers = _divided(_turned(pairs, without=splits), new_bags, old_bags, free_old)
    alike = _alike(old, new, free_old, free_new)
    splits |= _divided(alike, old_bags, new_bags, free_new)
    mergers |= _divided(_turned(alike, without=splits), new_bags, old_bags, free_old)
    merged_away = {place for places in mergers.values() for place in places}
    links = [_Link((place,), splits.get(place, (partner,))) for place, partner in (pairs | alike).items()]
    links = [link for link in links if link.old[0] not in merged_away]
    links += [_Link(places, (place,)) for place, places in mergers.items()]
    links += [_Link((), (place,)) for place in free_new]
    return sorted(links, key=lambda link: link.new)


def _alike(old: Sequence[Block], new: Sequence[Block], free_old: set[int], free_new: set[int]) -> Pairs:
    """Pair what no id pairs; the paired places are free no longer."""
    old_places, new_places = sorted(free_old), sorted(free_new)
    found = pair_texts([old[place].text for place in old_places], [new[place].text for place in new_places])
    pairs = {old_places[one]: new_places[other] for one, other in found}
    free_old -= set(pairs)
    free_new -= set(pairs.values())
    return pairs


def _divided(pairs: Pairs, wholes: Sequence[Words], pieces: Sequence[Words], free: set[int]) -> dict[int, Places]:
    """The wholes whose missing words stand in free neighbours of their piece; these are free no longer."""
    found = {}
    for whole, piece in pairs.items():
        missing = wholes[whole] - pieces[piece]
        places = [piece]
        for step in (1, -1):
            place = piece + step
            while place in free and _comes_from(pieces[place], missing):
                places.append(place)
                free.remove(place)
                missing -= pieces[place]
                place += step
        if len(places) > 1:
            found[whole] = tuple(sorted(places))
    return found


def _comes_from(piece: Words, missing: Words) -> bool:
    return piece.total() >= _FEWEST_WORDS and share_of(piece, missing) >= _FROM_THERE


def _turned(pairs: Pairs, *, without: Collection[int]) -> Pairs:
    return {partner: place for place, partner in pairs.items() if place not in without}


def _moved(links: Sequence[_Link]) -> set[int]:
    """The links outside the longest run that kept its order: the fewest blocks that can have moved."""
    numbers = [number for number, link in enumerate(links) if link.old]
    kept = {numbers[index] for index in longest_rising([links[number].old[0] for number in numbers])}
    return set(numbers) - kept


def _row(old: Sequence[Block], new: Sequence[Block], link: _Link, *, is_moved: bool) -> BlockChange:
    before, after = tuple(old[place] for place in link.old), tuple(new[place] for place in link.new)
    if not before:
        spans = (WordSpan(SpanKind.INSERT, after[0].text),)
        return BlockChange(kind=ChangeKind.ADDED, old=(), new=after, spans=spans)
    words = compare_words(_text_of(before), _text_of(after))
    is_retyped = _type_of(before) != _type_of(after)
    return BlockChange(
        kind=_kind(before, after, is_moved=is_moved, is_retyped=is_retyped),
        old=before,
        new=after,
        spans=words.spans,
        is_moved=is_moved,
        is_retyped=is_retyped,
        is_rewritten=words.is_rewritten,
    )


def _kind(before: Blocks, after: Blocks, *, is_moved: bool, is_retyped: bool) -> ChangeKind:
    if len(after) > 1:
        return ChangeKind.SPLIT
    if len(before) > 1:
        return ChangeKind.MERGED
    is_changed = before[0].text != after[0].text
    if is_moved:
        return ChangeKind.MOVED_AND_CHANGED if is_changed else ChangeKind.MOVED
    if is_retyped:
        return ChangeKind.RETYPED
    return ChangeKind.CHANGED if is_changed else ChangeKind.UNCHANGED


def _gone(block: Block, kind: ChangeKind) -> BlockChange:
    spans = (WordSpan(SpanKind.DELETE, block.text),)
    return BlockChange(kind=kind, old=(block,), new=(), spans=spans)


def _type_of(blocks: Blocks) -> set[tuple[str, str, str | None]]:
    return {(block.part, block.kind, block.number) for block in blocks}


def _text_of(blocks: Blocks) -> str:
    return "\n\n".join(block.text for block in blocks)
