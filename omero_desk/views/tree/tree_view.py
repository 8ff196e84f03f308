"""The tree itself: Qt's view, set up for very many rows and for the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget
from typing_extensions import override

from omero_desk.models.chosen import Run
from omero_desk.models.translation import translate
from omero_desk.models.tree.node import LoadState
from omero_desk.models.tree.node_model import Column
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.models.typed_letters import TypedLetters
from omero_desk.views.tree.flat_tree_view import FlatTreeView
from omero_desk.views.tree.row_delegate import RowDelegate
from omero_desk.views.tree.scroll_anchor import ScrollAnchor

_INDENT: Final = 16
_COUNT_WIDTH: Final = 96
_MOST_OPENED: Final = 100
"""The most rows that "Expand all below" opens at a time, as each is a request."""


class TreeView(FlatTreeView):
    """Shows the model's rows; `limited` tells after how many rows it stopped opening more."""

    menu_wanted = Signal(QPoint)
    refresh_wanted = Signal()
    limited = Signal(int)

    def __init__(self, tree: OmeroTreeModel, parent: QWidget | None = None) -> None:
        self._anchor: ScrollAnchor | None = None
        super().__init__(tree, parent)
        self._tree = tree
        self._anchor = ScrollAnchor(self, tree)
        self._opening: set[QPersistentModelIndex] = set()
        self._left_to_open = 0
        self._typed = TypedLetters()
        self._look()
        tree.loaded.connect(self._go_on_opening)

    def _look(self) -> None:
        self.setAccessibleName(translate("Tree", "Projects, datasets, images, screens and plates"))
        self.setItemDelegate(RowDelegate(self))
        self.setIndentation(_INDENT)
        self.setIconSize(QSize(16, 16))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setProperty("rows", "own")
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(Column.ANNOTATIONS, _COUNT_WIDTH)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setColumnHidden(Column.ANNOTATIONS, True)
        self.setHeaderHidden(True)

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

    def selected_runs(self) -> Iterator[tuple[QModelIndex, Run]]:
        """Yield the runs of selected rows, each with the row above it."""
        selection = self.selectionModel().selection()
        for some in map(selection.at, range(selection.count())):
            if some.left() == Column.NAME:
                yield some.parent(), self._tree.run(some.parent(), some.top(), some.bottom())

    @override
    def doItemsLayout(self) -> None:
        super().doItemsLayout()
        before = self.verticalOffset()
        if self._anchor is not None:
            self._anchor.restore()
        if self.verticalOffset() != before:
            self.viewport().update()  # all rows have moved as far as the view was scrolled

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open all below at *, as far as the limit; ask for a refresh at F5 and for the menu at Shift+F10."""
        if event.key() == Qt.Key.Key_Asterisk and self.currentIndex().isValid():
            self.open_below(self.currentIndex().siblingAtColumn(Column.NAME))
        elif event.key() == Qt.Key.Key_F5:
            self.refresh_wanted.emit()
        elif event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            # The platform makes a menu event of this on Windows alone.
            self.menu_wanted.emit(self._below_current())
        else:
            super().keyPressEvent(event)

    @override
    def keyboardSearch(self, search: str) -> None:
        """Go to the next row whose name starts with the typed letters."""
        typed, goes_on = self._typed.add(search)
        start = (self._flat.place(self.currentIndex()) or 0) + (0 if goes_on else 1)
        for parent, first, last in chain(self._flat.runs(start), self._flat.runs(0)):
            row = self._tree.find_name(parent, typed, first, last)
            if row is not None:
                self.setCurrentIndex(self._tree.index(row, 0, parent))
                return

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu: below the current row if the keyboard asked for it, else at the mouse."""
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu_wanted.emit(self._below_current() if by_keyboard else event.globalPos())

    def _below_current(self) -> QPoint:
        self.scrollTo(self.currentIndex())
        return self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
