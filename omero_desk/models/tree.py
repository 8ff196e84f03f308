"""The tree of what a server holds, as Qt's views see it: a thin adapter over the nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from omero_desk.gateway.entities import Account, AnnotationCounts, Entity, Ref, Scope, natural_key
from omero_desk.gateway.errors import GatewayError
from omero_desk.models import labels
from omero_desk.models.filtered_nodes import FilteredNodes
from omero_desk.models.messages import Message, describe
from omero_desk.models.node import FAILED_ROW, LOADING_ROW, LoadState, Node, StatusRow, root_node
from omero_desk.models.node_model import NOWHERE, Column, Index
from omero_desk.models.pages import Fetch, pages
from omero_desk.models.row_data import RowData
from omero_desk.models.tasks import Tasks

_GROWTH: Final = 3
"""Rows are shown when there are so many times more than before: a view lays all of them out each time."""


class OmeroTreeModel(FilteredNodes):
    """Fetches the children of a node when a view asks for them, a page at a time.

    `fetch` brings a page, `account` tells who is who in tooltips, `icon` gives what stands before a kind's names,
    and `report` takes errors that no row can show. `children_changed` tells the `Ref` of an object whose children have
    become others, or have other names.
    """

    progressed = Signal()
    loaded = Signal(QModelIndex)
    failed = Signal(QModelIndex)
    children_changed = Signal(object)

    def __init__(
        self,
        fetch: Fetch,
        report: Callable[[BaseException], object],
        account: Callable[[], Account | None] = lambda: None,
        icon: Callable[[str], object] = lambda kind: None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(Tasks(report), parent)
        self._fetch = fetch
        self._row_data = RowData(account, icon)
        self._arrived: dict[Node, int] = {}
        self._scope: Scope | None = None

    def open(self, scope: Scope) -> None:
        """Show what there is in `scope`, in place of what was shown."""
        self._reset(scope)
        self._load(self._root)

    def clear(self) -> None:
        """Show nothing."""
        self._reset(None)

    def cancel_all(self) -> None:
        """Give up whatever is under way; for the end of the program."""
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    # What a view asks for its own purposes

    @property
    def scope(self) -> Scope | None:
        """What is shown; None while nothing is."""
        return self._scope

    def entity(self, index: Index) -> Entity | None:
        """The object of a row, None for a row that stands for none."""
        node = self._node(index)
        return None if node is self._root or isinstance(node, StatusRow) else node.entity

    def state(self, index: Index = NOWHERE) -> LoadState:
        """How far the children of a row have come."""
        return self._node(index).state

    def entities(self, parent: Index, first: int, last: int) -> list[Entity]:
        """The objects of some of the rows below `parent`."""
        rows = self._node(parent).rows[first : last + 1]
        return [node.entity for node in rows if not isinstance(node, StatusRow)]

    def all_below(self, index: Index) -> list[Entity]:
        """All objects below a row that are here, those that a filter hides too."""
        return [node.entity for node in self._node(index).children]

    def container(self, index: Index) -> QModelIndex:
        """The row itself, or the one above it if it can have nothing below it."""
        return self._index(self._container(self._node(index)))

    def openable(self, index: Index) -> list[QModelIndex]:
        """The rows below that have something below them, or may have."""
        return [self._index(node) for node in self._node(index).rows if node.expandable]

    def loaded_rows(self) -> list[QModelIndex]:
        """The rows whose children are here, from the top down."""
        nodes = reversed(list(self._root.loaded()))
        return [self._index(node) for node in nodes if node is not self._root and node.shown]

    def path(self, index: Index) -> tuple[Ref, ...]:
        """The objects from the top down to a row, which `find` finds again."""
        node = self._node(index)
        nodes = [node, *node.ancestors()]
        return tuple(node.entity.ref for node in reversed(nodes[:-1]))

    def find(self, path: Iterable[Ref]) -> QModelIndex:
        """The row at the end of `path`; an invalid index where it is not loaded or not shown."""
        node = self._root
        for ref in path:
            below = next((child for child in node.rows if child.entity.ref == ref), None)
            if below is None:
                return QModelIndex()
            node = below
        return self._index(node)

    @property
    def progress(self) -> str:
        """What is being loaded and how far it is, in words; empty when nothing is."""
        if not self._arrived:
            return ""
        node, arrived = next(reversed(self._arrived.items()))
        where = "" if node is self._root else f" {labels.name(node.entity)}"
        total = node.entity.child_count
        so_far = f" {arrived:,} of {total:,}" if arrived and total and total >= arrived else ""
        return f"Loading{where}…{so_far}"

    # Loading

    def refresh(self, indexes: Iterable[Index] = ()) -> list[QModelIndex]:
        """Fetch the children of rows again (of a row that has none, its parent's), or of all there is for no rows.

        What is still the same stays. Returns the rows below that are now stale: `fetchMore` fetches them again.
        """
        nodes = {self._container(self._node(index)) for index in indexes} or {self._root}
        below = {node for top in nodes for node in top.loaded()} - nodes
        stale = [node for node in below if node.state is not LoadState.LOADING]
        for node in stale:
            node.state = LoadState.UNLOADED
        for node in nodes:
            self._load(node)
        return [self._index(node) for node in stale if node.shown]

    def has_failed(self, index: Index) -> bool:
        """Whether a row is, or tells of, something that failed to load."""
        return self._container(self._node(index)).state is LoadState.FAILED

    def retry(self, index: Index) -> bool:
        """Load again what failed: `index` is the failed node or the row that says so. False if nothing failed."""
        failed = self.has_failed(index)
        if failed:
            self._load(self._container(self._node(index)))
        return failed

    def retry_failed(self) -> None:
        """Load again all that failed: the line is back."""
        children = (child for node in self._root.loaded() for child in node.children)
        for node in [one for one in (self._root, *children) if one.state is LoadState.FAILED]:
            self._load(node)

    def _container(self, node: Node) -> Node:
        """The node itself, or the one above it if it has no children by its kind."""
        while node.parent is not None and node.entity.child_count is None:
            node = node.parent
        return node

    def _reset(self, scope: Scope | None) -> None:
        self._tasks.cancel_all()
        self.beginResetModel()
        # The old nodes have to outlive the indexes that point to them.
        old, self._root = self._root, root_node()
        self._scope = scope
        self._arrived.clear()
        self.endResetModel()
        del old
        self.progressed.emit()

    def _load(self, node: Node) -> None:
        """Start loading; rows change when the loop turns, as Qt may be in the middle of a change where it asks."""
        if self._scope is not None:
            node.state = LoadState.LOADING
            self._tasks.start(node, self._load_children(node, self._scope))

    async def _load_children(self, node: Node, scope: Scope) -> None:
        self._set_status(node, None if node.children else StatusRow(node, LOADING_ROW, LoadState.LOADING.value))
        self._tell_progress(node, 0)
        seen: dict[Ref, Node] = {}
        try:
            await self._take_pages(node, scope, seen)
        except Exception as error:
            self._fail(node, seen, describe(error))
            if not isinstance(error, GatewayError):
                raise
        else:
            self._complete(node, seen)
        finally:
            self._arrived.pop(node, None)
            self.progressed.emit()

    async def _take_pages(self, node: Node, scope: Scope, seen: dict[Ref, Node]) -> None:
        """Read all children into `seen`; show some on the way if there are none yet."""
        old = {child.entity.ref: child for child in node.children}
        async with aclosing(pages(self._fetch, node.entity.ref, scope)) as stream:
            async for page in stream:
                changed = node.adopt(page.entities, old, seen)
                self._tell_changes(changed)
                if not old and page.next is not None and len(seen) >= _GROWTH * len(node.children):
                    node.status = None
                    self._set_children(node, seen.values())
                self._tell_progress(node, len(seen))

    def _complete(self, node: Node, seen: Mapping[Ref, Node]) -> None:
        node.state = LoadState.LOADED
        node.status = None
        self._set_children(node, seen.values())
        self._tell_changes([node])
        self.loaded.emit(self._index(node))

    def _fail(self, node: Node, seen: Mapping[Ref, Node], message: Message) -> None:
        """Keep the rows that there are, and put one above them that says what happened."""
        node.state = LoadState.FAILED
        node.status = StatusRow(node, FAILED_ROW, message.text, message.detail)
        both = {child.entity.ref: child for child in node.children} | dict(seen)
        self._set_children(node, both.values())
        self.failed.emit(self._index(node))

    def _set_children(self, node: Node, children: Iterable[Node]) -> None:
        old = node.children
        node.arrange(children)
        self._reshow(node)
        self.children_changed.emit(node.entity.ref)
        gone = set(old).difference(node.children)
        for loading in list(self._arrived):
            if not gone.isdisjoint([loading, *loading.ancestors()]):
                self._tasks.cancel(loading)

    def _set_status(self, node: Node, status: StatusRow | None) -> None:
        node.status = status
        self._reshow(node)

    def _tell_progress(self, node: Node, arrived: int) -> None:
        self._arrived[node] = arrived
        self.progressed.emit()

    def _tell_changes(self, siblings: Iterable[Node]) -> None:
        """Tell of one span of rows, which a view repaints no slower than each by itself."""
        changed = sorted(
            (node for node in siblings if node is not self._root and node.shown), key=lambda node: node.row
        )
        if changed:
            self.dataChanged.emit(self._index(changed[0]), self._index(changed[-1], Column.ANNOTATIONS))

    def set_annotation_counts(self, counts: Mapping[Ref, AnnotationCounts]) -> None:
        """Show new counts wherever the objects hang in the tree."""
        ids = {ref.id for ref in counts}
        for parent in self._root.loaded():
            same_ids = (node for node in parent.children if node.entity.ref.id in ids)
            self._tell_changes([node for node in same_ids if _take_count(node, counts)])

    def rename(self, ref: Ref, name: str) -> None:
        """Show an object's new name wherever it hangs in the tree, in its new place among its siblings."""
        for parent in list(self._root.loaded()):
            same = [node for node in parent.children if node.entity.ref == ref]
            for node in same:
                node.entity = replace(node.entity, name=name, sort_key=natural_key(name))
            if same:
                self._set_children(parent, list(parent.children))
                self._tell_changes(same)

    # Qt's own questions

    def canFetchMore(self, parent: Index) -> bool:
        """Qt's."""
        node = self._node(parent)
        return node.state is LoadState.UNLOADED and bool(node.entity.child_count) and self._scope is not None

    def fetchMore(self, parent: Index) -> None:
        """Qt's; asking twice asks the server once."""
        if self.canFetchMore(parent):
            self._load(self._node(parent))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's."""
        return self._row_data.of(index.internalPointer(), index.column(), role) if index.isValid() else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt's."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return Column(section).name.capitalize() if section in list(Column) else None
        return None


def _take_count(node: Node, counts: Mapping[Ref, AnnotationCounts]) -> bool:
    """Give the node its number in `counts`; False if it is not among them or has not changed."""
    new = counts.get(node.entity.ref)
    if new is None or new.total == node.entity.annotation_count:
        return False
    node.entity = replace(node.entity, annotation_count=new.total)
    return True
