"""The table of regions, which selects both ways."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from omero_desk.models.roi_row import RoiColumn
from omero_desk.models.roi_rows import RoiRowsModel

_WIDTHS: Final = {
    RoiColumn.COMMENT: 120,
    RoiColumn.KIND: 72,
    RoiColumn.Z: 34,
    RoiColumn.T: 34,
    RoiColumn.C: 34,
    RoiColumn.AREA: 82,
    RoiColumn.LENGTH: 82,
    RoiColumn.OWNER: 100,
    RoiColumn.ROI: 56,
    RoiColumn.ID: 64,
}
_MOST_SELECTED: Final = 2000
"""Of more shapes than these only so many are selected in the table too."""
_PADDING: Final = 6
_TIP: Final = (
    "Double-click or Enter: go to the shape. F2, or a click on what is selected: edit comment and planes.\n"
    "On the image N and Shift+N step through the shapes, and Tab from one that is selected."
)


class RoiTable(QTableView):
    """Shows the rows of a `RoiRowsModel`.

    `chosen` (key): a single shape was selected here; `wanted` (key): it is to be gone to; `menu_wanted`: what can be
    done with what is selected, at a place of the screen.
    """

    chosen = Signal(int)
    wanted = Signal(int)
    menu_wanted = Signal(object)

    def __init__(self, rows: RoiRowsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows, self.rois = rows, rows.rois
        self._showing = False
        self.setModel(rows)
        self.setAccessibleName("Regions of interest")
        self.setToolTip(_TIP)
        self._dress()
        self.selectionModel().selectionChanged.connect(self._take_selection)
        rows.modelReset.connect(self._show_selection)
        self.rois.selected.connect(self._show_selection)

    def _dress(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + _PADDING)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)

    def edit_comment(self, key: int) -> None:
        """Have the user type a shape's comment."""
        row = self.rows.row(key)
        if row is not None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.edit(self.rows.index(row, RoiColumn.COMMENT))

    def edit_current(self) -> None:
        """Have the user type into the current cell, or the comment of its shape."""
        index = self.currentIndex()
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)
        elif index.isValid():
            self.edit_comment(self.rows.key(index.row()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go to the shape."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.wanted.emit(self.rows.key(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes to the shape."""
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_return and self.currentIndex().isValid() and self.state() != QAbstractItemView.State.EditingState:
            self.wanted.emit(self.rows.key(self.currentIndex().row()))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the mouse where it is, by the key at the current row."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_wanted.emit(place if by_key else event.globalPos())

    # The selection, both ways

    def _take_selection(self) -> None:
        if self._showing:
            return
        keys = [self.rows.key(index.row()) for index in self.selectionModel().selectedRows()]
        self._showing = True
        self.rois.select(keys)
        self._showing = False
        if len(keys) == 1:
            self.chosen.emit(keys[0])

    def _show_selection(self) -> None:
        if self._showing:
            return
        rows = [row for key in self.rois.selection[:_MOST_SELECTED] if (row := self.rows.row(key)) is not None]
        model = self.selectionModel()
        if set(rows) == {index.row() for index in model.selectedRows()}:
            return
        chosen = QItemSelection()
        for row in rows:
            chosen.select(self.rows.index(row, 0), self.rows.index(row, len(RoiColumn) - 1))
        self._showing = True
        model.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows:
            current = self.rows.index(rows[-1], 0)
            model.setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(current)
        self._showing = False
