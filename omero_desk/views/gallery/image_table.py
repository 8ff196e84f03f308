"""Images in a table: a click on a heading sorts."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from omero_desk.models.gallery.contents import ContentsModel
from omero_desk.models.gallery.contents_column import COLUMNS, TITLES, ContentsColumn
from omero_desk.models.translation import say, translate
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.tokens import Height
from omero_desk.views.widgets.table_rows import TableRows
from omero_desk.views.widgets.table_view import TableView

_REST_MS: Final = 60
"""The time for which the same rows are in sight before that is told."""
_WIDEST: Final = {  # measured, not shown
    ContentsColumn.NAME: "2024-03-12_a_name_of_an_image.tiff",
    ContentsColumn.ID: "0000000",
    ContentsColumn.SIZE: "10000 × 10000",  # noqa: RUF001 - times
    ContentsColumn.PLANES: "000",
    ContentsColumn.CHANNELS: "000",
    ContentsColumn.TIMES: "000",
    ContentsColumn.DATE: "2024-02-22 18:390",
    ContentsColumn.OWNER: "somebody's name",
}


class ImageTable(TableView):
    """A table over a `ContentsModel`; `selection` is shared. `sorted` carries a column and whether it descends.

    `moved`: other rows are in sight.
    """

    sorted = Signal(ContentsColumn, bool)
    moved = Signal()

    def __init__(self, contents: ContentsModel, selection: QItemSelectionModel, parent: QWidget | None = None) -> None:
        marked = {ContentsColumn.ANNOTATIONS: f"{say(TITLES[ContentsColumn.ANNOTATIONS])} ↓"}
        widest = {COLUMNS.index(column): text for column, text in (_WIDEST | marked).items()}
        super().__init__(contents, translate("Gallery", "Images"), widest, {}, parent)
        own = self.selectionModel()
        self.setSelectionModel(selection)
        own.deleteLater()
        self.setAlternatingRowColors(False)
        self.setItemDelegate(TableRows(self))
        self.verticalHeader().setDefaultSectionSize(tall(Height.TABLE_ROW, self.font()))
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setMinimumSectionSize(24)
        header.sectionClicked.connect(self._sort)
        header.setToolTip(translate("Gallery", "Click to sort by a column; drag its edge to make it wider"))
        self.show_sorting(contents.column, contents.descending)
        self._contents = contents
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.moved)
        changes = contents.rowsInserted, contents.rowsRemoved, contents.layoutChanged, contents.modelReset
        for change in (*changes, self.verticalScrollBar().valueChanged):
            change.connect(lambda *_: self._rest.start())

    @property
    def in_sight(self) -> list[int]:
        """The ids of the images whose rows are in sight; none while the table is not."""
        if not self.isVisible():
            return []
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        rows = self._contents.part(max(0, first), last + 1 if last >= 0 else self._contents.rowCount())
        return [entity.ref.id for entity in rows] if first >= 0 else []

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rest.start()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._rest.start()

    def show_sorting(self, column: ContentsColumn, descending: bool) -> None:
        """Mark the column that the images are sorted by."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(COLUMNS.index(column), order)
        self._column, self._descending = column, descending

    @property
    def widths(self) -> bytes:
        """The widths of the columns, as Qt saves them."""
        return bytes(self.horizontalHeader().saveState().data())

    def set_widths(self, widths: bytes) -> None:
        """Restore the widths of the columns; those that do not fit any more are ignored."""
        if widths:
            self.horizontalHeader().restoreState(QByteArray(widths))
            self.show_sorting(self._column, self._descending)

    def _sort(self, section: int) -> None:
        column = COLUMNS[section]
        self.sorted.emit(column, column is self._column and not self._descending)
