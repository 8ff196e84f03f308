"""The images of what is selected: a grid or a table, to filter, to sort and to open."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from omero_desk.gateway.entities import Entity, Ref
from omero_desk.models.contents import ENTITY, ContentsModel
from omero_desk.models.contents_column import COLUMNS, ContentsColumn
from omero_desk.models.contents_look import ContentsLook
from omero_desk.models.counts import AnnotationCountsModel
from omero_desk.models.thumbnails import ThumbnailsModel
from omero_desk.views.contents_bar import ContentsBar
from omero_desk.views.image_table import ImageTable
from omero_desk.views.node_menu import NodeMenu
from omero_desk.views.thumbnail_grid import ThumbnailGrid

Flag = QItemSelectionModel.SelectionFlag


class ContentsPanel(QWidget):
    """Shows a `ContentsModel`. `selected`: other images are; `opened` tells an entity that is to be opened.

    `edit_actions` are what the menu of the selected images offers beside its own.
    """

    selected = Signal()
    opened = Signal(object)
    retry_wanted = Signal()

    def __init__(
        self,
        contents: ContentsModel,
        thumbnails: ThumbnailsModel,
        counts: AnnotationCountsModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._contents, self._counts = contents, counts
        self.edit_actions: Sequence[QAction] = ()
        self.bar = ContentsBar()
        self.grid = ThumbnailGrid(contents, thumbnails)
        self.table = ImageTable(contents, self.grid.selectionModel())
        self.empty = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setTextFormat(Qt.TextFormat.PlainText)
        self.number = QLabel()
        self.status = QLabel()
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.retry = QPushButton("&Retry")
        self._stack = QStackedWidget()
        for page in (self.grid, self.table, self.empty):
            self._stack.addWidget(page)
        self._lay_out()
        self._connect()
        self.bar.slider.setValue(self.grid.side)
        self.show_state("")
        self.setFocusProxy(self._stack)

    # What it shows

    def show_entities(self, place: Hashable, entities: Iterable[Entity]) -> None:
        """Show the images of a place."""
        if place != self._contents.place:
            self.bar.filter_edit.clear()
        self._contents.show_entities(place, entities)
        self._show_rows()

    def show_state(self, words: str, failed: bool = False) -> None:
        """Say how far the loading has come, or with `failed` why it has not; "" when all is there."""
        self.status.setText(words)
        self.status.setVisible(bool(words))
        self.retry.setVisible(failed)
        self._show_rows()

    def select(self, refs: Iterable[Ref]) -> None:
        """Select images, and bring the first of them into sight; nobody is told."""
        ids = {ref.id for ref in refs}
        rows = [row for row, entity in enumerate(self._contents.entities) if entity.ref.id in ids]
        selection = QItemSelection()
        for row in rows:
            selection.select(self._contents.index(row, 0), self._contents.index(row, len(COLUMNS) - 1))
        with QSignalBlocker(self):
            if rows:
                self.grid.selectionModel().setCurrentIndex(self._contents.index(rows[0], 0), Flag.NoUpdate)
            self.grid.selectionModel().select(selection, Flag.ClearAndSelect)
        if rows:
            self._rows_view.scrollTo(self._contents.index(rows[0], 0))

    @property
    def entities(self) -> list[Entity]:
        """The selected images, from the top down."""
        selection = self.grid.selectionModel().selection()
        ranges = sorted(
            (one.top(), one.bottom()) for one in map(selection.at, range(selection.count())) if one.left() == 0
        )
        return [entity for top, bottom in ranges for entity in self._contents.entities[top : bottom + 1]]

    # How it looks

    @property
    def look(self) -> ContentsLook:
        """What is to be remembered."""
        column, descending = self._contents.column.name, self._contents.descending
        as_table = self.bar.as_table.isChecked()
        return ContentsLook(self.grid.pictures, self.grid.side, as_table, column, descending, self.table.widths)

    def arrange(self, look: ContentsLook) -> None:
        """Restore what `look` told; a column that is not known any more is passed over."""
        self.grid.show_pictures(look.thumbnails)
        self.grid.set_side(look.side)
        self.bar.as_table.setChecked(look.as_table)
        if look.sorting in ContentsColumn.__members__:
            self._sort(ContentsColumn[look.sorting], look.descending)
        self.table.set_widths(look.columns)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 2, 8, 2)
        foot.addWidget(self.number)
        foot.addWidget(self.status, 1)
        foot.addWidget(self.retry)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.bar.filter_edit.textChanged.connect(self._contents.set_filter)
        self.bar.filter_edit.textChanged.connect(self._show_rows)
        self.bar.filter_edit.left.connect(self._focus_rows)
        self.bar.sorted.connect(self._sort)
        self.bar.table_wanted.connect(self._show_table)
        self.bar.side_chosen.connect(self.grid.set_side)
        self.table.sorted.connect(self._sort)
        self.grid.zoomed.connect(self.bar.slider.setValue)
        self.grid.opened.connect(self.opened)
        self.grid.menu_wanted.connect(self._open_menu)
        self.table.activated.connect(lambda index: self.opened.emit(index.data(ENTITY)))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(
            lambda point: self._open_menu(self.table.viewport().mapToGlobal(point))
        )
        self.retry.clicked.connect(self.retry_wanted)
        self.grid.selectionModel().selectionChanged.connect(lambda *_: self.selected.emit())
        for changed in (self._contents.rowsInserted, self._contents.rowsRemoved, self._contents.modelReset):
            changed.connect(self._show_rows)

    @property
    def _rows_view(self) -> ThumbnailGrid | ImageTable:
        return self.table if self.bar.as_table.isChecked() else self.grid

    def _focus_rows(self) -> None:
        self._rows_view.setFocus()

    def _sort(self, column: ContentsColumn, descending: bool) -> None:
        self._contents.sort_by(column, descending)
        self.bar.show_sorting(column, descending)
        self.table.show_sorting(column, descending)

    def _show_table(self, on: bool) -> None:
        self.bar.slider.setEnabled(not on)
        self._contents.measure(on)
        self._show_rows()

    def _show_rows(self, *_: object) -> None:
        """The rows, or in their place why there are none."""
        shown, total = self._contents.rowCount(QModelIndex()), self._contents.total
        of = f" of {total:,}" if shown != total else ""
        self.number.setText(f"{shown:,}{of} image{'' if total == 1 else 's'}")
        if not shown:
            self.empty.setText(self._why_empty(total))
        self._stack.setCurrentWidget(self._rows_view if shown else self.empty)

    def _why_empty(self, total: int) -> str:
        if self.status.text():
            return self.status.text()
        needle = self.bar.filter_edit.text().strip()
        return f"No image has “{needle}” in its name." if total else "There are no images here."

    def _open_menu(self, point: QPoint) -> None:
        entities = self.entities
        if not entities:
            return
        self._counts.count(entities)
        menu = NodeMenu(self._counts, entities, self)
        menu.addSeparator()
        menu.add("Open\tReturn", "image", lambda: self.opened.emit(entities[0])).setEnabled(len(entities) == 1)
        menu.addSeparator()
        menu.addActions(self.edit_actions)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)
