"""Keeping lists in order: rows that arrive are merged into those that are here, and very many are sorted in slices."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator, Iterable, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple, TypeVar, overload

T = TypeVar("T")
Key = Callable[[Any], Any]

_FEW: Final = 16
_SLICE: Final = 4000


class Turned(Sequence[T]):
    """A list read from its end to its start, without a copy."""

    def __init__(self, rows: Sequence[T]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        return self._rows[::-1][place] if isinstance(place, slice) else self._rows[-1 - place]


class Arrival(NamedTuple):
    """Rows that follow one another, and the place in the list before which they belong."""

    place: int
    rows: Sequence[Any]


def arrivals(ordered: Sequence[T], new: Iterable[T], key: Key, start: int = 0) -> list[Arrival]:
    """Return the places at which `new` rows belong in a list that is in order from `start` on, from the top down.

    The key is asked for of the new rows, and of a few of the others for each of them, but not of all.
    """
    coming = sorted(new, key=key)
    places, low = [], start
    for row in coming:
        low = bisect_right(ordered, key(row), low, key=key)
        places.append(low)
    pairs = zip(places, coming, strict=True)
    return [Arrival(place, [row for _, row in group]) for place, group in groupby(pairs, key=lambda pair: pair[0])]


def merge(ordered: list[T], coming: Sequence[Arrival]) -> None:
    """Put the rows that arrive into their places in a list; what stands before the first of them is not touched."""
    if len(coming) <= _FEW:
        for place, rows in reversed(coming):
            ordered[place:place] = rows
        return
    first = last = coming[0].place
    found: list[T] = []
    for place, rows in coming:
        found += ordered[last:place]
        found += rows
        last = place
    found += ordered[last:]
    ordered[first:] = found


def place_of(ordered: Sequence[T], row: T, key: Key, start: int = 0) -> int | None:
    """Return the place of a row, the very same object, in a list that is in order from `start` on; None if it is not
    there."""
    wanted = key(row)
    place = bisect_left(ordered, wanted, start, key=key)
    while place < len(ordered):
        if ordered[place] is row:
            return place
        if key(ordered[place]) != wanted:
            return None
        place += 1
    return None


def sorting(rows: Sequence[T], key: Key, slice_size: int = _SLICE) -> Generator[None, None, list[T]]:
    """Sort in slices: yields between two of them, and returns the sorted list; rows of equal keys keep their order.

    Parts are sorted by themselves. Then bounds are chosen among their rows, evenly, and what lies between two bounds
    is collected from all parts and sorted together, so that no step is longer than that of a slice.
    """
    parts: list[list[T]] = []
    for start in range(0, len(rows), slice_size):
        parts.append(sorted(rows[start : start + slice_size], key=key))
        yield
    if len(parts) < 2:
        return parts[0] if parts else []
    step = max(slice_size // len(parts), 1)
    samples = sorted(key(row) for part in parts for row in part[step - 1 :: step])
    yield
    bounds = samples[len(parts) - 1 :: len(parts)]
    found: list[T] = []
    begins = [0] * len(parts)
    for bound in (*bounds, None):
        ends = [len(part) if bound is None else bisect_right(part, bound, key=key) for part in parts]
        between = [row for part, begin, end in zip(parts, begins, ends, strict=True) for row in part[begin:end]]
        found += sorted(between, key=key)
        begins = ends
        yield
    return found
