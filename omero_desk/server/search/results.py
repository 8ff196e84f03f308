"""Results that are taken a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby, islice
from typing import Any

from omero_desk.server.search.actions import Hit
from omero_desk.server.search.library import Library


class Results:
    """Hits that come when they are wanted."""

    def __init__(self, hits: Iterator[Hit] | None = None) -> None:
        self._hits = hits or iter(())
        self._next: list[Hit] = []

    def has_next(self) -> bool:
        """Tell whether there is another hit."""
        self._next = self._next or list(islice(self._hits, 1))
        return bool(self._next)

    def take(self, most: int) -> list[Hit]:
        """Return the next hits, at most so many."""
        taken = list(islice(chain(self._next, self._hits), max(most, 0)))
        self._next = [] if taken else self._next
        return taken


def load_hits(library: Library, hits: Sequence[Hit], *, unloaded: bool) -> list[Any]:
    """Return the objects of hits in their order, without those that are gone meanwhile."""
    if unloaded:
        return [_unloaded(library, hit) for hit in hits]
    loaded: dict[tuple[str, int], Any] = {}
    wanted = [hit for hit in hits if hit.thing is None]
    for (name, with_annotations), group in groupby(wanted, key=lambda hit: (hit.class_name, hit.with_annotations)):
        objects = library.load(name, [hit.id for hit in group], with_annotations=with_annotations)
        loaded.update(((name, one.id.val), one) for one in objects)
    found = (hit.thing if hit.thing is not None else loaded.get(hit.key) for hit in hits)
    return [one for one in found if one is not None]


def _unloaded(library: Library, hit: Hit) -> Any:
    if hit.thing is None:
        return library.model_class(hit.class_name).instance_class(hit.id, False)
    hit.thing.unload()
    return hit.thing
