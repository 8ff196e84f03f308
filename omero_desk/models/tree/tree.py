"""The tree of what a server holds, as Qt's views see it: a thin adapter over the nodes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QItemSelection, QModelIndex, QObject, Qt, Signal
from typing_extensions import override

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.objects import Account, AnnotationCounts, Entity, Ref, Scope, natural_key
from omero_desk.entities.sentences import Text, mark
from omero_desk.entities.words import folded
from omero_desk.models import labels
from omero_desk.models.chosen import Run
from omero_desk.models.guard import guarded
from omero_desk.models.messages import Message, describe, stopped
from omero_desk.models.quantities import number
from omero_desk.models.selection import runs as runs_in
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.translation import say, translate
from omero_desk.models.tree.filtered_nodes import FilteredNodes
from omero_desk.models.tree.node import FAILED_ROW, LOADING_ROW, LoadState, StatusRow, TreeNode, root_node
from omero_desk.models.tree.node_model import NOWHERE, Column, Index
from omero_desk.models.tree.pages import Fetch, pages
from omero_desk.models.tree.row_data import RowData

_GROWTH: Final = 3
"""Under a filter rows are shown when there are this many times more than before, as all are compared each time."""
_SLICE: Final = 5000
"""Rows that are looked at between two turns of the event loop."""
_SHOWN: Final = 500
_COUNTED: Final = 1000
_FEW: Final = 100
_COUNTS: Final = "counts"

_TITLES: Final[Mapping[int, Text]] = {
    Column.NAME: mark("Tree", "Name"),
    Column.ANNOTATIONS: mark("Tree", "Annotations"),
}


class OmeroTreeModel(TaskOwner, FilteredNodes):
    """Fetches the children of a node when a view asks for them, a page at a time.

    `fetch` returns a page, `account` gives the names of owners in tooltips, `icon` the icon of a kind, and `report`
    takes errors that no row can show. `children_changed` carries the `Ref` of an object that has other children, or
    whose children have other names; `children_come` the `Ref` of one that has more, and those. `counts_taken`: the
    numbers of annotations that were given are shown.
    """

    progressed = Signal()
    loaded = Signal(QModelIndex)
    failed = Signal(QModelIndex)
    children_changed = Signal(Ref)
    children_come = Signal(Ref, object)
    counts_taken = Signal()

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
        self._row_data = RowData(account, icon, lambda: self._scope)
        self._arrived: dict[TreeNode, int] = {}
        self._scope: Scope | None = None
        self._counted: dict[Ref, AnnotationCounts] = {}

    def open(self, scope: Scope) -> None:
        """Show what there is in `scope`, in place of what was shown."""
        self._reset(scope)
        self._load(self._root)

    def clear(self) -> None:
        """Show nothing."""
        self._reset(None)

    # Queries of views

    @property
    def scope(self) -> Scope | None:
        """The scope that is shown, None while nothing is."""
        return self._scope

    def entity(self, index: Index) -> Entity | None:
        """Return the object of a row, None for a row that stands for none."""
        node = self._node(index)
        return None if node is self._root or isinstance(node, StatusRow) else node.entity

    def state(self, index: Index = NOWHERE) -> LoadState:
        """Return the progress of loading the children of a row."""
        return self._node(index).state

    def entities(self, parent: Index, first: int, last: int) -> list[Entity]:
        """Return the objects of the rows from `first` to `last` below `parent`."""
        rows = self._node(parent).rows[first : last + 1]
        return [node.entity for node in rows if not isinstance(node, StatusRow)]

    def run(self, parent: Index, first: int, last: int) -> Run:
        """Return the objects of the rows from `first` to `last` below `parent`, without looking at them."""
        node = self._node(parent)
        self._lent.add(node)
        return Run(node.rows, max(first, node.first_row), last + 1, _entities)

    def with_rows_below(self, run: Run) -> Iterator[tuple[int, Entity]]:
        """Yield the objects of a run below one row that may have rows below them, each with its row.

        Where no row of that parent may, none is looked at.
        """
        parent = run.rows[run.start].parent if len(run) else None
        if parent is not None and not parent.leaves:
            for row in range(run.start, run.stop):
                entity = run.rows[row].entity
                if entity.child_count is not None:
                    yield row, entity

    def remaining(self, run: Run) -> Run:
        """Return a run of those objects of a run that are still here; very many are not looked for."""
        if len(run) > _SLICE:
            return run
        left = [node for node in run.rows[run.start : run.stop] if node.is_there]
        return Run(left, 0, len(left), _entities)

    def rows_of(self, runs: Iterable[Run]) -> QItemSelection:
        """Return the rows that show the objects of runs now, those of them that are shown."""
        selection = QItemSelection()
        for run in runs:
            nodes = run.rows[run.start : run.stop]
            if nodes and nodes[0].parent.shown:
                parent = nodes[0].parent
                if len(nodes) > _FEW:
                    parent.number_rows()
                for first, last in runs_in(sorted(row for node in nodes if (row := node.row) >= 0)):
                    selection.select(
                        self.createIndex(first, 0, parent.rows[first]),
                        self.createIndex(last, len(Column) - 1, parent.rows[last]),
                    )
        return selection

    def find_name(self, parent: Index, start: str, first: int, last: int) -> int | None:
        """Return the first of the rows from `first` to `last` below `parent` whose name starts with `start`, in any
        case; None for none."""
        wanted, rows = folded(start), self._node(parent).rows
        return next((row for row in range(first, last + 1) if _name_of(rows[row]).startswith(wanted)), None)

    def all_below(self, index: Index) -> list[Entity]:
        """Return all loaded objects below a row, those that a filter hides too."""
        return [node.entity for node in self._node(index).children]

    def container(self, index: Index) -> QModelIndex:
        """Return the row itself, or the one above it if it can have nothing below it."""
        return self._index(self._container(self._node(index)))

    def openable(self, index: Index) -> list[QModelIndex]:
        """Return the rows below `index` that have something below them, or may have."""
        return [self._index(node) for node in self._node(index).rows if node.expandable]

    def loaded_rows(self) -> list[QModelIndex]:
        """Return the rows whose children are loaded, from the top down."""
        nodes = reversed(list(self._root.loaded()))
        return [self._index(node) for node in nodes if node is not self._root and node.shown]

    def path(self, index: Index) -> tuple[Ref, ...]:
        """Return the objects from the top down to a row: `find` takes them."""
        return _path(self._node(index))

    def find(self, path: Iterable[Ref]) -> QModelIndex:
        """Return the row at the end of `path`; an invalid index if it is not loaded or not shown."""
        node = self._root
        for ref in path:
            below = next((child for child in node.rows if child.entity.ref == ref), None)
            if below is None:
                return QModelIndex()
            node = below
        return self._index(node)

    def known(self, paths: Iterable[Iterable[Ref]]) -> list[Entity]:
        """Return the objects at the ends of `paths` that are loaded, those that a filter hides too."""
        return [node.entity for node in self._nodes_at(paths)]

    def find_all(self, paths: Iterable[Iterable[Ref]]) -> list[QModelIndex]:
        """Return the rows at the ends of `paths` that are loaded and shown."""
        return [self._index(node) for node in self._nodes_at(paths) if node.shown]

    def _nodes_at(self, paths: Iterable[Iterable[Ref]]) -> Iterator[TreeNode]:
        below: dict[TreeNode, dict[Ref, TreeNode]] = {}
        for path in paths:
            node: TreeNode | None = self._root
            for ref in path:
                if node is not None and node not in below:
                    below[node] = {child.entity.ref: child for child in node.children}
                node = below[node].get(ref) if node is not None else None
            if node is not None:
                yield node

    def path_to(self, ref: Ref) -> tuple[Ref, ...] | None:
        """Return the path of a loaded object from the top down, those that a filter hides too; None for no such."""
        found = (node for parent in self._root.loaded() for node in parent.children if node.entity.ref == ref)
        return next((_path(node) for node in found), None)

    def groups(self) -> Iterator[tuple[tuple[Entity, ...], Sequence[Entity]]]:
        """Yield the objects that are loaded, those that a filter hides too: for each that holds some, the objects
        from the top down to it, and those in it."""
        for parent in reversed(list(self._root.loaded())):
            above = tuple(node.entity for node in reversed([parent, *parent.ancestors()]))[1:]
            yield above, [node.entity for node in parent.children]

    @property
    def row_total(self) -> int:
        """The number of objects that are loaded, those that a filter hides too."""
        return sum(len(node.children) for node in self._root.loaded())

    @property
    def progress(self) -> str:
        """The object that is being loaded and how far that is, for the user; "" when nothing is."""
        if not self._arrived:
            return ""
        return self._progress(*next(reversed(self._arrived.items())))

    def arrived(self, index: Index) -> int:
        """Return how many children of a row have come while they are being loaded; 0 when they are not."""
        return self._arrived.get(self._node(index), 0)

    def problem_of(self, index: Index) -> Message | None:
        """Return why the children of a row could not be loaded; None if they could."""
        status = self._node(index).status
        if status is None or status.entity.ref.kind != FAILED_ROW:
            return None
        return Message(status.entity.name, status.detail)

    def _progress(self, node: TreeNode, arrived: int) -> str:
        if node is self._root:
            return translate("Tree", "Loading…")
        name, total = labels.name(node.entity), node.entity.child_count
        if not arrived or total is None or total < arrived:
            return translate("Tree", "Loading {name}…").format(name=name)
        so_far = translate("Tree", "Loading {name}… {arrived} of {total}")
        return so_far.format(name=name, arrived=number(arrived), total=number(total))

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
        """Return whether a row is, or tells of, something that failed to load."""
        return self._container(self._node(index)).state is LoadState.FAILED

    def retry(self, index: Index) -> bool:
        """Load again what failed: `index` is the failed node or the row that says so. False if nothing failed."""
        failed = self.has_failed(index)
        if failed:
            self._load(self._container(self._node(index)))
        return failed

    def retry_failed(self) -> None:
        """Load again all that failed, now that the connection is back."""
        children = (child for node in self._root.loaded() for child in node.children)
        for node in [one for one in (self._root, *children) if one.state is LoadState.FAILED]:
            self._load(node)

    def stop_all(self) -> None:
        """Load no more of anything; what is here stays, below rows that say so."""
        for node in list(self._arrived):
            self.stop(self._index(node))

    def stop(self, index: Index) -> None:
        """Load no more children of a row; those that are here stay, below one that says so."""
        node = self._node(index)
        if self._tasks.cancel(node):
            self._arrived.pop(node, None)
            self._fail(node, {}, stopped())
            self.progressed.emit()

    def _container(self, node: TreeNode) -> TreeNode:
        """The node itself, or the one above it if it has no children by its kind."""
        while node.parent is not None and node.entity.child_count is None:
            node = node.parent
        return node

    def _reset(self, scope: Scope | None) -> None:
        self._tasks.cancel_all()
        self._counted.clear()
        self._lent.clear()
        self.beginResetModel()
        # The old nodes have to outlive the indexes that point to them.
        old, self._root = self._root, root_node()
        self._scope = scope
        self._arrived.clear()
        self.endResetModel()
        del old
        self.progressed.emit()

    def _load(self, node: TreeNode) -> None:
        """Start loading; rows change when the loop turns, as Qt may be in the middle of a change where it asks."""
        if self._scope is not None:
            node.state = LoadState.LOADING
            self._tasks.start(node, self._load_children(node, self._scope))

    async def _load_children(self, node: TreeNode, scope: Scope) -> None:
        self._set_status(node, None if node.children else StatusRow(node, LOADING_ROW, translate("Tree", "Loading…")))
        self._tell_progress(node, 0)
        seen: dict[Ref, TreeNode] = {}
        try:
            await self._take_pages(node, scope, seen)
        except Exception as error:
            self._fail(node, seen, describe(error))
            if not isinstance(error, GatewayError):
                raise
        else:
            self._complete(node)
        finally:
            self._arrived.pop(node, None)
            self.progressed.emit()

    async def _take_pages(self, node: TreeNode, scope: Scope, seen: dict[Ref, TreeNode]) -> None:
        """Read all children into `seen`; show some on the way if there are none yet."""
        old = {child.entity.ref: child for child in node.children}
        async with aclosing(pages(self._fetch, node.entity.ref, scope)) as stream:
            async for page in stream:
                changed, come = node.adopt(page.entities, old, seen)
                self._tell_changes(changed)
                if not old:
                    self._show_more(node, come[:_SHOWN])
                    for start in range(_SHOWN, len(come), _SHOWN):
                        await asyncio.sleep(0)
                        self._show_more(node, come[start : start + _SHOWN])
                self._tell_progress(node, len(seen))
        if old:
            self._set_children(node, seen.values())

    def _show_more(self, node: TreeNode, come: Sequence[TreeNode]) -> None:
        """Show rows that have arrived in their places among those that are here."""
        if node.status is not None or not node.children:
            node.status = None
            self._set_children(node, come)
            return
        if node.rows is node.children:
            self._add_rows(node, come)
        else:
            node.merge(node.places_for(come))
            if len(node.children) >= _GROWTH * len(node.rows) or not self._needle:
                self._reshow(node)
        self.children_come.emit(node.entity.ref, [child.entity for child in come])

    def _complete(self, node: TreeNode) -> None:
        node.state = LoadState.LOADED
        node.status = None
        self._reshow(node)
        self._tell_changes([node])
        self.loaded.emit(self._index(node))

    def _fail(self, node: TreeNode, seen: Mapping[Ref, TreeNode], message: Message) -> None:
        """Keep the rows that are here, below one that says what happened."""
        node.state = LoadState.FAILED
        node.status = StatusRow(node, FAILED_ROW, message.text, message.detail)
        both = {child.entity.ref: child for child in node.children} | dict(seen)
        self._set_children(node, both.values())
        self.failed.emit(self._index(node))

    def _set_children(self, node: TreeNode, children: Iterable[TreeNode]) -> None:
        old = node.children
        node.arrange(children)
        self._reshow(node)
        self.children_changed.emit(node.entity.ref)
        gone = set(old).difference(node.children)
        for loading in list(self._arrived):
            if not gone.isdisjoint([loading, *loading.ancestors()]):
                self._tasks.cancel(loading)

    def _set_status(self, node: TreeNode, status: StatusRow | None) -> None:
        node.status = status
        self._reshow(node)

    def _tell_progress(self, node: TreeNode, arrived: int) -> None:
        self._arrived[node] = arrived
        self.progressed.emit()

    def _tell_changes(self, siblings: Sequence[TreeNode]) -> None:
        """Announce one span of rows, which a view repaints no slower than each row by itself; of many changes all rows
        of their parent, as that takes no looking for their places."""
        changed = siblings
        if len(siblings) > _FEW and (parent := siblings[0].parent) is not None and parent.rows:
            changed = [parent.rows[0], parent.rows[-1]]
        changed = sorted((node for node in changed if node is not self._root and node.shown), key=lambda node: node.row)
        if changed:
            self.dataChanged.emit(self._index(changed[0]), self._index(changed[-1], Column.ANNOTATIONS))

    def set_annotation_counts(self, counts: Mapping[Ref, AnnotationCounts]) -> None:
        """Show new counts wherever the objects stand in the tree; where there are very many rows, in slices."""
        self._counted.update(counts)
        if _COUNTS in self._tasks:
            return
        if self.row_total <= _SLICE:
            for _ in self._take_counts():
                pass
        else:
            self._tasks.start(_COUNTS, self._take_counts_in_slices())

    async def _take_counts_in_slices(self) -> None:
        for _ in self._take_counts():
            await asyncio.sleep(0)

    def _take_counts(self) -> Iterator[None]:
        while self._counted:
            counts, self._counted = self._counted, {}
            ids = {ref.id for ref in counts}
            for parent in list(self._root.loaded()):
                children = list(parent.children)
                for start in range(0, len(children), _COUNTED):
                    same_ids = [one for one in children[start : start + _COUNTED] if one.entity.ref.id in ids]
                    self._tell_changes([one for one in same_ids if _take_count(one, counts)])
                    yield
        self.counts_taken.emit()

    def rename(self, ref: Ref, name: str) -> None:
        """Show an object's new name wherever it stands in the tree, in its new place among its siblings."""
        for parent in list(self._root.loaded()):
            same = [node for node in parent.children if node.entity.ref == ref]
            for node in same:
                node.become(replace(node.entity, name=name, sort_key=natural_key(name)))
            if same:
                self._set_children(parent, list(parent.children))
                self._tell_changes(same)

    # QAbstractItemModel

    @override
    def canFetchMore(self, parent: Index) -> bool:
        node = self._node(parent)
        return node.state is LoadState.UNLOADED and bool(node.entity.child_count) and self._scope is not None

    @override
    def fetchMore(self, parent: Index) -> None:
        """Load the children, once however often a view asks."""
        if self.canFetchMore(parent):
            self._load(self._node(parent))

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return self._row_data.of(index.internalPointer(), index.column(), role) if index.isValid() else None

    @guarded(None)
    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and section in _TITLES:
            return say(_TITLES[section])
        return None


def _name_of(node: TreeNode) -> str:
    return folded(node.entity.name or labels.name(node.entity))


def _entities(nodes: Sequence[TreeNode]) -> list[Entity]:
    return [node.entity for node in nodes]


def _path(node: TreeNode) -> tuple[Ref, ...]:
    nodes = [node, *node.ancestors()]
    return tuple(one.entity.ref for one in reversed(nodes[:-1]))


def _take_count(node: TreeNode, counts: Mapping[Ref, AnnotationCounts]) -> bool:
    """Give the node its number in `counts`; False if it is not among them or has not changed."""
    new = counts.get(node.entity.ref)
    if new is None or new.total == node.entity.annotation_count:
        return False
    node.entity = replace(node.entity, annotation_count=new.total)
    return True
