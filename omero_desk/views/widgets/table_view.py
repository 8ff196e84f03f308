"""A read-only table of whole rows, whose keys come before those of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Height

_MARGIN: Final = 14
Index = QModelIndex | QPersistentModelIndex

Key = QKeySequence.StandardKey
_Column = TypeVar("_Column", bound=int)


class TableView(QTableView):
    """A table that handles `keys` while it has the focus, even if they are shortcuts of the window.

    `widest` has for each column the text that has to fit in; a column without one takes the room that is left.
    """

    def __init__(
        self,
        model: QAbstractTableModel,
        name: str,
        widest: Mapping[_Column, str],
        keys: Mapping[Key, Callable[[], object]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setModel(model)
        self.setAccessibleName(name)
        self.setItemDelegate(LineDelegate(self))
        self._look()
        self._size({int(column): text for column, text in widest.items()})

    def rows(self) -> list[int]:
        """Return the selected rows, from the top down."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    @override
    def event(self, event: QEvent) -> bool:
        """Claim the keys of the table that are shortcuts of the window too."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._meant(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle the keys of the table."""
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
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()

    def _size(self, widest: Mapping[int, str]) -> None:
        metrics = self.fontMetrics()
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(tall(Height.TABLE_ROW, self.font()))
        columns.setHighlightSections(False)
        for column in range(self.model().columnCount()):
            if column in widest:
                self.setColumnWidth(column, metrics.horizontalAdvance(widest[column]) + _MARGIN)
            elif column == self.model().columnCount() - 1:
                columns.setStretchLastSection(True)
            else:
                columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)


class LineDelegate(QStyledItemDelegate):
    """Paints a cell as the style does, without the frame of the one that has the focus, and a thin line below it."""

    @guarded(None)
    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        option.state &= ~QStyle.StateFlag.State_HasFocus
        super().paint(painter, option, index)
        painter.setPen(QColor(current().line))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
