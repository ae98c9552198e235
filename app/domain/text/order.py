"""What kept its order while the rest of a list was moved about. Looks at places alone, never at text."""

from bisect import bisect_left
from collections.abc import Sequence


def longest_rising(values: Sequence[int]) -> list[int]:
    """The indexes of a longest strictly rising run of these values, gaps allowed, in order."""
    smallest_last: list[int] = []
    index_of_last: list[int] = []
    before: list[int | None] = []
    for index, value in enumerate(values):
        length = bisect_left(smallest_last, value)
        before.append(index_of_last[length - 1] if length else None)
        smallest_last[length : length + 1] = [value]
        index_of_last[length : length + 1] = [index]
    run = []
    current = index_of_last[-1] if index_of_last else None
    while current is not None:
        run.append(current)
        current = before[current]
    return run[::-1]
