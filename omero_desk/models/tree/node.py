"""The tree as plain Python: nodes, the order of their children, and the rows that a filter lets through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from operator import attrgetter
from typing import Any, Final

from omero_desk.entities.objects import ROOT, UNKNOWN, Entity, Kind, Ref
from omero_desk.entities.words import folded
from omero_desk.models import labels
from omero_desk.models.ordering import Arrival, arrivals, merge, place_of

LOADING_ROW: Final = "loading"
FAILED_ROW: Final = "failed"
"""Kinds of the rows that stand for no object: they tell how loading their parent goes."""

_FIRST_KINDS: Final = (Kind.PROJECT, Kind.DATASET, Kind.ORPHANED_IMAGES, Kind.SCREEN, Kind.PLATE)
_RANK: Final = {kind: rank for rank, kind in enumerate(_FIRST_KINDS)}
_by_name_and_id: Final = attrgetter("entity.sort_key", "entity.ref.id")


class LoadState(Enum):
    """The progress of loading the children of a node."""

    UNLOADED = auto()
    LOADING = auto()
    LOADED = auto()
    FAILED = auto()


class TreeNode:
    """One row of the tree and, once it is opened, the rows below it.

    `children` are the objects in natural order; `rows` are what is shown of them, after the row that tells how the
    loading goes (`status`). `hit` says that something below passes the filter, `leaves` that no child can have anything
    below it, `ordered` that the rows stand in their order by what is known now. A node that is UNLOADED and has
    children is stale: it shows them until they have been fetched again. Rows that were given away are not changed
    any more, but replaced.
    """

    __slots__ = (
        "_place",
        "children",
        "entity",
        "hit",
        "leaves",
        "ordered",
        "parent",
        "rows",
        "state",
        "status",
    )

    def __init__(self, entity: Entity, parent: TreeNode | None = None) -> None:
        self.entity = entity
        self.parent = parent
        self._place = 0
        self.state = LoadState.UNLOADED
        self.status: StatusRow | None = None
        self.hit = False
        self.leaves = True
        self.ordered = True
        # Most nodes are leaves: they share one empty tuple.
        self.children: Sequence[TreeNode] = ()
        self.rows: Sequence[TreeNode] = ()

    @property
    def child_count(self) -> int | None:
        """As `Entity.child_count`, and counted once the children are all here."""
        return len(self.children) if self.state is LoadState.LOADED else self.entity.child_count

    @property
    def expandable(self) -> bool:
        """True if there are rows below, here already or yet to be fetched."""
        return bool(self.rows) or (bool(self.entity.child_count) and self.state is not LoadState.LOADED)

    @property
    def row(self) -> int:
        """The place among the rows of the parent; -1 while a filter hides the node.

        It is looked up when somebody asks, as other rows come and go before it.
        """
        above = self.parent
        if above is None:
            return 0
        place, rows = self._place, above.rows
        if not (0 <= place < len(rows) and rows[place] is self):
            place = self._place = above._place_of(self)
        return place

    def _place_of(self, node: TreeNode) -> int:
        """Return the place of a row, -1 if it is not among them."""
        if not self.ordered or node is self.status:
            return next((place for place, row in enumerate(self.rows) if row is node), -1)
        place = place_of(self.rows, node, self._order, self.first_row)
        return -1 if place is None else place

    def number_rows(self) -> None:
        """Note the place of each row, for many of which somebody is about to ask."""
        for place, row in enumerate(self.rows):
            row._place = place

    @property
    def first_row(self) -> int:
        """The place of the first row that is an object."""
        return int(bool(self.rows) and isinstance(self.rows[0], StatusRow))

    @property
    def _order(self) -> Callable[[TreeNode], Any]:
        """The key of the order of the children: by name and then by id; below the root by kind first."""
        return _by_kind if self.parent is None else _by_name_and_id

    @property
    def shown(self) -> bool:
        """True if no filter hides the node or one above it, so that opening its parents shows it."""
        node = self
        while node.parent is not None:
            if node.row < 0:
                return False
            node = node.parent
        return True

    @property
    def is_there(self) -> bool:
        """True if the node is among the children of its parent, that one among those of its own, and so on."""
        return all(node.parent._holds(node) for node in (self, *self.ancestors()) if node.parent is not None)

    def _holds(self, node: TreeNode) -> bool:
        if not self.ordered:
            return any(child is node for child in self.children)
        return place_of(self.children, node, self._order) is not None

    def ancestors(self) -> Iterator[TreeNode]:
        """Yield the parent, its parent and so on up to the root."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def loaded(self) -> Iterator[TreeNode]:
        """Yield this node and all below it that have loaded children, each after those below it."""
        for child in self.children:
            if child.children:
                yield from child.loaded()
        yield self

    def adopt(
        self, entities: Iterable[Entity], old: Mapping[Ref, TreeNode], seen: dict[Ref, TreeNode]
    ) -> tuple[list[TreeNode], list[TreeNode]]:
        """Put the nodes for `entities` into `seen`: those in `old` with their new entity, or new ones.

        Returns the old ones that changed, and the new ones. Of an object that comes twice the first stays: rows that
        somebody adds while the pages are read push others on to the next page.
        """
        changed, come = [], []
        for entity in entities:
            if entity.ref in seen:
                continue
            node = old.get(entity.ref) if old else None
            if node is None:
                node = TreeNode(entity, self)
                self.leaves = self.leaves and entity.child_count is None
                come.append(node)
            elif node.entity != entity:
                node.become(entity)
                changed.append(node)
            seen[entity.ref] = node
        return changed, come

    def become(self, entity: Entity) -> None:
        """Take what is known of the object now; it may have another place among its siblings from then on."""
        if self.parent is not None and entity.sort_key != self.entity.sort_key:
            self.parent.ordered = False
        self.entity = entity

    def arrange(self, nodes: Iterable[TreeNode]) -> None:
        """Take `nodes` as the children, in natural order."""
        self.children = sorted(nodes, key=self._order)
        self.leaves = all(child.entity.child_count is None for child in self.children)

    def places_for(self, nodes: Iterable[TreeNode]) -> list[Arrival]:
        """Return the places among the children at which new ones belong."""
        return arrivals(self.children, nodes, self._order)

    def merge(self, coming: Sequence[Arrival]) -> None:
        """Put new children into their places. The list that was there may belong to somebody: it is not changed."""
        children = list(self.children)
        merge(children, coming)
        self.children = children

    def matches(self, needle: str) -> bool:
        """Return whether the name holds `needle`, which is in folded case."""
        return needle in folded(self.entity.name or labels.name(self.entity))

    def accepts(self, needle: str) -> bool:
        """Return whether this node or one above it matches: then, if none of its children does, all of them show."""
        return self.matches(needle) or any(node.matches(needle) for node in self.ancestors())

    def hits(self, needle: str, start: int = 0, stop: int | None = None) -> list[TreeNode]:
        """Return the children, or those in a slice of them, that match or have a match below them."""
        children = self.children[start:stop]
        return [child for child in children if child.hit or child.matches(needle)]

    def visible(self, needle: str, hits: Sequence[TreeNode] | None = None) -> Sequence[TreeNode]:
        """Return the rows to show under a filter, '' for none; `hits` is what `hits(needle)` returned, if known."""
        top = [] if self.status is None else [self.status]
        if not needle:
            self.hit = False
            return [*top, *self.children] if top else self.children
        hits = self.hits(needle) if hits is None else hits
        self.hit = bool(hits)
        return [*top, *(hits if hits or not self.accepts(needle) else self.children)]

    def place(self, rows: Sequence[TreeNode], ordered: bool = True) -> None:
        """Take `rows` as what is shown, in the order of the children or, for a moment, not."""
        self.rows, self.ordered = rows, ordered


class StatusRow(TreeNode):
    """A row that stands for no object: it tells how loading its parent goes; `detail` has the technical text."""

    __slots__ = ("detail",)

    def __init__(self, parent: TreeNode, kind: str, text: str, detail: str = "") -> None:
        super().__init__(Entity(Ref(kind, parent.entity.ref.id), text, ""), parent)
        self.detail = detail


def _by_kind(node: TreeNode) -> tuple[int, str, int]:
    return _RANK.get(node.entity.ref.kind, len(_RANK)), node.entity.sort_key, node.entity.ref.id


def root_node() -> TreeNode:
    """Return a new root: the node above the rows that the tree shows first."""
    return TreeNode(Entity(ROOT, "", "", child_count=UNKNOWN))
