"""The results of a search, which a client takes page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby, islice

from omero.model import IObject

from omero_desk.server.search.actions import Hit
from omero_desk.server.search.library import SearchLibrary


class Results:
    """Hits that are searched for only when they are taken."""

    def __init__(self, hits: Iterator[Hit] | None = None) -> None:
        self._hits = hits or iter(())
        self._next: list[Hit] = []

    def has_next(self) -> bool:
        """Return whether there is another hit."""
        self._next = self._next or list(islice(self._hits, 1))
        return bool(self._next)

    def take(self, most: int) -> list[Hit]:
        """Return the next hits, at most `most`."""
        taken = list(islice(chain(self._next, self._hits), max(most, 0)))
        self._next = [] if taken else self._next
        return taken


def load_hits(library: SearchLibrary, hits: Sequence[Hit], *, unloaded: bool) -> list[IObject]:
    """Return the objects of hits in their order, without those that no longer exist; `unloaded` for ids alone."""
    if unloaded:
        return [_unloaded(library, hit) for hit in hits]
    loaded: dict[tuple[str, int], IObject] = {}
    wanted = [hit for hit in hits if hit.thing is None]
    for (name, with_annotations), group in groupby(wanted, key=lambda hit: (hit.class_name, hit.with_annotations)):
        objects = library.load(name, [hit.id for hit in group], with_annotations=with_annotations)
        loaded.update(((name, one.id.val), one) for one in objects)
    found = (hit.thing if hit.thing is not None else loaded.get(hit.key) for hit in hits)
    return [one for one in found if one is not None]


def _unloaded(library: SearchLibrary, hit: Hit) -> IObject:
    if hit.thing is None:
        return library.model_class(hit.class_name).instance_class(hit.id, False)
    hit.thing.unload()
    return hit.thing
