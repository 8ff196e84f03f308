"""A table that only shows: whole rows, no cells to edit, and keys of its own before the window's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

_PADDING: Final = 7
_MARGIN: Final = 14

Key = QKeySequence.StandardKey


class TableView(QTableView):
    """`keys` says what happens at a key while the focus is here, where the window may mean something else by it.

    `widest` has for each column the text that has to fit in; the one that has none takes what is left.
    """

    def __init__(
        self,
        model: QAbstractTableModel,
        name: str,
        widest: dict[Any, str],
        keys: Mapping[Key, Callable[[], object]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setModel(model)
        self.setAccessibleName(name)
        self._look()
        self._size(widest)

    def rows(self) -> list[int]:
        """The selected rows, from the top down."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def event(self, event: QEvent) -> bool:
        """Qt's, but a key of ours is ours even if it is a shortcut of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._meant(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's, and the keys of ours."""
        act = self._meant(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def _meant(self, event: QKeyEvent) -> Callable[[], object] | None:
        return next((act for key, act in self._keys.items() if event.matches(key)), None)

    def _look(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()

    def _size(self, widest: dict[Any, str]) -> None:
        metrics = self.fontMetrics()
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(metrics.height() + _PADDING)
        columns.setHighlightSections(False)
        for column in range(self.model().columnCount()):
            if column in widest:
                self.setColumnWidth(column, metrics.horizontalAdvance(widest[column]) + _MARGIN)
            elif column == self.model().columnCount() - 1:
                columns.setStretchLastSection(True)
            else:
                columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
