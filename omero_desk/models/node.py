"""The tree as plain Python: what a node holds, in which order, and which of its rows a filter lets through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from operator import attrgetter
from typing import Final

from omero_desk.gateway.entities import ROOT, UNKNOWN, Entity, Kind, Ref

LOADING_ROW: Final = "Loading"
FAILED_ROW: Final = "Failed"
"""Kinds of the rows that stand for no object: they tell how their parent is doing."""

_FIRST_KINDS: Final = (Kind.PROJECT, Kind.DATASET, Kind.ORPHANED_IMAGES, Kind.SCREEN, Kind.PLATE)
_RANK: Final = {kind: rank for rank, kind in enumerate(_FIRST_KINDS)}
_by_name_and_id: Final = attrgetter("entity.sort_key", "entity.ref.id")


class LoadState(Enum):
    """How far the children of a node have come; the value is the word that the user reads."""

    UNLOADED = "Not loaded"
    LOADING = "Loading…"
    LOADED = "Loaded"
    FAILED = "Failed"


class Node:
    """One row of the tree and, once it is opened, the rows below it.

    `children` are the objects in natural order; `rows` are what is shown of them, after the row that tells how the
    loading goes (`status`). `row` is the node's place in its parent's `rows`, and means nothing while a filter
    hides it. `hit` says that something below passes the filter. A node that is UNLOADED and has children is
    stale: it shows them until they have been fetched again.
    """

    __slots__ = ("children", "entity", "hit", "parent", "row", "rows", "state", "status")

    def __init__(self, entity: Entity, parent: Node | None = None) -> None:
        self.entity = entity
        self.parent = parent
        self.row = 0
        self.state = LoadState.UNLOADED
        self.status: StatusRow | None = None
        self.hit = False
        # Most nodes are leaves: they share one empty tuple.
        self.children: Sequence[Node] = ()
        self.rows: Sequence[Node] = ()

    @property
    def child_count(self) -> int | None:
        """As `Entity.child_count`, and counted once the children are all here."""
        return len(self.children) if self.state is LoadState.LOADED else self.entity.child_count

    @property
    def expandable(self) -> bool:
        """Whether there is something to open, known already or yet to be fetched."""
        return bool(self.rows) or (bool(self.entity.child_count) and self.state is not LoadState.LOADED)

    @property
    def shown(self) -> bool:
        """Whether the node can be seen by opening its parents: no filter hides it or one above it."""
        node = self
        while node.parent is not None:
            rows = node.parent.rows
            if node.row >= len(rows) or rows[node.row] is not node:
                return False
            node = node.parent
        return True

    def ancestors(self) -> Iterator[Node]:
        """The parent, its parent and so on up to the root."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def loaded(self) -> Iterator[Node]:
        """This node and all below it that have children here, each after those below it."""
        for child in self.children:
            if child.children:
                yield from child.loaded()
        yield self

    def adopt(self, entities: Iterable[Entity], old: dict[Ref, Node], seen: dict[Ref, Node]) -> list[Node]:
        """Put the nodes for `entities` into `seen`: those in `old` with their new entity, or new ones.

        Returns the old ones that changed. Of an object that comes twice the first stays: rows that somebody adds
        while the pages are read push others on to the next page.
        """
        changed = []
        for entity in entities:
            if entity.ref in seen:
                continue
            node = old.get(entity.ref)
            if node is None:
                node = Node(entity, self)
            elif node.entity != entity:
                node.entity = entity
                changed.append(node)
            seen[entity.ref] = node
        return changed

    def arrange(self, nodes: Iterable[Node]) -> None:
        """Take `nodes` as the children, in natural order by name and then by id; below the root by kind first."""
        children = sorted(nodes, key=_by_name_and_id)
        if self.parent is None:
            children.sort(key=lambda node: _RANK.get(node.entity.ref.kind, len(_RANK)))
        self.children = children

    def matches(self, needle: str) -> bool:
        """Whether the name holds `needle`, which is in folded case."""
        return needle in self.entity.name.casefold()

    def accepts(self, needle: str) -> bool:
        """Whether this node or one above it matches: then all that is below shows where nothing there matches."""
        return self.matches(needle) or any(node.matches(needle) for node in self.ancestors())

    def hits(self, needle: str, start: int = 0, stop: int | None = None) -> list[Node]:
        """The children, or those in a slice of them, that match or have a match below them."""
        children = self.children[start:stop]
        return [child for child in children if child.hit or needle in child.entity.name.casefold()]

    def visible(self, needle: str, hits: Sequence[Node] | None = None) -> list[Node]:
        """What `rows` has to be under a filter, where '' is none; `hits` are `hits(needle)` where they are known."""
        top = [] if self.status is None else [self.status]
        if not needle:
            self.hit = False
            return [*top, *self.children]
        hits = self.hits(needle) if hits is None else hits
        self.hit = bool(hits)
        return [*top, *(hits if hits or not self.accepts(needle) else self.children)]

    def place(self, rows: Sequence[Node]) -> None:
        """Take `rows` as what is shown."""
        self.rows = rows
        for row, node in enumerate(rows):
            node.row = row


class StatusRow(Node):
    """A row that stands for no object: it tells how its parent is doing, and `detail` what is behind that."""

    __slots__ = ("detail",)

    def __init__(self, parent: Node, kind: str, text: str, detail: str = "") -> None:
        super().__init__(Entity(Ref(kind, parent.entity.ref.id), text, ""), parent)
        self.detail = detail


def root_node() -> Node:
    """The node above the rows that the tree shows first."""
    return Node(Entity(ROOT, "", "", child_count=UNKNOWN))
