"""Which texts of an old and a new list are the same text, changed. Quick even where nothing stayed."""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Final

from app.domain.text.words import words_of

# Shared words, counted twice, over all words of both: from half on a text counts as the same one, changed.
SAME_TEXT: Final = 0.5
# A text is looked for by its rarest words alone, and compared in full with the few that share most of them.
_LOOK_UPS: Final = 4_000
_CANDIDATES: Final = 8

Words = Counter[str]


def bag_of(text: str) -> Words:
    """The words of a text and how often each stands in it, large and small letters alike."""
    return Counter(word.casefold() for word in words_of(text))


def likeness(one: Words, other: Words) -> float:
    """From 0, nothing shared, to 1, the same words."""
    total = one.total() + other.total()
    return 2 * _shared(one, other) / total if total else 0.0


def share_of(part: Words, whole: Words) -> float:
    """How much of `part` is found in `whole`, from 0 to 1."""
    return _shared(part, whole) / part.total() if part.total() else 0.0


def pair_texts(old: Sequence[str], new: Sequence[str], *, at_least: float = SAME_TEXT) -> list[tuple[int, int]]:
    """Pairs of places (old, new), each place at most once: equal texts in order, then the likest first."""
    pairs = dict(_pair_equal(old, new))
    taken = set(pairs.values())
    bags = {place: bag_of(text) for place, text in enumerate(old) if place not in pairs}
    places = _places_by_word(bags)
    ranked = []
    for new_place in (place for place in range(len(new)) if place not in taken):
        bag = bag_of(new[new_place])
        for old_place in _candidates(bag, places):
            like = likeness(bags[old_place], bag)
            if like >= at_least:
                ranked.append((-like, abs(old_place - new_place), old_place, new_place))
    for _, _, old_place, new_place in sorted(ranked):
        if old_place not in pairs and new_place not in taken:
            pairs[old_place] = new_place
            taken.add(new_place)
    return sorted(pairs.items())


def _pair_equal(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for place, text in enumerate(old):
        waiting[text].append(place)
    return [(waiting[text].popleft(), place) for place, text in enumerate(new) if waiting[text]]


def _places_by_word(bags: Mapping[int, Words]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, bag in bags.items():
        for word in bag:
            places[word].append(place)
    return places


def _candidates(bag: Words, places: Mapping[str, list[int]]) -> list[int]:
    """The few places that share most words with this bag, found by its rarest words."""
    votes: Counter[int] = Counter()
    looked_up = 0
    for word in sorted((word for word in bag if word in places), key=lambda word: (len(places[word]), word)):
        if looked_up > _LOOK_UPS:
            break
        votes.update(places[word])
        looked_up += len(places[word])
    return [place for place, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:_CANDIDATES]]


def _shared(one: Words, other: Words) -> int:
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return sum(min(number, large[word]) for word, number in small.items() if word in large)
