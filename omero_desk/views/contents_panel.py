"""The images of what is selected: a grid or a table, to filter, to sort and to open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSlider,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from omero_desk.gateway.entities import Entity, Ref
from omero_desk.models.contents import COLUMNS, ENTITY, ContentsColumn, ContentsModel, Sorting
from omero_desk.models.thumbnails import ThumbnailsModel
from omero_desk.views import icons
from omero_desk.views.filter_edit import FilterEdit
from omero_desk.views.table_view import TableView
from omero_desk.views.thumbnail_grid import LARGEST, SMALLEST, ThumbnailGrid

_WIDEST: Final = {
    ContentsColumn.ID: "0,000,000",
    ContentsColumn.DATE: "2024-02-22 18:39",
    ContentsColumn.OWNER: "Somebody's full name",
    ContentsColumn.ANNOTATIONS: "Annotations",
}


class ContentsPanel(QWidget):
    """Shows a `ContentsModel`. `selected` tells the entities that are selected, `opened` one that is to be opened."""

    selected = Signal(object)
    opened = Signal(object)

    def __init__(self, contents: ContentsModel, thumbnails: ThumbnailsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._contents = contents
        self.grid = ThumbnailGrid(contents, thumbnails)
        self.table = TableView(
            contents, "Images", {COLUMNS.index(column): text for column, text in _WIDEST.items()}, {}
        )
        self.table.setSelectionModel(self.grid.selectionModel())
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.filter_edit = FilterEdit("Filter by name")
        self._number = QLabel()
        self._sorting = QComboBox()
        self._sorting.setAccessibleName("Sort by")
        self._sorting.setToolTip("Sort by")
        for sorting in Sorting:
            self._sorting.addItem(f"By {sorting.value.lower()}" if sorting is not Sorting.ID else "By ID", sorting)
        self._descending = self._toggle("descending", "Largest, latest or last first")
        self._as_table = self._toggle("columns", "A table instead of thumbnails")
        self._size = QSlider(Qt.Orientation.Horizontal)
        self._size.setRange(SMALLEST, LARGEST)
        self._size.setValue(self.grid.side)
        self._size.setFixedWidth(110)
        self._size.setAccessibleName("Size of thumbnails")
        self._size.setToolTip("Size of thumbnails (Ctrl and the wheel)")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.table)
        self._lay_out()
        self._connect()
        self._show_number()
        self.setFocusProxy(self.grid)

    def show_entities(self, place: Ref | None, entities: Sequence[Entity]) -> None:
        """Show the images of a place."""
        if place != self._contents.place:
            self.filter_edit.clear()
        self._contents.show_entities(place, entities)

    def select(self, ref: Ref) -> None:
        """Select one image, and bring it into sight."""
        row = self._contents.row_of(ref)
        if row is not None:
            index = self._contents.index(row, 0)
            flags = QItemSelectionModel.SelectionFlag
            with QSignalBlocker(self):
                self.grid.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.grid.scrollTo(index)

    @property
    def entities(self) -> list[Entity]:
        """The selected images."""
        return [index.data(ENTITY) for index in self.grid.selectionModel().selectedRows()]

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()

    def _toggle(self, name: str, tip: str) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setObjectName(name)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _draw_icons(self) -> None:
        for button in (self._descending, self._as_table):
            button.setIcon(icons.icon(button.objectName()))

    def _lay_out(self) -> None:
        self._draw_icons()
        head = QHBoxLayout()
        head.setContentsMargins(6, 6, 6, 4)
        head.setSpacing(8)
        head.addWidget(self.filter_edit, 1)
        for widget in (self._number, self._sorting, self._descending, self._size, self._as_table):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.filter_edit.textChanged.connect(self._contents.set_filter)
        self.filter_edit.left.connect(self.grid.setFocus)
        self._sorting.currentIndexChanged.connect(self._sort)
        self._descending.toggled.connect(self._sort)
        self._as_table.toggled.connect(self._show_table)
        self._size.valueChanged.connect(self.grid.set_side)
        self.grid.zoomed.connect(self._size.setValue)
        self.grid.opened.connect(self.opened)
        self.table.activated.connect(lambda index: self.opened.emit(index.data(ENTITY)))
        self.grid.selectionModel().selectionChanged.connect(self._tell_selection)
        contents = self._contents
        for changed in (contents.rowsInserted, contents.rowsRemoved, contents.modelReset):
            changed.connect(self._show_number)

    def _tell_selection(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        self.selected.emit(self.entities)

    def _sort(self) -> None:
        self._contents.sort_by(self._sorting.currentData(), self._descending.isChecked())

    def _show_table(self, on: bool) -> None:
        self._stack.setCurrentWidget(self.table if on else self.grid)
        self._size.setEnabled(not on)

    def _show_number(self, *_: object) -> None:
        shown, total = self._contents.rowCount(QModelIndex()), self._contents.total
        of = f" of {total:,}" if shown != total else ""
        self._number.setText(f"{shown:,}{of} image{'' if total == 1 else 's'}")
