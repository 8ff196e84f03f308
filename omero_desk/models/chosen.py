"""Selected objects as runs of rows, of which none is looked at before somebody asks for it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final, overload

from omero_desk.entities.objects import Entity, Ref

_SLICE: Final = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """The rows from `start` up to `stop` of a list that nobody changes; `entities` makes objects of rows."""

    rows: Sequence[Any]
    start: int
    stop: int
    entities: Callable[[Sequence[Any]], Sequence[Entity]] = list

    def __len__(self) -> int:
        return self.stop - self.start

    def part(self, first: int, last: int) -> Sequence[Entity]:
        """Return the objects from place `first` up to `last`, which are counted from the start of the run."""
        return self.entities(self.rows[self.start + first : self.start + last])

    def is_same(self, other: Run) -> bool:
        """Return whether it is the same rows of the very same list."""
        return self.rows is other.rows and (self.start, self.stop) == (other.start, other.stop)


class Chosen(Sequence[Entity]):
    """Objects in some order: to make one, and to ask for its length, costs as much as it has runs."""

    def __init__(self, runs: Iterable[Run] = ()) -> None:
        self.runs: Final = tuple(run for run in runs if len(run))
        self._ends: Final = list(accumulate(map(len, self.runs)))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> Entity: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Entity]: ...
    def __getitem__(self, place: int | slice) -> Entity | Sequence[Entity]:
        if isinstance(place, slice):
            first, last, step = place.indices(len(self))
            found = [entity for part in self._parts(first, last) for entity in part]
            return found if step == 1 else list(self)[place]
        wanted = range(len(self))[place]
        return next(iter(self._parts(wanted, wanted + 1)))[0]

    def __iter__(self) -> Iterator[Entity]:
        for run in self.runs:
            for start in range(0, len(run), _SLICE):
                yield from run.part(start, min(start + _SLICE, len(run)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # as a list has none

    def has_the_objects_of(self, other: Chosen) -> bool:
        """Return whether these are the same objects in the same order, whatever is known of them now.

        They are looked at only where their number is the same and the lists are not.
        """
        if len(self) != len(other):
            return False
        if len(self.runs) == len(other.runs) and all(map(Run.is_same, self.runs, other.runs)):
            return True
        return all(mine.ref == theirs.ref for mine, theirs in zip(self, other, strict=True))

    def refs(self) -> list[Ref]:
        """Return the keys of all."""
        return [entity.ref for entity in self]

    def first_ones(self, most: int) -> Iterator[Entity]:
        """Yield so many objects at most of each run, which are neighbours in one list."""
        for run in self.runs:
            yield from run.part(0, min(most, len(run)))

    def _parts(self, first: int, last: int) -> Iterator[Sequence[Entity]]:
        """Yield what stands at the places from `first` up to `last`, run by run."""
        number = bisect_right(self._ends, first)
        while first < last:
            run, end = self.runs[number], self._ends[number]
            begin = end - len(run)
            stop = min(last, end)
            yield run.part(first - begin, stop - begin)
            first, number = stop, number + 1


def chosen(entities: Iterable[Entity]) -> Chosen:
    """Return objects that are here already."""
    if isinstance(entities, Chosen):
        return entities
    listed = list(entities)
    return Chosen([Run(listed, 0, len(listed))])
