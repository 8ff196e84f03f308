"""The objects that are loaded, as a search goes over them: very many, so in slices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from omero_desk.entities.objects import Entity, Kind
from omero_desk.entities.words import folded
from omero_desk.models import labels
from omero_desk.models.finding.matching import Fit, Needle, starts_word

Group = tuple[tuple[Entity, ...], Sequence[Entity]]
"""Objects from the top of the tree down to one that holds others, and those that it holds."""
_SLICE: Final = 2000
_MOST: Final = 50
"""So many of the best objects are shown."""


class Hits:
    """What a search has found: how many, and the best of them. `all` are their numbers, to search on among them."""

    def __init__(self, needle: Needle) -> None:
        self.needle = needle
        self.all: list[int] = []
        self._best: dict[Fit, list[int]] = {fit: [] for fit in Fit}

    @property
    def best(self) -> list[tuple[Fit, int]]:
        """The numbers of the best objects, with how well each fits."""
        ordered = ((fit, number) for fit in Fit for number in self._best[fit])
        return list(islice(ordered, _MOST))

    def add(self, fit: Fit, numbers: Iterable[int]) -> None:
        """Keep objects, as many of each fit as can be shown."""
        kept = self._best[fit]
        kept += islice(numbers, _MOST - len(kept))

    def has_enough(self, fit: Fit) -> bool:
        """Return whether nothing that fits no better than this can be among the best any more."""
        return sum(len(self._best[better]) for better in Fit if better <= fit) >= _MOST


class LoadedObjects:
    """Reads the objects once, and then searches them by name, kind and ID.

    `read` and `search` are generators: each step takes a millisecond or so, and one that is given up can be gone on
    with. An object that comes without a place is left out if an image of its ID came before.
    """

    def __init__(self, groups: Callable[[], Iterable[Group]]) -> None:
        self.entities: list[Entity] = []
        self.above: list[tuple[Entity, ...]] = []
        self._names: list[str] = []  # in folded case
        self._texts: list[str] = []  # the same, a line end, and the kind
        self._images: set[int] = set()
        self._reading = self._read(groups)
        self._last: Hits | None = None

    def read(self) -> Iterator[None]:
        """Read what has not been read yet."""
        yield from self._reading

    def search(self, needle: Needle) -> Iterator[Hits]:
        """Search all that was read; what is yielded last is complete."""
        hits = Hits(needle)
        narrowed = self._last is not None and needle.narrows(self._last.needle)
        numbers: Sequence[int] = self._last.all if narrowed and self._last is not None else range(len(self.entities))
        for start in range(0, len(numbers), _SLICE):
            self._search_slice(needle, numbers[start : start + _SLICE], hits)
            yield hits
        if needle.id is not None:
            yield from self._search_ids(needle, hits)
        self._last = hits
        yield hits

    def _read(self, groups: Callable[[], Iterable[Group]]) -> Iterator[None]:
        for above, entities in groups():
            for start in range(0, len(entities), _SLICE):
                some = entities[start : start + _SLICE]
                if not above:
                    some = [one for one in some if one.ref.kind != Kind.IMAGE or one.ref.id not in self._images]
                kinds = {kind: _kind_words(kind) for kind in {one.ref.kind for one in some}}
                self._images.update(one.ref.id for one in some if one.ref.kind == Kind.IMAGE)
                names = [folded(one.name) for one in some]
                self._names += names
                self._texts += [f"{name}\n{kinds[one.ref.kind]}" for name, one in zip(names, some, strict=True)]
                self.entities += some
                self.above += [above] * len(some)
                yield

    def _search_slice(self, needle: Needle, numbers: Sequence[int], hits: Hits) -> None:
        """Search some objects. Each pass is a list comprehension, as very many are gone over while somebody types."""
        texts, names = self._texts, self._names
        for word in needle.words:
            numbers = [number for number in numbers if word in texts[number]]
        hits.all += numbers
        if not numbers or hits.has_enough(Fit.START):
            return
        named = numbers
        for word in needle.words:
            named = [number for number in named if word in names[number]]
        whole, first = " ".join(needle.words), needle.words[0]
        starting = [number for number in named if names[number].startswith(first)]
        hits.add(Fit.WHOLE, (number for number in starting if names[number] == whole))
        hits.add(Fit.START, (number for number in starting if names[number] != whole))
        if len(starting) < len(named) and not hits.has_enough(Fit.WORD):
            others = set(named).difference(starting)
            words = {number for number in others if starts_word(first, names[number])}
            hits.add(Fit.WORD, sorted(words))
            hits.add(Fit.INSIDE, sorted(others - words))
        if len(named) < len(numbers) and not hits.has_enough(Fit.BESIDE):
            hits.add(Fit.BESIDE, sorted(set(numbers).difference(named)))

    def _search_ids(self, needle: Needle, hits: Hits) -> Iterator[Hits]:
        found: list[int] = []
        for start in range(0, len(self.entities), _SLICE):
            some = self.entities[start : start + _SLICE]
            found += [number for number, one in enumerate(some, start) if one.ref.id == needle.id]
            yield hits
        wanted = [number for number in found if _has_kind(self.entities[number], needle.kind)]
        hits.add(Fit.ID, wanted)
        by_name = set(hits.all)
        hits.all += [number for number in wanted if number not in by_name]


def _kind_words(kind: str) -> str:
    return " ".join(dict.fromkeys((folded(labels.kind_name(kind)), folded(kind))))


def _has_kind(entity: Entity, word: str) -> bool:
    kind = entity.ref.kind
    return kind != Kind.ORPHANED_IMAGES and any(one.startswith(word) for one in _kind_words(kind).split())
