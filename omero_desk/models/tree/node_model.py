"""Nodes as rows of a Qt model: indexes, and the changes of rows as Qt wants to hear of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Final, overload

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex
from typing_extensions import override

from omero_desk.models.ordering import Arrival, merge
from omero_desk.models.tree.node import TreeNode, root_node

Index = QModelIndex | QPersistentModelIndex

NOWHERE: Final = QModelIndex()
"""The index of the root, above the rows that a view shows first."""


class Column(IntEnum):
    """The columns of a row, from left to right."""

    NAME = 0
    ANNOTATIONS = 1


_COLUMNS: Final = len(Column)
_MOST_RUNS: Final = 8
"""Runs of rows that are inserted one by one: views hear of each."""
_MANY: Final = 100
"""Rows whose places are asked for at once, beside which it costs little to note those of all."""


class NodeModel(QAbstractItemModel):
    """Tells Qt of the rows of nodes.

    An index points to its node and keeps it no longer alive than the tree does, so nodes that go must outlive the
    signal that says so.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = root_node()
        self._lent: set[TreeNode] = set()

    # Qt's own questions. A view asks the first two of every row it lays out, the third of every row it selects: so
    # they call nothing that they can do without.

    @override
    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        rows = (parent.internalPointer() or self._root).rows
        if 0 <= row < len(rows) and 0 <= column < _COLUMNS:
            return self.createIndex(row, column, rows[row])
        return QModelIndex()

    @override
    def hasChildren(self, parent: Index = NOWHERE) -> bool:
        node = parent.internalPointer() or self._root
        if not node.rows and node.entity.child_count is None:
            return False
        return node.expandable and parent.column() <= 0

    @overload
    def parent(self) -> QObject | None: ...
    @overload
    def parent(self, index: Index) -> QModelIndex: ...
    @override
    def parent(self, index: Index | None = None) -> QObject | QModelIndex | None:
        """Return the index of the row above; without `index`, the QObject that owns the model."""
        if index is None:
            return super().parent()
        above = (index.internalPointer() or self._root).parent
        if above is None or above is self._root:
            return QModelIndex()
        return self.createIndex(above.row, 0, above)

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return len(self._node(parent).rows) if parent.column() <= 0 else 0

    @override
    def columnCount(self, parent: Index = NOWHERE) -> int:
        return _COLUMNS

    def _set_rows(self, node: TreeNode, rows: Sequence[TreeNode], ordered: bool = False) -> None:
        """Change what is shown below a node; `ordered` says that the rows stand in the order of the children."""
        if rows == node.rows:
            node.place(node.rows, ordered)
            return
        if not node.shown:
            node.place(rows, ordered)
            return
        have, wanted = set(node.rows), set(rows)
        self._insert(node, rows, [row for row in rows if row not in have])
        self._remove(node, [row for row in node.rows if row not in wanted])
        if node.rows != rows:
            self._reorder(node, lambda: node.place(rows))
        node.place(rows, ordered)

    def _add_rows(self, node: TreeNode, come: Sequence[TreeNode]) -> None:
        """Add children, and show them among the others, all of which are shown: a few runs where they belong, more than
        that at the end first."""
        coming, rows = node.places_for(come), self._own_rows(node)
        if not node.shown:
            merge(rows, coming)
        elif len(coming) <= _MOST_RUNS:
            for place, some in reversed(coming):
                self.beginInsertRows(self._index(node), place, place + len(some) - 1)
                self._own_rows(node)[place:place] = some
                self.endInsertRows()
        else:
            number = len(rows)
            self.beginInsertRows(self._index(node), number, number + len(come) - 1)
            node.ordered = False
            rows += come
            self.endInsertRows()
            self._reorder(node, lambda: self._merge_last(node, number, coming), ordered=True)

    def _merge_last(self, node: TreeNode, number: int, coming: Sequence[Arrival]) -> None:
        """Bring the rows after the first `number` to where they belong."""
        rows = self._own_rows(node)
        del rows[number:]
        merge(rows, coming)

    def _own_rows(self, node: TreeNode) -> list[TreeNode]:
        """Return the list of the rows, which are all children, to be changed: a copy if it was given away."""
        rows = node.rows
        if node in self._lent or not isinstance(rows, list):
            self._lent.discard(node)
            rows = node.rows = node.children = list(rows)
        return rows

    def _set_last(self, node: TreeNode, come: Sequence[TreeNode]) -> None:
        """Insert rows after all others, which is not where they belong."""
        first = len(node.rows)
        self.beginInsertRows(self._index(node), first, first + len(come) - 1)
        node.place([*node.rows, *come], ordered=False)
        self.endInsertRows()

    def _insert(self, node: TreeNode, rows: Sequence[TreeNode], come: Sequence[TreeNode]) -> None:
        """Insert the rows `come`, in their place if that is before or after all others, else at the end for now."""
        if not come:
            return
        if rows[0] is come[0] and rows[len(come) :] == node.rows:
            self.beginInsertRows(self._index(node), 0, len(come) - 1)
            node.place([*come, *node.rows])
            self.endInsertRows()
        else:
            self._set_last(node, come)

    def _remove(self, node: TreeNode, gone: Sequence[TreeNode]) -> None:
        """Remove the rows `gone`, which are first brought together at the end if they do not stand together."""
        if not gone:
            return
        first, last = gone[0].row, gone[-1].row
        if last - first >= len(gone):
            hidden = set(gone)
            left = [row for row in node.rows if row not in hidden]
            self._reorder(node, lambda: node.place([*left, *gone]))
            first, last = len(left), len(left) + len(gone) - 1
        self.beginRemoveRows(self._index(node), first, last)
        node.place([*node.rows[:first], *node.rows[last + 1 :]], ordered=node.ordered)
        self.endRemoveRows()

    def _reorder(self, node: TreeNode, change: Callable[[], object], ordered: bool = False) -> None:
        """Have `change` put the rows in another order."""
        self.layoutAboutToBeChanged.emit()
        change()
        node.ordered = ordered
        old = self.persistentIndexList()
        if len(old) > _MANY:
            node.number_rows()
        self.changePersistentIndexList(old, [self._index(index.internalPointer(), index.column()) for index in old])
        self.layoutChanged.emit()

    def _node(self, index: Index) -> TreeNode:
        return index.internalPointer() or self._root

    def _index(self, node: TreeNode, column: int = 0) -> QModelIndex:
        return QModelIndex() if node is self._root else self.createIndex(node.row, column, node)
