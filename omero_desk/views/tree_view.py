"""The tree itself: Qt's view, set up for very many rows and for the keyboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from omero_desk.models.node import LoadState
from omero_desk.models.node_model import Column
from omero_desk.models.tree import OmeroTreeModel
from omero_desk.views.row_delegate import RowDelegate
from omero_desk.views.scroll_anchor import ScrollAnchor

_INDENT: Final = 18
_COUNT_WIDTH: Final = 96
_MOST_OPENED: Final = 100
"""How many rows "expand all below" opens at a time: each is a request."""


class TreeView(QTreeView):
    """Shows the model's rows; asks for a menu, a refresh, and says when it would not open everything."""

    menu_wanted = Signal(QPoint)
    refresh_wanted = Signal()
    limited = Signal(int)

    def __init__(self, tree: OmeroTreeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree = tree
        self._anchor = ScrollAnchor(self, tree)
        self._opening: set[QPersistentModelIndex] = set()
        self._left_to_open = 0
        self.setModel(tree)
        self._look()
        tree.loaded.connect(self._go_on_opening)

    def _look(self) -> None:
        self.setAccessibleName("Projects, datasets, images, screens and plates")
        self.setItemDelegate(RowDelegate(self))
        self.setUniformRowHeights(True)
        self.setIndentation(_INDENT)
        self.setIconSize(QSize(16, 16))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAllColumnsShowFocus(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(Column.ANNOTATIONS, _COUNT_WIDTH)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setColumnHidden(Column.ANNOTATIONS, True)

    def open_below(self, index: QModelIndex) -> None:
        """Expand a row and all below it, loading what is not here yet; stops after `_MOST_OPENED` rows."""
        self._opening.clear()
        self._left_to_open = _MOST_OPENED
        self._open(index)

    def close_below(self, index: QModelIndex) -> None:
        """Collapse a row and all below it."""
        for below in self._tree.openable(index):
            if self.isExpanded(below):
                self.close_below(below)
        self.collapse(index)

    def _open(self, index: QModelIndex) -> None:
        if self._left_to_open == 0:
            self.limited.emit(_MOST_OPENED)
            return
        self._left_to_open -= 1
        self._opening.add(QPersistentModelIndex(index))
        self._tree.fetchMore(index)
        self.expand(index)
        if self._tree.state(index) is LoadState.LOADED:
            self._go_on_opening(index)

    def _go_on_opening(self, index: QModelIndex) -> None:
        key = QPersistentModelIndex(index)
        if key in self._opening:
            self._opening.discard(key)
            for below in self._tree.openable(index)[: self._left_to_open + 1]:
                self._open(below)

    def doItemsLayout(self) -> None:
        """Qt's."""
        super().doItemsLayout()
        self._anchor.restore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's, where * would load everything there is, and F5 does nothing."""
        if event.key() == Qt.Key.Key_Asterisk and self.currentIndex().isValid():
            self.open_below(self.currentIndex().siblingAtColumn(Column.NAME))
        elif event.key() == Qt.Key.Key_F5:
            self.refresh_wanted.emit()
        elif event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            # The platform makes a menu event of this on Windows alone.
            self.menu_wanted.emit(self._below_current())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt's: a menu that the keyboard asks for stands below the current row."""
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu_wanted.emit(self._below_current() if by_keyboard else event.globalPos())

    def _below_current(self) -> QPoint:
        self.scrollTo(self.currentIndex())
        return self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
