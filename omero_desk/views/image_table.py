"""Images in a table: a click on a heading sorts."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QWidget

from omero_desk.models.contents import ContentsModel
from omero_desk.models.contents_column import COLUMNS, ContentsColumn
from omero_desk.views.table_view import TableView

_WIDEST: Final = {
    ContentsColumn.NAME: "2024-03-12_a_name_of_an_image.tiff",
    ContentsColumn.ID: "0000000",
    ContentsColumn.SIZE: "10000 × 10000",  # noqa: RUF001 - times
    ContentsColumn.PLANES: "000",
    ContentsColumn.CHANNELS: "000",
    ContentsColumn.TIMES: "000",
    ContentsColumn.DATE: "2024-02-22 18:39:0",
    ContentsColumn.OWNER: "Somebody's name",
    ContentsColumn.ANNOTATIONS: "Annotations ↓",
}


class ImageTable(TableView):
    """A table over a `ContentsModel` that shares its `selection`. `sorted`: a column, and whether it descends."""

    sorted = Signal(object, bool)

    def __init__(self, contents: ContentsModel, selection: QItemSelectionModel, parent: QWidget | None = None) -> None:
        widest = {COLUMNS.index(column): text for column, text in _WIDEST.items()}
        super().__init__(contents, "Images", widest, {}, parent)
        own = self.selectionModel()
        self.setSelectionModel(selection)
        own.deleteLater()
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setMinimumSectionSize(24)
        header.sectionClicked.connect(self._sort)
        header.setToolTip("Click to sort by a column; drag its edge to make it wider")
        self.show_sorting(contents.column, contents.descending)

    def show_sorting(self, column: ContentsColumn, descending: bool) -> None:
        """Mark the column that the images are sorted by."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(COLUMNS.index(column), order)
        self._column, self._descending = column, descending

    @property
    def widths(self) -> bytes:
        """How wide the columns are, as Qt saves it."""
        return bytes(self.horizontalHeader().saveState().data())

    def set_widths(self, widths: bytes) -> None:
        """Restore what `widths` told; what does not fit any more is passed over."""
        if widths:
            self.horizontalHeader().restoreState(QByteArray(widths))
            self.show_sorting(self._column, self._descending)

    def _sort(self, section: int) -> None:
        column = COLUMNS[section]
        self.sorted.emit(column, column is self._column and not self._descending)
