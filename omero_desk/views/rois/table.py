"""The table of shapes, whose selection is that of the image."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from omero_desk.entities.sentences import mark
from omero_desk.models.rois.row import RoiColumn
from omero_desk.models.rois.rows import RoiRowsModel
from omero_desk.models.translation import say, translate
from omero_desk.views.widgets.table_rows import close_editor

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
_MEASURE_WIDTH: Final = 92
_MOST_SELECTED: Final = 2000
"""Rows that are selected in the table at most, however many shapes are."""
_PADDING: Final = 6
_TIP: Final = mark(
    "ROIs",
    "Double-click or press Enter to go to the shape. Press F2 or click a selected cell to edit comment and planes.\n"
    "On the image, N and Shift+N step through the shapes; so does Tab from a selected one.",
)


class RoiTable(QTableView):
    """Shows the rows of a `RoiRowsModel`.

    `chosen` (key): a single shape was selected here; `wanted` (key): show a shape from near; `menu_wanted` (place of
    the screen): open the menu of the selected shapes.
    """

    chosen = Signal(int)
    wanted = Signal(int)
    menu_wanted = Signal(QPoint)

    def __init__(self, rows: RoiRowsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows, self.rois = rows, rows.rois
        self._showing = False
        self.setModel(rows)
        self.setAccessibleName(translate("ROIs", "Regions of interest"))
        self.setToolTip(say(_TIP))
        self._dress()
        self.selectionModel().selectionChanged.connect(self._take_selection)
        rows.modelReset.connect(self._show_selection)
        rows.columnsInserted.connect(self._show_measurements)
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

    def _show_measurements(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Give new columns a width, and bring the first of them in sight; what is selected takes them in."""
        for column in range(first, last + 1):
            self.setColumnWidth(column, _MEASURE_WIDTH)
        self._show_selection()
        if self.currentIndex().isValid():
            self.scrollTo(self.rows.index(self.currentIndex().row(), first))

    def edit_comment(self, key: int) -> None:
        """Open the editor for a shape's comment."""
        row = self.rows.row(key)
        if row is not None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.edit(self.rows.index(row, RoiColumn.COMMENT))

    def edit_current(self) -> None:
        """Open the editor for the current cell, or for the comment of its shape if the cell cannot be edited."""
        index = self.currentIndex()
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)
        elif index.isValid():
            self.edit_comment(self.rows.key(index.row()))

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go to the shape."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.wanted.emit(self.rows.key(index.row()))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes to the shape."""
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_return and self.currentIndex().isValid() and self.state() != QAbstractItemView.State.EditingState:
            self.wanted.emit(self.rows.key(self.currentIndex().row()))
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu at the mouse, or at the current row if a key asks for it."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_wanted.emit(place if by_key else event.globalPos())

    @override
    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Close the editor of a cell, and leave the keyboard where the user has gone."""
        close = super().closeEditor
        close_editor(self, editor, lambda: close(editor, hint))

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
            chosen.select(self.rows.index(row, 0), self.rows.index(row, self.rows.columnCount() - 1))
        self._showing = True
        model.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows:
            current = self.rows.index(rows[-1], 0)
            model.setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(current)
        self._showing = False
