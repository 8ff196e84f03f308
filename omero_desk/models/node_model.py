"""Nodes as rows of a Qt model: indexes, and the changes of rows as Qt wants to hear of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Final, overload

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex

from omero_desk.models.node import Node, root_node

Index = QModelIndex | QPersistentModelIndex

NOWHERE: Final = QModelIndex()
"""The index of the root, above the rows that a view shows first."""


class Column(IntEnum):
    """What stands beside each other in a row."""

    NAME = 0
    ANNOTATIONS = 1


_COLUMNS: Final = len(Column)


class NodeModel(QAbstractItemModel):
    """Tells Qt of the rows of nodes.

    An index points to its node and keeps it no longer alive than the tree does, so nodes that go must outlive the
    signal that says so.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = root_node()

    # Qt's own questions. A view asks the first two of every row it lays out, the third of every row it selects: so
    # they call nothing that they can do without.

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """Qt's."""
        rows = (parent.internalPointer() or self._root).rows
        if 0 <= row < len(rows) and 0 <= column < _COLUMNS:
            return self.createIndex(row, column, rows[row])
        return QModelIndex()

    def hasChildren(self, parent: Index = NOWHERE) -> bool:
        """Qt's."""
        node = parent.internalPointer() or self._root
        if not node.rows and node.entity.child_count is None:
            return False
        return node.expandable and parent.column() <= 0

    @overload
    def parent(self) -> QObject | None: ...
    @overload
    def parent(self, index: Index) -> QModelIndex: ...
    def parent(self, index: Index | None = None) -> QObject | QModelIndex | None:
        """Qt's: the row above, or without a row the owner of the model."""
        if index is None:
            return super().parent()
        above = (index.internalPointer() or self._root).parent
        if above is None or above is self._root:
            return QModelIndex()
        return self.createIndex(above.row, 0, above)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt's."""
        return len(self._node(parent).rows) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt's."""
        return _COLUMNS

    def _set_rows(self, node: Node, rows: Sequence[Node]) -> None:
        if rows == node.rows:
            return
        if not node.shown:
            node.place(rows)
            return
        have, wanted = set(node.rows), set(rows)
        self._insert(node, rows, [row for row in rows if row not in have])
        self._remove(node, [row for row in node.rows if row not in wanted])
        if node.rows != rows:
            self._reorder(node, rows)

    def _insert(self, node: Node, rows: Sequence[Node], come: Sequence[Node]) -> None:
        """Show `come`: at once in its place at the top or the end of the others, else at the end for now."""
        if not come:
            return
        first = 0 if rows[0] is come[0] and rows[len(come) :] == node.rows else len(node.rows)
        self.beginInsertRows(self._index(node), first, first + len(come) - 1)
        node.place([*node.rows[:first], *come, *node.rows[first:]])
        self.endInsertRows()

    def _remove(self, node: Node, gone: Sequence[Node]) -> None:
        """Hide `gone`: they are brought to the end first if they do not stand together."""
        if not gone:
            return
        if gone[-1].row - gone[0].row >= len(gone):
            hidden = set(gone)
            self._reorder(node, [*(row for row in node.rows if row not in hidden), *gone])
        first, last = gone[0].row, gone[-1].row
        self.beginRemoveRows(self._index(node), first, last)
        node.place([*node.rows[:first], *node.rows[last + 1 :]])
        self.endRemoveRows()

    def _reorder(self, node: Node, rows: Sequence[Node]) -> None:
        self.layoutAboutToBeChanged.emit()
        node.place(rows)
        old = self.persistentIndexList()
        self.changePersistentIndexList(old, [self._index(index.internalPointer(), index.column()) for index in old])
        self.layoutChanged.emit()

    def _node(self, index: Index) -> Node:
        return index.internalPointer() or self._root

    def _index(self, node: Node, column: int = 0) -> QModelIndex:
        return QModelIndex() if node is self._root else self.createIndex(node.row, column, node)
