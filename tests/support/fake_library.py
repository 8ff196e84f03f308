"""A library in memory that answers as the gateway does, late or with an error wherever a test says so."""

import asyncio
from collections.abc import Iterable

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.objects import ROOT, Cursor, Entity, Kind, Page, Ref, Scope, natural_key

SCOPE = Scope(group_id=3)


def entity(kind: str, identity: int, name: str, children: int | None = None, annotations: int | None = 0) -> Entity:
    return Entity(Ref(kind, identity), name, natural_key(name), children, annotations, owner_id=2, group_id=3)


def images(number: int, first: int = 1) -> list[Entity]:
    return [entity(Kind.IMAGE, i, f"Image{i}.tif") for i in range(first, first + number)]


class Library:
    def __init__(self) -> None:
        self.children: dict[Ref, list[Entity]] = {}
        self.calls: list[tuple[Ref, int]] = []
        self.failures: dict[tuple[Ref, int], GatewayError] = {}
        self.gates: dict[Ref, asyncio.Semaphore] = {}

    def put(self, parent: Ref, children: Iterable[Entity]) -> None:
        """In the server's order: by name as text, then id."""
        self.children[parent] = sorted(children, key=lambda child: (child.name.lower(), child.ref.id))

    def calls_for(self, ref: Ref) -> list[int]:
        return [offset for called, offset in self.calls if called == ref]

    async def fetch(self, ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
        offset = cursor.offset if cursor else 0
        self.calls.append((ref, offset))
        await (self.gates[ref].acquire() if ref in self.gates else asyncio.sleep(0))
        if (ref, offset) in self.failures:
            raise self.failures[ref, offset]
        children = self.children.get(ref, [])
        stop = offset + limit
        return Page(tuple(children[offset:stop]), Cursor(0, stop) if stop < len(children) else None)


def small_library() -> Library:
    """Two projects and orphans; a dataset of 450 images, an empty one, and an image that hangs in two."""
    library = Library()
    mitosis, empty, other = (
        entity(Kind.DATASET, i, n, c) for i, n, c in [(5, "Mitosis", 450), (6, "Empty", 0), (7, "Other", 3)]
    )
    library.put(
        ROOT,
        [
            entity(Kind.PROJECT, 1, "Screen 10", 2),
            entity(Kind.PROJECT, 2, "Screen 2", 1),
            entity(Kind.DATASET, 8, "A loose dataset", 1),
            entity(Kind.ORPHANED_IMAGES, 3, "Orphaned images", 2, annotations=None),
        ],
    )
    library.put(Ref(Kind.PROJECT, 1), [mitosis, empty])
    library.put(Ref(Kind.PROJECT, 2), [other])
    library.put(mitosis.ref, images(450))
    library.put(other.ref, images(3))
    library.put(Ref(Kind.DATASET, 8), images(1))
    library.put(Ref(Kind.ORPHANED_IMAGES, 3), images(2, first=9001))
    return library
